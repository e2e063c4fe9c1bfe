/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes the decision: the first rule that holds, or the default. Keeps special destinations from
 * allow rules that don't name them.
 */
#include "rules/ask.h"

#include <string.h>

void subject_prepare(struct subject *ret, const union endpoint *addr, rules_is_self *is_self,
		     const void *ctx)
{
	memset(ret, 0, sizeof(*ret));
	ret->groups = GROUP_ANY;
	ret->is_self = is_self;
	ret->ctx = ctx;
	if (!addr || addr->sa.sa_family == AF_UNSPEC)
		return;
	ret->addr = addr;
	ret->family = addr->sa.sa_family;
	if (ret->family == AF_INET) {
		ret->v4 = ntohl(addr->in.sin_addr.s_addr);
		ret->groups |= rules_groups4(ret->v4);
		return;
	}
	net6_words(addr, ret->v6);
	ret->groups |= rules_groups6(ret->v6);
	ret->hidden_count = rules_disguises(addr, ret->hidden);
	for (unsigned i = 0; i < ret->hidden_count; i++)
		ret->hidden_groups |= rules_groups4(ret->hidden[i].v4);
}

bool rules_client_is_local(enum client_kind kind, const union endpoint *client)
{
	return kind == CLIENT_LOCAL ||
	       (kind == CLIENT_INTERNET && client && addr_is_loopback(client));
}

static void prepare_client(struct ask *ask, const struct rules_query *query)
{
	subject_prepare(&ask->from, query->kind == CLIENT_INTERNET ? query->client : NULL,
			query->is_self, query->ctx);
	ask->from.is_client = true;
	ask->local = rules_client_is_local(query->kind, query->client);
	if (ask->local)
		ask->from.groups |= GROUP_LOCAL;
}

static void prepare_user(struct ask *ask, const char *user)
{
	size_t len = user ? strlen(user) : 0;

	ask->user = user;
	ask->user_key = len && len <= USER_MAX ? user_key(user, len) : 0;
}

void ask_prepare(struct ask *ask, const struct rules_query *query)
{
	prepare_client(ask, query);
	subject_prepare(&ask->to, query->addr, query->is_self, query->ctx);
	ask->to.open = !ask->to.addr;
	ask->name_known = query->name && *query->name;
	if (ask->name_known)
		name_keys(query->name, &ask->name);
	else if (ask->to.addr)
		ask->to.groups |= GROUP_LITERAL;
	prepare_user(ask, query->user);
	ask->any_user = query->any_user;
	ask->commands = query->command ? query->command : (unsigned)RULES_ALL_COMMANDS;
	ask->port = query->port;
	ask->open = 0;
}

/* In the order of enum rules_special. */
/* clang-format off */
static const struct {
	unsigned group;
	enum rules_special special;
} kinds[] = {
	{ GROUP_UNSPECIFIED, RULES_UNSPECIFIED },
	{ GROUP_LOOPBACK, RULES_LOOPBACK },
	{ GROUP_LINK_LOCAL, RULES_LINK_LOCAL },
	{ GROUP_MULTICAST, RULES_MULTICAST },
	{ GROUP_METADATA, RULES_METADATA },
};
/* clang-format on */

static enum rules_special special_of(unsigned groups)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (groups & kinds[i].group)
			return kinds[i].special;
	return RULES_ORDINARY;
}

/* Asks is_self() last, and only if the address is ordinary so far: it costs system calls. */
static enum rules_special judge(struct subject *to, bool ask_self, bool *disguised)
{
	enum rules_special special = special_of(to->groups);

	*disguised = false;
	if (special || !to->addr)
		return special;
	special = special_of(to->hidden_groups);
	*disguised = special != RULES_ORDINARY;
	if (special || !ask_self)
		return special;
	if (!to->is_self)
		return RULES_SELF;
	subject_ask_self(to);
	*disguised = !to->self && to->hidden_self;
	return to->self || to->hidden_self ? RULES_SELF : RULES_ORDINARY;
}

enum rules_special rules_special(const union endpoint *addr, rules_is_self *is_self,
				 const void *ctx, bool *disguised)
{
	struct subject to;
	bool unwanted;

	subject_prepare(&to, addr, is_self, ctx);
	return judge(&to, is_self != NULL, disguised ? disguised : &unwanted);
}

