/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Connects to the unix socket of a parent, and begins the conversation. Never judges an address. */
#include "net/parent.h"
#include "net/parent_talk.h"
#include "net/socket.h"
#include "base/wait.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { RETRY_MS = 20 }; /* from one attempt to the next while the backlog is full */

/* A full backlog reports no event when it has room again, so the caller tries again. */
static int rest(int watch, int64_t deadline_ms)
{
	struct pollfd p = { .fd = watch };
	int64_t now = wait_now();
	int err;

	if (now >= deadline_ms)
		return -ETIMEDOUT;
	err = wait_poll(&p, 1, deadline_ms - now > RETRY_MS ? now + RETRY_MS : deadline_ms);
	if (err == -ETIMEDOUT)
		return 0;
	return err < 0 ? err : -ECONNABORTED;
}

int parent_dial_path(const struct route_text *path, int watch, int64_t deadline_ms)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	int err = 0;

	if (fd < 0)
		return -errno;
	net_keep_urgent(fd);
	memcpy(addr.sun_path, path->at, path->len);
	while (!err && connect(fd, (const struct sockaddr *)&addr, (socklen_t)sizeof(addr)) < 0)
		err = errno == EAGAIN || errno == EINTR ? rest(watch, deadline_ms) : -errno;
	if (!err)
		return fd;
	close(fd);
	return err;
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
	const struct parent_talk t = { fd, watch, deadline_ms, ret };
	struct userpass_request login;
	bool has_login = decode_login(parent, &login);
	int err;

	memset(ret, 0, sizeof(*ret));
	if (parent->kind == PARENT_HTTP)
		err = parent_ask_http(&t, dest, has_login ? &login : NULL);
	else
		err = parent_ask_socks5(&t, dest, has_login ? &login : NULL);
	explicit_bzero(&login, sizeof(login));
	return err;
}
