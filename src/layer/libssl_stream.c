/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The handshake and the stream: calls OpenSSL, which calls back for the bytes of TLS. Never waits.
 */
#include "layer/libssl_openssl.h"
#include "base/text.h"

#include <errno.h>
#include <stdint.h>

static int pull(BIO *bio, char *buf, int n)
{
	struct libssl *l = openssl.BIO_get_data(bio);
	ssize_t got = l->transport.take(l->transport.ctx, buf, (size_t)n);

	openssl.BIO_clear_flags(bio, BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY);
	if (got > 0)
		return (int)got;
	if (got == -EAGAIN) {
		l->dry = true;
		openssl.BIO_set_flags(bio, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY);
		return -1;
	}
	l->end_seen = got == 0;
	l->broken = (int)got;
	return (int)(got ? -1 : 0);
}

static int push(BIO *bio, const char *buf, int n)
{
	struct libssl *l = openssl.BIO_get_data(bio);
	size_t put = l->transport.keep(l->transport.ctx, buf, (size_t)n);

	openssl.BIO_clear_flags(bio, BIO_FLAGS_RWS | BIO_FLAGS_SHOULD_RETRY);
	if (put)
		return (int)put;
	openssl.BIO_set_flags(bio, BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY);
	return -1;
}

/* The layer flushes by itself. Nothing else is supported. */
static long control(BIO *bio, int cmd, long number, void *pointer)
{
	(void)bio;
	(void)number;
	(void)pointer;
	return cmd == BIO_CTRL_FLUSH;
}

bool libssl_connect_transport(struct libssl *l)
{
	BIO_METHOD *method = openssl.BIO_meth_new(BIO_TYPE_SOURCE_SINK, "picosocks5");
	BIO *bio;

	l->method = method;
	if (!method)
		return false;
	openssl.BIO_meth_set_read(method, pull);
	openssl.BIO_meth_set_write(method, push);
	openssl.BIO_meth_set_ctrl(method, control);
	bio = openssl.BIO_new(method);
	if (!bio)
		return false;
	openssl.BIO_set_data(bio, l);
	openssl.SSL_set_bio(l->connection, bio, bio);
	return true;
}

/* Turns the result of a call that has failed into an -errno, which stays if it is an end. */
static int outcome(struct libssl *l, int r)
{
	switch (openssl.SSL_get_error(l->connection, r)) {
	case SSL_ERROR_WANT_READ:
	case SSL_ERROR_WANT_WRITE:
		return -EAGAIN;
	case SSL_ERROR_ZERO_RETURN:
		l->ended = true;
		return 0;
	}
	if (l->broken || l->end_seen) {
		l->failed = l->broken ? l->broken : -ECONNRESET;
		openssl.ERR_clear_error();
		return l->failed;
	}
	l->failed = libssl_out_of_memory ? -ENOMEM : -EBADMSG;
	libssl_fail(l, "TLS");
	return l->failed;
}

int libssl_handshake(struct libssl *l)
{
	long verified;
	int r, err;

	if (l->failed)
		return l->failed;
	l->dry = false;
	openssl.ERR_clear_error();
	r = openssl.SSL_accept(l->connection);
	if (r == 1)
		return 0;
	err = outcome(l, r);
	verified = openssl.SSL_get_verify_result(l->connection);
	if (err == -EBADMSG && verified != X509_V_OK) {
		struct text t = TEXT_OF(l->words);

		text_strs(&t, "TLS: the client's certificate is refused: ",
			  openssl.X509_verify_cert_error_string(verified), NULL);
		return -EKEYREJECTED;
	}
	/* A close_notify before the end of the handshake is an end like any other. */
	return err == 0 ? -ECONNRESET : err;
}

void libssl_stop_wiping(struct libssl *l)
{
	openssl.SSL_clear_options(l->connection, SSL_OP_CLEANSE_PLAINTEXT);
}

const char *libssl_version(const struct libssl *l)
{
	return openssl.SSL_get_version(l->connection);
}

ssize_t libssl_read(struct libssl *l, void *buf, size_t n)
{
	size_t got;
	int r;

	if (l->failed)
		return l->failed;
	l->dry = false;
	openssl.ERR_clear_error();
	r = openssl.SSL_read_ex(l->connection, buf, n, &got);
	return r == 1 ? (ssize_t)got : outcome(l, r);
}

bool libssl_has_input(const struct libssl *l)
{
	return l->failed || l->ended ||
	       (!l->dry && l->connection && openssl.SSL_has_pending(l->connection));
}

ssize_t libssl_write(struct libssl *l, const void *buf, size_t n)
{
	size_t put;
	int r;

	if (l->failed)
		return -EIO;
	openssl.ERR_clear_error();
	r = openssl.SSL_write_ex(l->connection, buf, n, &put);
	if (r == 1)
		return (ssize_t)put;
	r = outcome(l, r);
	return r == -EAGAIN ? r : -EIO;
}

/* A second SSL_shutdown() would read, and drop what the client still sends. */
void libssl_end(struct libssl *l)
{
	if (l->end_sent || l->failed || !l->connection ||
	    !openssl.SSL_is_init_finished(l->connection))
		return;
	l->end_sent = true;
	openssl.SSL_shutdown(l->connection);
}
