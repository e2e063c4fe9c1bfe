/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every mistake in a rule, a list or a question: where it is, and what is expected there. */
#include "rules_kit.h"

static const struct {
	const char *rule, *word, *expected;
} mistakes[] = {
	/* conditions */
	{ "form any", "form", "from, to, port" },
	{ "From any", "From", "from, to, port" },
	{ "any", "any", "from, to, port" },
	{ "from any to", "", "a destination" },
	{ "from", "", "a client's address" },
	{ "from  ", "", "a client's address" },
	{ "port", "", "a port" },
	{ "user", "", "a user name" },
	{ "command", "", "connect, bind, udp or resolve" },
	{ "from any from local", "from", "once" },
	{ "port 80 to any port 81", "port", "once" },
	{ "command udp command bind", "command", "once" },
	{ "from any, to any", "any,", "commas" },
	{ "from ,any", ",any", "commas" },
	{ "from any,,local", "any,,local", "commas" },
	{ "port 80, 81", "80,", "commas" },
	{ "user ,", ",", "commas" },
	{ "command connect,", "connect,", "commas" },
	{ "to any ; from any", ";", "from, to, port" },

	/* addresses */
	{ "from 192.0.2.0/33", "192.0.2.0/33", "0 to 32" },
	{ "from 192.0.2.0/", "192.0.2.0/", "0 to 32" },
	{ "from 192.0.2.0/024", "192.0.2.0/024", "0 to 32" },
	{ "from 192.0.2.0/-1", "192.0.2.0/-1", "0 to 32" },
	{ "from 192.0.2.0/255.255.255.0", "192.0.2.0/255.255.255.0", "0 to 32" },
	{ "from 192.0.2.0/24/24", "192.0.2.0/24/24", "0 to 32" },
	{ "from 192.0.2.256", "192.0.2.256", "four parts" },
	{ "from 192.0.2", "192.0.2", "four parts" },
	{ "to 192.0.2.1.1", "192.0.2.1.1", "four parts" },
	{ "to 127.1", "127.1", "four parts" },
	{ "to 2130706433", "2130706433", "four parts" },
	{ "to 0", "0", "four parts" },
	{ "to 010.0.0.1", "010.0.0.1", "four parts" },
	{ "to 1.2.3.", "1.2.3.", "four parts" },
	{ "to 1.2.3.4.", "1.2.3.4.", "four parts" },
	{ "to 0x7f.1", "0x7f.1", "name" },
	{ "to 0x7f000001", "0x7f000001", "name" },
	{ "to 10/8", "10/8", "an address before the /" },
	{ "to 10.0.0.0-10.0.0.9", "10.0.0.0-10.0.0.9", "name" },
	{ "to example.com/24", "example.com/24", "an address before the /" },
	{ "to /24", "/24", "an address before the /" },
	{ "to 192.0.2.1:80", "192.0.2.1:80", "IPv6" },
	{ "to 2001:db8::/129", "2001:db8::/129", "0 to 128" },
	{ "to 2001:db8::/", "2001:db8::/", "0 to 128" },
	{ "to 2001:db8::/064", "2001:db8::/064", "0 to 128" },
	{ "to 2001:db8:::", "2001:db8:::", "IPv6" },
	{ "to 2001:db8::g", "2001:db8::g", "IPv6" },
	{ "to 1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8:9", "IPv6" },
	{ "to fe80::1%eth0", "fe80::1%eth0", "IPv6" },
	{ "to [2001:db8::", "[2001:db8::", "IPv6" },
	{ "to [192.0.2.1]", "[192.0.2.1]", "IPv6" },
	{ "to ::ffff:192.0.2.0/24", "::ffff:192.0.2.0/24", "96 to 128" },
	{ "to ::ffff:192.0.2.300", "::ffff:192.0.2.300", "IPv6" },
	{ "to aaaa:bbbb:cccc:dddd:eeee:ffff:aaaa:bbbb:cccc:dddd:eeee:ffff:aaaa:bbbb",
	  "aaaa:", "IPv6" },
	{ "to 192.0.2.1#x", "192.0.2.1#x", "name" },
	{ "to 192.0.2.0/032", "192.0.2.0/032", "0 to 32" },
	{ "to 192.0.2.0/320", "192.0.2.0/320", "0 to 32" },
	{ "to any,192.0.2.0/33,any", "192.0.2.0/33", "0 to 32" },

	/* groups and names */
	{ "to local", "local", "`local` after `from`" },
	{ "from example.com", "example.com", "clients have no names" },
	{ "from Loopback", "Loopback", "clients have no names" },
	{ "from @", "@", "name of a file" },
	{ "to *.example.com", "*.example.com", ".example.com" },
	{ "to *", "*", ".example.com" },
	{ "to .", ".", "four parts" },
	{ "to ..", "..", "four parts" },
	{ "to ..example.com", "..example.com", "name" },
	{ "to example..com", "example..com", "name" },
	{ "to example.com..", "example.com..", "name" },
	{ "to exa$mple", "exa$mple", "name" },
	{ "to b\303\274cher.example", "b\303\274cher.example", "name" },
	{ "to example.123", "example.123", "name" },
	{ "to a123456789012345678901234567890123456789012345678901234567890123.b", "a1234",
	  "name" },
	{ "to b.a123456789012345678901234567890123456789012345678901234567890123", "b.a1234",
	  "name" },
	{ "to http://example.com", "http://example.com", "IPv6" },
	{ "to !10.0.0.1", "!10.0.0.1", "name" },
	{ "to @missing", "@missing", "a file that can be read" },

	/* ports */
	{ "port 0", "0", "1 to 65535" },
	{ "port 65536", "65536", "1 to 65535" },
	{ "port 080", "080", "1 to 65535" },
	{ "port 99999999999999999999", "99999999999999999999", "1 to 65535" },
	{ "port 90-80", "90-80", "range" },
	{ "port 0-80", "0-80", "range" },
	{ "port 80-", "80-", "range" },
	{ "port -80", "-80", "range" },
	{ "port -", "-", "range" },
	{ "port 80-90-100", "80-90-100", "range" },
	{ "port 80-70000", "80-70000", "range" },
	{ "port nosuch", "nosuch", "service" },
	{ "port quuux", "quuux", "service" },
	{ "port HTTP", "HTTP", "service" },
	{ "port any", "any", "service" },
	{ "port *", "*", "service" },

	/* commands */
	{ "command con", "con", "connect, bind" },
	{ "command associate", "associate", "connect, bind" },
	{ "command CONNECT", "CONNECT", "connect, bind" },
};

