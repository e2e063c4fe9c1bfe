/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What rules decide: lists of rules, each with questions in words and the expected answers. */
#include "rules_kit.h"

struct row {
	const char *rules, *question, *answer; /* rules: NULL for those of the row before */
	unsigned line;			       /* of the rule that decides; 0: none */
};

static const struct row rows[] = {
	/* no rules */
	{ "", "to 192.0.2.1 port 80", "allow", 0 },
	{ NULL, "to 127.0.0.1 port 80", "allow", 0 },
	{ NULL, "from 127.0.0.1 to 192.0.2.1 port 80", "allow", 0 },
	{ NULL, "from 127.3.2.1 to 10.9.9.9 port 80", "allow", 0 },
	{ NULL, "from ::1 to ::1 port 80", "allow", 0 },
	{ NULL, "from ::ffff:127.0.0.1 to ::1 port 80", "allow", 0 },
	{ NULL, "from 64:ff9b::7f00:1 to 192.0.2.1 port 80", "deny", 0 },
	{ NULL, "from 192.0.2.7 to 192.0.2.1 port 80", "deny", 0 },
	{ NULL, "from 203.0.113.9 to 192.0.2.1 port 80", "deny", 0 },
	{ NULL, "from 192.0.2.7 to 127.0.0.1 port 80", "deny", 0 },
	{ NULL, "from unknown to 192.0.2.1 port 80", "deny", 0 },
	{ NULL, "from unknown user u to 192.0.2.1 port 80", "allow", 0 },
	{ NULL, "from unknown user u to 127.0.0.1 port 80", "deny", 0 },
	{ NULL, "from 192.0.2.7 user u to 192.0.2.1 port 80", "allow", 0 },
	{ NULL, "from 192.0.2.7 user u to 10.0.0.1 port 80", "allow", 0 },
	{ NULL, "from 192.0.2.7 user u to 127.0.0.1 port 80", "deny", 0 },
	{ NULL, "from 192.0.2.7 user u to 203.0.113.9 port 80", "deny", 0 },
	{ NULL, "at 127.0.0.1 from 192.0.2.7 user u to rebind.example port 80", "deny", 0 },
	{ NULL, "from 192.0.2.7 user u command bind", "allow", 0 },
	{ NULL, "from 192.0.2.7 command udp", "deny", 0 },
	{ NULL, "command udp", "allow", 0 },

	/* an empty rule always matches */
	{ "allow", "from 192.0.2.7 to 192.0.2.1 port 80", "allow", 1 },
	{ NULL, "from unknown to 192.0.2.1 port 80", "allow", 1 },
	{ NULL, "from unknown to 127.0.0.1 port 80", "deny", 1 },
	{ "allow  \t ", "from 192.0.2.7 to 192.0.2.1 port 80", "allow", 1 },
	{ "deny", "to 192.0.2.1 port 80", "deny", 1 },
	{ NULL, "from 192.0.2.7 user u command udp", "deny", 1 },

	/* the first rule that matches decides; if none does, the answer is deny */
	{ "allow to 192.0.2.0/25; deny to 192.0.2.0/24; allow", "to 192.0.2.1 port 80", "allow",
	  1 },
	{ NULL, "to 192.0.2.200 port 80", "deny", 2 },
	{ NULL, "to 192.0.3.1 port 80", "allow", 3 },
	{ NULL, "to 2001:db8::1 port 80", "allow", 3 },
	{ "allow to 192.0.2.0/25", "to 192.0.2.129 port 80", "deny", 0 },
	{ NULL, "to 2001:db8::1 port 80", "deny", 0 },
	{ "deny to 192.0.2.0/25", "to 192.0.2.129 port 80", "deny", 0 },
	{ NULL, "to 192.0.2.1 port 80", "deny", 1 },

	/* from */
	{ "allow from 192.0.2.0/24,2001:db8:1::/48,198.51.100.7", "from 192.0.2.7 to 1.1.1.1",
	  "allow", 1 },
	{ NULL, "from 198.51.100.7 to 1.1.1.1", "allow", 1 },
	{ NULL, "from 198.51.100.8 to 1.1.1.1", "deny", 0 },
	{ NULL, "from 2001:db8:1:ffff::1 to 1.1.1.1", "allow", 1 },
	{ NULL, "from 2001:db8:2::1 to 1.1.1.1", "deny", 0 },
	{ NULL, "from ::ffff:192.0.2.7 to 1.1.1.1", "allow", 1 },
	{ NULL, "from 64:ff9b::c000:207 to 1.1.1.1", "deny", 0 },
	{ NULL, "to 1.1.1.1", "deny", 0 },
	{ NULL, "from unknown to 1.1.1.1", "deny", 0 },
	{ "allow from any", "from unknown to 1.1.1.1", "allow", 1 },
	{ NULL, "from 192.0.2.7 to 1.1.1.1", "allow", 1 },
	{ NULL, "from 2001:db8::7 to 1.1.1.1", "allow", 1 },
	{ NULL, "to 1.1.1.1", "allow", 1 },
	{ "allow from 0.0.0.0/0", "from 192.0.2.7 to 1.1.1.1", "allow", 1 },
	{ NULL, "from 2001:db8::7 to 1.1.1.1", "deny", 0 },
	{ NULL, "from unknown to 1.1.1.1", "deny", 0 },
	{ NULL, "to 1.1.1.1", "deny", 0 },
	{ "allow from ::/0", "from 2001:db8::7 to 1.1.1.1", "allow", 1 },
	{ NULL, "from 192.0.2.7 to 1.1.1.1", "deny", 0 },
	{ "allow from local", "to 1.1.1.1", "allow", 1 },
	{ NULL, "from 127.9.9.9 to 1.1.1.1", "allow", 1 },
	{ NULL, "from ::1 to 1.1.1.1", "allow", 1 },
	{ NULL, "from 203.0.113.9 to 1.1.1.1", "deny", 0 },
	{ NULL, "from unknown to 1.1.1.1", "deny", 0 },
	{ NULL, "from 64:ff9b::7f00:1 to 1.1.1.1", "deny", 0 },
	{ "allow from loopback", "from 127.0.0.1 to 1.1.1.1", "allow", 1 },
	{ NULL, "to 1.1.1.1", "deny", 0 },
	{ "allow from self", "from 203.0.113.9 to 1.1.1.1", "allow", 1 },
	{ NULL, "from 127.0.0.5 to 1.1.1.1", "allow", 1 },
	{ NULL, "from 203.0.113.8 to 1.1.1.1", "deny", 0 },
	{ NULL, "to 1.1.1.1", "deny", 0 },
	{ "allow from private", "from 10.255.255.255 to 1.1.1.1", "allow", 1 },
	{ NULL, "from 172.16.0.0 to 1.1.1.1", "allow", 1 },
	{ NULL, "from 172.31.255.255 to 1.1.1.1", "allow", 1 },
	{ NULL, "from 172.32.0.0 to 1.1.1.1", "deny", 0 },
	{ NULL, "from 192.168.0.1 to 1.1.1.1", "allow", 1 },
	{ NULL, "from 100.64.0.0 to 1.1.1.1", "allow", 1 },
	{ NULL, "from 100.127.255.255 to 1.1.1.1", "allow", 1 },
	{ NULL, "from 100.128.0.0 to 1.1.1.1", "deny", 0 },
	{ NULL, "from fc00::1 to 1.1.1.1", "allow", 1 },
	{ NULL, "from fdff:ffff::1 to 1.1.1.1", "allow", 1 },
	{ NULL, "from fe00::1 to 1.1.1.1", "deny", 0 },
	{ "allow from link-local", "from fe80::1 to 1.1.1.1", "allow", 1 },
	{ NULL, "from febf:ffff::1 to 1.1.1.1", "allow", 1 },
	{ NULL, "from fec0::1 to 1.1.1.1", "deny", 0 },
	{ NULL, "from 169.254.3.4 to 1.1.1.1", "allow", 1 },
	{ "deny from 192.0.2.0/24; allow", "from 64:ff9b::c000:207 to 1.1.1.1", "deny", 1 },
	{ NULL, "from 2002:c000:207::1 to 1.1.1.1", "deny", 1 },
	{ "deny from local; allow", "from ::1 to 1.1.1.1", "deny", 1 },
	{ NULL, "to 1.1.1.1", "deny", 1 },

	/* prefixes that end within a 32-bit word, at its end, or at length 0 */
	{ "allow to 2001:db8:8000::/33,2001:db9::/32,2001:dba::1/128", "to 2001:db8:8000::1",
	  "allow", 1 },
	{ NULL, "to 2001:db8:7fff::1", "deny", 0 },
	{ NULL, "to 2001:db9:1234::1", "allow", 1 },
	{ NULL, "to 2001:dba::1", "allow", 1 },
	{ NULL, "to 2001:dba::2", "deny", 0 },
	{ "allow to 192.0.2.128/25,198.51.100.4/30,203.0.112.0/23", "to 192.0.2.127", "deny", 0 },
	{ NULL, "to 192.0.2.128", "allow", 1 },
	{ NULL, "to 198.51.100.7", "allow", 1 },
	{ NULL, "to 198.51.100.8", "deny", 0 },
	{ NULL, "to 203.0.113.255", "allow", 1 },
	{ "allow to ::ffff:192.0.2.0/120", "to 192.0.2.255", "allow", 1 },
	{ NULL, "to 192.0.3.0", "deny", 0 },
	{ "allow to 192.0.2.77/24", "to 192.0.2.1", "allow", 1 },
	{ "allow to 1.0.0.0/32,1.0.0.1/32,1.0.0.2,1.0.0.3,1.0.0.4,"
	  "1.0.0.5,1.0.0.6,1.0.0.7,1.0.0.8,1.0.0.9",
	  "to 1.0.0.7", "allow", 1 },
	{ NULL, "to 1.0.0.8", "allow", 1 },
	{ NULL, "to 1.0.0.9", "allow", 1 },
	{ NULL, "to 1.0.0.10", "deny", 0 },

	/* names */
	{ "allow to host.example.com,.Example.ORG", "at 1.1.1.1 to host.example.com", "allow", 1 },
	{ NULL, "at 1.1.1.1 to HOST.Example.com.", "allow", 1 },
	{ NULL, "at 1.1.1.1 to a.host.example.com", "deny", 0 },
	{ NULL, "at 1.1.1.1 to ost.example.com", "deny", 0 },
	{ NULL, "at 1.1.1.1 to example.com", "deny", 0 },
	{ NULL, "at 1.1.1.1 to example.org", "allow", 1 },
	{ NULL, "at 1.1.1.1 to EXAMPLE.org.", "allow", 1 },
	{ NULL, "at 1.1.1.1 to a.b.c.example.org", "allow", 1 },
	{ NULL, "at 1.1.1.1 to notexample.org", "deny", 0 },
	{ NULL, "at 1.1.1.1 to org", "deny", 0 },
	{ NULL, "to 1.1.1.1", "deny", 0 },
	{ "allow to localhost.,.com.,a_b-c.example", "at 1.1.1.1 to com", "allow", 1 },
	{ NULL, "at 1.1.1.1 to x.com.", "allow", 1 },
	{ NULL, "at 1.1.1.1 to localhost", "allow", 1 },
	{ NULL, "at 1.1.1.1 to A_B-C.example", "allow", 1 },
	{ NULL, "at 1.1.1.1 to comx", "deny", 0 },
	{ "deny to .evil.example; allow to 192.0.2.0/24,.example", "at 192.0.2.1 to evil.example",
	  "deny", 1 },
	{ NULL, "at 192.0.2.1 to x.evil.example", "deny", 1 },
	{ NULL, "at 192.0.2.1 to good.test", "allow", 2 },
	{ NULL, "at 10.0.0.1 to good.test", "deny", 0 },
	{ NULL, "at 10.0.0.1 to good.example", "allow", 2 },
	{ NULL, "to 192.0.2.1", "allow", 2 },
	{ "deny to 10.0.0.0/8; allow to .example", "at 10.0.0.1 to a.example", "deny", 1 },
	{ NULL, "at 11.0.0.1 to a.example", "allow", 2 },

	/* port */
	{ "allow port 443,8000-8100,ssh,quux,domain", "to 1.1.1.1 port 443", "allow", 1 },
	{ NULL, "to 1.1.1.1 port 442", "deny", 0 },
	{ NULL, "to 1.1.1.1 port 7999", "deny", 0 },
	{ NULL, "to 1.1.1.1 port 8000", "allow", 1 },
	{ NULL, "to 1.1.1.1 port 8100", "allow", 1 },
	{ NULL, "to 1.1.1.1 port 8101", "deny", 0 },
	{ NULL, "to 1.1.1.1 port 22", "allow", 1 },
	{ NULL, "to 1.1.1.1 port 4242", "allow", 1 },
	{ NULL, "to 1.1.1.1 port quux", "allow", 1 },
	{ NULL, "to 1.1.1.1 port 53", "allow", 1 },
	{ NULL, "to 1.1.1.1", "depends", 1 },
	{ NULL, "to 1.1.1.1 command resolve", "deny", 0 },
	{ "allow port 1-65535", "to 1.1.1.1 port 1", "allow", 1 },
	{ NULL, "to 1.1.1.1 port 65535", "allow", 1 },
	{ "deny port 25; allow", "to 1.1.1.1 command resolve", "allow", 2 },

	/* user */
	{ "allow user alice,bob", "user alice to 1.1.1.1", "allow", 1 },
	{ NULL, "user bob to 1.1.1.1", "allow", 1 },
	{ NULL, "user Alice to 1.1.1.1", "deny", 0 },
	{ NULL, "user alic to 1.1.1.1", "deny", 0 },
	{ NULL, "user alicex to 1.1.1.1", "deny", 0 },
	{ NULL, "user * to 1.1.1.1", "deny", 0 },
	{ NULL, "to 1.1.1.1", "deny", 0 },
	{ "allow user *", "user x to 1.1.1.1", "allow", 1 },
	{ NULL, "to 1.1.1.1", "deny", 0 },
	{ "deny user mallory; allow from 192.0.2.0/24 user *",
	  "from 192.0.2.7 user mallory to 1.1.1.1", "deny", 1 },
	{ NULL, "from 192.0.2.7 user x to 1.1.1.1", "allow", 2 },
	{ NULL, "from 192.0.3.7 user x to 1.1.1.1", "deny", 0 },

	/* command */
	{ "allow command connect,resolve", "to 1.1.1.1", "allow", 1 },
	{ NULL, "to 1.1.1.1 command resolve", "allow", 1 },
	{ NULL, "to 1.1.1.1 command bind", "deny", 0 },
	{ NULL, "command udp", "deny", 0 },
	{ "deny command udp; allow", "command udp", "deny", 1 },
	{ NULL, "to 1.1.1.1 command bind", "allow", 2 },

	/* every condition at once, in any order */
	{ "allow user u port 443 command connect to 192.0.2.0/24 from 198.51.100.0/24",
	  "from 198.51.100.1 user u to 192.0.2.1 port 443", "allow", 1 },
	{ NULL, "from 198.51.101.1 user u to 192.0.2.1 port 443", "deny", 0 },
	{ NULL, "from 198.51.100.1 user v to 192.0.2.1 port 443", "deny", 0 },
	{ NULL, "from 198.51.100.1 user u to 192.0.3.1 port 443", "deny", 0 },
	{ NULL, "from 198.51.100.1 user u to 192.0.2.1 port 444", "deny", 0 },
	{ NULL, "from 198.51.100.1 user u to 192.0.2.1 port 443 command bind", "deny", 0 },

	/* a destination that is not known yet */
	{ "allow to 192.0.2.0/24", "command udp", "depends", 1 },
	{ NULL, "command bind port 80", "depends", 1 },
	{ NULL, "to a.example port 80", "depends", 1 },
	{ "allow to a.example", "to a.example port 80", "allow", 1 },
	{ NULL, "to b.example port 80", "deny", 0 },
	{ NULL, "command udp", "depends", 1 },
	{ "deny to 10.0.0.0/8; allow", "command udp", "depends", 1 },
	{ NULL, "to a.example port 80", "depends", 1 },
	{ "deny to 10.0.0.0/8", "command udp", "deny", 0 },
	{ "deny command udp; allow to 10.0.0.0/8", "command udp", "deny", 1 },
	{ "allow command connect", "command udp", "deny", 0 },
	{ "allow port 53; deny command udp; allow", "command udp", "depends", 1 },
	{ "deny to 10.0.0.0/8; deny command udp; allow", "command udp", "deny", 2 },
	{ "allow to 10.0.0.0/8; allow from 192.0.2.0/24", "from 192.0.2.7 command udp", "allow",
	  2 },
	{ NULL, "from 192.0.3.7 command udp", "depends", 1 },
	{ "allow to any", "command udp", "allow", 1 },
	{ "allow from 192.0.2.0/24 to loopback", "from 192.0.2.7 command udp", "depends", 1 },
	{ NULL, "from 192.0.3.7 command udp", "deny", 0 },
};

