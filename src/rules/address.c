/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Finds out whether an address, or the name that it was found by, is among those of a rule. A deny
 * rule also sees the IPv4 address inside an IPv6 one; an allow rule does not, so that in doubt the
 * client is denied.
 */
#include "rules/ask.h"

/* Tests for a match only after every eighth NET: over a long list, that is quicker. */
static bool nets_hold(const struct net4 *nets, uint32_t count, uint32_t addr)
{
	uint32_t i = 0;

	for (; count - i >= 8; i += 8) {
		unsigned held = 0;

		for (uint32_t k = i; k < i + 8; k++)
			held += (addr & nets[k].mask) == nets[k].net;
		if (held)
			return true;
	}
	for (; i < count; i++)
		if ((addr & nets[i].mask) == nets[i].net)
			return true;
	return false;
}

static bool nets_name(const struct net4 *nets, uint32_t count, uint32_t addr)
{
	for (uint32_t i = 0; i < count; i++)
		if (nets[i].net == addr && nets[i].mask == ~(uint32_t)0)
			return true;
	return false;
}

static bool net4_run(const struct net4 *nets, uint32_t count, bool special,
		     const struct subject *subject, enum mode mode)
{
	if (subject->family == AF_INET) {
		if (mode == MATCH_SPECIAL && !special)
			return nets_name(nets, count, subject->v4);
		return nets_hold(nets, count, subject->v4);
	}
	for (unsigned i = 0; mode == MATCH_DENY && i < subject->hidden_count; i++)
		if (nets_hold(nets, count, subject->hidden[i].v4))
			return true;
	return false;
}

static bool net6_run(const struct net6 *nets, uint32_t count, bool special,
		     const struct subject *subject, enum mode mode)
{
	if (subject->family != AF_INET6)
		return false;
	for (uint32_t i = 0; i < count; i++)
		if ((mode != MATCH_SPECIAL || special || nets[i].bits == 128) &&
		    net6_holds(nets[i].net, nets[i].bits, subject->v6))
			return true;
	return false;
}

static bool ask_self(struct subject *subject, const union endpoint *addr)
{
	int self = subject->is_self(subject->ctx, addr, subject->is_client);

	if (self < 0)
		subject->self_err = self;
	return self != 0;
}

void subject_ask_self(struct subject *subject)
{
	union endpoint inner;
	uint8_t bytes[4];

	if (subject->self_asked || !subject->addr || !subject->is_self)
		return;
	subject->self_asked = true;
	subject->self = ask_self(subject, subject->addr);
	for (unsigned i = 0; i < subject->hidden_count && !subject->hidden_self; i++) {
		for (unsigned k = 0; k < 4; k++)
			bytes[k] = (uint8_t)(subject->hidden[i].v4 >> (24 - 8 * k));
		addr_set_ipv4(&inner, bytes, 0);
		subject->hidden_self = ask_self(subject, &inner);
	}
}

/*
 * Every address of this host counts, and, for a deny rule, the unspecified one, because it leads
 * here too.
 */
static enum answer is_self(struct subject *subject, enum mode mode)
{
	unsigned groups = subject->groups, mine = GROUP_LOOPBACK;

	if (mode == MATCH_DENY) {
		groups |= subject->hidden_groups;
		mine |= GROUP_UNSPECIFIED;
	}
	if (groups & mine)
		return YES;
	if (!subject->addr)
		return NO;
	if (!subject->is_self)
		return subject->self_open ? MAYBE : mode == MATCH_DENY ? YES : NO;
	subject_ask_self(subject);
	return subject->self || (mode == MATCH_DENY && subject->hidden_self) ? YES : NO;
}

static enum answer group_run(const uint32_t *items, uint32_t count, struct subject *subject,
			     enum mode mode)
{
	unsigned groups = subject->groups, named = 0;

	for (uint32_t i = 0; i < count; i++)
		named |= items[i];
	if (mode == MATCH_DENY)
		groups |= subject->hidden_groups;
	else if (mode == MATCH_SPECIAL)
		named &= GROUPS_SPECIAL;
	if (named & groups)
		return YES;
	return named & GROUP_SELF ? is_self(subject, mode) : NO;
}

/* Returns true if the name decides, whatever its addresses are. */
static bool is_about_literals(const uint32_t *items, uint32_t count)
{
	for (uint32_t i = 0; i < count; i++)
		if (items[i] != GROUP_LITERAL)
			return false;
	return true;
}

static enum answer name_run(const struct name *names, uint32_t count, const struct runs *runs,
			    const struct ask *ask)
{
	if (!ask->name_known)
		return ask->to.open ? MAYBE : NO;
	for (uint32_t i = 0; i < count; i++)
		if (name_is_one(&ask->name, names[i].key, runs->text + names[i].at, runs->text_end))
			return YES;
	return NO;
}

enum answer addresses_hold(const uint32_t *run, const struct runs *runs, struct ask *ask,
			   struct subject *subject, enum mode mode)
{
	const void *items = run + 1;
	uint32_t count = run_count(*run);
	enum run_kind kind = run_kind(*run);
	enum answer answer;

	if (kind == RUN_NAME)
		return mode == MATCH_SPECIAL ? NO : name_run(items, count, runs, ask);
	answer = kind == RUN_GROUP ? group_run(items, count, subject, mode) : NO;
	if (subject->open && answer != YES && ask->name_known && kind == RUN_GROUP &&
	    is_about_literals(items, count))
		return NO;
	if (subject->open)
		return answer == YES ? YES : MAYBE;
	if (kind == RUN_GROUP)
		return answer;
	if (kind == RUN_NET4 || kind == RUN_NET4_SPECIAL)
		return net4_run(items, count, kind == RUN_NET4_SPECIAL, subject, mode) ? YES : NO;
	return net6_run(items, count, kind == RUN_NET6_SPECIAL, subject, mode) ? YES : NO;
}
