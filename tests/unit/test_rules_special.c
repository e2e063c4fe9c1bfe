/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Special destinations: in whatever form they are written, a client from another host gets there
 * only by a rule that names them.
 */
#include "rules_kit.h"

#define LAST(v4)                                                                                   \
	"::" v4, "::ffff:0:" v4, "64:ff9b::" v4, "64:ff9b:1::" v4, "2001:db8::5efe:" v4,           \
		"2001:db8::200:5efe:" v4, "2002:808:808::5efe:" v4, "64:ff9b:1:ffff::" v4

static const struct {
	enum rules_special special;
	const char *addr[20];
} forms[] = {
	/* With prefixes of /48, /56 and /64; other bytes stand behind, before, and in byte 8. */
	{ RULES_LOOPBACK,
	  { "64:ff9b:1:7f00:0:100::", "64:ff9b:1:7f00:0:1ab:cdef:809", "64:ff9b:1:7f00:ff00:100::",
	    "64:ff9b:1:7f:0:1::", "64:ff9b:1:ab7f:0:1:203:405", "64:ff9b:1:0:7f:0:100:0",
	    "64:ff9b:1:abcd:7f:0:1ff:ffff", "64:ff9b:1:abcd:ef01:2345:7f00:1" } },
	{ RULES_SELF,
	  { "64:ff9b:1:cb00:71:900::", "64:ff9b:1:cb00:71:9ff:1ff:ffff",
	    "64:ff9b:1:cb:0:7109::", "64:ff9b:1:0:cb:71:900:0", "64:ff9b:1:1:cb:71:9ff:1" } },
	{ RULES_LOOPBACK,
	  { "127.0.0.1", "127.255.255.254", "::1", "[::1]", "::ffff:127.0.0.1", "::ffff:7f00:1",
	    LAST("127.0.0.1"), "2002:7f00:1::", "2002:7f00:1::1", "2001::8000:1:80ff:fffe",
	    "2001:0:4136:e378:8000:63bf:80ff:fffe", "::7f12:3456" } },
	{ RULES_LINK_LOCAL,
	  { "169.254.169.254", "169.254.0.0", "fe80::1", "febf::1", "fe80::a9fe:a9fe",
	    "::ffff:169.254.169.254", LAST("169.254.169.254"), "2002:a9fe:a9fe::1",
	    "2001:0:1:2:3:4:5601:5601", "fe80::5efe:8.8.8.8" } },
	{ RULES_UNSPECIFIED,
	  { "0.0.0.0", "0.1.2.3", "::", "::ffff:0.0.0.0", "64:ff9b::", "64:ff9b:1::",
	    "64:ff9b:1::1:2", "64:ff9b:1::1:3:0", "64:ff9b:1:5::1", "::ffff:0:0:0",
	    "2002::", "2002:0:1::1", "::2", "2001:db8::5efe:0:0", "2001::ffff:ffff" } },
	{ RULES_MULTICAST,
	  { "224.0.0.1", "239.255.255.255", "255.255.255.255", "ff02::1", "ff0e::1",
	    LAST("224.0.0.251"), "2002:e000:1::1" } },
	{ RULES_METADATA,
	  { "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254", "fd00:ec2::23",
	    "fd20:ce::254", "64:ff9b::100.100.100.200" } },
	{ RULES_SELF,
	  { "203.0.113.9", "10.9.9.9", "2001:db8::9", "::ffff:203.0.113.9", LAST("203.0.113.9"),
	    "2002:cb00:7109::1", "2001::34ff:8ef6" } },
	{ RULES_ORDINARY,
	  { "192.0.2.1", "203.0.113.8", "10.0.0.1", "172.16.0.1", "100.100.100.201", "128.0.0.1",
	    "126.255.255.255", "169.253.255.255", "223.255.255.255", "240.0.0.1", "2001:db8::8",
	    "fe00::1", "fec0::1", "fd00:ec2::1", "64:ff9b::8.8.8.8", "2002:808:808::1", "1::1",
	    "2001:db8::5efe:10.0.0.1", "::ffff:0:8.8.8.8" } },
	/* The zeros before and behind the address are not taken for an address. */
	{ RULES_ORDINARY,
	  { "64:ff9b:1::8.8.8.8", "64:ff9b:1::8.0.0.0", "64:ff9b:1:808:8:800::", "64:ff9b:1:800::",
	    "64:ff9b:1:8:8:808::", "64:ff9b:1:8::", "64:ff9b:1:0:8:808:800:0",
	    "64:ff9b:1:0:8::", "64:ff9b:1:1::8.8.8.8", "64:ff9b:1:ffff::808:808" } },
};

