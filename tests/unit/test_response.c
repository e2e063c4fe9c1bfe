/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose response to a challenge is right: users/response.c. */
#include <errno.h>
#include <fcntl.h>

#include "users/cram_md5.h"
#include "users/response.h"
#include "hashes.h"
#include "tap.h"
#include "users_kit.h"

/* A string literal and its length. */
#define BYTES(s) (s), sizeof(s) - 1

#define CRAM "{CRAM-MD5}cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b56"
#define NONE "{CRAM-MD5}00747cf2ffaf11c5ea4a64979c3901fc1d20dee13f480bb598f7d8575b23e61b"
/* the key that the program computes with for unknown users */
#define ZERO "{CRAM-MD5}0000000000000000000000000000000000000000000000000000000000000000"

static const char text[] = "# comment:" CRAM "\n" /* 1 */
			   "bc:" BC "\n"	  /* 2 */
			   "alice:" CRAM "\r\n"	  /* 3 */
			   "alice:" BC "\n"	  /* 4 */
			   "plain:secret\n"	  /* 5 */
			   "none:" NONE "\n"	  /* 6 */
			   "nocolon\n"		  /* 7 */
			   "last:" CRAM ":x";	  /* 8 */

static uint8_t ours[32], theirs[16];

static const struct {
	const char *name;
	size_t namelen;
	const char *passwd; /* that the client computes with */
	int result;
	enum verify_why why;
	size_t line;
	enum htpasswd_fault fault;
} asked[] = {
	{ BYTES("alice"), "secret", 1, VERIFY_MATCH, 3, HTPASSWD_GOOD },
	{ BYTES("alice"), "Secret", 0, VERIFY_WRONG, 3, HTPASSWD_GOOD },
	{ BYTES("alice"), "", 0, VERIFY_WRONG, 3, HTPASSWD_GOOD },
	{ BYTES("last"), "secret", 1, VERIFY_MATCH, 8, HTPASSWD_GOOD },
	{ BYTES("bc"), "secret", 0, VERIFY_BAD_LINE, 2, HTPASSWD_NOT_CHAP },
	{ BYTES("plain"), "secret", 0, VERIFY_BAD_LINE, 5, HTPASSWD_PLAIN },
	{ BYTES("none"), "", 0, VERIFY_BAD_LINE, 6, HTPASSWD_BLANK },
	{ BYTES("nocolon"), "", 0, VERIFY_UNKNOWN, 0, HTPASSWD_GOOD },
	{ BYTES("bob"), "secret", 0, VERIFY_UNKNOWN, 0, HTPASSWD_GOOD },
	{ BYTES(""), "secret", 0, VERIFY_UNKNOWN, 0, HTPASSWD_GOOD },
	{ BYTES("Alice"), "secret", 0, VERIFY_UNKNOWN, 0, HTPASSWD_GOOD },
	{ BYTES("alice\0"), "secret", 0, VERIFY_UNKNOWN, 0, HTPASSWD_GOOD },
	{ BYTES("# comment"), "secret", 0, VERIFY_UNKNOWN, 0, HTPASSWD_GOOD },
	{ BYTES("bc:x\nalice"), "secret", 0, VERIFY_UNKNOWN, 0, HTPASSWD_GOOD },
};

static bool untouched(const uint8_t *answer)
{
	for (int i = 0; i < DIGEST_MD5_LENGTH; i++)
		if (answer[i] != 0xa5)
			return false;
	return true;
}

static void question(const struct digest *md5, int fd, size_t i, bool mutual)
{
	uint8_t response[DIGEST_MD5_LENGTH], answer[DIGEST_MD5_LENGTH], want[DIGEST_MD5_LENGTH];
	struct response_claim claim = { asked[i].name,	  ours,
					response,	  mutual ? theirs : NULL,
					asked[i].namelen, sizeof(ours),
					sizeof(response), sizeof(theirs) };
	struct verify_result v;
	struct cram_md5 key;

	memset(answer, 0xa5, sizeof(answer));
	cram_md5_key(md5, asked[i].passwd, strlen(asked[i].passwd), &key);
	cram_md5_hmac(md5, &key, ours, sizeof(ours), response);
	is_int(verify_response(fd, &claim, answer, &v), asked[i].result, "question %zu", i);
	is_int(v.why, asked[i].why, "question %zu: the reason", i);
	is_int(v.line, asked[i].line, "question %zu: the user's line", i);
	is_int(v.fault, asked[i].fault, "question %zu: the line's fault", i);
	ok(!v.library, "question %zu: no library is missing", i);
	if (!mutual || !asked[i].result) {
		ok(untouched(answer), "question %zu: nothing is signed", i);
		return;
	}
	cram_md5_hmac(md5, &key, theirs, sizeof(theirs), want);
	is_mem(answer, sizeof(answer), want, sizeof(want), "question %zu: the answer", i);
}

