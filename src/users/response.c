/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Verifies responses of CHAP in the same way whether the user exists or not. Never computes with a
 * hash of another scheme.
 */
#include "users/response.h"
#include "users/cram_md5.h"
#include "users/find.h"
#include "users/secrets.h"

#include <errno.h>
#include <string.h>

enum { PIECE = 64 * 1024 };

struct secrets {
	char piece[PIECE]; /* of the file */
	struct found_user user, first;
	struct cram_md5 key;
	uint8_t sum[DIGEST_MD5_LENGTH], response[DIGEST_MD5_LENGTH];
};

_Static_assert(sizeof(struct secrets) <= SECRETS_MAX, "too many secrets");

/* The key for users that have none. The result is not used. */
static const char nobody[] =
	"{CRAM-MD5}0000000000000000000000000000000000000000000000000000000000000000";

/* Returns what is wrong with the user's line; VERIFY_MATCH: nothing. */
static enum verify_why judge(const struct found_user *user, enum htpasswd_fault *fault)
{
	*fault = HTPASSWD_GOOD;
	if (!user->line)
		return VERIFY_UNKNOWN;
	*fault = user->fault;
	if (!user->fault && user->form.scheme != PWHASH_CRAM_MD5)
		*fault = HTPASSWD_NOT_CHAP;
	return *fault ? VERIFY_BAD_LINE : VERIFY_MATCH;
}

/* Compares every byte, whatever it finds. */
static bool same(const uint8_t *a, const uint8_t *b, size_t n)
{
	volatile uint8_t diff = 0;

	for (size_t i = 0; i < n; i++)
		diff = (uint8_t)(diff | (a[i] ^ b[i]));
	return !diff;
}

/* Computes an HMAC in any case, but uses it only if it is of the user's line. */
static int decide(struct secrets *s, const struct response_claim *claim, uint8_t *answer,
		  struct verify_result *ret)
{
	bool fits = claim->responselen == sizeof(s->response);
	struct digest md5;
	bool right;
	int err;

	ret->why = judge(&s->user, &ret->fault);
	ret->line = s->user.line;
	ret->library = digest_name();
	err = digest_load(DIGEST_MD5, &md5);
	if (err < 0)
		return err;
	cram_md5_parse(ret->why == VERIFY_MATCH ? s->user.hash : nobody, &s->key);
	cram_md5_hmac(&md5, &s->key, claim->challenge, claim->challengelen, s->sum);
	if (fits)
		memcpy(s->response, claim->response, sizeof(s->response));
	right = same(s->sum, s->response, sizeof(s->sum)) && fits;
	if (ret->why == VERIFY_MATCH && !right)
		ret->why = VERIFY_WRONG;
	if (ret->why != VERIFY_MATCH)
		return 0;
	if (claim->theirs)
		cram_md5_hmac(&md5, &s->key, claim->theirs, claim->theirslen, answer);
	return 1;
}

int verify_response(int fd, const struct response_claim *claim, uint8_t answer[DIGEST_MD5_LENGTH],
		    struct verify_result *ret)
{
	struct secrets *s = secrets_get(sizeof(*s));
	size_t namelen = htpasswd_name_ok(claim->name, claim->namelen) ? claim->namelen : 0;
	int r;

	*ret = (struct verify_result){ .why = VERIFY_FAILED };
	if (!s)
		return -ENOMEM;
	r = find_user(fd, claim->name, namelen, s->piece, sizeof(s->piece), &s->user, &s->first);
	if (r == 0)
		r = decide(s, claim, answer, ret);
	secrets_drop(s, sizeof(*s));
	if (r < 0)
		ret->why = VERIFY_FAILED;
	if (r != -ELIBACC)
		ret->library = NULL;
	return r;
}
