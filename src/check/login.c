/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Follows the client of a question through the greeting and the login, as auth/ does with a real
 * one. Looks for its line in the users file; verifies no password, and prints no hash.
 */
#include "check/login.h"
#include "users/find.h"
#include "users/verify.h"
#include "wire/socks5.h"

#include <errno.h>
#include <string.h>

enum { PIECE = 1 << 15 };

bool login_takes_passwords(const struct options *o)
{
	return options_accept(o, SOCKS5_METHOD_PASSWORD);
}

/* As in auth/auth.c: the method is not chosen if the rules would deny every request after it. */
static bool is_chosen(const struct options *o, const struct rules_question *question,
		      uint8_t method)
{
	return options_accept(o, method) &&
	       rules_may_client(&o->rules, question->kind, &question->client,
				method != SOCKS5_METHOD_NONE);
}

bool login_is_passed_over(const struct options *o, const struct rules_question *question)
{
	const uint8_t *none = memchr(o->methods, SOCKS5_METHOD_NONE, o->n_methods);
	const uint8_t *password = memchr(o->methods, SOCKS5_METHOD_PASSWORD, o->n_methods);

	return none && password && none < password && is_chosen(o, question, *none);
}

static enum login_end without_user(const struct options *o, const struct rules_question *question,
				   struct text *t)
{
	if (is_chosen(o, question, SOCKS5_METHOD_NONE))
		return LOGIN_FINE;
	if (is_chosen(o, question, SOCKS5_METHOD_PASSWORD)) {
		text_str(t, "refused: a password is required; add `user NAME` to the question");
		return LOGIN_NEEDED;
	}
	if (!options_accept(o, SOCKS5_METHOD_NONE))
		text_str(t, "refused: a password is required, and the rules allow no user of this "
			    "client anything");
	return LOGIN_NO_METHOD;
}

/* Finds the user's line, unless it is that of the last question. */
static void find(const struct options *o, const char *user, struct login_memory *memory)
{
	struct found_user found = { 0 }, first = { 0 };
	char buf[PIECE];
	size_t len = strlen(user);

	if (strcmp(user, memory->user) == 0)
		return;
	strcpy(memory->user, user);
	memory->err = find_user(o->users_fd, user, htpasswd_name_ok(user, len) ? len : 0, buf,
				sizeof(buf), &found, &first);
	memory->line = found.line;
	memory->fault = found.fault;
	memory->scheme = found.form.scheme;
	explicit_bzero(&found, sizeof(found));
	explicit_bzero(&first, sizeof(first));
}

/* Returns whether hashes of this scheme can be computed, as verify_scheme() does. */
static int try_scheme(struct login_memory *memory, enum pwhash_scheme scheme)
{
	if (!memory->schemes[scheme].known)
		memory->schemes[scheme].err =
			verify_scheme(scheme, &memory->schemes[scheme].library);
	memory->schemes[scheme].known = true;
	return memory->schemes[scheme].err;
}

static enum login_end unchecked(const struct options *o, const char *what, int err, struct text *t)
{
	text_str(t, "not checked: whether users can log in, because ");
	text_escaped(t, o->users, strlen(o->users));
	text_strs(t, " ", what, err ? ": " : "", err ? strerror(-err) : "", NULL);
	return LOGIN_UNCHECKED;
}

/* Appends `FILE:LINE: ` with the fault of the user's line and the remedy. */
static void put_fault(const struct options *o, const struct login_memory *memory, int err,
		      struct text *t)
{
	enum htpasswd_fault fault = err ? HTPASSWD_UNSUPPORTED : memory->fault;

	text_escaped(t, o->users, strlen(o->users));
	text_char(t, ':');
	text_uint(t, memory->line);
	text_strs(t, ": ", htpasswd_explain(fault), "; ", NULL);
	if (err == -ELIBACC)
		text_strs(t, "install ", memory->schemes[memory->scheme].library, ", or ", NULL);
	text_str(t, htpasswd_remedy(fault));
}

static enum login_end with_line(const struct options *o, struct login_memory *memory,
				struct text *t)
{
	int err = memory->line && !memory->fault ? try_scheme(memory, memory->scheme) : 0;

	if (memory->line && !memory->fault && !err)
		return LOGIN_FINE;
	text_str(t, "refused: user ");
	text_quoted(t, memory->user);
	if (memory->line) {
		text_str(t, " can't log in: ");
		put_fault(o, memory, err, t);
	} else {
		text_str(t, " is not in ");
		text_escaped(t, o->users, strlen(o->users));
		text_str(t, ", so nobody logs in by this name");
	}
	return LOGIN_WRONG;
}

enum login_end login_judge(const struct options *o, const struct rules_question *question,
			   struct login_memory *memory, struct text *t)
{
	if (!question->user[0])
		return without_user(o, question, t);
	if (!login_takes_passwords(o)) {
		text_str(t, "refused: no client gets a user name, because auth lists only the "
			    "method none");
		return LOGIN_NO_METHOD;
	}
	if (!is_chosen(o, question, SOCKS5_METHOD_PASSWORD))
		return LOGIN_NO_METHOD;
	if (o->saslauthd) {
		text_str(t, "not checked: whether users can log in, because saslauthd checks their "
			    "passwords");
		return LOGIN_UNCHECKED;
	}
	if (o->users_fd < 0)
		return unchecked(o, users_explain(o->users_fault),
				 o->users_fault == USERS_CANT_OPEN ? o->users_fd : 0, t);
	find(o, question->user, memory);
	if (memory->err)
		return unchecked(o, "can't be read", memory->err, t);
	return with_line(o, memory, t);
}
