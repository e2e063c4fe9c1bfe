/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a route, item by item, and completes it by another one. route_parent.c reads parents. Opens
 * nothing, and looks no name up.
 */
#include "rules/route.h"
#include "rules/route_parser.h"

#include <errno.h>
#include <string.h>

static const char again[] = "each kind of item at most once";

static int read_interface(struct route_parser *p, const char *v, size_t len)
{
	if (p->ret->interface[0])
		return route_mistake(p, v, len, again);
	if (!route_interface(v, len, p->ret->interface))
		return route_mistake(p, v, len, ROUTE_INTERFACE);
	return 0;
}

static int read_mark(struct route_parser *p, const char *v, size_t len)
{
	if (p->ret->has_mark)
		return route_mistake(p, v, len, again);
	p->ret->has_mark = route_mark(v, len, &p->ret->mark);
	if (!p->ret->has_mark)
		return route_mistake(p, v, len, ROUTE_MARK);
	return 0;
}

static int read_rate(struct route_parser *p, const char *v, size_t len)
{
	if (p->ret->rate)
		return route_mistake(p, v, len, again);
	if (!route_rate(v, len, &p->ret->rate))
		return route_mistake(p, v, len, ROUTE_RATE);
	return 0;
}

static int read_family(struct route_parser *p, const char *v, size_t len)
{
	static const char word[][12] = {
		[FAMILY_ANY] = "any",
		[FAMILY_IPV4] = "ipv4",
		[FAMILY_IPV6] = "ipv6",
		[FAMILY_PREFER_IPV4] = "prefer-ipv4",
		[FAMILY_PREFER_IPV6] = "prefer-ipv6",
	};

	if (p->ret->has_family)
		return route_mistake(p, v, len, again);
	for (unsigned i = 0; i < sizeof(word) / sizeof(*word); i++) {
		if (strlen(word[i]) != len || memcmp(word[i], v, len) != 0)
			continue;
		p->ret->family = (enum net_family)i;
		p->ret->has_family = true;
		return 0;
	}
	return route_mistake(p, v, len, "any, ipv4, ipv6, prefer-ipv4 or prefer-ipv6");
}

static int read_same(struct route_parser *p, const char *v, size_t len)
{
	if (p->ret->same)
		return route_mistake(p, v, len, again);
	p->ret->same = true;
	return 0;
}

/* An item that is a word, or begins with one. */
static const struct {
	char word[12];
	bool has_value;
	int (*read)(struct route_parser *p, const char *v, size_t len);
} items[] = {
	{ "interface:", true, read_interface }, { "mark:", true, read_mark },
	{ "family:", true, read_family },	{ "rate:", true, read_rate },
	{ "same", false, read_same },		{ "direct", false, route_read_direct },
	{ "socks5:", true, route_read_socks5 }, { "http:", true, route_read_http },
};

/* Returns true if no login can have this word as a part: then a message may quote it. */
static COLD_CODE bool is_harmless(const struct route_parser *p, const char *v, size_t len)
{
	return !memchr(v, ':', len) && !memmem(p->base, (size_t)(v + len - p->base), "//", 2);
}

static int read_source(struct route_parser *p, const char *v, size_t len)
{
	static const char expected[] =
		"one address of each family (not 0.0.0.0 or ::), same, direct, interface:NAME, "
		"mark:NUMBER, family:FAMILY, rate:BYTES, or a parent like socks5://HOST:PORT, "
		"socks5:/PATH or http://HOST:PORT";

	if (route_source(v, len, &p->ret->source))
		return 0;
	return !len || is_harmless(p, v, len) ? route_mistake(p, v, len, expected) :
						route_secret(p, v, len, expected);
}

static int read_item(struct route_parser *p, const char *v, size_t len)
{
	for (size_t i = 0; i < sizeof(items) / sizeof(*items); i++) {
		size_t n = strlen(items[i].word);

		if (len < n || memcmp(v, items[i].word, n) != 0)
			continue;
		if (items[i].has_value)
			return items[i].read(p, v + n, len - n);
		if (len == n)
			return items[i].read(p, v, len);
	}
	return read_source(p, v, len);
}

/*
 * Hides the word of the mistake if the item may be a part of a password with a comma in it: an @
 * follows, and the login before this @ does not begin behind the item. Returns -EINVAL.
 */
static COLD_CODE int hide(const struct route_parser *p, const char *item, size_t n, size_t rest)
{
	const struct rules_error *m = p->mistake;
	bool url = memmem(p->base, (size_t)(item - p->base), "//", 2);
	const char *from = m->word_len || (url && m->word == item) ? m->word : item + n;
	const char *at = memchr(from, '@', (size_t)(item + rest - from)), *slashes = NULL;

	if (at)
		slashes = memmem(p->base, (size_t)(at - p->base), "//", 2);
	if (!at || (slashes && slashes >= item + n))
		return -EINVAL;
	return route_secret(p, item, 0,
			    "USER:PASSWORD without a comma before the @; write a comma as %2C");
}

/* Notes a mistake if two items contradict each other. Returns 0, or -EINVAL. */
static int judge(const struct route_parser *p, const char *text)
{
	const struct route *r = p->ret;
	bool from = r->source.ipv4.sa.sa_family || r->source.ipv6.sa.sa_family;

	if (r->same && from)
		return route_secret(p, text, 0, "either same or an address, not both");
	if (r->parent.path.at && (from || r->same || r->interface[0] || r->has_mark))
		return route_secret(p, text, 0,
				    "no address, same, interface or mark together with a unix "
				    "socket, to which no packet is sent");
	return 0;
}

int route_parse(const char *text, size_t len, const char *file, unsigned line, struct route *ret,
		struct rules_error *mistake)
{
	struct route_parser p = {
		.ret = ret, .mistake = mistake, .file = file, .line = line, .base = text
	};
	const char *end = text + len;

	memset(ret, 0, sizeof(*ret));
	for (const char *item = text;;) {
		const char *comma = memchr(item, ',', (size_t)(end - item));
		size_t rest = (size_t)(end - item), n = comma ? (size_t)(comma - item) : rest;
		int err = read_item(&p, item, n);

		if (err)
			return hide(&p, item, n, rest);
		if (!comma)
			return judge(&p, text);
		item = comma + 1;
	}
}

void route_again(const char *text, size_t len, struct route *ret)
{
	struct rules_error unused;

	route_parse(text, len, NULL, 0, ret, &unused);
}

static void complete_source(struct route *r, const struct route *base)
{
	if (route_has_source(r))
		return;
	r->source = base->source;
	r->same = base->same;
}

void route_complete(struct route *r, const struct route *base)
{
	complete_source(r, base);
	if (!r->interface[0])
		memcpy(r->interface, base->interface, sizeof(r->interface));
	if (!r->has_mark) {
		r->mark = base->mark;
		r->has_mark = base->has_mark;
	}
	if (!r->has_family) {
		r->family = base->family;
		r->has_family = base->has_family;
	}
	if (!r->rate)
		r->rate = base->rate;
	if (r->parent.kind == PARENT_UNSAID)
		r->parent = base->parent;
}
