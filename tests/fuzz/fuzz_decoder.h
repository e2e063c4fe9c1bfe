/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * fuzz_decoder.h - a fuzz target for a decoder that follows the need-more contract.
 *
 * FUZZ_DECODER(x, max) defines the whole target for `int x_decode(p, n, struct x *ret)`, whose
 * messages have at most max bytes. For each input it checks what decoder.h lists, and that neither
 * a message nor what the decoder asks for is longer than max. The target adds what is particular to
 * its message: two functions, which the macro declares and the target defines.
 */
#ifndef FUZZ_DECODER_H
#define FUZZ_DECODER_H

#include "../unit/decoder.h"
#include "fuzz.h"

/*
 * judge_error() gets a negative errno, and the bytes that led to it.
 * judge_message() gets a message, and the bytes that it was read from: encoded again, the message
 * must give the same bytes.
 */
#define FUZZ_DECODER(x, max)                                                                       \
	static void judge_error(int err, const uint8_t *p, size_t len);                            \
	static void judge_message(const struct x *got, const uint8_t *p, size_t len);              \
                                                                                                   \
	DECODER(x);                                                                                \
                                                                                                   \
	int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)                               \
	{                                                                                          \
		struct verdict v;                                                                  \
                                                                                                   \
		if (size > (max) + 8)                                                              \
			return -1;                                                                 \
		v = decoder_must(&x##_decoder, data, size);                                        \
		MUST(v.r > 0 ? size + (size_t)v.r <= (max) : v.at <= (max));                       \
		if (v.r < 0)                                                                       \
			judge_error(v.r, data, v.at);                                              \
		else if (v.r == 0)                                                                 \
			judge_message(v.value, data, v.at);                                        \
		return 0;                                                                          \
	}

#endif
