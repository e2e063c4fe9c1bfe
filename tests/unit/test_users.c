/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening the users file, and what --check says of its lines: users/open.c and check/scan.c. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "check/scan.h"
#include "users/verify.h"
#include "tap.h"
#include "users/open.h"
#include "users_kit.h"

#define BC15 "$2y$15$8kgq3YhSk/T0F2sUPKKnQuubA9lCMjKZ3Gkbkejw729m0Qh46yuju"

static char dir[] = "/tmp/test_users.XXXXXX", path[64];

static void modes(void)
{
	static const struct {
		mode_t mode;
		enum users_fault want;
	} cases[] = {
		{ 0600, USERS_GOOD },	      { 0400, USERS_GOOD },
		{ 0640, USERS_GOOD },	      { 0700, USERS_GOOD },
		{ 0644, USERS_OTHERS_READ },  { 0604, USERS_OTHERS_READ },
		{ 0660, USERS_OTHERS_WRITE }, { 0620, USERS_OTHERS_WRITE },
		{ 0602, USERS_OTHERS_WRITE }, { 0666, USERS_OTHERS_WRITE },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		enum users_fault why;
		int fd;

		chmod(path, cases[i].mode);
		fd = users_open(path, &why);
		is_int(why, cases[i].want, "mode %04o: the fault", cases[i].mode);
		is_int(fd < 0, cases[i].want == USERS_OTHERS_WRITE, "mode %04o: opened or not",
		       cases[i].mode);
		if (fd < 0)
			is_int(fd, -EPERM, "mode %04o: refused", cases[i].mode);
		else
			ok(fcntl(fd, F_GETFD) & FD_CLOEXEC, "mode %04o: closed on exec",
			   cases[i].mode);
		ok(*users_explain(why), "mode %04o: the fault has words", cases[i].mode);
		if (fd >= 0)
			close(fd);
	}
	chmod(path, 0600);
}

static void no_files(void)
{
	char other[sizeof(path) + 8];
	const struct {
		const char *path, *name;
		int want;
		enum users_fault why;
	} cases[] = {
		{ "/nonexistent/users", "a file that does not exist", -ENOENT, USERS_CANT_OPEN },
		{ dir, "a directory", -EINVAL, USERS_NOT_A_FILE },
		{ "/dev/null", "a device", -EINVAL, USERS_NOT_A_FILE },
		{ other, "a FIFO without a writer", -EINVAL, USERS_NOT_A_FILE },
	};
	enum users_fault why;

	snprintf(other, sizeof(other), "%s.pipe", path);
	is_int(mkfifo(other, 0600), 0, "the test makes a FIFO");
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		is_int(users_open(cases[i].path, &why), cases[i].want, "%s: not opened",
		       cases[i].name);
		is_int(why, cases[i].why, "%s: the reason", cases[i].name);
	}
	unlink(other);
	snprintf(other, sizeof(other), "%s.link", path);
	is_int(symlink(path, other), 0, "the test makes a symbolic link");
	close(users_open(other, &why));
	is_int(why, USERS_GOOD, "a symbolic link is followed");
	unlink(other);
}

static void owners(void)
{
	enum users_fault why;

	if (geteuid() != 0) {
		skip("only root can give a file to another user");
		return;
	}
	if (chown(path, 65533, 65533) != 0) {
		skip("this namespace has no other user");
		return;
	}
	is_int(users_open(path, &why), -EPERM, "another user's file is not opened");
	is_int(why, USERS_OTHERS_OWN, "another user's file: the reason");
	is_int(chown(path, 0, 65533), 0, "the test gives the file back to root");
	close(users_open(path, &why));
	is_int(why, USERS_GOOD, "root's file is good");
}

