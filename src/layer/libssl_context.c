/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Settles what OpenSSL may do: versions, ciphers, ALPN. libssl_files.c loads the certificates and
 * the key, libssl_stream.c moves the bytes.
 */
#include "layer/libssl_openssl.h"

#include <errno.h>
#include <string.h>

/* Of TLS 1.2, suites with forward secrecy that encrypt and authenticate in one; 1.3 has no others.
 */
#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"

/* Four records of the largest size in one read. */
enum { READ_AHEAD = 4 * (16384 + 256 + 5) };

/* Chooses http/1.1, if the client offers it; goes on without a protocol if not. */
static int choose_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_len,
		       const unsigned char *in, unsigned in_len, void *arg)
{
	static const unsigned char http[] = "http/1.1";

	(void)ssl;
	(void)arg;
	for (unsigned i = 0; i < in_len; i += in[i] + 1U) {
		if (in[i] != sizeof(http) - 1 || in_len - i <= in[i] ||
		    memcmp(in + i + 1, http, in[i]) != 0)
			continue;
		*out = http;
		*out_len = sizeof(http) - 1;
		return SSL_TLSEXT_ERR_OK;
	}
	return SSL_TLSEXT_ERR_NOACK;
}

/*
 * Each session is a process of its own, so none could resume what another one has begun: there are
 * no tickets. Without AUTO_RETRY a client that sends no payload keeps no call busy.
 */
static bool make_context(struct libssl *l)
{
	SSL_CTX *c = openssl.SSL_CTX_new(openssl.TLS_server_method());

	l->context = c;
	if (!c)
		return false;
	openssl.SSL_CTX_set_security_level(c, 2);
	openssl.SSL_CTX_set_options(c, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
					       SSL_OP_NO_TICKET | SSL_OP_CLEANSE_PLAINTEXT);
	openssl.SSL_CTX_ctrl(c, SSL_CTRL_CLEAR_MODE, SSL_MODE_AUTO_RETRY, NULL);
	openssl.SSL_CTX_ctrl(c, SSL_CTRL_MODE,
			     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
				     SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER,
			     NULL);
	openssl.SSL_CTX_ctrl(c, SSL_CTRL_SET_SESS_CACHE_MODE, SSL_SESS_CACHE_OFF, NULL);
	openssl.SSL_CTX_ctrl(c, SSL_CTRL_SET_READ_AHEAD, 1, NULL);
	openssl.SSL_CTX_set_default_read_buffer_len(c, READ_AHEAD);
	openssl.SSL_CTX_set_alpn_select_cb(c, choose_alpn, NULL);
	return openssl.SSL_CTX_ctrl(c, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, NULL) == 1 &&
	       openssl.SSL_CTX_set_num_tickets(c, 0) == 1 &&
	       openssl.SSL_CTX_set_cipher_list(c, CIPHERS) == 1;
}

int libssl_open(struct libssl *l, const struct libssl_files *files)
{
	int err = libssl_load(l);

	if (err)
		return err;
	if (!make_context(l) || !(l->connection = openssl.SSL_new(l->context)) ||
	    !libssl_connect_transport(l)) {
		libssl_fail(l, "OpenSSL fails");
		return -ELIBACC;
	}
	return libssl_load_files(l, files);
}
