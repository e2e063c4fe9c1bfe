/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Addresses of both ends. The environment is believed only where the descriptor can't tell. */
#include "remote.h"
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

static bool is_internet(const union endpoint *addr)
{
	return addr->sa.sa_family == AF_INET || addr->sa.sa_family == AF_INET6;
}

/* Where superservers put the client: UCSPI, UCSPI with TLS, systemd, xinetd and stunnel. */
static const struct {
	const char *ip, *port, *reached_ip, *reached_port;
} speaker[] = {
	{ "TCPREMOTEIP", "TCPREMOTEPORT", "TCPLOCALIP", "TCPLOCALPORT" },
	{ "TCP6REMOTEIP", "TCP6REMOTEPORT", "TCP6LOCALIP", "TCP6LOCALPORT" },
	{ "SSLREMOTEIP", "SSLREMOTEPORT", "SSLLOCALIP", "SSLLOCALPORT" },
	{ "REMOTE_ADDR", "REMOTE_PORT", "SERVER_ADDR", "SERVER_PORT" },
	{ "REMOTE_HOST", "REMOTE_PORT", NULL, NULL },
};

enum { N_SPEAKERS = sizeof(speaker) / sizeof(speaker[0]) };

static bool read_address(const char *ip, const char *port_name, union endpoint *ret)
{
	const char *port_text = port_name ? getenv(port_name) : NULL;
	uint16_t port = 0;

	if (addr_parse(ip, ret) < 0)
		return false;
	if (port_text && addr_parse_port(port_text, &port) == 0)
		addr_set_port(ret, port);
	return true;
}

/* UCSPI names its variables after the protocol; one that we don't know may speak as well. */
static const char *by_protocol(void)
{
	const char *proto = getenv("PROTO");
	char name[32];
	struct text t = TEXT_OF(name);

	if (!proto || strlen(proto) > 16)
		return NULL;
	text_strs(&t, proto, "REMOTEIP", NULL);
	return getenv(name);
}

void remote_from_environment(struct client *c)
{
	const char *other;

	for (size_t i = 0; i < N_SPEAKERS; i++) {
		const char *ip = getenv(speaker[i].ip), *reached;

		if (!ip)
			continue;
		/* systemd names the path of a unix socket here. */
		if (c->is_socket && (*ip == '/' || *ip == '@'))
			break;
		if (!read_address(ip, speaker[i].port, &c->addr)) {
			c->kind = CLIENT_UNKNOWN;
			return;
		}
		c->kind = CLIENT_INTERNET;
		reached = speaker[i].reached_ip ? getenv(speaker[i].reached_ip) : NULL;
		if (reached)
			read_address(reached, speaker[i].reached_port, &c->reached);
		return;
	}
	other = by_protocol();
	c->kind = !other || *other == '/' ? CLIENT_LOCAL : CLIENT_UNKNOWN;
	if (other && read_address(other, NULL, &c->addr))
		c->kind = CLIENT_INTERNET;
}

int remote_from_socket(struct client *c)
{
	union {
		struct sockaddr_storage storage;
		union endpoint addr;
	} peer;
	socklen_t len = sizeof(peer);

	memset(&peer, 0, sizeof(peer));
	if (getpeername(c->in, (struct sockaddr *)&peer, &len) < 0)
		return -errno;
	if (!is_internet(&peer.addr)) {
		remote_from_environment(c);
		return 0;
	}
	c->is_tcp = true;
	c->kind = CLIENT_INTERNET;
	c->addr = peer.addr;
	addr_unmap(&c->addr);
	return 0;
}

void remote_find_reached(struct client *c)
{
	union {
		struct sockaddr_storage storage;
		union endpoint addr;
	} own;
	socklen_t len = sizeof(own);

	if (!c->is_tcp || c->reached.sa.sa_family != AF_UNSPEC ||
	    getsockname(c->in, (struct sockaddr *)&own, &len) < 0)
		return;
	c->reached = own.addr;
	addr_unmap(&c->reached);
}