/* Rules that open much to clients from other hosts, and name no special destination. */
static const char *const wide[] = {
	"", /* with a user */
	"allow",
	"allow from any",
	"allow to any",
	"allow to 0.0.0.0/0,::/0",
	"allow to 0.0.0.0/1,128.0.0.0/1,::/1,8000::/1",
	("allow to 126.0.0.0/7,169.254.0.0/15,192.0.0.0/2,fe00::/7,::/8,2000::/3,"
	 "64:ff9b::/96,2002::/16,2001::/32"),
	"allow to name.example,.example",
	"allow user *; allow from 192.0.2.0/24",
	"allow to any,private,name.example port 1-65535 command connect,bind,udp,resolve",
};

static void test_forms(void)
{
	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++)
		for (size_t k = 0; k < 20 && forms[i].addr[k]; k++) {
			union endpoint addr;
			enum rules_special special;
			bool disguised;

			if (!is_int(addr_parse(forms[i].addr[k], &addr), 0, "%s", forms[i].addr[k]))
				continue;
			special = rules_special(&addr, kit_is_self, NULL, &disguised);
			is_str(rules_special_name(special), rules_special_name(forms[i].special),
			       "  it is %s", rules_special_name(forms[i].special));
			if (special == RULES_ORDINARY)
				is_int(rules_special(&addr, NULL, NULL, NULL), RULES_ORDINARY,
				       "  it is ordinary even if the host can't be asked");
		}
}

static enum rules_verdict ask(const struct rules *rules, const char *client, const char *addr,
			      const char *more)
{
	struct rules_decision decision;
	char words[256];

	snprintf(words, sizeof(words), "at %s from %s to name.example port 80 %s", addr, client,
		 more);
	return kit_ask(rules, words, &decision);
}

/* The promise itself: all forms, all ways to allow without naming, all commands. */
static void test_shut(void)
{
	static const char *const clients[] = { "192.0.2.7", "203.0.113.9", "2001:db8::7",
					       "64:ff9b::7f00:1" };
	static const char *const more[] = { "user u", "user u command udp",
					    "user u command resolve" };
	struct rules rules;
	struct rules_error err;

	for (size_t w = 0; w < sizeof(wide) / sizeof(*wide); w++) {
		unsigned open = 0, local = 0, asked = 0;

		if (!is_int(kit_rules(&rules, wide[w], &err), 0, "the rules are read: '%s'",
			    wide[w]))
			continue;
		for (size_t i = 0; forms[i].special; i++)
			for (size_t k = 0; k < 20 && forms[i].addr[k]; k++)
				for (size_t c = 0; c < 12; c++) {
					const char *addr = forms[i].addr[k];

					asked++;
					if (ask(&rules, clients[c % 4], addr, more[c / 4])) {
						printf("# open: %s\n", addr);
						open++;
					}
					local += ask(&rules, "local", addr, more[c / 4]) ==
						 RULES_ALLOW;
				}
		is_int(open, 0, "  none of %u special destinations is open", asked);
		if (w < 4)
			is_int(local, asked, "  all of them are open to local clients");
		rules_free(&rules);
	}
}

