/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The last line of --check. */
#include "check/verdict.h"

#include "tap.h"

static const struct {
	struct verdict verdict;
	const char *line;
} rows[] = {
	{ { "/etc/picosocks5.conf", 1, 3, 5, 1 },
	  "/etc/picosocks5.conf: fine, 3 users, 5 rules, 1 warning" },
	{ { "a.conf", 1, 1, 1, 2 }, "a.conf: fine, 1 user, 1 rule, 2 warnings" },
	{ { "a.conf", 1, 0, 0, 0 }, "a.conf: fine, no users, no rules, no warnings" },
	{ { "a.conf", 1, -1, 0, 0 }, "a.conf: fine, no rules, no warnings" },
	{ { NULL, 0, -1, 2, 0 }, "command line: fine, 2 rules, no warnings" },
	{ { "a.conf", 2, -1, 2, 0 }, "a.conf and 1 more: fine, 2 rules, no warnings" },
	{ { "a\n\"b", 3, 1000000, 4294967295, 11 },
	  "a\\x0a\\x22b and 2 more: fine, 1000000 users, 4294967295 rules, 11 warnings" },
};

int main(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char buf[200];
		struct text t = TEXT_OF(buf);

		verdict_format(&rows[i].verdict, &t);
		is_str(buf, rows[i].line, "%s", rows[i].line);
	}
	return done_testing();
}
