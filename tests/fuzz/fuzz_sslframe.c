/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames and options of SOCKS 5 by SSL: the decoders' contract, and back to the same bytes. */
#include <errno.h>

#include "wire/sslframe.h"

#include "../unit/decoder.h"
#include "fuzz.h"

DECODER(sslframe_header);
DECODER(sslframe_options);

static void judge_header(const uint8_t *data, size_t size)
{
	struct verdict v = decoder_must(&sslframe_header_decoder, data, size);
	uint8_t buf[SSLFRAME_HEADER];
	const struct sslframe_header *got = v.value;

	MUST(v.r > 0 ? size + (size_t)v.r <= SSLFRAME_HEADER : v.at <= SSLFRAME_HEADER);
	if (v.r < 0) {
		MUST(v.r == -EPROTO && v.at <= 2);
	} else if (v.r == 0) {
		MUST(sslframe_header_encode(buf, got->state, got->len) == v.at);
		MUST(memcmp(buf, data, v.at) == 0);
	}
}

static void judge_options(const uint8_t *data, size_t size)
{
	struct verdict v = decoder_must(&sslframe_options_decoder, data, size);
	uint8_t buf[SSLFRAME_OPTIONS_MAX];

	MUST(v.r >= 0);
	if (v.r > 0) {
		MUST(size + (size_t)v.r <= SSLFRAME_OPTIONS_MAX);
		return;
	}
	MUST(sslframe_options_encode(buf, v.value) == v.at);
	MUST(memcmp(buf, data, v.at) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size > SSLFRAME_OPTIONS_MAX + 8)
		return -1;
	judge_header(data, size);
	judge_options(data, size);
	return 0;
}
