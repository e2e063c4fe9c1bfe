/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A client that speaks TLS, by OpenSSL's library: what it says by the script travels inside, and
 * the transcripts have what was inside. In the frames of draft-ietf-aft-socks-ssl-00 as well. Never
 * waits. world_tls_files.c makes the certificates.
 */
#include "wire/sslframe.h"
#include "wire/socks5.h"
#include "world_tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <unistd.h>

static const uint8_t greeting[] = { SOCKS5_VERSION, 1, SOCKS5_METHOD_SSL_DRAFT };

static struct {
	SSL *ssl; /* NULL: the client does not speak TLS */
	BIO *in, *out;
	struct transcript queue; /* bytes for the socket */
	size_t sent;		 /* of them */
	bool framed, greeted;	 /* TLS stands in frames; they have been agreed on */
	bool refused;
	uint8_t head[SSLFRAME_HEADER];
	size_t head_len, frame_left;
	uint8_t state; /* of the latest frame of the proxy */
	enum world_card card;
	bool ended;
} tls;

/* Puts what the library has written on the queue. */
static void pack(void)
{
	uint8_t buf[1 << 14], head[SSLFRAME_HEADER];
	int n;

	ERR_clear_error();
	while ((n = BIO_read(tls.out, buf, sizeof(buf))) > 0) {
		enum sslframe_state state =
			SSL_is_init_finished(tls.ssl) ? SSLFRAME_FLOW : SSLFRAME_HANDSHAKE;

		sslframe_header_encode(head, tls.ended ? SSLFRAME_CLOSING : state, (size_t)n);
		if (tls.framed)
			transcript_add(&tls.queue, head, sizeof(head));
		transcript_add(&tls.queue, buf, (size_t)n);
	}
}

void tls_flush(int fd)
{
	ssize_t n = 0;

	while (fd >= 0 && tls.sent < tls.queue.n && n >= 0) {
		n = write(fd, tls.queue.bytes + tls.sent, tls.queue.n - tls.sent);
		if (n > 0)
			tls.sent += (size_t)n;
	}
}

bool tls_is_on(void)
{
	return tls.ssl;
}

void tls_begin(uint8_t how)
{
	static SSL_CTX *ctx;
	int version = how & 1 ? TLS1_3_VERSION : TLS1_2_VERSION;

	if ((how >> 1) % 4 == WORLD_RAW)
		return;
	tls.card = (enum world_card)((how >> 1) % 4);
	tls.framed = how & 8;
	MUST((ctx = SSL_CTX_new(TLS_client_method())) && (tls.ssl = SSL_new(ctx)));
	MUST((tls.in = BIO_new(BIO_s_mem())) && (tls.out = BIO_new(BIO_s_mem())));
	SSL_set_bio(tls.ssl, tls.in, tls.out);
	SSL_set_connect_state(tls.ssl);
	SSL_set_min_proto_version(tls.ssl, version);
	SSL_set_max_proto_version(tls.ssl, version);
	if (tls.card != WORLD_NO_CARD)
		world_tls_show(tls.ssl, tls.card);
	if (tls.framed) {
		transcript_add(&tls.queue, greeting, sizeof(greeting));
		return;
	}
	SSL_do_handshake(tls.ssl);
	pack();
}

/* Gives the library bytes of TLS, and keeps the payload in them. */
static void feed(const uint8_t *p, size_t n)
{
	static uint8_t buf[1 << 14];
	size_t got;

	if (n)
		MUST(BIO_write(tls.in, p, (int)n) == (int)n);
	while (SSL_read_ex(tls.ssl, buf, sizeof(buf), &got) == 1)
		transcript_add(&world.client_got, buf, got);
	pack();
}

/* Takes a byte before the frames, or of the header of one. */
static void take_head(uint8_t byte)
{
	struct sslframe_header frame;

	tls.head[tls.head_len++] = byte;
	if (!tls.greeted && tls.head_len == 2) {
		MUST(tls.head[0] == SOCKS5_VERSION);
		tls.refused = tls.head[1] != SOCKS5_METHOD_SSL_DRAFT;
		MUST(!tls.refused || tls.head[1] == SOCKS5_METHOD_UNACCEPTABLE);
		tls.greeted = true;
		tls.head_len = 0;
		if (!tls.refused)
			feed(NULL, 0);
	}
	if (tls.head_len < SSLFRAME_HEADER)
		return;
	MUST(sslframe_header_decode(tls.head, SSLFRAME_HEADER, &frame) == 0);
	MUST(frame.state >= tls.state);
	tls.state = frame.state;
	tls.frame_left = frame.len;
	tls.head_len = 0;
}

void tls_hear(const uint8_t *p, size_t n)
{
	size_t part;

	for (; n; p += part, n -= part) {
		MUST(!tls.refused);
		part = 1;
		if (tls.framed && !tls.frame_left) {
			take_head(*p);
			continue;
		}
		part = tls.framed && tls.frame_left < n ? tls.frame_left : n;
		if (tls.framed)
			tls.frame_left -= part;
		feed(p, part);
	}
}

void tls_say(const uint8_t *p, size_t n)
{
	size_t put;

	if (!n || !SSL_is_init_finished(tls.ssl) || SSL_write_ex(tls.ssl, p, n, &put) != 1) {
		ERR_clear_error();
		return;
	}
	transcript_add(&world.client_sent, p, put);
	pack();
}

void tls_say_raw(const uint8_t *p, size_t n)
{
	if (n)
		transcript_add(&tls.queue, p, n);
	else if (SSL_is_init_finished(tls.ssl) &&
		 SSL_key_update(tls.ssl, SSL_KEY_UPDATE_REQUESTED) == 1)
		SSL_do_handshake(tls.ssl);
	pack();
}

bool tls_end(void)
{
	if (!tls.ssl || tls.ended)
		return false;
	tls.ended = true;
	SSL_shutdown(tls.ssl);
	pack();
	return true;
}

bool tls_was_framed(void)
{
	return tls.framed;
}

bool tls_was_refused(void)
{
	return tls.refused;
}

bool tls_got_end(void)
{
	return SSL_get_shutdown(tls.ssl) & SSL_RECEIVED_SHUTDOWN;
}

const char *tls_version(void)
{
	return SSL_get_version(tls.ssl);
}

enum world_card tls_card(void)
{
	return tls.card;
}
