/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which rules open private networks to remote clients although no rule names these networks. */
#include "rules_kit.h"

#include "rules/private.h"

enum { CLOSED = -1, DEFAULT = 0 };

static const struct {
	const char *rules;
	int without; /* number of the rule, DEFAULT or CLOSED, if no client is authenticated */
	int with;    /* the same if clients can be */
} rows[] = {
	/* without rules only users are let in from other hosts */
	{ "", CLOSED, DEFAULT },

	/* destinations left open */
	{ "allow", 1, 1 },
	{ "allow to any", 1, 1 },
	{ "allow from any to 0.0.0.0/0", 1, 1 },
	{ "allow to ::/0", 1, 1 },
	{ "allow port 443", 1, 1 },
	{ "allow to literal", 1, 1 },
	{ "deny to literal; allow", 2, 2 },
	{ "allow user *", CLOSED, 1 },
	{ "allow user alice port https", CLOSED, 1 },
	{ "allow from 198.51.100.0/24", 1, 1 },
	{ "allow from local,198.51.100.7", 1, 1 },
	{ "allow from 2001:db8::/32", 1, 1 },
	{ "allow from @mixed", 1, 1 },
	{ "allow from local; allow user bob", CLOSED, 2 },
	{ "deny port 25; allow", 2, 2 },
	{ "deny to loopback,100.100.100.200; allow", 2, 2 },
	{ "deny from 198.51.100.0/24; allow", 2, 2 },
	{ "deny user bob; allow", 2, 2 },
	{ "deny to @public; allow", 2, 2 },
	{ "deny to example.com; allow command udp", 2, 2 },
	{ "allow user *; deny to private", CLOSED, 1 },

	/* destinations named */
	{ "allow to 198.51.100.0/24", CLOSED, CLOSED },
	{ "allow to .example.com", CLOSED, CLOSED },
	{ "allow to private", CLOSED, CLOSED },
	{ "allow to any,10.0.0.0/8", CLOSED, CLOSED },

	/* private networks named before */
	{ "deny to private; allow", CLOSED, CLOSED },
	{ "deny port 25; deny to private; allow user *", CLOSED, CLOSED },
	{ "deny to 192.168.0.0/16; allow", CLOSED, CLOSED },
	{ "deny to 10.1.2.3 port 22; allow", CLOSED, CLOSED },
	{ "deny to fd00::/8; allow", CLOSED, CLOSED },
	{ "deny to @mixed; allow", CLOSED, CLOSED },
	{ "allow to private user admin; allow", CLOSED, CLOSED },

	/* nobody remote is let in */
	{ "deny", CLOSED, CLOSED },
	{ "deny; allow", CLOSED, CLOSED },
	{ "deny from any to any; allow user *", CLOSED, CLOSED },
	{ "allow from local", CLOSED, CLOSED },
	{ "allow from loopback,self", CLOSED, CLOSED },
	{ "allow from 127.0.0.0/8,::1", CLOSED, CLOSED },

	/* clients of a private network need no proxy to get there */
	{ "allow from private", CLOSED, CLOSED },
	{ "allow from local,192.168.1.0/24,fd00::/8", CLOSED, CLOSED },
	{ "allow from 192.168.1.0/24; allow from 198.51.100.7", 2, 2 },

	/* a name that is looked up leads nowhere */
	{ "allow command resolve", CLOSED, CLOSED },
	{ "deny command resolve; allow", 2, 2 },
};

static int found(const struct rules *rules, bool users)
{
	struct rules_where where;

	if (!rules_open_private(rules, users, &where))
		return CLOSED;
	return where.text ? (int)where.line : DEFAULT;
}

int main(void)
{
	static const struct kit_file files[] = { { "mixed", "198.51.100.0/24\n10.0.0.0/8\n" },
						 { "public", "203.0.113.0/24\n" },
						 { 0 } };

	kit_files = files;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct rules rules;
		struct rules_error err;

		is_int(kit_rules(&rules, rows[i].rules, &err), 0, "%s", rows[i].rules);
		is_int(found(&rules, false), rows[i].without, "  no client is authenticated");
		is_int(found(&rules, true), rows[i].with, "  clients can be authenticated");
		rules_free(&rules);
	}
	return done_testing();
}
