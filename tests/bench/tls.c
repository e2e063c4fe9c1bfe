/* SPDX-License-Identifier: GPL-3.0-or-later */
/* TLS on the client's side of a socket. It trusts every certificate: only the speed counts. */
#include "peer.h"

#include <openssl/ssl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

enum { SOCKETS_MAX = 8192, READ_AHEAD = 4 * (16384 + 256 + 5) };

static SSL *speaker[SOCKETS_MAX]; /* by descriptor; NULL: plain */
static SSL_CTX *context;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void make_context(void)
{
	context = SSL_CTX_new(TLS_client_method());
	if (!context)
		die("TLS");
	SSL_CTX_set_read_ahead(context, 1);
	SSL_CTX_set_default_read_buffer_len(context, READ_AHEAD);
}

int tls_start(int fd)
{
	SSL *s;

	pthread_once(&once, make_context);
	s = SSL_new(context);
	if (fd >= SOCKETS_MAX || !s || SSL_set_fd(s, fd) != 1 || SSL_connect(s) != 1)
		die("the TLS handshake failed");
	speaker[fd] = s;
	return fd;
}

int tls_is_on(int fd)
{
	return fd < SOCKETS_MAX && speaker[fd];
}

ssize_t tls_send(int fd, const void *buf, size_t n)
{
	return SSL_write(speaker[fd], buf, (int)n);
}

ssize_t tls_receive(int fd, void *buf, size_t n)
{
	return SSL_read(speaker[fd], buf, (int)n);
}

void tls_close(int fd)
{
	SSL *s = speaker[fd];

	speaker[fd] = NULL;
	SSL_shutdown(s);
	SSL_free(s);
	close(fd);
}
