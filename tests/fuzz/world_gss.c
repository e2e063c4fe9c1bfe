/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Judges a login by GSS-API and what is protected behind it. The library is the toy of
 * toy_gssapi.h: only a token that begins with A lets a client in, and every frame of the proxy
 * must be whole and in order. Then puts the payload of both sides in place of their frames, so that
 * the judges of plain sessions can look at it.
 */
#include "session_judge.h"
#include "wire/gssframe.h"
#include "world.h"

#include "../unit/toy_gssapi.h"

/* Takes the next frame of the answer. Returns false at its end, and after a refusal. */
static bool next_frame(struct answer *a, struct gssframe *f, const uint8_t **token)
{
	int r = gssframe_decode(a->p, a->n, f);

	MUST(r >= 0);
	if (r > 0)
		return false;
	if (f->mtyp == GSSFRAME_ABORT) {
		MUST(a->n == GSSFRAME_ABORT_LEN);
		return false;
	}
	*token = a->p + GSSFRAME_HEADER;
	a->p += GSSFRAME_HEADER + f->len;
	a->n -= GSSFRAME_HEADER + (size_t)f->len;
	return true;
}

/* Unwraps a token to ret, as the side that got it. Returns false if it does not verify. */
static bool unwrap(const uint8_t *token, size_t n, bool confidential, uint8_t *ret)
{
	static uint8_t again[GSSFRAME_TOKEN_MAX];

	if (n < TOY_HEADER || token[2] > 1 || (confidential && !token[2]))
		return false;
	for (size_t i = TOY_HEADER; i < n; i++)
		ret[i - TOY_HEADER] = token[2] ? token[i] ^ 0x55 : token[i];
	toy_wrap(again, (uint16_t)(token[0] << 8 | token[1]), token[2], ret, n - TOY_HEADER);
	return memcmp(again, token, n) == 0;
}

static uint16_t number(const uint8_t *token)
{
	return (uint16_t)(token[0] << 8 | token[1]);
}

/* Returns the place behind the client's greeting and tokens of the context; 0 if none lets it in.
 */
static size_t behind_context(void)
{
	const struct transcript *t = &world.client_sent;
	size_t at = t->n < 2 ? 2 : 2 + (size_t)t->bytes[1];
	struct gssframe f;

	while (at < t->n && gssframe_decode(t->bytes + at, t->n - at, &f) == 0 &&
	       f.mtyp == GSSFRAME_CONTEXT) {
		bool last = f.len && t->bytes[at + GSSFRAME_HEADER] == 'A';

		at += GSSFRAME_HEADER + f.len;
		if (last)
			return at;
	}
	return 0;
}

/* Leaves of what the client sent the payload of the data that verifies. */
static void open_client(size_t at, bool confidential)
{
	static uint8_t payload[GSSFRAME_TOKEN_MAX];
	static struct transcript plain;
	struct transcript *t = &world.client_sent;
	struct gssframe f;
	unsigned seq;

	MUST(at && gssframe_decode(t->bytes + at, t->n - at, &f) == 0);
	seq = f.len > 1; /* a bare level has no number */
	at += GSSFRAME_HEADER + f.len;
	for (; gssframe_decode(t->bytes + at, t->n - at, &f) == 0; seq++) {
		const uint8_t *token = t->bytes + at + GSSFRAME_HEADER;

		if (f.mtyp != GSSFRAME_DATA || !unwrap(token, f.len, confidential, payload) ||
		    number(token) != seq)
			break;
		transcript_add(&plain, payload, f.len - (size_t)TOY_HEADER);
		at += GSSFRAME_HEADER + f.len;
	}
	*t = plain;
}

/* Puts the payload of the proxy's frames in place of them. */
static void open_answer(struct answer *a, bool confidential)
{
	static struct transcript plain;
	static uint8_t payload[GSSFRAME_TOKEN_MAX];
	const uint8_t *token;
	struct gssframe f;
	int last = -1;

	while (next_frame(a, &f, &token)) {
		MUST(f.mtyp == GSSFRAME_DATA && unwrap(token, f.len, confidential, payload));
		MUST(token[2] == confidential && number(token) > last);
		last = number(token);
		transcript_add(&plain, payload, f.len - (size_t)TOY_HEADER);
	}
	a->is_cut = a->n || !session_ended_well();
	a->p = plain.bytes;
	a->n = plain.n;
}

/* Returns the level that is granted, or -1 if there is none. */
static int judge_level(const struct setup *setup, struct answer *a)
{
	const uint8_t *token;
	struct gssframe f;
	uint8_t level;

	if (!next_frame(a, &f, &token))
		return -1;
	MUST(f.mtyp == GSSFRAME_LEVEL);
	if (f.len == 1) {
		MUST(strstr(setup->levels, "nec"));
		level = *token;
	} else {
		MUST(f.len == TOY_HEADER + 1 && unwrap(token, f.len, false, &level));
	}
	MUST(level <= 2 && strchr(setup->levels, '0' + level));
	return level;
}

bool session_judge_gssapi(const struct setup *setup, struct answer *a)
{
	const uint8_t *token = (const uint8_t *)"";
	struct gssframe f = { 0 };
	size_t at = behind_context();
	int level;

	do {
		if (!next_frame(a, &f, &token))
			return false;
		MUST(f.mtyp == GSSFRAME_CONTEXT && f.len == 1);
	} while (*token == 'c');
	MUST(at && *token == 'a');
	level = judge_level(setup, a);
	if (level < 0)
		return false;
	if (level > 0) {
		open_client(at, level == 2);
		open_answer(a, level == 2);
	}
	return true;
}

size_t world_open(const uint8_t *p, size_t n, uint8_t *ret)
{
	struct gssframe f;

	MUST(gssframe_decode(p, n, &f) == 0 && f.mtyp == GSSFRAME_DATA);
	MUST(n == GSSFRAME_HEADER + (size_t)f.len);
	MUST(unwrap(p + GSSFRAME_HEADER, f.len, false, ret));
	return f.len - (size_t)TOY_HEADER;
}