static void test_decisions(void)
{
	struct rules rules = { 0 };
	struct rules_decision decision;
	struct rules_error err = { 0 };
	const char *text = "";

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct row *row = &rows[i];

		if (row->rules) {
			if (i)
				rules_free(&rules);
			text = row->rules;
			if (!is_int(kit_rules(&rules, text, &err), 0, "the rules are read: %s",
				    text))
				printf("# expected %s; ", err.expected);
		}
		is_str(kit_verdict(kit_ask(&rules, row->question, &decision)), row->answer,
		       "%s | %s", text, row->question);
		is_int(decision.rule.text ? decision.rule.line : 0, row->line,
		       "  by the rule in line %u", row->line);
	}
	rules_free(&rules);
}

/* Whether a client may get anything at all: without a user name, and with one. */
static const struct {
	const char *rules, *client;
	bool anonymous, user;
} clients[] = {
	{ "", "local", true, true },
	{ "", "127.0.0.1", true, true },
	{ "", "192.0.2.7", false, true },
	{ "", "unknown", false, true },
	{ "deny", "local", false, false },
	{ "deny to 10.0.0.0/8", "local", false, false },
	{ "allow", "unknown", true, true },
	{ "allow from 192.0.2.0/24", "192.0.2.7", true, true },
	{ "allow from 192.0.2.0/24", "192.0.3.7", false, false },
	{ "allow from 192.0.2.0/24", "unknown", false, false },
	{ "allow from 192.0.2.0/24 user *", "192.0.2.7", false, true },
	{ "allow user alice", "192.0.2.7", false, true },
	{ "deny from 192.0.2.0/24; allow user alice", "192.0.2.7", false, false },
	{ "deny user *; allow", "192.0.2.7", true, false },
	{ "deny user alice; allow", "192.0.2.7", true, true },
	{ "deny command udp; allow to example.com port 80", "192.0.2.7", true, true },
	{ "deny command connect,bind,udp,resolve; allow to example.com port 80", "192.0.2.7", false,
	  false },
	{ "allow from self", "192.0.2.7", true, true },
	{ "allow from local", "192.0.2.7", false, false },
	{ "allow to 127.0.0.1", "192.0.2.7", true, true },
};

