/* SPDX-License-Identifier: GPL-3.0-or-later */
/* List files: what a line may hold, how often a file is read, and lists of 100,000 lines. */
#include "rules_kit.h"

static const char mixed[] = "# a comment\n"
			    "\n"
			    "192.0.2.0/24\n"
			    "  198.51.100.7 # with blanks and a comment\r\n"
			    "\t2001:db8::/32\n"
			    "Host.Example.com.\n"
			    ".example.org#tight\n"
			    "203.0.113.0/24\n"
			    "loopback\n"
			    "last.example";

static const struct kit_file files[] = {
	{ "mixed", mixed },
	{ "nets", "192.0.2.0/24\n2001:db8::/32\n" },
	{ "empty", "# nothing\n\n" },
	{ "special", "127.0.0.1\n203.0.113.9\n64:ff9b::7f00:0/104\n" },
	{ "wide", "0.0.0.0/0\n::/0\nany\nname.example\n" },
	{ 0 },
};

static const struct kit_row rows[] = {
	{ "allow to @mixed", "to 192.0.2.1", "allow" },
	{ "allow to @mixed", "to 198.51.100.7", "allow" },
	{ "allow to @mixed", "to 198.51.100.8", "deny" },
	{ "allow to @mixed", "to 2001:db8:1::1", "allow" },
	{ "allow to @mixed", "to 2001:db9:1::1", "deny" },
	{ "allow to @mixed", "at 1.1.1.1 to host.example.COM", "allow" },
	{ "allow to @mixed", "at 1.1.1.1 to x.host.example.com", "deny" },
	{ "allow to @mixed", "at 1.1.1.1 to example.org", "allow" },
	{ "allow to @mixed", "at 1.1.1.1 to www.example.org", "allow" },
	{ "allow to @mixed", "at 1.1.1.1 to last.example", "allow" },
	{ "allow to @mixed", "to 203.0.113.8", "allow" },
	{ "allow to @mixed", "from 192.0.2.7 to 127.0.0.1", "allow" },
	{ "allow to @mixed,1.2.3.4", "to 1.2.3.4", "allow" },
	{ "allow to 1.2.3.4,@mixed,1.2.3.5", "to 1.2.3.5", "allow" },
	{ "allow to 1.2.3.4,@mixed,1.2.3.5", "to 192.0.2.1", "allow" },
	{ "allow to 1.2.3.4,@mixed,@nets", "to 1.2.3.5", "deny" },
	{ "allow to @mixed from @nets", "from 192.0.2.7 to 192.0.2.1", "allow" },
	{ "allow to @mixed from @nets", "from 192.0.3.7 to 192.0.2.1", "deny" },
	{ "allow from @nets", "from 2001:db8::7 to 1.1.1.1", "allow" },
	{ "allow from @nets", "to 1.1.1.1", "deny" },
	{ "deny to @nets; allow", "to 64:ff9b::c000:201", "deny" },
	{ "deny to @nets; allow", "to 192.0.3.1", "allow" },
	{ "allow to @empty", "to 192.0.3.1", "deny" },
	{ "deny to @empty; allow", "to 192.0.3.1", "allow" },
	{ "allow to @special", "from 192.0.2.7 to 127.0.0.1", "allow" },
	{ "allow to @special", "from 192.0.2.7 to 127.0.0.2", "deny" },
	{ "allow to @special", "from 192.0.2.7 to 203.0.113.9", "allow" },
	{ "allow to @special", "from 192.0.2.7 to 64:ff9b::7f00:9", "allow" },
	{ "allow to @wide", "from 192.0.2.7 to 127.0.0.1", "deny" },
	{ "allow to @wide", "from 192.0.2.7 to 203.0.113.9", "deny" },
	{ "allow to @wide", "at ::1 from 192.0.2.7 to name.example", "deny" },
	{ "allow to @wide", "from 192.0.2.7 to 1.1.1.1", "allow" },
	{ "deny from @nets; allow to @mixed; deny to @nets; allow to @wide", "to 1.1.1.1",
	  "allow" },
	{ "allow to @nets", "command udp", "depends" },
	{ "allow to @wide", "command udp", "allow" },
};

static void test_once(void)
{
	struct rules rules;
	struct rules_decision decision;
	struct rules_error err = { 0 };
	unsigned before = kit_reads;

	kit_files = files;
	is_int(kit_rules(&rules,
			 "deny to @nets; allow to @mixed,@nets; allow to @nets; allow to @mixed",
			 &err),
	       0, "two files in four rules are read");
	is_int(kit_reads - before, 2, "each file is read once");
	kit_ask(&rules, "at 1.1.1.1 to last.example", &decision);
	is_int(decision.rule.line, 2, "both are looked into");
	is_int(rules_parse(&rules, RULES_ALLOW, "to @nets", 8, "elsewhere", 1, &err), 0,
	       "a rule from another configuration file is read");
	is_int(kit_reads - before, 3,
	       "from there the same path may mean another file, and is read again");
	before = kit_released;
	rules_free(&rules);
	is_int(kit_released - before, 3, "each list is released");
}

/* 100,000 lines of one kind, with one of the other kind in the middle. */
static char *long_list(bool names)
{
	char *text = malloc(100000 * 40), *p = text;

	for (int i = 0; i < 100000; i++) {
		if (i == 50000)
			p += sprintf(p, "%s\n", names ? "192.0.2.0/24" : "middle.example");
		else if (names)
			p += sprintf(p, "%sn%d.domain%d.example\n", i % 2 ? "." : "", i, i % 977);
		else
			p += sprintf(p, "%d.%d.%d.0/24\n", 1 + i / 65536, i / 256 % 256, i % 256);
	}
	return text;
}

static const struct {
	const char *question;
	enum rules_verdict want;
	const char *name;
} long_rows[] = {
	{ "to 1.0.0.1", RULES_ALLOW, "the first NET is found" },
	{ "to 2.134.159.255", RULES_ALLOW, "the last NET is found" },
	{ "to 2.134.160.0", RULES_DENY, "the address behind the last NET is not" },
	{ "at 9.9.9.9 to middle.example", RULES_ALLOW, "a name between NETs is found" },
	{ "at 9.9.9.9 to n0.domain0.example", RULES_ALLOW, "the first name is found" },
	{ "at 9.9.9.9 to x.n0.domain0.example", RULES_DENY, "a name below the first is not" },
	{ "at 9.9.9.9 to x.n99999.domain345.example", RULES_ALLOW,
	  "a name below the last, which begins with a dot, is found" },
	{ "at 9.9.9.9 to n99999.domain346.example", RULES_DENY,
	  "a name that differs in one digit is not" },
	{ "to 192.0.2.1", RULES_ALLOW, "a NET between names is found" },
};

static void test_long(void)
{
	char *nets = long_list(false), *names = long_list(true);
	struct kit_file long_files[] = { { "nets", nets }, { "names", names }, { 0 } };
	struct rules rules;
	struct rules_decision decision;
	struct rules_error err = { 0 };

	kit_files = long_files;
	is_int(kit_rules(&rules, "allow to @nets; allow to @names", &err), 0,
	       "two long lists are read");
	for (size_t i = 0; i < sizeof(long_rows) / sizeof(*long_rows); i++)
		is_int(kit_ask(&rules, long_rows[i].question, &decision), long_rows[i].want, "%s",
		       long_rows[i].name);
	rules_free(&rules);
	free(nets);
	free(names);
}

int main(void)
{
	kit_rows(files, rows, sizeof(rows) / sizeof(*rows));
	test_once();
	test_long();
	return done_testing();
}
