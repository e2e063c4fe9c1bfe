/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What --check warns of and what it does not; the sentences of --explain and of mistakes. */
#include "rules_kit.h"

enum { NONE = RULES_AUTH_NONE, USERS = RULES_AUTH_PASSWORD };

static const struct {
	const char *rules;
	unsigned auth;
	const char *findings; /* "LINE[<LINE]:WORD ..." */
} rows[] = {
	{ "", NONE, "" },
	{ "allow from 192.0.2.0/24", NONE, "" },
	{ "allow from 192.0.2.0/24; deny", NONE, "" },
	{ "deny from 192.0.2.0/24", NONE, "0:no" },
	{ "deny", NONE, "0:no" },

	/* open to everybody */
	{ "allow", NONE, "1:open" },
	{ "allow from any", NONE, "1:open" },
	{ "allow from 0.0.0.0/0", NONE, "1:open" },
	{ "allow from ::/0 to 0.0.0.0/0 port 443", NONE, "1:open" },
	{ "deny to private; allow to any", NONE | USERS, "2:open" },
	{ "allow", USERS, "" },
	{ "allow from any user *", NONE | USERS, "" },
	{ "allow to example.com", NONE, "" },
	{ "allow from local", NONE, "" },

	{ "allow to literal", NONE, "1:open" },
	{ "allow to a.example,literal", NONE, "1:open" },

	/* routes that can't be used */
	{ "allow from local via direct", NONE, "" },
	{ "allow user alice via socks5://192.0.2.1:1", USERS, "" },
	{ "allow from local via socks5://127.0.0.1:9050", NONE, "" },
	{ "allow from local command udp,bind via http://p:1", NONE, "1:reply 7" },
	{ "allow from local command udp,connect via http://p:1", NONE, "" },
	{ "allow from local command udp via same", NONE, "" },
	{ "allow from local to 10.0.0.0/8,127.0.0.1 via family:ipv6", NONE,
	  "1:all its destinations" },
	{ "allow from local to 2001:db8::/32 via family:ipv4", NONE, "1:all its destinations" },
	{ "allow from local to 2001:db8::/32,a.example via family:ipv4", NONE, "" },
	{ "allow from local to 2001:db8::/32,10.0.0.0/8 via family:ipv4", NONE, "" },
	{ "allow from local via socks5://0.0.0.0:1", NONE, "1:no host" },
	{ "allow from local via http://[ff02::1]:1", NONE, "1:no host" },
	{ "deny; allow via http://0.0.0.0:1", NONE, "2<1:nor can any" },

	/* an earlier rule needs the address of a name that is for a parent */
	{ "deny to private; allow from local to .onion via socks5:/s", NONE, "2<1:looked up" },
	{ "deny to a.example; deny to private; allow from local via http://p:1", NONE,
	  "3<2:looked up" },
	{ "allow from local to private; allow from local to any via http://p:1", NONE,
	  "2<1:looked up" },
	{ "allow from local to .onion via socks5:/s; deny to private", NONE, "" },
	{ "deny to literal; allow from local to .onion via socks5:/s", NONE, "" },
	{ "deny to private; allow from local to 11.0.0.0/8 via socks5:/s", NONE, "" },
	{ "deny to private; allow from local to .onion via same", NONE, "" },
	{ "deny to private user bob; allow to .onion user alice via socks5:/s", USERS, "" },
	{ "deny to private user bob,alice; allow to .onion user alice via socks5:/s", USERS,
	  "2<1:looked up" },
	{ "deny to private command udp; allow from local to .onion via socks5:/s", NONE, "" },
	{ "deny from 10.0.0.0/8 to private; allow from local via socks5:/s", NONE, "" },
	{ "deny from local to private; allow from local via socks5:/s", NONE, "2<1:looked up" },
	{ "deny from 10.0.0.0/8 to private; allow from 10.1.1.1 to .a via socks5:/s", NONE,
	  "2<1:looked up" },
	{ "deny from 10.0.0.0/8 to private; allow from 11.1.1.1 to .a via socks5:/s", NONE, "" },
	{ "deny from 10.1.0.0/16 to private; allow from 10.0.0.0/8 to .a via socks5:/s", NONE,
	  "2<1:looked up" },
	{ "deny from 10.0.0.0/8 to private; allow from local,10.1.1.1 to .a via socks5:/s", NONE,
	  "2<1:looked up" },
	{ "deny to private port 25; allow to .a from local port 80 via socks5:/s", NONE, "" },
	{ "deny to private port 25; allow to .a from local port 80,25 via socks5:/s", NONE,
	  "2<1:looked up" },
	{ "deny to private port 25; allow to .a from local port 1-99 via socks5:/s", NONE,
	  "2<1:looked up" },

	/* behind a rule that covers it */
	{ "allow from 192.0.2.0/24; deny; allow from 198.51.100.0/24; allow", NONE,
	  "3<2:nor can any" },
	{ "deny from any to any; allow", NONE, "2<1:nor can any" },
	{ "allow from 192.0.2.0/24; allow from 192.0.2.0/25", NONE, "2<1:ordinary" },
	{ "allow from 192.0.2.0/24; deny from 192.0.2.7 to 10.0.0.0/8", NONE, "2<1:ordinary" },
	{ "allow from 192.0.2.0/24; deny from 192.0.2.7 to 10.0.0.1", NONE, "2<1:ordinary" },
	{ "allow from 192.0.2.0/24; deny from 192.0.3.7", NONE, "" },
	{ "allow from 192.0.2.0/25; deny from 192.0.2.0/24", NONE, "" },
	{ "allow from 192.0.2.0/24; allow from 192.0.2.0/24 to loopback", NONE, "" },
	{ "allow from 192.0.2.0/24; allow from 192.0.2.0/24 to 203.0.113.9", NONE, "" },
	{ "allow from 192.0.2.0/24; allow from 192.0.2.0/24 to 203.0.113.0/24", NONE,
	  "2<1:ordinary" },
	{ "allow from 192.0.2.0/24; deny to loopback", NONE, "" },
	{ "deny to 10.0.0.0/8; allow to 10.1.0.0/16,10.2.3.4", NONE, "2<1:covered" },
	{ "deny to 10.0.0.0/8; allow to 10.1.0.0/16,11.2.3.4", NONE, "" },
	{ "deny to .example; allow to a.example", NONE, "2<1:covered" },
	{ "deny to .b.example; allow to .a.b.example", NONE, "2<1:covered" },
	{ "deny to a.b.example; allow to .a.b.example", NONE, "" },
	{ "deny to .a.b.example; allow to .b.example", NONE, "" },
	{ "deny to A.example.; allow to a.Example", NONE, "2<1:covered" },
	{ "deny port 1-1024; allow port 80,443", NONE, "2<1:covered" },
	{ "deny port 1-1024; allow from 192.0.2.0/24 port 80,4430", NONE, "" },
	{ "deny user *; allow user alice to 10.0.0.0/8", USERS, "2<1:covered" },
	{ "deny user bob; allow user alice,bob", USERS, "" },
	{ "deny user bob,alice; allow user alice,bob", USERS, "2<1:covered" },
	{ "deny user *; allow from local", NONE | USERS, "" },
	{ "deny user *; allow user @list", USERS, "2<1:covered" },
	{ "deny user *,alice; allow user bob,@list", USERS, "2<1:covered" },
	{ "deny user @list; allow user @list", USERS, "2<1:covered" },
	{ "deny user @list; allow user @list,alice", USERS, "" },
	{ "deny user alice; allow user *", USERS, "" },
	{ "deny user @list; allow user *", USERS, "" },
	{ "deny command udp; allow command udp from 192.0.2.0/24", NONE, "2<1:covered" },
	{ "deny command udp; allow from 192.0.2.0/24 command connect,udp", NONE, "" },
	{ "deny to private; allow to private", NONE, "2<1:covered" },
	{ "deny to private; allow to multicast", NONE, "" },
	{ "deny to 2001:db8::/32; allow to 2001:db8:1::/48", NONE, "2<1:covered" },
	{ "deny to 2001:db8:1::/48; allow to 2001:db8::/32", NONE, "" },
	{ "deny from 192.0.2.0/24 to any; allow from 192.0.2.7", NONE, "2<1:covered" },
	{ "deny to @list; allow to @list", NONE, "2<1:covered" },
	{ "deny to 127.0.0.0/8; allow to 127.0.0.1", NONE, "2<1:covered" },

	/* a rule by itself */
	{ "allow user alice", NONE, "1:user" },
	{ "allow user alice", NONE | USERS, "" },
	{ "allow from 192.0.2.0/24 port 80 command resolve", NONE, "1:port" },
	{ "allow from 192.0.2.7/24", NONE, "1:bits" },
	{ "allow from 2001:db8::7/64", NONE, "1:bits" },
	{ "allow from @bits", NONE, "3:bits" },
	{ "allow from 192.0.2.7 to @empty", NONE, "0:empty" },
	{ "allow user @empty", USERS, "0:empty" },
	{ "allow user @list", NONE, "1:user" },

	/* a word that may have been meant otherwise */
	{ "deny to privat; allow from local", NONE, "1:name of a host" },
	{ "allow from local to Loopbak,mail,self.example", NONE, "1:name of a host" },
	{ "allow from local to all", NONE, "1:name of a host" },
	{ "allow from local to 192.0.2.1-9", NONE, "1:name of a host" },
	{ "allow from local to mail,localhost,x-1,1-1.example", NONE, "" },
	{ "allow from local to any,loopback,private", NONE, "" },
	{ "allow user any", USERS, "1:name of a user" },
	{ "allow user alice,192.0.2.1,2001:db8::/32", USERS, "1:name of a user 1:name of a user" },
	{ "allow user alice,*,anya,1.5", USERS, "" },
	{ "allow from 0.0.0.0", NONE, "1:single" },
	{ "deny from ::; allow from local", NONE, "1:single" },
	{ "allow from local to 0.0.0.0", NONE, "1:single" },
	{ "deny to 0.0.0.0,::; allow from local", NONE, "" },
	{ "deny from 0.0.0.0/8; allow from local", NONE, "" },
};

