/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may authenticate by a users file: users/verify.c and users/find.c. */
#include <errno.h>
#include <fcntl.h>

#include "users/find.h"
#include "users/verify.h"
#include "hashes.h"
#include "tap.h"
#include "users_kit.h"

#define BC72  "$2y$05$Om832fh2IcseckdBKrzyDu.G6MRixngRCfUSaOPZv1J.CZpzHGbiK" /* X72 */
#define APR1  "$apr1$m4EcO3ln$cAKlGSHITfs9Ly2SKbsrF."			     /* secret */
#define APR10 "$apr1$saltsalt$a8ml/vK5HEjiZ5oypDWA7/"			     /* empty */
#define ODD   "$y$zz$abcd$71UVR2jXPRehOypaW4vmU0oV69bxhJE4aN7jXUyFZa4" /* refused by the library */

static const char text[] = "# comment:" BC "\n" /* 1 */
			   "\n"			/* 2 */
			   "plain:secret\n"	/* 3 */
			   "alice:" BC "\r\n"	/* 4 */
			   "alice:" APR1 "\n"	/* 5 */
			   "plain:" BC "\n"	/* 6 */
			   "long:" BC72 ":x\n"	/* 7 */
			   "empty:" APR10 "\n"	/* 8 */
			   "nohash:\n"		/* 9 */
			   "nocolon\n"		/* 10 */
			   ":" APR10 "\n"	/* 11 */
			   "odd:" ODD "\n"	/* 12 */
			   "desk:plaintext\n"	/* 13 */
			   "last:" APR1;	/* 14 */

static const struct {
	const char *name;
	size_t namelen;
	const char *passwd;
	size_t passlen;
	int result;
	enum verify_why why;
	size_t line;
	enum htpasswd_fault fault;
} asked[] = {
	{ "alice", 5, "secret", 6, 1, VERIFY_MATCH, 4, HTPASSWD_GOOD },
	{ "alice", 5, "Secret", 6, 0, VERIFY_WRONG, 4, HTPASSWD_GOOD },
	{ "alice", 5, "secret ", 7, 0, VERIFY_WRONG, 4, HTPASSWD_GOOD },
	{ "alice", 5, "secre", 5, 0, VERIFY_WRONG, 4, HTPASSWD_GOOD },
	{ "alice", 5, "secret\0", 7, 0, VERIFY_UNFIT, 4, HTPASSWD_GOOD },
	{ "alice", 5, "\0secret", 7, 0, VERIFY_UNFIT, 4, HTPASSWD_GOOD },
	{ "alice", 5, "", 0, 0, VERIFY_UNFIT, 4, HTPASSWD_GOOD },
	{ "alice", 5, X72 "y", 73, 0, VERIFY_UNFIT, 4, HTPASSWD_GOOD },
	{ "long", 4, X72, 72, 1, VERIFY_MATCH, 7, HTPASSWD_GOOD },
	{ "long", 4, X72 "y", 73, 0, VERIFY_UNFIT, 7, HTPASSWD_GOOD },
	{ "long", 4, B255 "y", 256, 0, VERIFY_UNFIT, 7, HTPASSWD_GOOD },
	{ "last", 4, "secret", 6, 1, VERIFY_MATCH, 14, HTPASSWD_GOOD },
	{ "last", 4, B255, 255, 0, VERIFY_WRONG, 14, HTPASSWD_GOOD },
	{ "empty", 5, "", 0, 0, VERIFY_UNFIT, 8, HTPASSWD_GOOD },
	{ "empty", 5, "\0", 1, 0, VERIFY_UNFIT, 8, HTPASSWD_GOOD },
	{ "", 0, "", 0, 0, VERIFY_UNKNOWN, 0, HTPASSWD_GOOD },
	{ "", 0, "secret", 6, 0, VERIFY_UNKNOWN, 0, HTPASSWD_GOOD },
	{ "bob", 3, "secret", 6, 0, VERIFY_UNKNOWN, 0, HTPASSWD_GOOD },
	{ "alic", 4, "secret", 6, 0, VERIFY_UNKNOWN, 0, HTPASSWD_GOOD },
	{ "ALICE", 5, "secret", 6, 0, VERIFY_UNKNOWN, 0, HTPASSWD_GOOD },
	{ "alice\0", 6, "secret", 6, 0, VERIFY_UNKNOWN, 0, HTPASSWD_GOOD },
	{ "# comment", 9, "secret", 6, 0, VERIFY_UNKNOWN, 0, HTPASSWD_GOOD },
	{ "\nalice", 6, "secret", 6, 0, VERIFY_UNKNOWN, 0, HTPASSWD_GOOD },
	{ "plain:secret\nalice", 18, "secret", 6, 0, VERIFY_UNKNOWN, 0, HTPASSWD_GOOD },
	{ "nocolon", 7, "", 0, 0, VERIFY_UNKNOWN, 0, HTPASSWD_GOOD },
	{ "plain", 5, "secret", 6, 0, VERIFY_BAD_LINE, 3, HTPASSWD_PLAIN },
	{ "nohash", 6, "secret", 6, 0, VERIFY_BAD_LINE, 9, HTPASSWD_NO_HASH },
	{ "nohash", 6, "", 0, 0, VERIFY_BAD_LINE, 9, HTPASSWD_NO_HASH },
	{ "odd", 3, "x", 1, 0, VERIFY_BAD_LINE, 12, HTPASSWD_UNSUPPORTED },
	{ "desk", 4, "secret", 6, 0, VERIFY_BAD_LINE, 13, HTPASSWD_PLAIN },
};