static void test_clients(void)
{
	for (size_t i = 0; i < sizeof(clients) / sizeof(*clients); i++) {
		struct rules rules;
		struct rules_error err;
		union endpoint addr;
		enum client_kind kind = CLIENT_INTERNET;

		is_int(kit_rules(&rules, clients[i].rules, &err), 0, "the rules are read: %s",
		       clients[i].rules);
		if (addr_parse(clients[i].client, &addr) != 0)
			kind = *clients[i].client == 'l' ? CLIENT_LOCAL : CLIENT_UNKNOWN;
		is_int(rules_may_client(&rules, kind, &addr, false), clients[i].anonymous,
		       "%s | %s, without a user name", clients[i].rules, clients[i].client);
		is_int(rules_may_client(&rules, kind, &addr, true), clients[i].user,
		       "%s | %s, with a user name", clients[i].rules, clients[i].client);
		rules_free(&rules);
	}
}

/* An address that can't be believed counts for the log, and not for the rules. */
static void test_unknown_client(void)
{
	struct rules rules;
	struct rules_error err;
	struct rules_decision decision;
	union endpoint client, addr;
	struct rules_query query = { .kind = CLIENT_UNKNOWN,
				     .client = &client,
				     .command = RULES_CONNECT,
				     .addr = &addr,
				     .port = 1 };

	addr_parse("127.0.0.1", &client);
	addr_parse("192.0.2.1", &addr);
	kit_rules(&rules, "allow from loopback,local,127.0.0.0/8,self", &err);
	is_int(rules_decide(&rules, &query, &decision), RULES_DENY,
	       "an unknown client is denied, whatever its address");
	is_int(rules_may_client(&rules, CLIENT_UNKNOWN, &client, false), false,
	       "  it may get nothing");
	rules_free(&rules);
	is_int(rules_decide(&rules, &query, &decision), RULES_DENY,
	       "  without rules it is not taken for a local one");
}

