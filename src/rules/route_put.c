/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts a route into words, without the password of its parent. For people, never for a session. */
#include "rules/explain.h"

#include <string.h>

static void put_parent(struct text *t, const struct parent *p)
{
	bool brackets = p->host.at && memchr(p->host.at, ':', p->host.len);

	text_str(t, p->kind == PARENT_HTTP ? "through the parent http:" :
					     "through the parent socks5:");
	if (p->path.at) {
		text_escaped(t, p->path.at, p->path.len);
		return;
	}
	text_str(t, "//");
	if (p->user.at) {
		text_escaped(t, p->user.at, p->user.len);
		text_str(t, ":***@");
	}
	text_str(t, brackets ? "[" : "");
	text_escaped(t, p->host.at, p->host.len);
	text_str(t, brackets ? "]:" : ":");
	text_uint(t, p->port);
}

static void put_source(struct text *t, const struct route *r)
{
	const union endpoint *addrs[] = { &r->source.ipv4, &r->source.ipv6 };
	const char *before = ", from ";
	char text[ADDR_TEXT_MAX];

	if (r->same)
		text_str(t, ", from the address that the client reached");
	for (size_t i = 0; !r->same && i < sizeof(addrs) / sizeof(*addrs); i++) {
		if (!addrs[i]->sa.sa_family)
			continue;
		addr_format_host(addrs[i], text);
		text_strs(t, before, text, NULL);
		before = " or ";
	}
}

static void put_family(struct text *t, enum net_family family)
{
	static const char words[][24] = {
		[FAMILY_ANY] = "",
		[FAMILY_IPV4] = ", by IPv4 alone",
		[FAMILY_IPV6] = ", by IPv6 alone",
		[FAMILY_PREFER_IPV4] = ", by IPv4 first",
		[FAMILY_PREFER_IPV6] = ", by IPv6 first",
	};

	text_str(t, words[family]);
}

void route_put(struct text *t, const struct route *r)
{
	if (route_has_parent(r))
		put_parent(t, &r->parent);
	else
		text_str(t, "directly");
	put_source(t, r);
	if (r->interface[0]) {
		text_str(t, ", by the interface ");
		text_escaped(t, r->interface, strlen(r->interface));
	}
	if (r->has_mark) {
		text_str(t, ", with the mark ");
		text_uint(t, r->mark);
	}
	put_family(t, r->family);
	if (r->rate) {
		text_str(t, ", at most ");
		text_uint(t, r->rate);
		text_str(t, " bytes per second each way");
	}
}
