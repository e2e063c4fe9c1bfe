/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a session's line in logfmt. Accepts only what the program writes, or a logger cut off. */
#include "report/entry.h"

#include <string.h>

/* The keys that count. */
enum key { CLIENT, USER, DEST, REPLY, SENT, RECEIVED, TIME, END, RULE, ERROR, KEYS };

static const char key_name[KEYS][9] = {
	[CLIENT] = "client", [USER] = "user",	      [DEST] = "dest", [REPLY] = "reply",
	[SENT] = "sent",     [RECEIVED] = "received", [TIME] = "time", [END] = "end",
	[RULE] = "rule",     [ERROR] = "error",
};

const char entry_ends[ENTRY_ENDS][9] = {
	"eof",	    "reset",  "idle",	  "timeout", "denied", "auth",
	"protocol", "failed", "lifetime", "signal",  "limit",
};

/* What is known of the line so far. */
struct reader {
	const char *p, *end; /* what is left of it */
	struct entry e;
	bool seen[KEYS];
	uint64_t reply;
};

enum piece {
	WHOLE,
	CUT, /* the line ends in it */
	BROKEN,
};

/* Takes the bytes up to the first `stop`, or all that are left. */
static struct word take(struct reader *r, char stop)
{
	struct word w = { .p = r->p };
	const char *found = memchr(r->p, stop, (size_t)(r->end - r->p));

	r->p = found ? found : r->end;
	w.n = (size_t)(r->p - w.p);
	return w;
}

static bool is(struct word w, const char *s)
{
	return w.n == strlen(s) && memcmp(w.p, s, w.n) == 0;
}

static bool is_key(struct word w)
{
	size_t i;

	for (i = 0; i < w.n; i++)
		if ((w.p[i] < 'a' || w.p[i] > 'z') && w.p[i] != '_')
			return false;
	return true;
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* Judges the byte at i: is it as text_escaped() writes the byte at this place of an escape? */
static bool is_of_escape(char c, size_t i)
{
	return i == 0 ? c == '\\' : i == 1 ? c == 'x' : is_hex(c);
}

/* Judges whether the bytes are as text_escaped() writes them, and the last escape is whole. */
static enum piece judge(struct word w, bool quoted)
{
	size_t i, escape = 0; /* bytes of the escape so far */

	for (i = 0; i < w.n; i++) {
		char c = w.p[i];

		if (escape || c == '\\') {
			if (!is_of_escape(c, escape))
				return BROKEN;
			escape = (escape + 1) % 4;
		} else if (c < 0x20 || c > 0x7e || c == '"' || (c == '=' && !quoted)) {
			return BROKEN;
		}
	}
	return escape ? CUT : WHOLE;
}

/* Takes KEY=VALUE or KEY="VALUE", and the space behind it. */
static enum piece take_pair(struct reader *r, struct word *key, struct word *value)
{
	bool quoted, closed;
	enum piece escapes;

	*key = take(r, '=');
	if (!is_key(*key) || (!key->n && r->p < r->end))
		return BROKEN;
	if (r->p == r->end)
		return CUT;
	r->p++;
	quoted = r->p < r->end && *r->p == '"';
	r->p += quoted;
	*value = take(r, quoted ? '"' : ' ');
	closed = quoted ? r->p < r->end : value->n > 0;
	r->p += quoted && closed;
	escapes = judge(*value, quoted);
	if (escapes == WHOLE && closed && (r->p == r->end || *r->p == ' ')) {
		r->p += r->p < r->end;
		return WHOLE;
	}
	return escapes == BROKEN || r->p < r->end || (quoted && closed) ? BROKEN : CUT;
}

/* Takes digits. Returns false if there are none, or more than a uint64_t holds. */
static bool read_uint(struct word *w, uint64_t *ret)
{
	uint64_t v = 0;
	const char *begin = w->p;

	for (; w->n && *w->p >= '0' && *w->p <= '9'; w->p++, w->n--) {
		uint64_t digit = (uint64_t)(*w->p - '0');

		if (v > (UINT64_MAX - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	*ret = v;
	return w->p > begin;
}

static bool is_uint(struct word w, uint64_t *ret)
{
	return read_uint(&w, ret) && !w.n;
}

/* "1.204" */
static bool is_time(struct word w)
{
	uint64_t part;

	if (!read_uint(&w, &part) || !w.n || *w.p != '.')
		return false;
	w.p++;
	w.n--;
	return is_uint(w, &part);
}

static bool is_end(struct word w)
{
	size_t i;

	for (i = 0; i < ENTRY_ENDS; i++)
		if (is(w, entry_ends[i]))
			return true;
	return false;
}

/* "192.0.2.7:1080", "[2001:db8::1]:1080", "local" or "unknown". */
static bool read_client(struct word w, struct word *ret)
{
	const char *colon = memrchr(w.p, ':', w.n);
	uint64_t port;

	*ret = w;
	if (!colon)
		return is(w, "local") || is(w, "unknown");
	ret->n = (size_t)(colon - w.p);
	if (!is_uint((struct word){ colon + 1, w.n - ret->n - 1 }, &port) || port > 65535)
		return false;
	if (w.p[0] == '[') {
		if (ret->n < 3 || colon[-1] != ']')
			return false;
		*ret = (struct word){ w.p + 1, ret->n - 2 };
	}
	return ret->n > 0;
}

static bool read_value(struct reader *r, enum key key, struct word value)
{
	switch (key) {
	case CLIENT:
		return read_client(value, &r->e.client);
	case USER:
		r->e.user = value;
		return true;
	case DEST:
		r->e.dest = value;
		return true;
	case REPLY:
		return is_uint(value, &r->reply);
	case SENT:
		return is_uint(value, &r->e.usage.sent);
	case RECEIVED:
		return is_uint(value, &r->e.usage.received);
	case TIME:
		return is_time(value);
	case END:
		r->e.end = value;
		return is_end(value);
	case RULE:
		r->e.rule = value;
		return true;
	case ERROR:
		r->e.error = value;
		return true;
	case KEYS:
		break;
	}
	return true;
}

static bool read_pair(struct reader *r, struct word name, struct word value)
{
	enum key key = 0;

	while (key < KEYS && !is(name, key_name[key]))
		key++;
	if (key == KEYS)
		return true;
	if (r->seen[key] || value.n > ENTRY_WORD_MAX)
		return false;
	r->seen[key] = true;
	return read_value(r, key, value);
}

enum entry_kind entry_read(const char *line, size_t n, struct entry *ret)
{
	struct reader r = { .p = line, .end = line + n, .e.usage.sessions = 1 };
	enum piece piece = WHOLE;
	struct word key, value;

	if (n < strlen("client=") || memcmp(line, "client=", strlen("client=")) != 0)
		return ENTRY_OTHER;
	while (r.p < r.end && piece == WHOLE) {
		piece = take_pair(&r, &key, &value);
		if (piece == BROKEN || (piece == WHOLE && !read_pair(&r, key, value)))
			return ENTRY_BROKEN;
	}
	if (!r.seen[CLIENT] || !r.seen[TIME] || !r.seen[END])
		return ENTRY_BROKEN;
	/* 0 is the success of SOCKS 5 and of HTTP, 90 that of SOCKS 4. */
	r.e.usage.failed = !r.seen[REPLY] || (r.reply != 0 && r.reply != 90);
	*ret = r.e;
	return ENTRY_SESSION;
}