static const struct {
	const char *rules, *addr, *answer;
} named[] = {
	{ "allow to loopback", "127.0.0.1", "allow" },
	{ "allow to loopback", "127.9.9.9", "allow" },
	{ "allow to loopback", "::1", "allow" },
	{ "allow to loopback", "::ffff:127.0.0.1", "allow" },
	{ "allow to loopback", "0.0.0.0", "deny" },
	{ "allow to loopback", "64:ff9b::7f00:1", "deny" },
	{ "allow to loopback", "2002:7f00:1::1", "deny" },
	{ "allow to link-local", "169.254.169.254", "allow" },
	{ "allow to link-local", "fe80::1", "allow" },
	{ "allow to link-local", "127.0.0.1", "deny" },
	{ "allow to multicast", "224.0.0.1", "allow" },
	{ "allow to multicast", "255.255.255.255", "allow" },
	{ "allow to unspecified", "0.0.0.0", "allow" },
	{ "allow to unspecified", "::", "allow" },
	{ "allow to self", "203.0.113.9", "allow" },
	{ "allow to self", "2001:db8::9", "allow" },
	{ "allow to self", "127.0.0.1", "allow" },
	{ "allow to self", "127.0.0.77", "allow" },
	{ "allow to self", "0.0.0.0", "deny" },
	{ "allow to self", "203.0.113.8", "deny" },
	{ "allow to self", "64:ff9b::cb00:7109", "deny" },
	{ "allow to private", "10.9.9.9", "deny" },
	{ "allow to private", "10.9.9.8", "allow" },
	{ "allow to private,10.9.9.9", "10.9.9.9", "allow" },
	{ "allow to private", "fd00:ec2::254", "deny" },
	{ "allow to fd00:ec2::254", "fd00:ec2::254", "allow" },
	{ "allow to 100.100.100.200", "100.100.100.200", "allow" },
	{ "allow to 100.100.100.200/31", "100.100.100.200", "deny" },
	{ "allow to 127.0.0.0/8", "127.0.0.1", "allow" },
	{ "allow to 127.0.0.1", "127.0.0.1", "allow" },
	{ "allow to 127.0.0.1", "127.0.0.2", "deny" },
	{ "allow to 127.0.0.1", "::1", "deny" },
	{ "allow to 126.0.0.0/7", "127.0.0.1", "deny" },
	{ "allow to 126.0.0.0/7", "126.0.0.1", "allow" },
	{ "allow to 0.0.0.0/0,127.0.0.1", "127.0.0.1", "allow" },
	{ "allow to 0.0.0.0/0,127.0.0.1", "127.0.0.2", "deny" },
	{ "allow to 0.0.0.0/8", "0.0.0.0", "allow" },
	{ "allow to ::", "::", "allow" },
	{ "allow to ::1", "::1", "allow" },
	{ "allow to ::/127", "::1", "deny" },
	{ "allow to ::ffff:127.0.0.0/104", "127.0.0.1", "allow" },
	{ "allow to ::ffff:0.0.0.0/96", "127.0.0.1", "deny" },
	{ "allow to fe80::/10", "fe80::1", "allow" },
	{ "allow to fe80::/9", "fe80::1", "deny" },
	{ "allow to 64:ff9b::7f00:0/104", "64:ff9b::7f00:1", "allow" },
	{ "allow to 64:ff9b::7e00:0/103", "64:ff9b::7f00:1", "deny" },
	{ "allow to 64:ff9b::/96", "64:ff9b::7f00:1", "deny" },
	{ "allow to 64:ff9b::/96", "64:ff9b::808:808", "allow" },
	{ "allow to 64:ff9b:1::7f00:0/104", "64:ff9b:1::7f00:1", "allow" },
	{ "allow to 64:ff9b:1:1::7f00:0/104", "64:ff9b:1:1::7f00:1", "allow" },
	{ "allow to 64:ff9b:1::/96", "64:ff9b:1::7f00:1", "deny" },
	{ "allow to 64:ff9b:1::/96", "64:ff9b:1::808:808", "allow" },
	{ "allow to 64:ff9b:1::/48", "64:ff9b:1:7f00:0:100::", "deny" },
	{ "allow to 64:ff9b:1::/48", "64:ff9b:1:808:8:800::", "allow" },
	{ "allow to 64:ff9b:1:7f00::/64", "64:ff9b:1:7f00:0:100::", "deny" },
	{ "allow to 64:ff9b:1:7f00:0:100::/88", "64:ff9b:1:7f00:0:100::", "deny" },
	{ "allow to 64:ff9b:1:7f00:0:100::/96", "64:ff9b:1:7f00:0:100:a9fe:a9fe", "deny" },
	{ "allow to 64:ff9b:1:7f00:0:100::", "64:ff9b:1:7f00:0:100::", "allow" },
	{ "allow to ::ffff:0:127.0.0.0/104", "::ffff:0:127.0.0.1", "allow" },
	{ "allow to ::ffff:0:126.0.0.0/103", "::ffff:0:127.0.0.1", "deny" },
	{ "allow to ::ffff:0:0:0/96", "::ffff:0:127.0.0.1", "deny" },
	{ "allow to 2002:7f00::/24", "2002:7f00:1::1", "allow" },
	{ "allow to 2002:7e00::/23", "2002:7f00:1::1", "deny" },
	{ "allow to 2001::80ff:fffe", "2001::80ff:fffe", "allow" },
	{ "allow to ::127.0.0.0/104", "::127.0.0.1", "allow" },
	{ "allow to 203.0.113.9", "203.0.113.9", "allow" },
	{ "allow to 203.0.113.9/32", "203.0.113.9", "allow" },
	{ "allow to 203.0.113.8/31", "203.0.113.9", "deny" },
	{ "allow to 203.0.113.8/31", "203.0.113.8", "allow" },
	{ "allow to 2001:db8::9", "2001:db8::9", "allow" },
	{ "allow to 2001:db8::8/127", "2001:db8::9", "deny" },
	{ "allow to 2001:db8::9/128", "2001:db8::9", "allow" },
	{ "allow to 64:ff9b::cb00:7109", "64:ff9b::cb00:7109", "allow" },
	/* the next rule is tried */
	{ "allow; allow to loopback", "127.0.0.1", "allow" },
	{ "allow; deny to loopback; allow to loopback", "127.0.0.1", "deny" },
	{ "allow from 192.0.2.0/24; allow to ::1", "::1", "allow" },
	/* other conditions still hold */
	{ "allow to loopback port 81", "127.0.0.1", "deny" },
	{ "allow to loopback port 80", "127.0.0.1", "allow" },
	{ "allow to loopback from 198.51.100.0/24", "127.0.0.1", "deny" },
	/* a denied IPv4 address is denied inside an IPv6 one too */
	{ "deny to 10.0.0.0/8; allow", "::ffff:10.0.0.1", "deny" },
	{ "deny to 10.0.0.0/8; allow", "64:ff9b::a00:1", "deny" },
	{ "deny to 10.0.0.0/8; allow", "64:ff9b:1::a00:1", "deny" },
	{ "deny to 10.0.0.0/8; allow", "64:ff9b:1:a00:0:100::", "deny" },
	{ "deny to 10.0.0.0/8; allow", "64:ff9b:1:ff0a:0:1::", "deny" },
	{ "deny to 10.0.0.0/8; allow", "64:ff9b:1:1:a:0:100:0", "deny" },
	{ "deny to 10.0.0.0/8; allow", "::ffff:0:a00:1", "deny" },
	{ "deny to 10.0.0.0/8; allow", "2002:a00:1::1", "deny" },
	{ "deny to 10.0.0.0/8; allow", "::10.0.0.1", "deny" },
	{ "deny to 10.0.0.0/8; allow", "2001::f5ff:fffe", "deny" },
	{ "deny to 10.0.0.0/8; allow", "2001:db8::5efe:a00:1", "deny" },
	{ "deny to 10.0.0.0/8; allow", "2002:808:808::5efe:a00:1", "deny" },
	{ "deny to 10.0.0.0/8; allow", "64:ff9b::b00:1", "allow" },
	{ "deny to private; allow", "64:ff9b::c0a8:1", "deny" },
	{ "deny to private; allow", "2001:db8::8", "allow" },
	{ "allow to 10.0.0.0/8", "64:ff9b::a00:1", "deny" },
	{ "allow to 10.0.0.0/8", "2002:a00:1::1", "deny" },
	{ "allow to private", "64:ff9b::a00:1", "deny" },
};

