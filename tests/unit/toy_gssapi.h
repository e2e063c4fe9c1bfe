/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * toy_gssapi.h - stands in for layer/gssapi_dlopen.c, so that tests need no Kerberos. One file of a
 * program includes it. Its tokens protect nothing, but have all that the callers look at:
 *
 *     a token of the context   what it does
 *     'A' and a name           establishes the context of this user
 *     'N' and a name           the same, without mutual authentication
 *     'C'                      asks for one more token, and answers with 'c'
 *     anything else            is refused
 *
 *     +-----+------+-----+---------+
 *     | SEQ | CONF | SUM | payload |    the payload is XORed with 0x55 if CONF is 1
 *     +-----+------+-----+---------+
 *     |  2  |  1   |  1  |         |
 *     +-----+------+-----+---------+
 */
#ifndef TOY_GSSAPI_H
#define TOY_GSSAPI_H

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "layer/gssapi.h"

enum { TOY_HEADER = 4 };

/* Both sides of the context count their tokens. */
static struct toy {
	uint16_t sent, received;
	char name[300];
	size_t namelen;
	bool checks; /* the client has asked for order and no repetition */
} toy;

/* Writes a token of n bytes of payload, as either side sends it. Returns its length. */
static inline size_t toy_wrap(uint8_t *token, uint16_t seq, bool confidential, const void *bytes,
			      size_t n)
{
	const uint8_t *p = bytes;
	uint8_t sum = (uint8_t)(seq + confidential);

	for (size_t i = 0; i < n; i++) {
		sum = (uint8_t)(sum * 31 + p[i] + 1);
		token[TOY_HEADER + i] = confidential ? p[i] ^ 0x55 : p[i];
	}
	token[0] = (uint8_t)(seq >> 8);
	token[1] = (uint8_t)seq;
	token[2] = confidential;
	token[3] = sum;
	return TOY_HEADER + n;
}

static inline int toy_fail(struct gssapi *g, int err)
{
	strcpy(g->words, "GSS-API: the toy says so");
	return err;
}

static inline struct gssapi_bytes toy_bytes(const void *p, size_t n)
{
	struct gssapi_bytes b = { malloc(n + 1), n };

	if (!b.at)
		abort();
	memcpy(b.at, p, n);
	return b;
}

bool gssapi_is_built(void)
{
	return true;
}

int gssapi_open(struct gssapi *g, const char *keytab)
{
	(void)g;
	(void)keytab;
	memset(&toy, 0, sizeof(toy));
	toy.checks = true;
	return 0;
}

int gssapi_accept(struct gssapi *g, const void *token, size_t n, struct gssapi_bytes *answer)
{
	const char *p = token;

	*answer = (struct gssapi_bytes){ 0 };
	if (*p == 'C') {
		*answer = toy_bytes("c", 1);
		return 1;
	}
	if (*p != 'A' && *p != 'N')
		return toy_fail(g, -EACCES);
	toy.namelen = n - 1 < sizeof(toy.name) ? n - 1 : sizeof(toy.name);
	memcpy(toy.name, p + 1, toy.namelen);
	g->mutual = *p == 'A';
	if (g->mutual)
		*answer = toy_bytes("a", 1);
	return 0;
}

int gssapi_user(struct gssapi *g, struct gssapi_bytes *name)
{
	(void)g;
	*name = toy_bytes(toy.name, toy.namelen);
	return 0;
}

void gssapi_forget_credentials(struct gssapi *g)
{
	(void)g;
}

int gssapi_wrap(struct gssapi *g, bool confidential, const void *bytes, size_t n,
		struct gssapi_bytes *token)
{
	(void)g;
	*token = (struct gssapi_bytes){ malloc(TOY_HEADER + n), TOY_HEADER + n };
	if (!token->at)
		abort();
	toy_wrap(token->at, toy.sent++, confidential, bytes, n);
	return 0;
}

int gssapi_unwrap(struct gssapi *g, const void *token, size_t n, struct gssapi_bytes *bytes,
		  struct gssapi_seen *seen)
{
	const uint8_t *p = token;
	uint8_t *plain, *again;
	uint16_t seq;

	*bytes = (struct gssapi_bytes){ 0 };
	if (n < TOY_HEADER || p[2] > 1)
		return toy_fail(g, -EBADMSG);
	seq = (uint16_t)(p[0] << 8 | p[1]);
	*bytes = toy_bytes(p + TOY_HEADER, n - TOY_HEADER);
	plain = bytes->at;
	for (size_t i = 0; p[2] && i < bytes->len; i++)
		plain[i] ^= 0x55;
	again = malloc(n);
	if (!again)
		abort();
	toy_wrap(again, seq, p[2], plain, bytes->len);
	*seen = (struct gssapi_seen){ .confidential = p[2], .number = seq };
	seen->duplicate = toy.checks && seq < toy.received;
	seen->disordered = toy.checks && seq > toy.received;
	if (again[3] != p[3]) {
		free(again);
		gssapi_release(bytes);
		return toy_fail(g, -EBADMSG);
	}
	free(again);
	if (seq >= toy.received)
		toy.received = (uint16_t)(seq + 1);
	return 0;
}

size_t gssapi_room(struct gssapi *g, bool confidential, size_t size)
{
	(void)g;
	(void)confidential;
	return size - TOY_HEADER;
}

void gssapi_release(struct gssapi_bytes *b)
{
	free(b->at);
	*b = (struct gssapi_bytes){ 0 };
}

void gssapi_close(struct gssapi *g)
{
	(void)g;
}

#endif