struct found {
	char *p, text[1024];
};

static void note(void *ctx, const struct rules_warning *warning)
{
	static const char *const words[] = { "reply 7",
					     "to leave from",
					     "all its destinations",
					     "no host",
					     "excludes the address of the parent",
					     "looked up",
					     "name of a host",
					     "name of a user",
					     "single",
					     "open",
					     "nor can any",
					     "ordinary",
					     "covered",
					     "bits",
					     "user",
					     "port",
					     "empty",
					     "no" };
	struct found *found = ctx;

	found->p +=
		sprintf(found->p, "%s%u", found->p == found->text ? "" : " ", warning->rule.line);
	if (warning->other.text)
		found->p += sprintf(found->p, "<%u", warning->other.line);
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (!strstr(warning->words, words[i]))
			continue;
		found->p += sprintf(found->p, ":%s", words[i]);
		return;
	}
}

static void test_review(void)
{
	static const struct kit_file files[] = {
		{ "list", "10.0.0.0/8\n" },
		{ "bits", "\n10.0.0.0/8\n10.0.0.1/8\n10.0.0.2/8" },
		{ "empty", "#\n" },
		{ 0 },
	};

	kit_files = files;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct rules rules;
		struct rules_error err;
		struct found found = { .p = found.text };

		is_int(kit_rules(&rules, rows[i].rules, &err), 0, "the rules are read: %s",
		       rows[i].rules);
		rules_review(&rules, rows[i].auth, note, &found);
		is_str(found.text, rows[i].findings, "  finds: %s", rows[i].findings);
		rules_free(&rules);
	}
}

