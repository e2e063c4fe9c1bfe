/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames of RFC 1961: the decoder's contract, and back to the same bytes. */
#include <errno.h>

#include "wire/gssframe.h"

#include "../unit/decoder.h"
#include "fuzz.h"

DECODER(gssframe);

static void judge_frame(const struct gssframe *got, const uint8_t *p, size_t len)
{
	uint8_t head[GSSFRAME_HEADER];
	size_t n;

	if (got->mtyp == GSSFRAME_ABORT)
		n = gssframe_abort_encode(head);
	else
		n = gssframe_encode(head, (enum gssframe_mtyp)got->mtyp, got->len);
	MUST(len == n + got->len && memcmp(head, p, n) == 0);
}

/* Not FUZZ_DECODER(), because the longest frame is longer than what decoder.h looks at. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct verdict v;

	if (size > DECODER_MAX)
		return -1;
	v = decoder_must(&gssframe_decoder, data, size);
	MUST(v.r > 0 ? size + (size_t)v.r <= GSSFRAME_MAX : v.at <= GSSFRAME_MAX);
	if (v.r < 0)
		MUST(v.r == -EPROTO && v.at <= 2);
	else if (v.r == 0)
		judge_frame(v.value, data, v.at);
	return 0;
}