static const struct want {
	size_t number;
	enum htpasswd_fault fault;
	size_t first;
	bool weak, slow, blank;
} want[] = {
	{ 4, HTPASSWD_DUPLICATE, 3, false, false, false },
	{ 5, HTPASSWD_NO_COLON, 0, false, false, false },
	{ 6, HTPASSWD_NO_NAME, 0, false, false, false },
	{ 7, HTPASSWD_NO_NAME, 0, false, false, false },
	{ 8, HTPASSWD_PLAIN, 0, false, false, false },
	{ 9, HTPASSWD_DUPLICATE, 8, false, false, false },
	{ 10, HTPASSWD_NO_HASH, 0, false, false, false },
	{ 11, HTPASSWD_UNKNOWN_SCHEME, 0, false, false, false },
	{ 12, HTPASSWD_MALFORMED, 0, false, false, false },
	{ 13, HTPASSWD_GOOD, 0, true, false, false },
	{ 14, HTPASSWD_GOOD, 0, false, true, false },
	{ 15, HTPASSWD_GOOD, 0, false, false, true },
	{ 16, HTPASSWD_GOOD, 0, false, false, true },
};
static const char text[] = "# comment\n\n"	      /* 1, 2 */
			   "alice:" BC "\n"	      /* 3 */
			   "alice:" BC "\n"	      /* 4 */
			   "no colon\n"		      /* 5 */
			   ":" BC "\n"		      /* 6 */
			   ":" BC "\n"		      /* 7 */
			   "bob:secret\n"	      /* 8 */
			   "bob:" BC "\n"	      /* 9 */
			   "carol:\r\n"		      /* 10 */
			   "dave:$9$abc$def\n"	      /* 11 */
			   "erin:$2y$05$short\n"      /* 12 */
			   "frank:7vzstWOi/4y2g\n"    /* 13 */
			   "grace:" BC15 ":comment\n" /* 14 */
			   " heidi:" BC "\n"	      /* 15 */
			   "ivan\t:" BC "\n"	      /* 16 */
			   "alic:" BC "\n"	      /* 17 */
			   "alice2:" BC;	      /* 18 */

static void remark(void *ctx, const struct scan_remark *r)
{
	size_t *i = ctx;
	const struct want *w = &want[*i];

	if (!ok(*i < sizeof(want) / sizeof(*want), "a remark on line %zu was expected",
		r->line.number))
		return;
	is_int(r->line.number, w->number, "the remark is on line %zu", w->number);
	is_int(r->fault, w->fault, "%s", htpasswd_explain(w->fault));
	is_int(r->first, w->first, "the first line of that name");
	ok(r->weak == w->weak && r->slow == w->slow && r->blank == w->blank,
	   "the warnings of the line");
	++*i;
}

static void checked(void)
{
	const char *library;
	size_t i = 0;
	int fd = kit_file(text, sizeof(text) - 1);

	if (verify_scheme(PWHASH_BCRYPT, &library) < 0 || verify_scheme(PWHASH_DES, &library) < 0) {
		skip("no crypt(3) on this system");
		return;
	}
	is_int(scan_users(fd, remark, &i), 7, "seven users can authenticate");
	is_int(i, sizeof(want) / sizeof(*want), "every expected remark was made");
	close(fd);
	is_int(scan_users(-1, remark, &i), -EBADF, "a descriptor that is not open is an error");
	fd = kit_file("", 0);
	is_int(scan_users(fd, remark, &i), 0, "an empty file has no user who can authenticate");
	close(fd);
}

static void count(void *ctx, const struct scan_remark *r)
{
	*(size_t *)ctx += r->fault == HTPASSWD_DUPLICATE && r->first + 5000 == r->line.number;
}

/* Enough names to fill the table of names, each twice. */
static void many(void)
{
	static char lines[10000 * 45];
	size_t n = 0, duplicates = 0;
	int fd;

	for (unsigned i = 0; i < 10000; i++)
		n += (size_t)snprintf(lines + n, sizeof(lines) - n,
				      "u%u:{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=\n", i % 5000);
	fd = kit_file(lines, n);
	scan_users(fd, count, &duplicates);
	is_int(duplicates, 5000, "the second line of each name is found");
	close(fd);
}

int main(void)
{
	int fd;

	if (!ok(mkdtemp(dir) != NULL, "the test has a directory"))
		return done_testing();
	snprintf(path, sizeof(path), "%s/users", dir);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	close(fd);
	modes();
	no_files();
	owners();
	checked();
	many();
	unlink(path);
	rmdir(dir);
	return done_testing();
}
