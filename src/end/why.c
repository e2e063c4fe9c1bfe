/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Puts the first denial of the rules into words for the session's line. Logs nothing. */
#include "end/why.h"
#include "net/self.h"
#include "rules/explain.h"

#include <string.h>

enum { PATH_END = 240 };

void why_note(struct session *s, const struct rules_query *query, const struct rules_decision *d)
{
	struct denial *n = &s->denial;

	if (n->count++)
		return;
	n->why = *d;
	n->command = query->command;
	n->named = query->name && *query->name;
	n->port = query->port;
	if (query->addr)
		n->addr = *query->addr;
}

void why_forget(struct session *s)
{
	memset(&s->denial, 0, sizeof(s->denial));
}

void why_client(struct session *s, bool authenticated)
{
	const struct rules_query query = {
		.kind = s->client.kind,
		.client = &s->client.addr,
		.any_user = authenticated,
		.is_self = self_is,
		.ctx = &s->opt->net,
	};
	struct rules_decision d;

	rules_decide(s->rules, &query, &d);
	why_forget(s);
	why_note(s, &query, &d);
	s->denial.any_user = authenticated;
}

/* Returns the number of this rule among those that the command line gives. */
static unsigned number(const struct rules *rules, const struct rules_where *rule)
{
	struct rules_where where;
	uint32_t at = 0;
	unsigned n = 0;

	while (rules_walk(rules, &at, &where)) {
		if (where.file)
			continue;
		n++;
		if (where.text == rule->text)
			break;
	}
	return n;
}

void why_place(const struct session *s, const struct rules_decision *d, struct text *t)
{
	const char *file = d->rule.file;
	size_t len = file ? strlen(file) : 0;

	/* With RULES_BY_SPECIAL, d->rule is an allow rule, so it is not the one that denied. */
	if (d->reason != RULES_BY_RULE)
		return;
	if (file) {
		/* Keep the end of a long path, which says more, and the line. */
		text_strs(t, file + (len > PATH_END ? len - PATH_END : 0), ":", NULL);
		text_uint(t, d->rule.line);
	} else {
		text_str(t, "command-line:");
		text_uint(t, number(s->rules, &d->rule));
	}
}

void why_rule(struct session *s)
{
	const struct rules_decision *d = &s->denial.why;
	struct text t = TEXT_OF(s->rule);

	s->denial.told = true;
	if (d->reason == RULES_BY_NO_MATCH)
		s->rec.rule = "none";
	else if (d->reason == RULES_BY_DEFAULT_NONE)
		s->rec.rule = "default";
	else if (d->reason == RULES_BY_SPECIAL)
		s->rec.rule = d->rule.text ? "special" : "default";
	else if (d->reason == RULES_BY_RULE)
		s->rec.rule = s->rule;
	why_place(s, d, &t);
}

/* What was denied: an address, a name, or whatever the client could ask for by this command. */
static void put_object(const struct session *s, struct text *t)
{
	const struct denial *n = &s->denial;
	char addr[ADDR_TEXT_MAX];

	if (addr_format_host(&n->addr, addr))
		text_str(t, addr);
	else if (n->named)
		text_str(t, s->dest.name);
	else
		text_strs(t, "the command ", s->rec.command, NULL);
}

static void put_special(const struct session *s, bool alone, struct text *t)
{
	const struct denial *n = &s->denial;
	char addr[ADDR_TEXT_MAX];

	text_strs(t, "special: ", rules_special_name(n->why.special), NULL);
	addr_format_host(&n->addr, addr);
	if (n->why.disguised)
		text_strs(t, " (the IPv4 address inside ", addr, ")", NULL);
	else if (n->named || alone)
		text_strs(t, " (", addr, ")", NULL);
}

/* Appends which datagrams the rules denied, or which the client has only asked about. */
static void put_datagrams(const struct session *s, struct text *t)
{
	bool only_asked = s->flag & SOCKS5_FLAG_INTERFACE_REQUEST;
	char addr[ADDR_TEXT_MAX];

	text_str(t, "datagrams to ");
	if (s->denial.named) {
		text_strs(t, s->dest.name, ":", NULL);
		text_uint(t, s->denial.port);
	} else {
		addr_format(&s->denial.addr, addr);
		text_str(t, addr);
	}
	text_str(t, only_asked ? " must not be sent: " : " were dropped: ");
}

void why_datagrams(struct session *s, const char *lost, struct text *t)
{
	const struct denial *n = &s->denial;

	if (!n->count) {
		text_str(t, lost ? lost : "");
		return;
	}
	s->denial.told = true;
	put_datagrams(s, t);
	if (n->why.reason == RULES_BY_RULE) {
		text_str(t, "denied by ");
		why_place(s, &n->why, t);
	} else {
		why_words(s, false, t);
	}
	if (n->count > 1) {
		text_str(t, " (the first of ");
		text_uint(t, n->count);
		text_str(t, " denials)");
	}
	if (lost)
		text_strs(t, "; others were lost: ", lost, NULL);
}

void why_words(const struct session *s, bool alone, struct text *t)
{
	const struct denial *n = &s->denial;

	if (n->why.reason == RULES_BY_SPECIAL) {
		put_special(s, alone, t);
	} else if (n->why.reason == RULES_BY_DEFAULT_NONE) {
		text_str(t, "without rules, only clients on this host and users who log in are "
			    "served");
	} else if (!n->command) {
		text_str(t, n->why.reason == RULES_BY_RULE ? "this client is denied everything" :
							     "no rule allows this client anything");
	} else if (n->why.reason == RULES_BY_NO_MATCH) {
		text_str(t, "no rule allows ");
		put_object(s, t);
	} else if (n->why.reason == RULES_BY_RULE &&
		   (alone || (n->named && n->addr.sa.sa_family != AF_UNSPEC))) {
		put_object(s, t);
		text_str(t, " is denied");
	}
}
