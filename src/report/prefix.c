/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads what loggers write in front of a line. The tag must stand where a logger writes it, at once
 * behind the time and the host: what a program quotes stands behind that program's own tag.
 */
#include "report/prefix.h"
#include "report/stamp.h"

#include <string.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof(*(array))))

/* What has been found in front of the tag. */
struct front {
	struct stamp stamp[2];
	int n;
};

/* "<29>" */
static bool take_priority(struct cursor *c)
{
	struct cursor at = *c;
	int64_t v;

	if (!cursor_char(&at, '<') || !cursor_uint(&at, 1, 3, &v) || !cursor_char(&at, '>'))
		return false;
	*c = at;
	return true;
}

/* Takes a word and the blank behind it. Returns its length, 0: there is none. */
static size_t take_word(struct cursor *c)
{
	const char *start = c->p, *blank = memchr(c->p, ' ', (size_t)(c->end - c->p));

	if (!blank || blank == start)
		return 0;
	c->p = blank + 1;
	return (size_t)(blank - start);
}

/* Takes the name or address of a host. "sshd[1]:" is none: it is another program's tag. */
static bool take_host(struct cursor *c)
{
	const char *start = c->p, *p;
	size_t n = take_word(c);

	if (!n)
		return false;
	for (p = start; p < start + n; p++)
		if (!(*p >= '0' && *p <= ':') && !((*p | 0x20) >= 'a' && (*p | 0x20) <= 'z') &&
		    *p != '.' && *p != '-' && *p != '_' && *p != '%')
			return false;
	return start[n - 1] != ':';
}

/* Takes "daemon.notice", of busybox, or "daemon.notice:", of socklog. */
static void take_facility(struct cursor *c)
{
	static const char *const facilities[] = {
		"auth.",   "authpriv.", "cron.",   "daemon.", "ftp.",	 "kern.",   "lpr.",
		"mail.",   "news.",	"syslog.", "user.",   "uucp.",	 "local0.", "local1.",
		"local2.", "local3.",	"local4.", "local5.", "local6.", "local7.",
	};
	static const char *const levels[] = { "emerg", "alert",	 "crit", "error", "err",
					      "warn",  "notice", "info", "debug" };
	struct cursor at = *c;

	if (cursor_one_of(&at, facilities, COUNT(facilities)) < 0 ||
	    cursor_one_of(&at, levels, COUNT(levels)) < 0)
		return;
	cursor_char(&at, ':');
	if (cursor_char(&at, ' '))
		*c = at;
}

/* "picosocks5[123]: ", or "picosocks5: " as at a terminal. */
static bool take_tag(struct cursor *c)
{
	struct cursor at = *c;
	int64_t pid;

	if (!cursor_str(&at, "picosocks5"))
		return false;
	if (cursor_char(&at, '[') && (!cursor_uint(&at, 1, 10, &pid) || !cursor_char(&at, ']')))
		return false;
	if (!cursor_str(&at, ": "))
		return false;
	*c = at;
	return true;
}

static bool is_session(const struct cursor *c)
{
	struct cursor at = *c;

	return cursor_str(&at, "client=");
}

static bool take_stamp(struct cursor *c, struct front *f)
{
	if (f->n == COUNT(f->stamp) || !stamp_take(c, &f->stamp[f->n]))
		return false;
	f->n++;
	/* s6-log writes a second blank. */
	cursor_char(c, ' ');
	return true;
}

/* Takes elements [ID NAME="VALUE"...], or "-", and the blank behind them. */
static bool take_structured(struct cursor *c)
{
	bool quoted = false;

	if (cursor_str(c, "- "))
		return true;
	while (cursor_char(c, '[')) {
		for (; c->p < c->end && (quoted || *c->p != ']'); c->p++) {
			if (*c->p == '"')
				quoted = !quoted;
			else if (quoted && *c->p == '\\' && ++c->p == c->end)
				return false;
		}
		if (!cursor_char(c, ']'))
			return false;
	}
	return cursor_char(c, ' ');
}

/* Takes the header of RFC 5424, section 6, behind "<PRI>1 ". */
static bool take_rfc5424(struct cursor *c, struct front *f)
{
	if (!cursor_str(c, "- ") && !take_stamp(c, f))
		return false;
	if (!take_word(c) || !cursor_str(c, "picosocks5 ") || !take_word(c) || !take_word(c))
		return false;
	if (!take_structured(c))
		return false;
	cursor_str(c, "\xef\xbb\xbf");
	/* A line that came in the form of RFC 3164 keeps the blank behind its tag. */
	cursor_char(c, ' ');
	return is_session(c);
}

static bool take_front(struct cursor *c, struct front *f)
{
	if (take_priority(c) && cursor_str(c, "1 "))
		return take_rfc5424(c, f);
	take_facility(c);
	while (take_stamp(c, f)) {
		/* The log of a container, in whole lines. */
		if (!cursor_str(c, "stdout F "))
			cursor_str(c, "stderr F ");
		if (take_priority(c) && cursor_str(c, "1 "))
			return take_rfc5424(c, f);
		take_facility(c);
	}
	if (take_tag(c) || is_session(c))
		return true;
	if (!f->n || !take_host(c))
		return false;
	take_facility(c);
	return take_tag(c);
}

bool prefix_read(const char *line, size_t n, int64_t now_us, struct prefix *ret)
{
	struct cursor c = { line, line + n };
	struct front f = { .n = 0 };
	struct prefix found = { .has_time = false };
	int i;

	if (!take_front(&c, &f))
		return false;
	found.len = (size_t)(c.p - line);
	/* The last time stands nearest to the program; the first may tell its year. */
	for (i = 0; i < f.n; i++)
		if (stamp_time(&f.stamp[i], now_us, &found.time_us)) {
			found.has_time = true;
			now_us = found.time_us;
		}
	*ret = found;
	return true;
}
