/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For builds without OpenSSL: no socket ever speaks TLS. */
#include "peer.h"

int tls_start(int fd)
{
	(void)fd;
	die("this build has no TLS");
}

int tls_is_on(int fd)
{
	(void)fd;
	return 0;
}

ssize_t tls_send(int fd, const void *buf, size_t n)
{
	return send(fd, buf, n, MSG_NOSIGNAL);
}

ssize_t tls_receive(int fd, void *buf, size_t n)
{
	return recv(fd, buf, n, 0);
}

void tls_close(int fd)
{
	(void)fd;
}
