/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frames of RFC 1961: every type and length, all prefixes and splits, and what is no frame. */
#include <errno.h>

#include "wire/gssframe.h"

#include "tap.h"
#include "decoder.h"

DECODER(gssframe);

/* Encodes a frame, and expects it back, with and without more bytes behind it. */
static void round_trip(enum gssframe_mtyp mtyp, size_t len)
{
	uint8_t m[DECODER_MAX];
	size_t header = gssframe_encode(m, mtyp, len);
	const struct gssframe *got;
	struct verdict v;
	char name[64];

	is_int(header, GSSFRAME_HEADER, "type %d, token of %zu: length of the header", mtyp, len);
	memset(m + header, 0xff, sizeof(m) - header);
	for (size_t extra = 0; extra <= 4; extra += 4) {
		snprintf(name, sizeof(name), "type %d, token of %zu, %zu more bytes", mtyp, len,
			 extra);
		if (!decodes(&gssframe_decoder, m, header + len + extra, 0, header + len, name, &v))
			continue;
		got = v.value;
		is_int(got->mtyp, mtyp, "%s: type", name);
		is_int(got->len, (int)len, "%s: length", name);
	}
}

/* A frame of the greatest length is too long to try every prefix. */
static void longest(void)
{
	static uint8_t m[GSSFRAME_MAX + 1];
	struct gssframe got = { 0 };
	const size_t lens[] = { 0x7fff, 0x8000, 0xff00, 0xffff };

	for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
		size_t len = lens[i], end = GSSFRAME_HEADER + len;

		gssframe_encode(m, GSSFRAME_DATA, len);
		is_int(gssframe_decode(m, GSSFRAME_HEADER, &got), (int)len,
		       "a header asks for its token of %zu", len);
		is_int(gssframe_decode(m, end - 1, &got), 1, "a token of %zu lacks a byte", len);
		is_int(got.len, 0, "nothing is written before");
		is_int(gssframe_decode(m, end, &got), 0, "a token of %zu is whole", len);
		is_int(got.len, (int)len, "its length");
		got.len = 0;
	}
}

static void no_frames(void)
{
	struct verdict v;

	decodes(&gssframe_decoder, BYTES("\5\1\0\1\1\2\3\4\0\120"), -EPROTO, 1,
		"a CONNECT request instead", &v);
	decodes(&gssframe_decoder, BYTES("\0\1\0\0"), -EPROTO, 1, "version 0", &v);
	decodes(&gssframe_decoder, BYTES("\1\0\0\0"), -EPROTO, 2, "type 0", &v);
	decodes(&gssframe_decoder, BYTES("\1\4\0\0"), -EPROTO, 2, "type 4", &v);
	decodes(&gssframe_decoder, BYTES("\1\5alice\6secret"), -EPROTO, 2,
		"a message of RFC 1929 instead", &v);
	decodes(&gssframe_decoder, BYTES("\1\376\0\0"), -EPROTO, 2, "type 254", &v);
}

static void cut(void)
{
	struct verdict v;

	decodes(&gssframe_decoder, BYTES(""), 2, 0, "nothing yet", &v);
	decodes(&gssframe_decoder, BYTES("\1"), 1, 1, "cut behind the version", &v);
	decodes(&gssframe_decoder, BYTES("\1\1"), 2, 2, "cut behind the type", &v);
	decodes(&gssframe_decoder, BYTES("\1\1\0"), 1, 3, "cut in the length", &v);
	decodes(&gssframe_decoder, BYTES("\1\1\1\1"), 257, 4, "cut behind the length", &v);
	decodes(&gssframe_decoder, BYTES("\1\1\0\3ab"), 1, 6, "cut in the token", &v);
}

int main(void)
{
	const struct gssframe *got;
	struct verdict v;
	uint8_t refusal[GSSFRAME_ABORT_LEN];

	for (int mtyp = GSSFRAME_CONTEXT; mtyp <= GSSFRAME_DATA; mtyp++) {
		round_trip((enum gssframe_mtyp)mtyp, 0);
		round_trip((enum gssframe_mtyp)mtyp, 1);
		round_trip((enum gssframe_mtyp)mtyp, 255);
		round_trip((enum gssframe_mtyp)mtyp, 256);
		round_trip((enum gssframe_mtyp)mtyp, 1500);
	}
	longest();
	no_frames();
	cut();

	is_int(gssframe_abort_encode(refusal), 2, "a refusal has 2 bytes");
	is_mem(refusal, 2, "\1\377", 2, "the refusal");
	if (decodes(&gssframe_decoder, BYTES("\1\377\0\5"), 0, 2, "a refusal has no length", &v)) {
		got = v.value;
		is_int(got->mtyp, GSSFRAME_ABORT, "its type");
		is_int(got->len, 0, "its length is 0");
	}
	return done_testing();
}
