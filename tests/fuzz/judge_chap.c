/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Judges a login by CHAP: the proxy's challenge is the same for everybody, only dave's response
 * lets a client in, and nothing is signed but a challenge that the client has sent.
 */
#include "session_judge.h"
#include "users/cram_md5.h"
#include "world.h"

/* What the proxy says to every client: HMAC-MD5, and the bytes that world.c draws. */
static const uint8_t challenge[] = "\1\2\21\1\205\3\40\0\1\2\3\4\5\6\7\10\11\12\13\14\15\16\17"
				   "\20\21\22\23\24\25\26\27\30\31\32\33\34\35\36\37";
/* The attribute with the right response to it, of dave. */
static const uint8_t right[] = "\4\20\0\311\50\107\206\2\311\367\116\66\226\20\33\262\54\12";

enum {
	CHALLENGE = sizeof(challenge) - 1,
	RIGHT = sizeof(right) - 1,
	STATUS = 3, /* the length of the attribute */
	LOOK_MAX = 4096,
};

/* Returns true if this is dave's response to a challenge that the client has sent. */
static bool is_asked_for(const uint8_t sum[DIGEST_MD5_LENGTH])
{
	const uint8_t *p = world.client_sent.bytes;
	size_t n = world.client_sent.n < LOOK_MAX ? world.client_sent.n : LOOK_MAX;
	uint8_t made[DIGEST_MD5_LENGTH];
	struct cram_md5 key;
	struct digest md5;

	MUST(digest_load(DIGEST_MD5, &md5) == 0);
	cram_md5_key(&md5, "pa55word", 8, &key);
	for (size_t at = 0; at + 2 <= n; at++) {
		if (p[at] != 3 || at + 2 + p[at + 1] > n)
			continue;
		cram_md5_hmac(&md5, &key, p + at + 2, p[at + 1], made);
		if (memcmp(made, sum, sizeof(made)) == 0)
			return true;
	}
	return false;
}

/* The proxy's response stands before the status. */
static bool judge_response(struct answer *a)
{
	uint8_t response[RIGHT];

	if (!session_take(a, response, sizeof(response)))
		return false;
	MUST(memcmp(response, right, 2) == 0 && is_asked_for(response + 2));
	MUST(memcmp(response, right, RIGHT) != 0);
	return true;
}

/* Returns true if the client has the proxy's success, and has answered it if it has to. */
static bool judge_status(struct answer *a, bool is_mutual)
{
	uint8_t status[STATUS];

	if (!session_take(a, status, sizeof(status)))
		return false;
	MUST(memcmp(status, "\0\1", 2) == 0 && status[2] <= 1);
	if (status[2]) {
		MUST(!is_mutual && a->n == 0);
		return false;
	}
	MUST(session_client_sent(right, RIGHT) && session_client_sent("\2\4dave", 6));
	return true;
}

bool session_judge_chap(struct answer *a)
{
	size_t n = a->n < CHALLENGE ? a->n : CHALLENGE;
	uint8_t head[CHALLENGE];

	if (n >= 2 && a->p[1] == 1) {
		session_take(a, head, 2);
		MUST(!judge_status(a, false));
		return false;
	}
	MUST(n == 0 || memcmp(a->p, challenge, n) == 0);
	if (!session_take(a, head, CHALLENGE) || !session_take(a, head, 2))
		return false;
	MUST(head[0] == 1 && (head[1] == 1 || head[1] == 2));
	if (head[1] == 2 && !judge_response(a))
		return false;
	return judge_status(a, head[1] == 2);
}