static const struct {
	const char *rules, *question, *sentence;
} sentences[] = {
	{ "", "to 192.0.2.1", "allowed: without rules, local clients may go anywhere" },
	{ "", "from 192.0.2.7 user u to 192.0.2.1",
	  "allowed: without rules, an authenticated user may use any ordinary destination" },
	{ "", "from 192.0.2.7 to 192.0.2.1",
	  "denied: without rules, only local clients and authenticated users are served" },
	{ "", "from 192.0.2.7 user u to 64:ff9b::7f00:1",
	  "denied: it is special (loopback, because of the IPv4 address inside it); "
	  "without rules, an authenticated user may use ordinary destinations only" },
	{ "deny to 10.0.0.0/8; allow", "to 10.0.0.1", "denied by conf:1: deny \"to 10.0.0.0/8\"" },
	{ "deny to 10.0.0.0/8; allow port 80", "to 11.0.0.1 port 80",
	  "allowed by conf:2: allow \"port 80\"" },
	{ "deny to 10.0.0.0/8; allow port 80", "to 11.0.0.1 port 81", "denied: no rule matches" },
	{ "deny to 10.0.0.0/8; allow port 80", "to 11.0.0.1",
	  "depends on what the question leaves open; "
	  "the first rule that may match: conf:2: allow \"port 80\"" },
	{ "allow", "from 192.0.2.7 to 203.0.113.9",
	  "denied: it is special (this host's own), and no rule names it; an ordinary destination "
	  "would be allowed by conf:1: allow \"\"" },
	{ "allow to a\\.example", NULL,
	  "conf:1: found \"a\\x5c.example\", "
	  "expected an address, NET, group or name (letters, digits, hyphens, dots)" },
	{ "allow from", NULL, "conf:1: found nothing, expected a client's address, NET or group" },
};