static void test_named(void)
{
	for (size_t i = 0; i < sizeof(named) / sizeof(*named); i++) {
		struct rules rules;
		struct rules_error err;

		is_int(kit_rules(&rules, named[i].rules, &err), 0, "the rules are read: %s",
		       named[i].rules);
		is_str(kit_verdict(ask(&rules, "192.0.2.7", named[i].addr, "")), named[i].answer,
		       "  %s", named[i].addr);
		rules_free(&rules);
	}
}

/* `deny to self` holds for local clients too, and covers every address that leads to this host. */
static void test_self(void)
{
	static const char *const mine[] = {
		"203.0.113.9",	   "2001:db8::9",     "127.0.0.1", "::1",
		"127.3.3.3",	   "0.0.0.0",	      "::",	   "64:ff9b::cb00:7109",
		"64:ff9b::7f00:1", "2002:cb00:7109::"
	};
	struct rules rules;
	struct rules_error err;
	struct rules_decision decision;

	kit_rules(&rules, "deny to self; allow", &err);
	for (size_t i = 0; i < sizeof(mine) / sizeof(*mine); i++)
		is_int(ask(&rules, "local", mine[i], ""), RULES_DENY, "deny to self: %s is denied",
		       mine[i]);
	is_int(ask(&rules, "local", "203.0.113.8", ""), RULES_ALLOW,
	       "deny to self: another host's address is not");
	rules_free(&rules);

	/* The host is asked only when the answer matters, and only once. */
	kit_rules(&rules, "allow from 192.0.2.0/24 to self; allow from 192.0.2.0/24", &err);
	kit_selfs = 0;
	kit_ask(&rules, "from 192.0.2.7 to 198.51.100.1 port 80", &decision);
	is_int(kit_selfs, 1, "the host is asked once");
	is_int(decision.rule.line, 2, "the second rule decides");
	kit_selfs = 0;
	kit_ask(&rules, "from 198.51.100.7 to 198.51.100.1 port 80", &decision);
	kit_ask(&rules, "to 198.51.100.1 port 80", &decision);
	is_int(kit_selfs, 0, "the host is not asked if the answer can't matter");
	rules_free(&rules);
}

