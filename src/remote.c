/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the addresses of both ends. Reads the environment only if the socket has no address. */
#include "remote.h"
#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool is_internet(const union endpoint *addr)
{
	return addr->sa.sa_family == AF_INET || addr->sa.sa_family == AF_INET6;
}

/*
 * The variables in which superservers pass the client's address, and the address that the client
 * reached: UCSPI, UCSPI with TLS, systemd, xinetd and stunnel, socat, ncat.
 */
static const struct {
	const char *ip, *port, *reached_ip, *reached_port;
} speaker[] = {
	{ "TCPREMOTEIP", "TCPREMOTEPORT", "TCPLOCALIP", "TCPLOCALPORT" },
	{ "TCP6REMOTEIP", "TCP6REMOTEPORT", "TCP6LOCALIP", "TCP6LOCALPORT" },
	{ "SSLREMOTEIP", "SSLREMOTEPORT", "SSLLOCALIP", "SSLLOCALPORT" },
	{ "REMOTE_ADDR", "REMOTE_PORT", "SERVER_ADDR", "SERVER_PORT" },
	{ "REMOTE_HOST", "REMOTE_PORT", NULL, NULL },
	{ "SOCAT_PEERADDR", "SOCAT_PEERPORT", "SOCAT_SOCKADDR", "SOCAT_SOCKPORT" },
	{ "NCAT_REMOTE_ADDR", "NCAT_REMOTE_PORT", "NCAT_LOCAL_ADDR", "NCAT_LOCAL_PORT" },
};

/* The endings of such names in any superserver, known here or not. */
static const char *const ending[] = { "PEERADDR", "REMOTE_ADDR", "REMOTEIP", "REMOTE_HOST" };

enum {
	N_SPEAKERS = sizeof(speaker) / sizeof(speaker[0]),
	N_ENDINGS = sizeof(ending) / sizeof(ending[0]),
};

static bool read_endpoint(const char *ip, const char *port_text, union endpoint *ret)
{
	uint16_t port = 0;

	if (addr_parse(ip, ret) < 0)
		return false;
	if (port_text && addr_parse_port(port_text, &port) == 0)
		addr_set_port(ret, port);
	return true;
}

static const char *value(const char *name)
{
	return name ? getenv(name) : NULL;
}

/* For a unix socket systemd passes its path, and socat passes <anon> if it has none. */
static bool is_unix_socket(const struct client *c, const char *said)
{
	return (c->stream.is_socket && (*said == '/' || *said == '@')) ||
	       strcmp(said, "<anon>") == 0;
}

/* The first variable of the table that is set decides. Returns false if none is set. */
static bool ask_table(struct client *c)
{
	size_t i = 0;
	const char *ip, *reached;

	while (i < N_SPEAKERS && !getenv(speaker[i].ip))
		i++;
	if (i == N_SPEAKERS)
		return false;
	ip = getenv(speaker[i].ip);
	if (is_unix_socket(c, ip)) {
		c->kind = CLIENT_LOCAL;
	} else if (read_endpoint(ip, value(speaker[i].port), &c->addr)) {
		c->kind = CLIENT_INTERNET;
		reached = value(speaker[i].reached_ip);
		if (reached)
			read_endpoint(reached, value(speaker[i].reached_port), &c->reached);
	}
	return true;
}

/* UCSPI puts the value of PROTO in front of REMOTEIP. Returns false if that is not set. */
static bool ask_protocol(struct client *c)
{
	const char *proto = getenv("PROTO"), *said;
	char name[32];
	struct text t = TEXT_OF(name);

	if (!proto || strlen(proto) > 16)
		return false;
	text_strs(&t, proto, "REMOTEIP", NULL);
	said = getenv(name);
	if (!said)
		return false;
	if (*said == '/')
		c->kind = CLIENT_LOCAL;
	else if (read_endpoint(said, NULL, &c->addr))
		c->kind = CLIENT_INTERNET;
	return true;
}

/* sshd passes the client's address and port, then its own, separated by spaces. */
static bool ask_ssh(struct client *c)
{
	const char *said = getenv("SSH_CONNECTION");
	char buf[4 * ADDR_TEXT_MAX], *word[4] = { NULL }, *rest = buf;
	struct text t = TEXT_OF(buf);

	if (!said)
		return false;
	text_str(&t, said);
	for (size_t i = 0; i < 4; i++)
		word[i] = strsep(&rest, " ");
	if (word[3] && !rest && read_endpoint(word[0], word[1], &c->addr)) {
		c->kind = CLIENT_INTERNET;
		read_endpoint(word[2], word[3], &c->reached);
	}
	return true;
}

/* Returns true if the environment names a client in the way of a superserver not known here. */
static bool is_other_client_named(void)
{
	for (char **var = environ; var && *var; var++) {
		size_t len = strcspn(*var, "=");

		for (size_t i = 0; i < N_ENDINGS; i++) {
			size_t n = strlen(ending[i]);

			if (len >= n && memcmp(*var + len - n, ending[i], n) == 0)
				return true;
		}
	}
	return false;
}

void remote_from_environment(struct client *c)
{
	c->kind = CLIENT_UNKNOWN;
	if (!ask_table(c) && !ask_protocol(c) && !is_other_client_named() && !ask_ssh(c))
		c->kind = CLIENT_LOCAL;
}

/*
 * stunnel may hand over one end of a TCP connection to itself, which tells nothing of the client:
 * it would be local, wherever it is. The variables tell.
 */
static void ask_stunnel(struct client *c)
{
	const char *ip = getenv("REMOTE_HOST"), *port = getenv("REMOTE_PORT");
	union endpoint named;

	memset(&named, 0, sizeof(named));
	if (!ip || !port || !read_endpoint(ip, port, &named) || addr_same(&named, &c->addr))
		return;
	c->paired = true;
	c->addr = named;
	addr_unmap(&c->addr);
}

int remote_from_socket(struct client *c)
{
	union {
		struct sockaddr_storage storage;
		union endpoint addr;
	} peer;
	socklen_t len = sizeof(peer);

	memset(&peer, 0, sizeof(peer));
	if (getpeername(c->stream.in, (struct sockaddr *)&peer, &len) < 0)
		return -errno;
	if (peer.addr.sa.sa_family == AF_UNIX) {
		remote_from_environment(c);
		return 0;
	}
	/* A peer of AF_VSOCK, for example, is a guest of this host and not a local user. */
	if (!is_internet(&peer.addr)) {
		c->kind = CLIENT_UNKNOWN;
		return 0;
	}
	c->stream.is_tcp = true;
	c->kind = CLIENT_INTERNET;
	c->addr = peer.addr;
	addr_unmap(&c->addr);
	if (addr_is_loopback(&c->addr))
		ask_stunnel(c);
	return 0;
}
