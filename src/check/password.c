/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says in words why a password is refused. Computes nothing with it. */
#include "check/password.h"
#include "check/terminal.h"

#include <errno.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/* Returns what is wrong with a line of n bytes as a password, or NULL. */
static const char *judge(const char *p, ssize_t n, enum pwhash_scheme scheme)
{
	if (n == -ENODATA)
		return "there is no password: standard input ended before a line";
	if (n == 0)
		return "the password is empty, and an empty one lets nobody in";
	if (n > PASSWORD_MAX)
		return "the password is longer than 255 bytes, and no client can send it "
		       "(RFC 1929): use a shorter one";
	if (memchr(p, '\0', (size_t)n))
		return "the password has a NUL byte, which no hash can hold: use another one";
	if (scheme == PWHASH_BCRYPT && n > PWHASH_BCRYPT_MAX)
		return "the password is longer than 72 bytes, and bcrypt ignores the others: use a "
		       "shorter one, or another --scheme";
	return NULL;
}

/* Takes the result of line_read(). */
static int take(char *p, ssize_t n, enum pwhash_scheme scheme, struct text *why)
{
	const char *wrong = judge(p, n, scheme);

	if (n < 0 && !wrong) {
		text_strs(why, "can't read the password: ", strerror((int)-n), NULL);
		return EX_OSERR;
	}
	if (wrong) {
		text_str(why, wrong);
		return EX_USAGE;
	}
	p[n] = '\0';
	return 0;
}

static int ask(struct terminal *t, const char *name, enum pwhash_scheme scheme,
	       struct password *ret, struct text *why)
{
	char prompt[1200];
	struct text words = TEXT_OF(prompt);
	int status;

	text_str(&words, "Password for ");
	text_escaped(&words, name, strlen(name));
	text_str(&words, ": ");
	status = take(ret->first, terminal_read(t, prompt, ret->first, PASSWORD_LINE), scheme, why);
	if (status)
		return status;
	status = take(ret->second,
		      terminal_read(t, "The same password again: ", ret->second, PASSWORD_LINE),
		      scheme, why);
	/* Whatever is wrong with the second one, it is not the first. */
	if (status != EX_OSERR && (status || strcmp(ret->first, ret->second) != 0)) {
		why->len = 0;
		text_str(why, "the two passwords differ: try again");
		return EX_USAGE;
	}
	return status;
}

int password_get(const char *name, enum pwhash_scheme scheme, struct password *ret,
		 struct text *why)
{
	struct terminal t;
	int status, err;

	if (!isatty(STDIN_FILENO))
		return take(ret->first, line_read(STDIN_FILENO, NULL, ret->first, PASSWORD_LINE),
			    scheme, why);
	err = terminal_open(&t);
	if (err < 0) {
		text_strs(why, "can't turn off the echo of the terminal: ", strerror(-err), NULL);
		return EX_OSERR;
	}
	status = ask(&t, name, scheme, ret, why);
	terminal_close(&t);
	return status;
}
