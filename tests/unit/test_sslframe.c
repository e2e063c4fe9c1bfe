/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The frames and options of SOCKS 5 by SSL: all prefixes and splits, and what is no frame. */
#include <errno.h>

#include "wire/sslframe.h"

#include "tap.h"
#include "decoder.h"

DECODER(sslframe_header);
DECODER(sslframe_options);

static void round_trip(enum sslframe_state state, size_t len)
{
	uint8_t m[SSLFRAME_HEADER + 4];
	const struct sslframe_header *got;
	struct verdict v;
	char name[64];

	memset(m, 0xff, sizeof(m));
	is_int(sslframe_header_encode(m, state, len), SSLFRAME_HEADER, "length of a header");
	for (size_t extra = 0; extra <= 4; extra += 4) {
		snprintf(name, sizeof(name), "state %d, %zu bytes, %zu more", state, len, extra);
		if (!decodes(&sslframe_header_decoder, m, SSLFRAME_HEADER + extra, 0,
			     SSLFRAME_HEADER, name, &v))
			continue;
		got = v.value;
		is_int(got->state, state, "%s: state", name);
		is_int(got->len, (int)len, "%s: length", name);
	}
}

static void headers(void)
{
	const size_t lens[] = { 0, 1, 255, 256, 0x7fff, 0x8000, 0xff00, 0xffff };

	for (int state = SSLFRAME_HANDSHAKE; state <= SSLFRAME_CLOSING; state++)
		for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++)
			round_trip((enum sslframe_state)state, lens[i]);
}

static void no_headers(void)
{
	struct verdict v;

	decodes(&sslframe_header_decoder, BYTES("\26\3\1\2\0"), -EPROTO, 1, "a bare record of TLS",
		&v);
	decodes(&sslframe_header_decoder, BYTES("\0\1\0\0"), -EPROTO, 1, "version 0", &v);
	decodes(&sslframe_header_decoder, BYTES("\2\1\0\0"), -EPROTO, 1, "version 2", &v);
	decodes(&sslframe_header_decoder, BYTES("\1\0\0\0"), -EPROTO, 2, "state 0", &v);
	decodes(&sslframe_header_decoder, BYTES("\1\5alice\6secret"), -EPROTO, 2,
		"a message of RFC 1929", &v);
	decodes(&sslframe_header_decoder, BYTES("\1\377\0\0"), -EPROTO, 2, "state 255", &v);
	decodes(&sslframe_header_decoder, BYTES(""), 4, 0, "nothing yet", &v);
	decodes(&sslframe_header_decoder, BYTES("\1"), 3, 1, "cut behind the version", &v);
	decodes(&sslframe_header_decoder, BYTES("\1\4"), 2, 2, "cut behind the state", &v);
	decodes(&sslframe_header_decoder, BYTES("\1\4\0"), 1, 3, "cut in the length", &v);
}

/* Decodes a list, and expects these options and the same bytes when it is encoded. */
static void list(const void *bytes, size_t len, bool subauthentication, bool naked,
		 const char *name)
{
	const uint8_t *m = bytes;
	uint8_t buf[SSLFRAME_OPTIONS_MAX];
	const struct sslframe_options *got;
	struct verdict v;

	if (!decodes(&sslframe_options_decoder, m, len, 0, 1 + (size_t)m[0], name, &v))
		return;
	got = v.value;
	is_int(sslframe_options_have(got, SSLFRAME_SUBAUTHENTICATION), subauthentication,
	       "%s: Subauthentication", name);
	is_int(sslframe_options_have(got, SSLFRAME_UDP_NAKED), naked, "%s: UDP-Naked", name);
	is_int(sslframe_options_encode(buf, got), 1 + m[0], "%s: its length", name);
	is_mem(buf, 1 + (size_t)m[0], m, 1 + (size_t)m[0], "%s", name);
}

static void lists(void)
{
	uint8_t all[SSLFRAME_OPTIONS_MAX];
	struct verdict v;

	list(BYTES("\0"), false, false, "no option");
	list(BYTES("\0\1\20"), false, false, "no option, and bytes behind the list");
	list(BYTES("\1\1"), true, false, "one option");
	list(BYTES("\1\20"), false, true, "the other one");
	list(BYTES("\2\20\1"), true, true, "both");
	list(BYTES("\3\2\377\0"), false, false, "unknown options");
	list(BYTES("\4\1\1\1\1\20"), true, false, "one option again and again");
	all[0] = 255;
	for (int i = 0; i < 255; i++)
		all[1 + i] = (uint8_t)i;
	list(all, sizeof(all), true, true, "255 options");

	decodes(&sslframe_options_decoder, BYTES(""), 1, 0, "no list yet", &v);
	decodes(&sslframe_options_decoder, BYTES("\3"), 3, 1, "cut behind the length", &v);
	decodes(&sslframe_options_decoder, BYTES("\3\1"), 2, 2, "cut in the options", &v);
	decodes(&sslframe_options_decoder, BYTES("\377\1\20"), 253, 3, "a long list is cut", &v);
}

int main(void)
{
	headers();
	no_headers();
	lists();
	return done_testing();
}