/* What the walk through the rules has found so far. */
struct walk {
	const struct rule *open;   /* the first rule that may hold */
	const struct rule *blamed; /* the first that holds except for the special destination */
	bool may_allow, may_deny;
};

bool rule_covers(const struct rules *rules, const struct rule *rule, struct ask *ask,
		 struct rules_decision *ret)
{
	if (ask->local || !ask->to.addr)
		return true;
	ret->special = judge(&ask->to, true, &ret->disguised);
	return !ret->special || rule_holds(rules, rule, ask, MATCH_SPECIAL);
}

/* Returns what rule_covers() does. If that is false, notes the rule. */
static bool covers(const struct rules *rules, const struct rule *rule, struct ask *ask,
		   struct rules_decision *ret, struct walk *walk)
{
	if (rule_covers(rules, rule, ask, ret))
		return true;
	if (!walk->blamed)
		walk->blamed = rule;
	return false;
}

static enum rules_verdict decided(struct rules_decision *ret, enum rules_verdict verdict,
				  enum rules_reason reason, const struct rule *rule)
{
	ret->verdict = verdict;
	ret->reason = reason;
	if (rule)
		ret->rule = rule_where(rule);
	return verdict;
}

static enum rules_verdict decide_by_default(struct ask *ask, struct rules_decision *ret)
{
	if (ask->local)
		return decided(ret, RULES_ALLOW, RULES_BY_DEFAULT_LOCAL, NULL);
	if (!ask->user && !ask->any_user)
		return decided(ret, RULES_DENY, RULES_BY_DEFAULT_NONE, NULL);
	if (ask->to.addr)
		ret->special = judge(&ask->to, true, &ret->disguised);
	if (ret->special)
		return decided(ret, RULES_DENY, RULES_BY_SPECIAL, NULL);
	return decided(ret, RULES_ALLOW, RULES_BY_DEFAULT_USER, NULL);
}

static enum rules_verdict decide(const struct rules *rules, struct ask *ask,
				 struct rules_decision *ret)
{
	struct walk walk = { 0 };
	const struct rule *rule;

	memset(ret, 0, sizeof(*ret));
	if (rules->count == 0)
		return decide_by_default(ask, ret);
	for (rule = rules_next(rules, NULL); rule; rule = rules_next(rules, rule)) {
		bool allow = rule->verdict == RULES_ALLOW;
		enum answer answer = rule_holds(rules, rule, ask, allow ? MATCH_ALLOW : MATCH_DENY);

		if (answer == NO || (allow && !covers(rules, rule, ask, ret, &walk)))
			continue;
		ret->open = walk.open != NULL;
		if (answer == YES && !(allow ? walk.may_deny : walk.may_allow))
			return decided(ret, (enum rules_verdict)rule->verdict, RULES_BY_RULE, rule);
		walk.may_allow |= allow;
		walk.may_deny |= !allow;
		if (!walk.open)
			walk.open = rule;
		if (answer == YES)
			break;
	}
	if (walk.may_allow)
		return decided(ret, RULES_DEPENDS, RULES_BY_UNKNOWN, walk.open);
	if (walk.blamed)
		return decided(ret, RULES_DENY, RULES_BY_SPECIAL, walk.blamed);
	return decided(ret, RULES_DENY, RULES_BY_NO_MATCH, NULL);
}

enum rules_verdict rules_decide(const struct rules *rules, const struct rules_query *query,
				struct rules_decision *ret)
{
	struct ask ask;
	int err;

	ask_prepare(&ask, query);
	decide(rules, &ask, ret);
	err = ask.to.self_err ? ask.to.self_err : ask.from.self_err;
	if (err)
		*ret = (struct rules_decision){ .verdict = RULES_DENY,
						.reason = RULES_BY_FAILURE,
						.err = err };
	return ret->verdict;
}

bool rules_may_client(const struct rules *rules, enum client_kind kind,
		      const union endpoint *client, bool authenticated)
{
	struct rules_query query = { .kind = kind, .client = client, .any_user = authenticated };
	struct rules_decision decision;
	struct ask ask;

	ask_prepare(&ask, &query);
	ask.from.self_open = true;
	return decide(rules, &ask, &decision) != RULES_DENY;
}