/* If nobody can tell whether an address is the host's own, it is closed. */
static void test_nobody_to_ask(void)
{
	struct rules rules;
	struct rules_error err;
	struct rules_decision decision;
	union endpoint client, addr;
	struct rules_query query = { .kind = CLIENT_INTERNET,
				     .client = &client,
				     .command = RULES_CONNECT,
				     .addr = &addr,
				     .port = 1 };

	addr_parse("192.0.2.7", &client);
	addr_parse("198.51.100.1", &addr);
	kit_rules(&rules, "deny to self; allow", &err);
	is_int(rules_decide(&rules, &query, &decision), RULES_DENY,
	       "nobody to ask: deny to self denies");
	rules_free(&rules);
	kit_rules(&rules, "allow to self; allow from any", &err);
	is_int(rules_decide(&rules, &query, &decision), RULES_DENY,
	       "nobody to ask: allow to self allows nothing");
	is_int(decision.reason, RULES_BY_SPECIAL,
	       "nobody to ask: the reason is that the address may be special");
	is_int(decision.special, RULES_SELF, "nobody to ask: it may be the host's own");
	rules_free(&rules);
}

static int answer;

static bool asked_of_client;

/* The context points to the answer. */
static int give_answer(const void *ctx, const union endpoint *addr, bool client)
{
	(void)addr;
	asked_of_client = client;
	return *(const int *)ctx;
}

/* If the host can't tell whether the address is its own, the verdict is deny. */
static void test_no_answer(void)
{
	static const struct {
		const char *rules;
		int ours, others; /* the verdicts, if the address is ours and if not */
	} cases[] = {
		{ "allow to self", RULES_ALLOW, RULES_DENY },
		{ "allow from any", RULES_DENY, RULES_ALLOW },
		{ "deny to self; allow from any to any", RULES_DENY, RULES_ALLOW },
		{ "allow from self to self,any", RULES_ALLOW, RULES_DENY },
		{ "deny to self; allow to 198.51.100.1", RULES_DENY, RULES_ALLOW },
	};
	struct rules rules;
	struct rules_error err;
	struct rules_decision decision;
	union endpoint client, addr;
	struct rules_query query = { .kind = CLIENT_INTERNET,
				     .client = &client,
				     .command = RULES_CONNECT,
				     .addr = &addr,
				     .port = 1,
				     .is_self = give_answer,
				     .ctx = &answer };
	char words[100];

	addr_parse("192.0.2.7", &client);
	addr_parse("198.51.100.1", &addr);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		kit_rules(&rules, cases[i].rules, &err);
		answer = 1;
		is_int(rules_decide(&rules, &query, &decision), cases[i].ours,
		       "%s: an address of ours", cases[i].rules);
		answer = 0;
		is_int(rules_decide(&rules, &query, &decision), cases[i].others,
		       "  an address of another host");
		answer = -EMFILE;
		is_int(rules_decide(&rules, &query, &decision), RULES_DENY,
		       "  an address of which the host can't tell");
		is_int(decision.reason, RULES_BY_FAILURE, "  the reason is that failure");
		is_int(decision.err, -EMFILE, "  the error is kept");
		rules_free(&rules);
	}
	rules_explain(&decision, words, sizeof(words));
	ok(strstr(words, "can't find out") != NULL, "the sentence says so: %s", words);

	/* If another condition decides, the host is not asked. */
	kit_rules(&rules, "allow from self", &err);
	answer = 0;
	rules_decide(&rules, &query, &decision);
	ok(asked_of_client, "the host is told that it is asked about a client");
	rules_free(&rules);
	kit_rules(&rules, "deny to self; allow", &err);
	rules_decide(&rules, &query, &decision);
	ok(!asked_of_client, "the host is told that it is asked about a destination");
	rules_free(&rules);

	kit_rules(&rules, "deny to 198.51.100.0/24; allow to self", &err);
	is_int(rules_decide(&rules, &query, &decision), RULES_DENY, "an earlier rule denies");
	is_int(decision.reason, RULES_BY_RULE, "  that rule is the reason");
	rules_free(&rules);
}

int main(void)
{
	test_no_answer();
	test_forms();
	test_shut();
	test_named();
	test_self();
	test_nobody_to_ask();
	return done_testing();
}
