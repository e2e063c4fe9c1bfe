/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The messages of CHAP: parts with all their prefixes and splits, and whole dialogues. */
#include <errno.h>

#include "wire/chap.h"

#include "tap.h"
#include "decoder.h"

DECODER(chap_header);
DECODER(chap_attribute);

static void headers(void)
{
	struct verdict v;

	if (decodes(&chap_header_decoder, BYTES("\1\2\xff\xff"), 0, 2, "two attributes", &v))
		is_int(((const struct chap_header *)v.value)->attributes, 2, "NAVAS is 2");
	if (decodes(&chap_header_decoder, BYTES("\1\xff"), 0, 2, "255 attributes", &v))
		is_int(((const struct chap_header *)v.value)->attributes, 255, "NAVAS is 255");
	decodes(&chap_header_decoder, BYTES("\1\0"), 0, 2, "no attribute", &v);
	decodes(&chap_header_decoder, BYTES(""), 2, 0, "nothing", &v);
	decodes(&chap_header_decoder, BYTES("\1"), 1, 1, "VER alone", &v);
	decodes(&chap_header_decoder, BYTES("\5\1\0"), -EPROTO, 1, "a request instead", &v);
	decodes(&chap_header_decoder, BYTES("\0\1"), -EPROTO, 1, "version 0", &v);
}

static void attribute(uint8_t type, size_t len)
{
	uint8_t m[CHAP_ATTRIBUTE_MAX + 4] = { type, (uint8_t)len };
	const struct chap_attribute *got;
	struct verdict v;
	char name[64];

	memset(m + 2, 0xfe, len);
	memset(m + 2 + len, 0xff, 4);
	for (size_t extra = 0; extra <= 4; extra += 4) {
		snprintf(name, sizeof(name), "type %u of %zu bytes, %zu more", type, len, extra);
		if (!decodes(&chap_attribute_decoder, m, 2 + len + extra, 0, 2 + len, name, &v))
			continue;
		got = v.value;
		is_int(got->type, type, "%s: type", name);
		is_mem(got->value, got->len, m + 2, len, "%s: value", name);
	}
}

static void attributes(void)
{
	static const uint8_t types[] = { CHAP_USER, CHAP_CHALLENGE, CHAP_RESPONSE, CHAP_ALGORITHMS,
					 0x01,	    0x05,	    0x10,	   0x80,
					 0xff };
	struct verdict v;

	for (size_t i = 0; i < sizeof(types); i++) {
		attribute(types[i], 0);
		attribute(types[i], 1);
		attribute(types[i], 16);
		attribute(types[i], 255);
	}
	attribute(CHAP_STATUS, 1);
	decodes(&chap_attribute_decoder, BYTES("\0\0\0"), -EPROTO, 2, "a STATUS of no byte", &v);
	decodes(&chap_attribute_decoder, BYTES("\0\2\0\0"), -EPROTO, 2, "a STATUS of two", &v);
	decodes(&chap_attribute_decoder, BYTES("\2\5ali"), 2, 5, "cut in the name", &v);
}

/* Reads a message from its parts, as auth/chap.c does. Returns its length; 0: it is cut. */
static size_t read_message(const uint8_t *p, size_t n, struct chap_message *m)
{
	struct chap_header header;
	struct chap_attribute a;
	size_t at = CHAP_HEADER_LEN;

	if (chap_header_decode(p, n, &header) != 0)
		return 0;
	for (; header.attributes; header.attributes--) {
		if (chap_attribute_decode(p + at, n - at, &a) != 0)
			return 0;
		chap_add(m, &a);
		at += (size_t)2 + a.len;
	}
	return at;
}

/* Encodes the message that these bytes are, and expects the bytes. */
static void same(const char *bytes, size_t n, const char *name)
{
	uint8_t buf[CHAP_MESSAGE_MAX];
	struct chap_message m = { 0 };

	is_int(read_message((const uint8_t *)bytes, n, &m), n, "%s: read", name);
	is_mem(buf, chap_encode(&m, buf), bytes, n, "%s: encoded", name);
	for (size_t cut = 0; cut < n; cut++) {
		m = (struct chap_message){ 0 };
		if (read_message((const uint8_t *)bytes, cut, &m))
			ok(false, "%s: whole after %zu bytes", name, cut);
	}
}

static void messages(void)
{
	struct chap_message m = { 0 };

	same(BYTES("\1\2\x11\1\x85\2\5alice"), "PuTTY's first message");
	same(BYTES("\1\2\x11\1\x85\3\20\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17"), "a challenge");
	same(BYTES("\1\1\4\20\xe7\x40\x94\x24\x47\x4a\x33\1\xbd\xc9\xbb\x88\x46\xc8\x63\x62"),
	     "a response");
	same(BYTES("\1\3\2\5alice\3\2ab\4\1x"), "the draft's response, with a challenge");
	same(BYTES("\1\2\4\1x\0\1\0"), "a response and the status, which is last");
	same(BYTES("\1\1\0\1\1"), "a failure");
	same(BYTES("\1\1\2\0"), "an empty user name");
	same(BYTES("\1\0"), "a message without attributes");

	is_int(read_message((const uint8_t *)"\1\4\0\1\7\1\2hi\2\1a\2\2bc", 16, &m), 16,
	       "unknown attributes, and a user name twice");
	ok(chap_has(&m, CHAP_STATUS) && m.status == 7, "the status is read in front");
	is_mem(m.user.byte, m.user.len, "bc", 2, "the later user name counts");
	ok(!chap_has(&m, CHAP_RESPONSE) && !chap_has(&m, CHAP_CHALLENGE) &&
		   !chap_has(&m, CHAP_ALGORITHMS),
	   "it has no other attribute");
}

/* No message is longer than CHAP_MESSAGE_MAX. */
static void longest(void)
{
	uint8_t buf[CHAP_MESSAGE_MAX], again[CHAP_MESSAGE_MAX];
	struct chap_message m = { 0 }, got = { 0 };
	struct chap_attribute a = { .len = CHAP_VALUE_MAX };
	static const uint8_t types[] = { CHAP_USER, CHAP_CHALLENGE, CHAP_RESPONSE,
					 CHAP_ALGORITHMS };

	for (size_t i = 0; i < sizeof(types); i++) {
		a.type = types[i];
		memset(a.value, types[i], sizeof(a.value));
		chap_add(&m, &a);
	}
	a = (struct chap_attribute){ CHAP_STATUS, 1, { 9 } };
	chap_add(&m, &a);
	is_int(chap_encode(&m, buf), CHAP_MESSAGE_MAX, "the longest message");
	is_int(read_message(buf, sizeof(buf), &got), CHAP_MESSAGE_MAX, "the longest message: read");
	is_mem(again, chap_encode(&got, again), buf, sizeof(buf), "the longest message: again");
}

int main(void)
{
	headers();
	attributes();
	messages();
	longest();
	return done_testing();
}
