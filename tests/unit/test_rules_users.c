/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Users in rules: names, lists of names, what a line of a list may hold, and 100,000 of them. */
#include "rules_kit.h"

static const char mixed[] = "# the department\n"
			    "\n"
			    "alice\n"
			    "  bob \t# with blanks and a comment\r\n"
			    "\t# a comment behind blanks\n"
			    "Doe, Jane\n"
			    "alice@EXAMPLE.ORG\n"
			    "@home\n"
			    "DOMAIN\\carol\r\n"
			    "J\303\274rgen\n"
			    "*x\n"
			    "last";

static const struct kit_file files[] = {
	{ "mixed", mixed },
	{ "staff", "dave\nerin\n" },
	{ "empty", "# nobody\r\n\n   \n" },
	{ "nets", "10.0.0.0/8\n" },
	{ 0 },
};

static const struct kit_row rows[] = {
	{ "allow user @mixed", "user alice", "allow" },
	{ "allow user @mixed", "user alic", "deny" },
	{ "allow user @mixed", "user alice2", "deny" },
	{ "allow user @mixed", "user Alice", "deny" },
	{ "allow user @mixed", "user bob", "allow" },
	{ "allow user @mixed", "user \"Doe, Jane\"", "allow" },
	{ "allow user @mixed", "user Doe", "deny" },
	{ "allow user @mixed", "user Jane", "deny" },
	{ "allow user @mixed", "user alice@EXAMPLE.ORG", "allow" },
	{ "allow user @mixed", "user alice@example.org", "deny" },
	{ "allow user @mixed", "user @home", "allow" },
	{ "allow user @mixed", "user home", "deny" },
	{ "allow user @mixed", "user DOMAIN\\carol", "allow" },
	{ "allow user @mixed", "user J\303\274rgen", "allow" },
	{ "allow user @mixed", "user *x", "allow" },
	{ "allow user @mixed", "user last", "allow" },
	{ "allow user @mixed", "user \"#\"", "deny" },
	{ "allow user @mixed", "user \"# the department\"", "deny" },
	{ "allow user @mixed", "user @mixed", "deny" },
	{ "allow user @mixed", "", "deny" },
	{ "allow user @mixed", "from 192.0.2.7 user last to 192.0.2.1", "allow" },
	{ "deny user @mixed; allow", "user last", "deny" },
	{ "deny user @mixed; allow", "user dave", "allow" },
	{ "deny user @mixed; allow", "", "allow" },
	{ "allow user @staff,frank", "user frank", "allow" },
	{ "allow user frank,@staff,grace", "user grace", "allow" },
	{ "allow user frank,@staff,grace", "user erin", "allow" },
	{ "allow user frank,@staff,@mixed", "user alice", "allow" },
	{ "allow user frank,@staff,@mixed", "user heidi", "deny" },
	{ "allow user @empty", "user alice", "deny" },
	{ "allow user @empty,alice", "user alice", "allow" },
	{ "deny user @empty; allow", "user alice", "allow" },
	{ "allow user @empty,*", "user alice", "allow" },
	{ "allow user @staff,*", "user alice", "allow" },
	{ "allow user *,frank", "user frank", "allow" },
	{ "allow user frank,*", "user alice", "allow" },
	{ "allow user frank,*", "", "deny" },
	{ "allow user @staff to @nets", "user dave to 10.0.0.1", "allow" },
	{ "allow user @staff to @nets", "user dave to 11.0.0.1", "deny" },
	{ "allow user @staff to @nets", "user alice to 10.0.0.1", "deny" },
	/* only a leading @ names a file */
	{ "allow user alice@EXAMPLE.ORG", "user alice@EXAMPLE.ORG", "allow" },
	{ "allow user a@,b", "user a@", "allow" },
	/* names of the same length, in runs of more and less than eight */
	{ "allow user a1,a2,a3,a4,a5,a6,a7,a8,a9", "user a8", "allow" },
	{ "allow user a1,a2,a3,a4,a5,a6,a7,a8,a9", "user a9", "allow" },
	{ "allow user a1,a2,a3,a4,a5,a6,a7,a8,a9", "user b9", "deny" },
};

