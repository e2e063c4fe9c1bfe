/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers of saslauthd: the decoder's contract; only a whole answer that says OK is OK. */
#include <errno.h>

#include "wire/saslauthd.h"

#include "fuzz_decoder.h"

FUZZ_DECODER(saslauthd_answer, SASLAUTHD_ANSWER_MAX)

static void judge_error(int err, const uint8_t *p, size_t len)
{
	unsigned words = p[0] * 256U + p[1];

	MUST(err == -EPROTO && len == 2 && (words < 2 || words > SASLAUTHD_WORDS_MAX));
}

static void judge_message(const struct saslauthd_answer *got, const uint8_t *p, size_t len)
{
	MUST(len == 2 + p[0] * 256U + p[1]);
	MUST(got->ok == (p[2] == 'O' && p[3] == 'K'));
}
