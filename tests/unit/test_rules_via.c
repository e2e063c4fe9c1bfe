/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * via changes no decision: random rules decide random questions as the same rules without via do.
 * The rules name few things, so that many of them match.
 */
#include "rules_kit.h"

enum { RULE_SETS = 2000, QUESTIONS = 25 };

static uint32_t state = 20;

static unsigned roll(unsigned n)
{
	state = state * 1664525 + 1013904223;
	return (unsigned)(((uint64_t)state * n) >> 32);
}

static const char *const routes[] = {
	"direct",
	"same",
	"192.0.2.9,interface:eth0,mark:7,family:ipv4,rate:1M",
	"socks5://u:p%20@proxy.example:1080",
	"http://[::1]:3128,rate:1k",
	"socks5:/run/tor/socks",
};

/* The words of each condition, and of each part of a question. */
static const char *const froms[] = { "any", "local", "192.0.2.0/24", "2001:db8::/32", "private" };
static const char *const tos[] = { "any",	"10.0.0.0/8",	  "loopback",
				   "self",	"203.0.113.0/24", ".example",
				   "a.example", "2001:db8::/32",  "private,.onion",
				   "literal",	"127.0.0.1",	  "0.0.0.0/0" };
static const char *const ports[] = { "80", "443,8000-8100", "1-1023" };
static const char *const users[] = { "*", "alice", "bob,carol" };
static const char *const commands[] = { "connect", "bind,udp", "resolve" };
static const char *const clients[] = { "local", "unknown", "192.0.2.7", "2001:db8::7", "10.1.1.1" };
static const char *const dests[] = { "10.0.0.1",	"127.0.0.1",   "203.0.113.9", "203.0.113.1",
				     "2001:db8::1",	"a.example",   "b.example",   "x.onion",
				     "64:ff9b::7f00:1", "198.51.100.1" };

#define ONE_OF(list) list[roll(sizeof(list) / sizeof(*(list)))]

static void add(char *buf, unsigned chance, const char *word, const char *item)
{
	if (roll(100) >= chance)
		return;
	strcat(strcat(buf, " "), word);
	strcat(strcat(buf, " "), item);
}

/* Writes the same rules twice; only the first ones have via. */
static void make_rules(char *with, char *without)
{
	*with = *without = '\0';
	for (unsigned n = 1 + roll(6); n; n--) {
		bool allow = roll(5) > 1;
		char rule[400];

		strcpy(rule, allow ? "allow" : "deny");
		add(rule, 40, "from", ONE_OF(froms));
		add(rule, 60, "to", ONE_OF(tos));
		add(rule, 20, "port", ONE_OF(ports));
		add(rule, 20, "user", ONE_OF(users));
		add(rule, 20, "command", ONE_OF(commands));
		strcat(strcat(without, rule), "\n");
		if (allow)
			add(rule, 80, "via", ONE_OF(routes));
		strcat(strcat(with, rule), "\n");
	}
}

static void make_question(char *question)
{
	*question = '\0';
	if (roll(3) == 0)
		strcat(strcpy(question, "at "), roll(2) ? "10.0.0.1" : "203.0.113.9");
	add(question, 100, "from", ONE_OF(clients));
	add(question, 90, "to", ONE_OF(dests));
	add(question, 80, "port", roll(2) ? "80" : "8080");
	add(question, 50, "user", roll(2) ? "alice" : "carol");
	add(question, 50, "command", roll(2) ? "connect" : "udp");
}

int main(void)
{
	unsigned differ = 0, allowed = 0, routed = 0, sets = is_valgrind() ? 50 : RULE_SETS;
	char with[4000], without[4000], question[400];

	for (unsigned i = 0; i < sets; i++) {
		struct rules one, other;
		struct rules_error err;

		make_rules(with, without);
		if (kit_rules(&one, with, &err) || kit_rules(&other, without, &err))
			abort();
		for (unsigned k = 0; k < QUESTIONS; k++) {
			struct rules_decision a, b;

			make_question(question);
			kit_ask(&one, question, &a);
			kit_ask(&other, question, &b);
			allowed += a.verdict == RULES_ALLOW;
			routed += a.verdict == RULES_ALLOW && a.rule.route;
			if (a.verdict == b.verdict && a.reason == b.reason &&
			    a.special == b.special && a.open == b.open &&
			    a.rule.line == b.rule.line && !b.rule.route)
				continue;
			if (!differ++)
				printf("# %s\n# of the rules\n# %s\n", question, with);
		}
		rules_free(&one);
		rules_free(&other);
	}
	is_int(differ, 0, "via changes no decision, of %u", sets * QUESTIONS);
	ok(allowed > sets * QUESTIONS / 10, "many are allowed: %u", allowed);
	ok(routed > allowed / 2 && routed < allowed, "  many of them by a rule with via: %u",
	   routed);
	return done_testing();
}
