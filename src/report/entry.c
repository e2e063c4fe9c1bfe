/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads a session's line in logfmt. Accepts only what the program writes. */
#include "report/entry.h"

#include <string.h>

/* Takes the bytes up to the first one of `ends`, or all. */
static struct word take(const char **p, const char *end, char stop)
{
	struct word w = { .p = *p };
	const char *found = memchr(*p, stop, (size_t)(end - *p));

	*p = found ? found : end;
	w.n = (size_t)(*p - w.p);
	return w;
}

static bool is(struct word w, const char *s)
{
	return w.n == strlen(s) && memcmp(w.p, s, w.n) == 0;
}

static bool is_hex(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

/* Returns true if the bytes are as text_escaped() writes them. */
static bool is_escaped(struct word w)
{
	size_t i;

	for (i = 0; i < w.n; i++) {
		if (w.p[i] < 0x20 || w.p[i] > 0x7e || w.p[i] == '"')
			return false;
		if (w.p[i] != '\\')
			continue;
		if (w.n - i < 4 || w.p[i + 1] != 'x' || !is_hex(w.p[i + 2]) || !is_hex(w.p[i + 3]))
			return false;
		i += 3;
	}
	return true;
}

/* Takes "KEY=VALUE" or KEY="VALUE", and the space behind it. */
static bool take_pair(const char **p, const char *end, struct word *key, struct word *value)
{
	*key = take(p, end, '=');
	if (!key->n || *p == end)
		return false;
	++*p;
	if (*p < end && **p == '"') {
		++*p;
		*value = take(p, end, '"');
		if (*p == end)
			return false;
		++*p;
	} else {
		*value = take(p, end, ' ');
		if (!value->n)
			return false;
	}
	if (*p == end)
		return is_escaped(*key) && is_escaped(*value);
	if (**p != ' ' || ++*p == end)
		return false;
	return is_escaped(*key) && is_escaped(*value);
}

static bool read_uint(struct word w, uint64_t *ret)
{
	uint64_t v = 0;
	size_t i;

	if (!w.n || w.n > 19)
		return false;
	for (i = 0; i < w.n; i++) {
		if (w.p[i] < '0' || w.p[i] > '9')
			return false;
		v = v * 10 + (uint64_t)(w.p[i] - '0');
	}
	*ret = v;
	return true;
}

/* "192.0.2.7:1080", "[2001:db8::1]:1080", "local" or "unknown". */
static struct word without_port(struct word w)
{
	const char *colon;

	if (w.n && w.p[0] == '[') {
		const char *bracket = memchr(w.p, ']', w.n);

		if (bracket)
			return (struct word){ w.p + 1, (size_t)(bracket - w.p - 1) };
	}
	colon = memrchr(w.p, ':', w.n);
	if (colon)
		w.n = (size_t)(colon - w.p);
	return w;
}

/* The pairs of which a session's line has exactly one. */
struct seen {
	bool time, reply;
	uint64_t code; /* of the reply */
};

static bool read_pair(struct entry *e, struct seen *seen, struct word key, struct word value)
{
	if (is(key, "client"))
		e->client = without_port(value);
	else if (is(key, "user"))
		e->user = value;
	else if (is(key, "dest"))
		e->dest = value;
	else if (is(key, "rule"))
		e->rule = value;
	else if (is(key, "end"))
		e->end = value;
	else if (is(key, "error"))
		e->error = value;
	else if (is(key, "time"))
		seen->time = true;
	else if (is(key, "sent"))
		return read_uint(value, &e->usage.sent);
	else if (is(key, "received"))
		return read_uint(value, &e->usage.received);
	else if (is(key, "reply"))
		return seen->reply = read_uint(value, &seen->code);
	return true;
}

enum entry_kind entry_read(const char *line, size_t n, struct entry *ret)
{
	const char *p = line, *end = line + n;
	struct entry e = { .usage.sessions = 1 };
	struct seen seen = { .time = false };
	struct word key, value;

	if (n < strlen("client=") || memcmp(line, "client=", strlen("client=")) != 0)
		return ENTRY_OTHER;
	while (p < end)
		if (!take_pair(&p, end, &key, &value) || !read_pair(&e, &seen, key, value))
			return ENTRY_BROKEN;
	if (!e.client.n || !e.end.n || !seen.time)
		return ENTRY_BROKEN;
	/* 0 is the success of SOCKS 5 and of HTTP, 90 that of SOCKS 4. */
	e.usage.failed = !seen.reply || (seen.code != 0 && seen.code != 90);
	*ret = e;
	return ENTRY_SESSION;
}