/* Thousands of rules: the block moves as it grows, and the last rule is found. */
static void test_many(void)
{
	struct rules rules;
	struct rules_error err;
	struct rules_decision decision;
	char *text = malloc(1 << 20), *p = text;

	for (int i = 0; i < 10000; i++)
		p += sprintf(p, "%s to 10.%d.%d.1,h%d.example port %d\n", i % 2 ? "allow" : "deny",
			     i / 250, i % 250, i, i + 1);
	is_int(kit_rules(&rules, text, &err), 0, "ten thousand rules are read");
	is_int(rules.count, 10000, "ten thousand rules are there");
	is_str(kit_verdict(kit_ask(&rules, "from 192.0.2.7 to 10.39.249.1 port 10000", &decision)),
	       "allow", "the last rule matches");
	is_int(decision.rule.line, 10000, "the last rule has its line");
	kit_ask(&rules, "at 1.1.1.1 to h5001.example port 5002", &decision);
	is_int(decision.rule.line, 5002, "a rule in the middle matches by name");
	kit_ask(&rules, "at 1.1.1.1 to h5000.example port 5001", &decision);
	is_int(decision.verdict, RULES_DENY, "a rule in the middle denies by name");
	is_int(decision.rule.line, 5001, "that rule has its line");
	rules_free(&rules);
	free(text);
}

static void *no_memory(void *ctx, void *old, size_t old_size, size_t new_size)
{
	(void)ctx;
	(void)old;
	(void)old_size;
	(void)new_size;
	return NULL;
}

static void test_no_memory(void)
{
	struct rules_host host = { .grow = no_memory };
	struct rules rules = { .host = &host };
	struct rules_error err = { 0 };

	is_int(rules_parse(&rules, RULES_ALLOW, "from any", 8, NULL, 0, &err), -ENOMEM,
	       "a rule for which there is no memory is an error");
	is_int(err.err, -ENOMEM, "the error says so");
	is_int(rules.count, 0, "no rule was added");
}

int main(void)
{
	test_decisions();
	test_clients();
	test_unknown_client();
	test_many();
	test_no_memory();
	return done_testing();
}