/* A client that has not logged in yet: could any user be allowed something? */
static void test_may(void)
{
	static const struct {
		const char *rules;
		bool with_user, without;
	} may[] = {
		{ "allow user @staff", true, false },
		{ "allow user @empty", false, false },
		{ "deny user @staff; allow", true, true },
		{ "deny user *; allow", false, true },
	};

	kit_files = files;
	for (size_t i = 0; i < sizeof(may) / sizeof(*may); i++) {
		struct rules rules;
		struct rules_error err;

		kit_rules(&rules, may[i].rules, &err);
		is_int(rules_may_client(&rules, CLIENT_UNKNOWN, NULL, true), may[i].with_user,
		       "%s: may a user be allowed anything?", may[i].rules);
		is_int(rules_may_client(&rules, CLIENT_UNKNOWN, NULL, false), may[i].without,
		       "  and a client without a name?");
		rules_free(&rules);
	}
}

static void test_once(void)
{
	struct kit_file both[] = { { "list", "10.example\nalice\n" }, { 0 } };
	unsigned before = kit_reads;
	struct rules rules;
	struct rules_decision decision;
	struct rules_error err;

	kit_files = both;
	is_int(kit_rules(&rules, "deny user @list; allow user @list,@list; allow to @list", &err),
	       0, "a file may be a list of users and one of names of hosts");
	is_int(kit_reads - before, 2, "it is read once for each");
	kit_ask(&rules, "user alice", &decision);
	is_int(decision.rule.line, 1, "the users are looked into");
	kit_ask(&rules, "at 10.0.0.1 to 10.example", &decision);
	is_int(decision.rule.line, 3, "and the names");
	rules_free(&rules);
}

#define NAME_51	 "a23456789b23456789c23456789d23456789e23456789f23456"
#define NAME_255 NAME_51 NAME_51 NAME_51 NAME_51 NAME_51

static const struct {
	const char *text, *word;
	unsigned line;
	const char *said;
} mistakes[] = {
	{ "alice\nbob:$2y$05$abc\n", ":", 2,
	  "list:2: found \":\", expected a user name alone on the line, and not a line of the "
	  "users file; write the name without the colon and what follows it" },
	{ "al@x:1\n", ":", 1, NULL },
	{ "*", "*", 1,
	  "list:1: found \"*\", expected a user name; for every user, write `user *` in the rule" },
	{ "\n  alice#boss # x\r\n", "alice#boss", 2,
	  "list:2: found \"alice#boss\", expected a blank before the # of a comment; a name with "
	  "a # can stand in the rule itself" },
	{ "al\tice\n", "al\tice", 1,
	  "list:1: found \"al\\x09ice\", expected a user name without control characters" },
	{ "alice\rbob\n", "alice\rbob", 1, NULL },
	{ "\1", "\1", 1, NULL },
	{ "a\177", "a\177", 1, NULL },
	{ "\xef\xbb\xbf"
	  "alice\nbob\n",
	  "\xef\xbb\xbf"
	  "alice",
	  1,
	  "list:1: found \"\\xef\\xbb\\xbfalice\", expected a user name; save the file without a "
	  "byte-order mark" },
	{ NAME_255 "x\n", NAME_255 "x", 1, NULL },
	{ "x\n " NAME_255 "x # y", NAME_255 "x", 2, NULL },
};

static void test_mistakes(void)
{
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
		struct kit_file list[] = { { "list", mistakes[i].text }, { 0 } };
		struct rules rules = { .host = &kit_host };
		struct rules_error err = { 0 };
		char said[512];

		kit_files = list;
		is_int(rules_parse(&rules, RULES_DENY, "user @list", 10, "conf", 7, &err), -EINVAL,
		       "list %zu is refused", i);
		is_str(err.file, "list", "  the file is named");
		is_int(err.line, mistakes[i].line, "  the line is named");
		is_mem(err.word, err.word_len, mistakes[i].word, strlen(mistakes[i].word),
		       "  and the word");
		is_int(rules.count, 0, "  no rule is added");
		rules_error_format(&err, said, sizeof(said));
		if (mistakes[i].said)
			is_str(said, mistakes[i].said, "  it says what to do");
		rules_free(&rules);
	}
}

