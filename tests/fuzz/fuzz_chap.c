/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Messages of CHAP: the contract of the decoders of their parts, and whole messages. A message of
 * known attributes, each once and in our order, gives the same bytes again.
 */
#include <errno.h>

#include "wire/chap.h"

#include "../unit/decoder.h"
#include "fuzz.h"

DECODER(chap_header);
DECODER(chap_attribute);

enum { INPUT_MAX = 1100 };

/* Decodes one part at p. Returns its length, or 0 if the message ends here. */
static size_t part(const struct decoder *d, const uint8_t *p, size_t n, size_t max, void *ret)
{
	size_t len = n < max + 8 ? n : max + 8;
	struct verdict v = decoder_must(d, p, len);

	MUST(v.r > 0 ? len + (size_t)v.r <= max : v.at <= max);
	MUST(v.r >= 0 || v.r == -EPROTO);
	if (v.r != 0)
		return 0;
	memcpy(ret, v.value, d->size);
	return v.at;
}

static void must_be_same(const struct chap_message *m, const uint8_t *p, size_t n)
{
	uint8_t buf[CHAP_MESSAGE_MAX];
	struct chap_message again = { 0 };
	struct chap_header header;
	struct chap_attribute a;
	size_t len = chap_encode(m, buf), at = CHAP_HEADER_LEN;

	MUST(len <= CHAP_MESSAGE_MAX && len <= n);
	MUST(chap_header_decode(buf, len, &header) == 0 && header.attributes <= p[1]);
	for (; header.attributes; header.attributes--) {
		MUST(chap_attribute_decode(buf + at, len - at, &a) == 0);
		MUST(a.type != CHAP_STATUS || header.attributes == 1);
		chap_add(&again, &a);
		at += (size_t)2 + a.len;
	}
	MUST(at == len && memcmp(&again, m, sizeof(again)) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct chap_message m = { 0 };
	struct chap_header header;
	struct chap_attribute a;
	size_t at, len;

	if (size > INPUT_MAX)
		return -1;
	at = part(&chap_header_decoder, data, size, CHAP_HEADER_LEN, &header);
	if (!at)
		return 0;
	for (; header.attributes; header.attributes--, at += len) {
		len = part(&chap_attribute_decoder, data + at, size - at, CHAP_ATTRIBUTE_MAX, &a);
		if (!len)
			return 0;
		MUST(a.type == data[at] && a.len == data[at + 1] && len == (size_t)2 + a.len);
		MUST(memcmp(a.value, data + at + 2, a.len) == 0);
		chap_add(&m, &a);
	}
	must_be_same(&m, data, at);
	return 0;
}
