/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Verifies a user's response to a challenge: HMAC-MD5 of the challenge, with the {CRAM-MD5} line of
 * the user as the key. As users/verify.h does, it never logs, keeps no state, may run in a thread
 * with a small stack, and the process may end at any point.
 */
#ifndef USERS_RESPONSE_H
#define USERS_RESPONSE_H

#include "users/digest.h"
#include "users/verify.h"

/* What the two sides have said. None of it is kept. */
struct response_claim {
	const char *name;
	const uint8_t *challenge; /* ours */
	const uint8_t *response;  /* the client's */
	const uint8_t *theirs;	  /* a challenge of the client's own, or NULL */
	size_t namelen, challengelen, responselen, theirslen;
};

/*
 * Returns 1 if the response is right, with our response to the client's own challenge, if it sent
 * one, in answer; 0 if it is wrong (ret->why has the reason: a line of another scheme is
 * VERIFY_BAD_LINE); or a negative errno if it could not be verified, as verify_password() does.
 *
 * fd is the users file. It is always read to its end, with pread(2), and an HMAC is computed
 * whatever is wrong: with the key of the user's line, or else with one that no user has. So the
 * time taken tells neither where the user's line is nor whether there is one. Nothing is signed for
 * a client whose response is wrong.
 */
int verify_response(int fd, const struct response_claim *claim, uint8_t answer[DIGEST_MD5_LENGTH],
		    struct verify_result *ret);

#endif