static void test_zero(void)
{
	char text[] = "al\0ice\n";
	struct rules_list list = { "list", text, sizeof(text) - 1 };
	struct kit_file good[] = { { "list", NAME_255 "\n" }, { 0 } };
	struct rules rules = { .host = &kit_host };
	struct rules_error err = {
		.file = "list", .word = text, .list_end = text + list.len, .part = RULES_PART_USER
	};

	/* The first line is skipped: the mistake is in the second. */
	text[0] = '\n';
	text[1] = 'a';
	ok(rules_next_mistake(&kit_host, &err), "a NUL byte in a name is a mistake");
	is_int(err.line, 1, "  in its line");
	kit_files = good;
	is_int(rules_parse(&rules, RULES_ALLOW, "user @list", 10, NULL, 0, &err), 0,
	       "a name of 255 bytes is none");
	rules_free(&rules);
}

static void test_every_mistake(void)
{
	static const struct kit_file list[] = { { "list", "a:1\nb\n*\n\n# c:2\nd e\nf#g\nh" },
						{ 0 } };
	static const unsigned lines[] = { 1, 3, 7 };
	struct rules rules = { .host = &kit_host };
	struct rules_error err = { 0 };
	bool more;

	kit_files = list;
	more = rules_parse(&rules, RULES_ALLOW, "user @list", 10, "conf", 7, &err) == -EINVAL;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		ok(more, "mistake %zu of the list is found", i);
		is_int(err.line, lines[i], "  in its line");
		is_int(err.part, RULES_PART_USER, "  as one in a list of users");
		more = rules_next_mistake(&kit_host, &err);
	}
	ok(!more, "then there are no more");
	rules_free(&rules);
}

struct found {
	char *p, text[512];
};

static void note(void *ctx, const struct rules_user *user)
{
	struct found *found = ctx;

	found->p += sprintf(found->p, "%s%s:%u:%.*s", found->p == found->text ? "" : " ",
			    user->rule.file, user->rule.line, (int)user->len, user->name);
}

static void test_walk(void)
{
	struct found found = { .p = found.text };
	struct rules rules;
	struct rules_error err;

	kit_files = files;
	kit_rules(&rules, "allow user ann,@staff,*; deny to 10.0.0.0/8; deny user @staff,bill",
		  &err);
	rules_users(&rules, note, &found);
	is_str(found.text, "conf:1:ann conf:3:bill staff:1:dave staff:2:erin",
	       "each user that a rule names is found with its place, and each list once");
	rules_free(&rules);
	found.p = found.text;
	found.text[0] = '\0';
	kit_rules(&rules, "allow user @mixed,@empty", &err);
	rules_users(&rules, note, &found);
	is_str(found.text,
	       "mixed:3:alice mixed:4:bob mixed:6:Doe, Jane mixed:7:alice@EXAMPLE.ORG "
	       "mixed:8:@home "
	       "mixed:9:DOMAIN\\carol mixed:10:J\303\274rgen mixed:11:*x mixed:12:last",
	       "comments and blank lines are counted");
	rules_free(&rules);
}

static void test_long(void)
{
	char *text = malloc(100000 * 20), *p = text;
	struct kit_file list[] = { { "list", text }, { 0 } };
	struct rules rules;
	struct rules_decision decision;
	struct rules_error err = { 0 };
	unsigned wrong = 0;

	for (int i = 0; i < 100000; i++)
		p += sprintf(p, "user%d%s\n", i, i % 3 ? "" : "@EXAMPLE.ORG");
	kit_files = list;
	is_int(kit_rules(&rules, "allow user @list", &err), 0, "a list of 100,000 users is read");
	for (int i = 0; i < 100000; i += 997) {
		char question[64];

		sprintf(question, "user user%d%s", i, i % 3 ? "" : "@EXAMPLE.ORG");
		wrong += kit_ask(&rules, question, &decision) != RULES_ALLOW;
		sprintf(question, "user user%d%s", i, i % 3 ? "@EXAMPLE.ORG" : "");
		wrong += kit_ask(&rules, question, &decision) != RULES_DENY;
	}
	is_int(wrong, 0, "those in it are found, and those that resemble them are not");
	is_int(kit_ask(&rules, "user user99999@EXAMPLE.ORG", &decision), RULES_ALLOW,
	       "the last one is found");
	rules_free(&rules);
	free(text);
}

int main(void)
{
	kit_rows(files, rows, sizeof(rows) / sizeof(*rows));
	test_may();
	test_once();
	test_mistakes();
	test_zero();
	test_every_mistake();
	test_walk();
	test_long();
	return done_testing();
}
