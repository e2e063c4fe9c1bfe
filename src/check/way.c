/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Follows a user through the methods of --auth that give a client its name, as auth/ does with a
 * real client. Looks for the line in the users file; verifies no password, and prints no hash.
 */
#include "check/way.h"
#include "users/find.h"
#include "users/verify.h"
#include "wire/socks5.h"

#include <errno.h>
#include <string.h>

enum { PIECE = 1 << 15 };

/* Who decides about a user. */
enum judge {
	JUDGE_FILE,   /* the users file, or saslauthd in its place */
	JUDGE_CHAP,   /* a line of the users file that has a {CRAM-MD5} hash */
	JUDGE_TICKET, /* Kerberos */
	JUDGE_CA,     /* whoever signs the certificates of clients */
};

/* Arrays, because every pointer has to be relocated at each start of the process. */
static const struct way {
	uint8_t method;
	uint8_t judge; /* enum judge */
	char refusal[76];
} ways[] = {
	{ SOCKS5_METHOD_PASSWORD, JUDGE_FILE, "the client gets status 1, as for a wrong password" },
	{ SOCKS5_METHOD_CHAP, JUDGE_CHAP,
	  "the client gets STATUS 1 for its response, as for a wrong password" },
	{ SOCKS5_METHOD_GSSAPI, JUDGE_TICKET,
	  "a client with a ticket gets the name of its principal" },
	{ METHOD_CERTIFICATE, JUDGE_CA, "a client with a certificate gets its common name (CN)" },
};

static const struct way *find_way(uint8_t method)
{
	const struct way *way = ways;

	while (way->method != method)
		way++;
	return way;
}

const char *way_refusal(uint8_t method)
{
	return find_way(method)->refusal;
}

/* Returns a set of 1 << enum judge: those that decide. A daemon is none of them. */
static unsigned judges(const struct options *o)
{
	uint8_t login[OPTIONS_METHODS_MAX];
	size_t n = options_logins(o, login);
	unsigned all = 0;

	for (size_t i = 0; i < n; i++)
		all |= 1u << find_way(login[i])->judge;
	return all;
}

bool way_has_file(const struct options *o)
{
	return judges(o) & (1u << JUDGE_FILE | 1u << JUDGE_CHAP);
}

bool way_is_file(const struct options *o)
{
	return !o->saslauthd && way_has_file(o) &&
	       !(judges(o) & (1u << JUDGE_TICKET | 1u << JUDGE_CA));
}

bool way_is_ticket(const struct options *o)
{
	return judges(o) == 1u << JUDGE_TICKET;
}

bool way_is_principal(const char *user, size_t len)
{
	const char *at = memrchr(user, '@', len);

	return at && at > user && at + 1 < user + len;
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

static enum way_end unchecked(const struct options *o, const char *what, int err, struct text *t)
{
	text_str(t, "not checked: whether users can log in, because ");
	text_escaped(t, o->users, strlen(o->users));
	text_strs(t, " ", what, err ? ": " : "", err ? strerror(-err) : "", NULL);
	return WAY_UNCHECKED;
}

/* Appends `FILE:LINE: ` with the fault of the user's line and the remedy. */
static void put_fault(const struct options *o, const struct login_memory *memory,
		      enum htpasswd_fault fault, int err, struct text *t)
{
	text_escaped(t, o->users, strlen(o->users));
	text_char(t, ':');
	text_uint(t, memory->line);
	text_strs(t, ": ", htpasswd_explain(fault), "; ", NULL);
	if (err == -ELIBACC)
		text_strs(t, "install ", memory->schemes[memory->scheme].library, ", or ", NULL);
	text_str(t, htpasswd_remedy(fault));
}

/* Returns what is wrong with the user's line for this method. *err: why the hash is no use. */
static enum htpasswd_fault judge_line(struct login_memory *memory, enum judge judge, int *err)
{
	*err = 0;
	if (memory->fault)
		return memory->fault;
	if (judge == JUDGE_CHAP && memory->scheme != PWHASH_CRAM_MD5)
		return HTPASSWD_NOT_CHAP;
	*err = try_scheme(memory, memory->scheme);
	return *err ? HTPASSWD_UNSUPPORTED : HTPASSWD_GOOD;
}

static enum way_end with_line(const struct options *o, enum judge judge,
			      struct login_memory *memory, struct text *t)
{
	enum htpasswd_fault fault = HTPASSWD_GOOD;
	int err = 0;

	if (memory->line)
		fault = judge_line(memory, judge, &err);
	if (memory->line && !fault)
		return WAY_FINE;
	text_str(t, "user ");
	text_quoted(t, memory->user);
	if (memory->line) {
		text_str(t, " can't log in: ");
		put_fault(o, memory, fault, err, t);
	} else {
		text_str(t, " is not in ");
		text_escaped(t, o->users, strlen(o->users));
		text_str(t, ", so nobody logs in by this name");
	}
	return WAY_WRONG;
}

static enum way_end with_file(const struct options *o, enum judge judge, const char *user,
			      struct login_memory *memory, struct text *t)
{
	if (o->users_fd < 0)
		return unchecked(o, users_explain(o->users_fault),
				 o->users_fault == USERS_CANT_OPEN ? o->users_fd : 0, t);
	find(o, user, memory);
	if (memory->err)
		return unchecked(o, "can't be read", memory->err, t);
	return with_line(o, judge, memory, t);
}

static enum way_end with_ticket(const char *user, struct text *t)
{
	if (way_is_principal(user, strlen(user))) {
		text_str(t, "not checked: whether users can log in, because gssapi lets in whoever "
			    "has a Kerberos ticket");
		return WAY_UNCHECKED;
	}
	text_str(t, "nobody gets the name ");
	text_quoted(t, user);
	text_str(t, " by gssapi, whose users are Kerberos principals, like alice@EXAMPLE.ORG");
	return WAY_NOBODY;
}

enum way_end way_judge(const struct options *o, uint8_t method, const char *user,
		       struct login_memory *memory, struct text *t)
{
	enum judge judge = find_way(method)->judge;

	if (judge == JUDGE_TICKET)
		return with_ticket(user, t);
	if (judge == JUDGE_CA) {
		text_str(t, "not checked: whether users can log in, because certificate lets in "
			    "whoever has a certificate of a CA of tls-clients");
		return WAY_UNCHECKED;
	}
	if (o->saslauthd && judge == JUDGE_FILE) {
		text_str(t, "not checked: whether users can log in, because saslauthd checks their "
			    "passwords");
		return WAY_UNCHECKED;
	}
	return with_file(o, judge, user, memory, t);
}