/* Asks question i of the table. */
static int ask(int fd, size_t i, struct verify_result *v)
{
	return verify_password(fd, asked[i].name, asked[i].namelen, asked[i].passwd,
			       asked[i].passlen, v);
}

/* A build without the libraries lets nobody in, and blames the scheme of the line. */
static void nobody(int fd)
{
	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
		struct verify_result v;

		is_int(ask(fd, i, &v), 0, "question %zu without libraries: refused", i);
		ok(v.why == (asked[i].line ? VERIFY_BAD_LINE : VERIFY_UNKNOWN),
		   "question %zu without libraries: the reason", i);
	}
}

static void questions(void)
{
	int fd = kit_file(text, sizeof(text) - 1);
	const char *library;

	if (verify_scheme(PWHASH_BCRYPT, &library) < 0 &&
	    verify_scheme(PWHASH_APR1, &library) < 0) {
		nobody(fd);
		close(fd);
		return;
	}
	for (size_t i = 0; i < sizeof(asked) / sizeof(*asked); i++) {
		struct verify_result v;

		is_int(ask(fd, i, &v), asked[i].result, "question %zu: the answer", i);
		is_int(v.why, asked[i].why, "question %zu: the reason", i);
		is_int(v.line, asked[i].line, "question %zu: the user's line", i);
		is_int(v.fault, asked[i].fault, "question %zu: the line's fault", i);
		ok(!v.library, "question %zu: no library is missing", i);
	}
	close(fd);
}

static void every_scheme(void)
{
	for (size_t i = 0; i < SAMPLES; i++) {
		const struct sample *s = &samples[i];
		const char *library;
		char line[PWHASH_MAX + 16];
		struct verify_result v;
		int n, fd;

		if (verify_scheme(s->scheme, &library) < 0) {
			skip("crypt(3) has no %s on this system", pwhash_name(s->scheme));
			continue;
		}
		if (!*s->passwd)
			continue;
		n = snprintf(line, sizeof(line), "user:%s\n", s->hash);
		fd = kit_file(line, (size_t)n);
		is_int(verify_password(fd, "user", 4, s->passwd, strlen(s->passwd), &v), 1,
		       "accepted: %s", s->hash);
		is_int(verify_password(fd, "user", 4, "Secret", 6, &v), 0,
		       "another password is refused");
		close(fd);
	}
}

static void odd_files(void)
{
	struct verify_result v;
	int fd = kit_file("", 0);

	is_int(verify_password(fd, "alice", 5, "secret", 6, &v), 0, "an empty file lets nobody in");
	is_int(v.why, VERIFY_UNKNOWN, "an empty file: the user is unknown");
	close(fd);
	fd = kit_file("alice:secret\n", 13);
	is_int(verify_password(fd, "bob", 3, "secret", 6, &v), 0,
	       "a file without a usable line lets nobody in");
	is_int(v.why, VERIFY_UNKNOWN, "a file without a usable line: the user is unknown");
	close(fd);
	is_int(verify_password(-1, "alice", 5, "secret", 6, &v), -EBADF,
	       "a descriptor that is not open is an error");
	is_int(v.why, VERIFY_FAILED, "a descriptor that is not open: the reason is a failure");
	fd = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	is_int(verify_password(fd, "alice", 5, "secret", 6, &v), -EISDIR,
	       "a directory is an error");
	close(fd);
}

/* The file is read in pieces; lines are cut by the end of a piece at every place. */
static void pieces(void)
{
	static struct found_user user, first;
	int fd = kit_file(text, sizeof(text) - 1);
	unsigned wrong = 0;

	for (size_t size = 80; size < sizeof(text) + 2; size++) {
		char *buf = calloc(1, size);

		wrong += find_user(fd, "last", 4, buf, size, &user, &first) != 0;
		wrong += user.line != 14 || user.fault || strcmp(user.hash, APR1) != 0;
		wrong += first.fault || strcmp(first.hash, BC) != 0;
		wrong += find_user(fd, "alice", 5, buf, size, &user, &first) != 0;
		wrong += user.line != 4 || strcmp(user.hash, BC) != 0;
		for (size_t i = 0; i < size; i++)
			wrong += buf[i] != 0;
		free(buf);
	}
	is_int(wrong, 0, "found in pieces of every size, and the buffer wiped");
	close(fd);
}

/* A line longer than a piece is judged by its beginning, and the rest of it is no line. */
static void overlong(void)
{
	static struct found_user user, first;
	static char buf[200];
	char whole[1000] = "huge:" BC;
	int fd;

	memset(whole + 5 + sizeof(BC) - 1, 'x', 500);
	strcpy(whole + 500, "\nalice:" BC "\nhuge:" BC "\n");
	fd = kit_file(whole, strlen(whole));
	is_int(find_user(fd, "huge", 4, buf, sizeof(buf), &user, &first), 0,
	       "an overlong line is searched");
	is_int(user.line, 1, "an overlong line is found by its user");
	is_int(user.fault, HTPASSWD_MALFORMED, "an overlong line can't be used");
	is_int(find_user(fd, "alice", 5, buf, sizeof(buf), &user, &first), 0,
	       "the line after it is searched");
	is_int(user.line, 2, "the line after it has the right number");
	is_str(user.hash, BC, "the line after it is whole");
	is_str(first.hash, BC, "the line after it is the first that can be used");
	is_int(find_user(fd, "xxx", 3, buf, sizeof(buf), &user, &first), 0,
	       "the inside of an overlong line is searched");
	is_int(user.line, 0, "the inside of an overlong line has no user");
	close(fd);
}

int main(void)
{
	questions();
	every_scheme();
	odd_files();
	pieces();
	overlong();
	return done_testing();
}