static void test_rules(void)
{
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
		const char *rule = mistakes[i].rule, *want = mistakes[i].word;
		struct rules rules = { .host = &kit_host };
		struct rules_error err = { 0 };
		struct rules_decision decision;
		char word[256] = "";
		size_t len = strlen(rule);
		/* A block of exactly its size, so that a sanitizer sees a read past it. */
		char *text = malloc(len);

		memcpy(text, rule, len);
		rules_parse(&rules, RULES_DENY, "to 192.0.2.1", 12, NULL, 0, &err);
		if (!ok(rules_parse(&rules, RULES_ALLOW, text, len, "conf", 7, &err) < 0,
			"refused: %s", rule)) {
			free(text);
			continue;
		}
		ok(err.word >= text && err.word + err.word_len <= text + len &&
			   err.word_len < 256 && err.column == (size_t)(err.word - text),
		   "  the word is inside the rule");
		memcpy(word, err.word, err.word_len);
		if (strcmp(want, word) != 0 && !(*want && strncmp(want, word, strlen(want)) == 0))
			is_str(word, want, "  it is this word");
		if (!ok(strstr(err.expected, mistakes[i].expected) != NULL,
			"  it says to expect %s", mistakes[i].expected))
			printf("# expects %s\n", err.expected);
		is_int(err.line, 7, "  the line is named");
		is_int(rules.count, 1, "  the rule before it is kept");
		rules_parse(&rules, RULES_DENY, "to 192.0.2.9", 12, "conf", 8, &err);
		kit_ask(&rules, "to 192.0.2.9", &decision);
		is_int(decision.rule.line, 8, "  the next rule is found");
		rules_free(&rules);
		free(text);
	}
}

static void test_user_name(void)
{
	struct rules rules = { .host = &kit_host };
	struct rules_error err;
	char rule[300] = "user ";

	memset(rule + 5, 'u', 256);
	is_int(rules_parse(&rules, RULES_ALLOW, rule, 5 + 255, NULL, 0, &err), 0,
	       "a user name of 255 bytes is accepted");
	is_int(rules_parse(&rules, RULES_ALLOW, rule, 5 + 256, NULL, 0, &err), -EINVAL,
	       "a user name of 256 bytes is refused");
	rules_free(&rules);
}

/* A rule cut anywhere is judged without a read past its end. */
static void test_prefixes(void)
{
	static const char rule[] =
		"from 192.0.2.0/24,2001:db8::/32,local to .example.com,@list,::1 "
		"port 443,8000-8100,https user alice,* command connect,udp";
	static const struct kit_file files[] = { { "list", "10.0.0.0/8\n" }, { 0 } };
	unsigned good = 0;

	kit_files = files;
	for (size_t n = 0; n < sizeof(rule); n++) {
		struct rules rules = { .host = &kit_host };
		struct rules_error err;
		char *text = malloc(n ? n : 1);
		int r;

		memcpy(text, rule, n);
		r = rules_parse(&rules, RULES_ALLOW, text, n, NULL, 0, &err);
		good += r == 0;
		if (r && (err.word < text || err.word + err.word_len > text + n))
			ok(false, "the mistake is within the first %zu bytes", n);
		rules_free(&rules);
		free(text);
	}
	ok(good > 20 && good < sizeof(rule) / 2,
	   "some prefixes are rules, others are not: %u of %zu", good, sizeof(rule));
}

