/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The conversation with a parent, on our side of it. Reads no byte behind the parent's answer, and
 * believes nothing but its form: the destination's bytes follow.
 */
#include "net/parent.h"
#include "base/wait.h"
#include "wire/http_client.h"
#include "wire/socks5_client.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct talk {
	int fd, watch;
	int64_t deadline_ms;
	struct parent_answer *ret;
};

int parent_dial_path(const struct route_text *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int err;

	if (fd < 0)
		return -errno;
	memcpy(addr.sun_path, path->at, path->len);
	if (connect(fd, (const struct sockaddr *)&addr, (socklen_t)sizeof(addr)) == 0)
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* Waits until the parent's socket is ready. */
static int await(const struct talk *t, short events)
{
	/* With events 0, only POLLERR and POLLHUP are reported. */
	struct pollfd fds[2] = { { .fd = t->watch }, { .fd = t->fd, .events = events } };
	int err = wait_poll(fds, 2, t->deadline_ms);

	if (err < 0)
		return err;
	return fds[0].revents ? -ECONNABORTED : 0;
}

static int tell(const struct talk *t, const uint8_t *p, size_t n)
{
	while (n) {
		ssize_t put = send(t->fd, p, n, MSG_NOSIGNAL | MSG_DONTWAIT);
		int err = put < 0 ? -errno : 0;

		if (err == -EPIPE)
			return -ECONNRESET;
		if (err == -EAGAIN || err == -EINTR)
			err = await(t, POLLOUT);
		if (err < 0)
			return err;
		if (put > 0) {
			p += put;
			n -= (size_t)put;
		}
	}
	return 0;
}

/* Reads 1 to n bytes; flags may be MSG_PEEK. An end is a reset: no answer is complete there. */
static ssize_t hear(const struct talk *t, uint8_t *p, size_t n, int flags)
{
	for (;;) {
		ssize_t got = recv(t->fd, p, n, flags | MSG_DONTWAIT);
		int err;

		if (got > 0)
			return got;
		if (got == 0)
			return -ECONNRESET;
		if (errno != EAGAIN && errno != EINTR)
			return -errno;
		err = await(t, POLLIN);
		if (err < 0)
			return err;
	}
}

/* Reads at most as much as the decoder has asked for. */
static int fill(const struct talk *t, uint8_t *buf, size_t *n, int need)
{
	ssize_t got = hear(t, buf + *n, (size_t)need, 0);

	if (got < 0)
		return (int)got;
	*n += (size_t)got;
	return 0;
}

static int malformed(const struct talk *t, const char *why)
{
	t->ret->why = why;
	return -EPROTO;
}

static int refused(const struct talk *t, uint8_t rep, const char *why)
{
	t->ret->rep = rep;
	t->ret->why = why;
	return -EREMOTEIO;
}

/* Reads an answer of two bytes by one of their decoders. */
static int hear_pair(const struct talk *t, int (*decode)(const uint8_t *, size_t, uint8_t *),
		     uint8_t *ret)
{
	uint8_t buf[2];
	size_t n = 0;
	int need, err;

	while ((need = decode(buf, n, ret)) > 0) {
		err = fill(t, buf, &n, need);
		if (err < 0)
			return err;
	}
	return need < 0 ? malformed(t, "it does not speak SOCKS 5") : 0;
}

static int log_in(const struct talk *t, const struct userpass_request *login)
{
	uint8_t buf[USERPASS_REQUEST_MAX], status;
	size_t n = userpass_request_encode(buf, login);
	int err = tell(t, buf, n);

	explicit_bzero(buf, n);
	if (!err)
		err = hear_pair(t, userpass_reply_decode, &status);
	if (err < 0)
		return err;
	return status ? refused(t, SOCKS5_REP_GENERAL_FAILURE, "it refuses the user or password") :
			0;
}

static int agree(const struct talk *t, const struct userpass_request *login)
{
	uint8_t buf[4], method;
	int err = tell(t, buf, socks5_methods_encode(buf, login != NULL));

	if (!err)
		err = hear_pair(t, socks5_method_decode, &method);
	if (err < 0)
		return err;
	if (method == SOCKS5_METHOD_NONE)
		return 0;
	if (method == SOCKS5_METHOD_PASSWORD && login)
		return log_in(t, login);
	if (method == SOCKS5_METHOD_UNACCEPTABLE)
		return refused(t, SOCKS5_REP_GENERAL_FAILURE,
			       login ? "it does not accept a password" : "it requires a login");
	return malformed(t, "it chose a method that it was not offered");
}

static int ask_socks5(const struct talk *t, const struct dest *dest,
		      const struct userpass_request *login)
{
	uint8_t buf[SOCKS5_REQUEST_MAX];
	struct socks5_reply reply;
	size_t n = 0;
	int err = agree(t, login), need;

	if (!err)
		err = tell(t, buf, socks5_request_encode(buf, SOCKS5_CMD_CONNECT, dest));
	if (err < 0)
		return err;
	while ((need = socks5_reply_decode(buf, n, &reply)) > 0) {
		err = fill(t, buf, &n, need);
		if (err < 0)
			return err;
	}
	if (need < 0)
		return malformed(t, "its reply is malformed");
	t->ret->bound = reply.bound;
	return reply.rep ? refused(t, reply.rep, NULL) : 0;
}

static uint8_t rep_of(unsigned status)
{
	if (status == 403)
		return SOCKS5_REP_NOT_ALLOWED;
	if (status == 502 || status == 504)
		return SOCKS5_REP_HOST_UNREACHABLE;
	return SOCKS5_REP_GENERAL_FAILURE;
}

/* Returns what the status says of the login, or NULL. Tinyproxy refuses a wrong password by 401. */
static const char *login_words(unsigned status, bool has_login)
{
	if (status != 407 && status != 401)
		return NULL;
	return has_login ? "it refuses the user or password" : "it requires a login";
}

/* Reads the head of a response into buf, and not a byte behind it. */
static int hear_head(const struct talk *t, uint8_t *buf, struct http_response *ret)
{
	size_t n = 0;
	int need;

	while ((need = http_response_decode(buf, n, ret)) > 0) {
		ssize_t seen = hear(t, buf + n, HTTP_RESPONSE_MAX - n, MSG_PEEK);
		size_t take;

		if (seen < 0)
			return (int)seen;
		take = (size_t)seen;
		if (http_response_decode(buf, n + take, ret) == 0)
			take = ret->len - n;
		seen = hear(t, buf + n, take, 0);
		if (seen < 0)
			return (int)seen;
		n += (size_t)seen;
	}
	return need < 0 ? malformed(t, "it does not speak HTTP/1") : 0;
}

static int ask_http(const struct talk *t, const struct dest *dest,
		    const struct userpass_request *login)
{
	uint8_t request[HTTP_CONNECT_MAX], head[HTTP_RESPONSE_MAX];
	struct http_response r;
	size_t n = http_connect_encode(request, dest, login);
	int err = tell(t, request, n);

	explicit_bzero(request, n);
	/* Interim responses (RFC 9110 section 15.2) come before the answer. */
	do
		err = err ? err : hear_head(t, head, &r);
	while (!err && r.status < 200);
	if (err < 0)
		return err;
	t->ret->status = r.status;
	if (r.status < 300)
		return 0;
	return refused(t, rep_of(r.status), login_words(r.status, login != NULL));
}

/* Returns false if the parent needs no login. */
static bool decode_login(const struct parent *parent, struct userpass_request *ret)
{
	int user, password;

	if (!parent->user.at)
		return false;
	user = route_decode(parent->user, ret->uname, 255);
	password = route_decode(parent->password, ret->passwd, 255);
	ret->ulen = (uint8_t)(user < 0 ? 0 : user);
	ret->plen = (uint8_t)(password < 0 ? 0 : password);
	return true;
}

int parent_ask(int fd, const struct parent *parent, const struct dest *dest, int watch,
	       int64_t deadline_ms, struct parent_answer *ret)
{
	const struct talk t = { fd, watch, deadline_ms, ret };
	struct userpass_request login;
	bool has_login = decode_login(parent, &login);
	int err;

	memset(ret, 0, sizeof(*ret));
	if (parent->kind == PARENT_HTTP)
		err = ask_http(&t, dest, has_login ? &login : NULL);
	else
		err = ask_socks5(&t, dest, has_login ? &login : NULL);
	explicit_bzero(&login, sizeof(login));
	return err;
}