/* No response of another length, or with another bit, is right. */
static void odd_responses(const struct digest *md5, int fd)
{
	uint8_t response[255] = { 0 }, answer[DIGEST_MD5_LENGTH];
	struct response_claim claim = { "alice", ours, response, NULL, 5, sizeof(ours), 0, 0 };
	struct verify_result v;
	struct cram_md5 key;
	unsigned wrong = 0;

	cram_md5_key(md5, "secret", 6, &key);
	cram_md5_hmac(md5, &key, ours, sizeof(ours), response);
	for (claim.responselen = 0; claim.responselen <= sizeof(response); claim.responselen++)
		wrong += verify_response(fd, &claim, answer, &v) !=
			 (claim.responselen == DIGEST_MD5_LENGTH);
	is_int(wrong, 0, "a response has 16 bytes");
	claim.responselen = DIGEST_MD5_LENGTH;
	for (int bit = 0; bit < 8 * DIGEST_MD5_LENGTH; bit++) {
		response[bit / 8] ^= (uint8_t)(1 << bit % 8);
		wrong += verify_response(fd, &claim, answer, &v) != 0 || v.why != VERIFY_WRONG;
		response[bit / 8] ^= (uint8_t)(1 << bit % 8);
	}
	is_int(wrong, 0, "every bit of a response counts");
}

/* The key of unknown users lets nobody in. */
static void dummy(const struct digest *md5, int fd)
{
	uint8_t response[DIGEST_MD5_LENGTH], answer[DIGEST_MD5_LENGTH];
	struct response_claim claim = { "bob", ours,	     response,	       NULL,
					3,     sizeof(ours), sizeof(response), 0 };
	struct verify_result v;
	struct cram_md5 key;

	cram_md5_parse(ZERO, &key);
	cram_md5_hmac(md5, &key, ours, sizeof(ours), response);
	is_int(verify_response(fd, &claim, answer, &v), 0, "an unknown user has no key");
	is_int(v.why, VERIFY_UNKNOWN, "an unknown user: the reason");
	claim.name = "bc";
	claim.namelen = 2;
	is_int(verify_response(fd, &claim, answer, &v), 0, "a line of another scheme has no key");
	is_int(v.why, VERIFY_BAD_LINE, "a line of another scheme: the reason");
}

static void odd_files(void)
{
	uint8_t response[DIGEST_MD5_LENGTH] = { 0 }, answer[DIGEST_MD5_LENGTH];
	struct response_claim claim = { "alice", ours,	       response,	 theirs,
					5,	 sizeof(ours), sizeof(response), sizeof(theirs) };
	struct verify_result v;
	int fd = kit_file("", 0);

	is_int(verify_response(fd, &claim, answer, &v), 0, "an empty file lets nobody in");
	is_int(v.why, VERIFY_UNKNOWN, "an empty file: the user is unknown");
	close(fd);
	is_int(verify_response(-1, &claim, answer, &v), -EBADF,
	       "a descriptor that is not open is an error");
	is_int(v.why, VERIFY_FAILED, "a descriptor that is not open: the reason is a failure");
	fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	is_int(verify_response(fd, &claim, answer, &v), -EISDIR, "a directory is an error");
	close(fd);
}

int main(void)
{
	struct digest md5;
	int fd;

	if (digest_load(DIGEST_MD5, &md5) < 0) {
		skip("no %s on this system", digest_name());
		return done_testing();
	}
	fd = kit_file(text, sizeof(text) - 1);
	for (size_t i = 0; i < sizeof(ours); i++)
		ours[i] = (uint8_t)i;
	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
		question(&md5, fd, i, false);
		question(&md5, fd, i, true);
	}
	odd_responses(&md5, fd);
	dummy(&md5, fd);
	close(fd);
	odd_files();
	return done_testing();
}