static const struct {
	const char *text, *word, *expected;
	unsigned line;
	size_t column;
} list_mistakes[] = {
	{ "10.0.0.0/8\n10.0.0.0/33\n", "10.0.0.0/33", "0 to 32", 2, 0 },
	{ "\n# x\n  300.1.1.1 # y\n", "300.1.1.1", "four parts", 3, 2 },
	{ "a.example b.example", "b.example", "per line", 1, 10 },
	{ "a.example,b.example", "a.example,b.example", "name", 1, 0 },
	{ "10.0.0.1,10.0.0.2", "10.0.0.1,10.0.0.2", "name", 1, 0 },
	{ "10.0.0.1#comment\n10.0.0.2/32x", "10.0.0.2/32x", "0 to 32", 2, 0 },
	{ "10.0.0.0/8 \n10.0.0.0/08 \n", "10.0.0.0/08", "0 to 32", 2, 0 },
	{ "10.0.0.1\r\n10.0.0.2 10.0.0.3\r\n", "10.0.0.3", "per line", 2, 9 },
	{ "@other", "@other", "name", 1, 0 },
	{ "local", "local", "`local`", 1, 0 },
};

static void test_lists(void)
{
	for (size_t i = 0; i < sizeof(list_mistakes) / sizeof(*list_mistakes); i++) {
		struct kit_file files[] = { { "list", list_mistakes[i].text }, { 0 } };
		struct rules rules = { .host = &kit_host };
		struct rules_error err = { 0 };

		kit_files = files;
		is_int(rules_parse(&rules, RULES_ALLOW, "to @list", 8, "conf", 7, &err), -EINVAL,
		       "list %zu is refused", i);
		is_str(err.file, "list", "  the file is named");
		is_int(err.line, list_mistakes[i].line, "  the line is named");
		is_int(err.column, list_mistakes[i].column, "  the column is named");
		is_mem(err.word, err.word_len, list_mistakes[i].word, strlen(list_mistakes[i].word),
		       "  %s", list_mistakes[i].word);
		ok(strstr(err.expected, list_mistakes[i].expected) != NULL,
		   "  it says to expect %s", list_mistakes[i].expected);
		is_int(rules.count, 0, "  no rule is added");
		rules_free(&rules);
	}
}

static void test_names_in_from(void)
{
	static const struct kit_file files[] = { { "list", "10.0.0.0/8\na.example\n" }, { 0 } };
	struct rules rules = { .host = &kit_host };
	struct rules_error err = { 0 };

	kit_files = files;
	is_int(rules_parse(&rules, RULES_ALLOW, "to @list", 8, "conf", 7, &err), 0,
	       "a list with names may follow to");
	is_int(rules_parse(&rules, RULES_ALLOW, "from @list", 10, "conf", 8, &err), -EINVAL,
	       "a list with names may not follow from");
	is_str(err.file, "list", "the file is named after from");
	is_int(err.line, 2, "the line of the name is given");
	is_int(rules_parse(&rules, RULES_ALLOW, "to @list", 8, "conf", 9, &err), 0,
	       "the same list may follow to again");
	is_int(rules.count, 2, "two of the three rules are there");
	rules_free(&rules);
}

static const struct {
	const char *question, *word, *expected;
} questions[] = {
	{ "who", "who", "from, to, port" },
	{ "from", "", "a client's address, with or without its port" },
	{ "from 192.0.2.0/24", "192.0.2.0/24", "a client's address, with or without its port" },
	{ "from any", "any", "a client's address, with or without its port" },
	{ "to", "", "address or a name" },
	{ "to 127.1", "127.1", "looked up" },
	{ "to .example.com", ".example.com", "looked up" },
	{ "to 10.0.0.0/8", "10.0.0.0/8", "looked up" },
	{ "port", "", "port" },
	{ "port 0", "0", "port" },
	{ "port 80-90", "80-90", "port" },
	{ "port nosuch", "nosuch", "service" },
	{ "user", "", "user name" },
	{ "command", "", "connect, bind" },
	{ "command connect,bind", "connect,bind", "connect, bind" },
	{ "to a.example to b.example", "to", "once" },
};

static void test_questions(void)
{
	for (size_t i = 0; i < sizeof(questions) / sizeof(*questions); i++) {
		struct rules_question question;
		struct rules_error err = { 0 };
		size_t len = strlen(questions[i].question);

		is_int(rules_question_parse(&kit_host, questions[i].question, len, &question, &err),
		       -EINVAL, "refused: %s", questions[i].question);
		is_mem(err.word, err.word_len, questions[i].word, strlen(questions[i].word),
		       "  the word is named");
		ok(strstr(err.expected, questions[i].expected) != NULL, "  it says to expect %s",
		   questions[i].expected);
	}
}

int main(void)
{
	test_rules();
	test_user_name();
	test_prefixes();
	test_lists();
	test_names_in_from();
	test_questions();
	return done_testing();
}