static void test_sentences(void)
{
	for (size_t i = 0; i < sizeof(sentences) / sizeof(*sentences); i++) {
		struct rules rules;
		struct rules_error err;
		struct rules_decision decision;
		char sentence[512];
		size_t len;

		kit_rules(&rules, sentences[i].rules, &err);
		if (sentences[i].question) {
			kit_ask(&rules, sentences[i].question, &decision);
			len = rules_explain(&decision, sentence, sizeof(sentence));
		} else {
			len = rules_error_format(&err, sentence, sizeof(sentence));
		}
		is_int(len, strlen(sentence), "the sentence has the length that is returned");
		is_str(sentence, sentences[i].sentence, "%s", sentences[i].sentence);
		rules_free(&rules);
	}
}

/* A buffer of any size gets what fits, and an escape whole or not at all. */
static void test_cut(void)
{
	static const char text[] = "to \1x";
	struct rules_error err = {
		.word = text + 3, .word_len = 2, .expected = "y", .file = "f", .line = 10
	};
	static const char whole[] = "f:10: found \"\\x01x\", expected y";
	bool good = true;

	for (size_t size = 1; size <= sizeof(whole); size++) {
		char *buf = malloc(size);
		size_t len = rules_error_format(&err, buf, size);

		good &= len < size && buf[len] == '\0' && memcmp(buf, whole, len) == 0;
		good &= size < sizeof(whole) || len == sizeof(whole) - 1;
		good &= len < 14 || len > 16;
		free(buf);
	}
	ok(good, "a sentence is cut to any size, but never within an escape");
}

static void test_command_line(void)
{
	struct rules rules = { .host = &kit_host };
	struct rules_error err;
	struct rules_decision decision;
	char sentence[128];

	rules_parse(&rules, RULES_ALLOW, "from local", 10, NULL, 0, &err);
	kit_ask(&rules, "to 192.0.2.1", &decision);
	rules_explain(&decision, sentence, sizeof(sentence));
	is_str(sentence, "allowed by --allow \"from local\"",
	       "a rule of the command line is named by its option");
	rules_free(&rules);
}

int main(void)
{
	test_review();
	test_sentences();
	test_cut();
	test_command_line();
	return done_testing();
}
