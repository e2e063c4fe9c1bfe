/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds and judges lines of the users file in place. With a million users, the search for the ends
 * of lines takes the time, so htpasswd_find() does little else. Copies and computes nothing.
 */
#include "users/htpasswd.h"

#include <string.h>

void htpasswd_feed(struct htpasswd_walk *w, const char *p, size_t n)
{
	w->p = p;
	w->end = p + n;
}

/* Moves the walk past a line. Returns the end of the line, before CR and LF. */
static const char *take(struct htpasswd_walk *w)
{
	const char *start = w->p;
	const char *eol = memchr(start, '\n', (size_t)(w->end - start));

	w->number++;
	w->p = eol ? eol + 1 : w->end;
	if (!eol)
		eol = w->end;
	return eol > start && eol[-1] == '\r' ? eol - 1 : eol;
}

/* Fills *ret with the fields of the line from start to end. */
static void split(const struct htpasswd_walk *w, const char *start, const char *end,
		  struct htpasswd_line *ret)
{
	const char *colon = memchr(start, ':', (size_t)(end - start));
	const char *hash = colon ? colon + 1 : end;
	const char *second = memchr(hash, ':', (size_t)(end - hash));

	ret->number = w->number;
	ret->name = start;
	ret->namelen = colon ? (size_t)(colon - start) : 0;
	ret->hash = colon ? hash : NULL;
	ret->hashlen = (size_t)((second ? second : end) - hash);
}

static bool is_blank(const char *p, const char *end)
{
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p == end;
}

bool htpasswd_next(struct htpasswd_walk *w, struct htpasswd_line *ret)
{
	while (w->p < w->end) {
		const char *start = w->p;
		const char *end = take(w);

		if (*start == '#' || is_blank(start, end))
			continue;
		split(w, start, end, ret);
		return true;
	}
	return false;
}

bool htpasswd_name_ok(const char *name, size_t namelen)
{
	return namelen && namelen <= HTPASSWD_NAME_MAX && *name != '#' &&
	       !memchr(name, ':', namelen) && !memchr(name, '\0', namelen) &&
	       !memchr(name, '\r', namelen) && !memchr(name, '\n', namelen);
}

bool htpasswd_find(struct htpasswd_walk *w, const char *name, size_t namelen,
		   struct htpasswd_line *ret)
{
	bool found = false;

	while (w->p < w->end) {
		const char *start = w->p;
		const char *end = take(w);

		if (found || (size_t)(end - start) <= namelen || start[namelen] != ':' ||
		    memcmp(start, name, namelen) != 0)
			continue;
		split(w, start, end, ret);
		found = true;
	}
	return found;
}

enum htpasswd_fault htpasswd_judge(const struct htpasswd_line *line, struct pwhash *ret)
{
	static const enum htpasswd_fault faults[] = {
		[PWHASH_GOOD] = HTPASSWD_GOOD,		 [PWHASH_EMPTY] = HTPASSWD_NO_HASH,
		[PWHASH_PLAIN] = HTPASSWD_PLAIN,	 [PWHASH_UNKNOWN] = HTPASSWD_UNKNOWN_SCHEME,
		[PWHASH_MALFORMED] = HTPASSWD_MALFORMED, [PWHASH_BLANK] = HTPASSWD_BLANK,
	};

	if (!line->hash)
		return HTPASSWD_NO_COLON;
	if (!line->namelen)
		return HTPASSWD_NO_NAME;
	if (line->namelen > HTPASSWD_NAME_MAX)
		return HTPASSWD_LONG_NAME;
	return faults[pwhash_judge(line->hash, line->hashlen, ret)];
}

/* Arrays, not pointers: a pointer has to be relocated at each start of the process. */
static const struct {
	char wrong[48], remedy[64];
} words[] = {
	[HTPASSWD_GOOD] = { "nothing is wrong", "leave it as it is" },
	[HTPASSWD_NO_COLON] = { "no colon", "write name:hash" },
	[HTPASSWD_NO_NAME] = { "no user name before the colon", "write name:hash" },
	[HTPASSWD_LONG_NAME] = { "the user name is longer than 255 bytes",
				 "use a shorter one, because no client can send it (RFC 1929)" },
	[HTPASSWD_NO_HASH] = { "no password hash", "make one with `picosocks5 --hash NAME`" },
	[HTPASSWD_PLAIN] = { "not a password hash (plain text?)",
			     "make one with `picosocks5 --hash NAME`" },
	[HTPASSWD_UNKNOWN_SCHEME] = { "a password hash of an unknown scheme",
				      "make one with `picosocks5 --hash NAME`" },
	[HTPASSWD_MALFORMED] = { "a malformed password hash", "copy the whole hash, and no more" },
	[HTPASSWD_BLANK] = { "the hash of an empty password", "make one of a real password" },
	[HTPASSWD_NOT_CHAP] = { "not a {CRAM-MD5} hash, which CHAP needs",
				"make one with `picosocks5 --hash NAME --scheme cram-md5`" },
	[HTPASSWD_DUPLICATE] = { "an earlier line has the same name", "remove one of them" },
	[HTPASSWD_UNSUPPORTED] = { "this system or build can't compute the hash",
				   "use another scheme" },
};

const char *htpasswd_explain(enum htpasswd_fault fault)
{
	return words[fault].wrong;
}

const char *htpasswd_remedy(enum htpasswd_fault fault)
{
	return words[fault].remedy;
}
