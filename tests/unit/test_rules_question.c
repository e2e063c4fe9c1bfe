/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Questions in words and in the words of the log; and what a question leaves open. */
#include "base/text.h"
#include "rules_kit.h"

static const char *command_name(enum rules_command command)
{
	return command == RULES_CONNECT ? "connect" :
	       command == RULES_BIND	? "bind" :
	       command == RULES_UDP	? "udp" :
					  "resolve";
}

/* Writes what was understood: "CLIENT USER DEST PORT COMMAND", with - for what is not given. */
static void show(const struct rules_question *q, char *buf, size_t size)
{
	struct text t = { .buf = buf, .cap = size };
	char client[ADDR_TEXT_MAX] = "local", dest[ADDR_TEXT_MAX] = "-";

	buf[0] = '\0';
	if (q->kind == CLIENT_UNKNOWN)
		strcpy(client, "unknown");
	if (q->kind == CLIENT_INTERNET)
		addr_format(&q->client, client);
	if (q->dest.addr.sa.sa_family != AF_UNSPEC)
		addr_format(&q->dest.addr, dest);
	text_strs(&t, client, " ", q->user[0] ? q->user : "-", " ",
		  q->dest.name[0] ? q->dest.name : dest, " ", NULL);
	text_uint(&t, q->dest.port);
	text_strs(&t, " ", command_name(q->command), NULL);
}

static const struct {
	const char *question, *want;
} rows[] = {
	{ "", "local - - 0 connect" },
	{ " \t", "local - - 0 connect" },
	{ "# nothing", "local - - 0 connect" },
	{ "port 443 # port 80", "local - - 443 connect" },
	{ "from 192.0.2.7 user alice to a.example port 443 command bind",
	  "192.0.2.7:0 alice a.example 443 bind" },
	{ "from local", "local - - 0 connect" },
	{ "from unknown", "unknown - - 0 connect" },
	{ "command resolve", "local - - 0 resolve" },
	{ "command resolve-ptr", "local - - 0 resolve" },
	{ "to a.example port quux", "local - a.example 4242 connect" },

	/* with a port */
	{ "from 192.0.2.7:51312", "192.0.2.7:0 - - 0 connect" },
	{ "from 192.0.2.7:0", "192.0.2.7:0 - - 0 connect" },
	{ "from [2001:db8::7]:51312", "[2001:db8::7]:0 - - 0 connect" },
	{ "from [2001:db8::7]", "[2001:db8::7]:0 - - 0 connect" },
	{ "from 2001:db8::7", "[2001:db8::7]:0 - - 0 connect" },
	{ "to a.example:443", "local - a.example 443 connect" },
	{ "to a.example:https", "local - a.example 443 connect" },
	{ "to 192.0.2.1:443", "local - 192.0.2.1:443 443 connect" },
	{ "to 192.0.2.1 port 443", "local - 192.0.2.1:443 443 connect" },
	{ "port 443 to 192.0.2.1", "local - 192.0.2.1:443 443 connect" },
	{ "to [2001:db8::1]:443", "local - [2001:db8::1]:443 443 connect" },
	{ "to [2001:db8::1]", "local - [2001:db8::1]:0 0 connect" },
	{ "to 2001:db8::1", "local - [2001:db8::1]:0 0 connect" },
	{ "to 2001:db8::1:443", "local - [2001:db8::1:443]:0 0 connect" },
	{ "to [::ffff:192.0.2.1]:80", "local - 192.0.2.1:80 80 connect" },
	{ "to 192.0.2.1:443 port 443", "local - 192.0.2.1:443 443 connect" },
	{ "port https to 192.0.2.1:443", "local - 192.0.2.1:443 443 connect" },
	{ "to 0.0.0.0:0 command bind", "local - 0.0.0.0:0 0 bind" },
	{ "command resolve to a.example:0", "local - a.example 0 resolve" },

	/* in quotes */
	{ "user \"alice\" to \"a.example:443\" from \"192.0.2.7\"",
	  "192.0.2.7:0 alice a.example 443 connect" },
	{ "user \"a b\"", "local a b - 0 connect" },
	{ "user \"# to\"", "local # to - 0 connect" },
	{ "user \"a\\\"\\\\b\"", "local a\"\\b - 0 connect" },
	{ "user \"\\x61\\x0a\\xC3\\xbc\\x27\" port 1", "local a\n\xc3\xbc' - 1 connect" },
	{ "user a\"b", "local a\"b - 0 connect" },
	{ "user a\\x20b", "local a\\x20b - 0 connect" },
	{ "user a#b", "local a#b - 0 connect" },
	{ "user a=b", "local a=b - 0 connect" },
	{ "user client=x", "local client=x - 0 connect" },

	/* in the words of the log */
	{ "client=192.0.2.7:51312 user=alice command=connect dest=a.example:443 "
	  "peer=203.0.113.9:443 reply=0 sent=1 received=2 time=1.234 end=eof",
	  "192.0.2.7:0 alice a.example 443 connect" },
	{ "client=local command=resolve-ptr dest=192.0.2.1:0 end=denied rule=/etc/x:1",
	  "local - 192.0.2.1:0 0 resolve" },
	{ "client=unknown user=\"a b\" error=\"a \\x22b\\x22 = c\" command=bind",
	  "unknown a b - 0 bind" },
	{ "client=[2001:db8::7]:1 user=a\\x22b\\x5cc dest=[2001:db8::1]:80",
	  "[2001:db8::7]:0 a\"b\\c [2001:db8::1]:80 80 connect" },
	{ "user=#a", "local #a - 0 connect" },
	{ "command=udp dest=192.0.2.7:5000", "local - - 0 udp" },
	{ "dest=192.0.2.7:0 command=udp", "local - - 0 udp" },
	{ "command=udp to 192.0.2.7:5000", "local - 192.0.2.7:5000 5000 udp" },
	{ "client=local user=alice command=connect dest=a.example:443 reply=91 end=denied",
	  "local - a.example 443 connect" },
	{ "reply=90 user=alice", "local - - 0 connect" },
	{ "reply=9 user=alice", "local alice - 0 connect" },
	{ "protocol=socks4 user=alice", "local - - 0 connect" },
	{ "protocol=socks4a user=alice reply=0", "local - - 0 connect" },
	{ "protocol=http user=alice", "local alice - 0 connect" },
	{ "client=192.0.2.7:1 protocol=socks4a tls=TLSv1.3 auth=chap via=x port 9",
	  "192.0.2.7:0 - - 9 connect" },
};

static void test_rows(void)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct rules_question question;
		struct rules_error err;
		size_t len = strlen(rows[i].question);
		/* Of exactly its size, so that a sanitizer sees a read past its end. */
		char *text = malloc(len ? len : 1), buf[800];

		memcpy(text, rows[i].question, len);
		if (is_int(rules_question_parse(&kit_host, text, len, &question, &err), 0,
			   "is read: %s", rows[i].question)) {
			show(&question, buf, sizeof(buf));
			is_str(buf, rows[i].want, "  is understood");
		}
		free(text);
	}
}

static const struct {
	const char *question, *word, *expected; /* a part of it */
} mistakes[] = {
	{ "who", "who", "from, to, port, user or command" },
	{ "from", "", "client" },
	{ "from # 192.0.2.7", "", "client" },
	{ "user #", "", "user name" },
	{ "from 192.0.2.0/24", "192.0.2.0/24", "client" },
	{ "from 192.0.2.7:x", "192.0.2.7:x", "client" },
	{ "from 192.0.2.7:", "192.0.2.7:", "client" },
	{ "from 192.0.2.7:65536", "192.0.2.7:65536", "client" },
	{ "from [192.0.2.7", "[192.0.2.7", "client" },
	{ "to", "", "an address or a name" },
	{ "to 127.1", "127.1", "an address or a name" },
	{ "to :443", ":443", "an address or a name" },
	{ "to a.example:", "a.example:", "port" },
	{ "to a.example:0", "a.example:0", "port of 1 to 65535" },
	{ "to a.example:00 command bind", "a.example:00", "port of 1 to 65535" },
	{ "to a.example:nosuch", "a.example:nosuch", "known service" },
	{ "to https://a.example", "https://a.example", "port" },
	{ "to [a.example]:443", "[a.example]:443", "an address or a name" },
	{ "to a.example:80 port 443", "443", "the same port" },
	{ "port 443 to a.example:80", "443", "the same port" },
	{ "port 0", "0", "1 to 65535" },
	{ "port 80-90", "80-90", "1 to 65535" },
	{ "command dance", "dance", "connect, bind" },
	{ "to a.example to b.example", "to", "once" },
	{ "to a.example dest=b.example:1", "dest=b.example:1", "once" },
	{ "to=a.example", "to=a.example", "from, to" },
	{ "=x", "=x", "from, to" },
	{ "dst=a.example:1", "dst=a.example:1", "from, to" },
	{ "user \"\"", "\"\"", "255" },
	{ "user=", "", "255" },
	{ "user \"al", "\"al", "a closing quote" },
	{ "user \"al\\\"", "\"al\\\"", "a closing quote" },
	{ "user \"al\\", "\"al\\", "a closing quote" },
	{ "user \"", "\"", "a closing quote" },
	{ "error=\"a b", "\"a b", "a closing quote" },
	{ "user \"al\"ice", "\"al\"i", "a blank after the closing quote" },
	{ "user \"a\\b\"", "\"a\\b\"", "after a backslash" },
	{ "user \"a\\x2\"", "\"a\\x2\"", "after a backslash" },
	{ "user \"a\\x2g\"", "\"a\\x2g\"", "after a backslash" },
	{ "user \"a\\x00\"", "\"a\\x00\"", "no NUL" },
	{ "user=a\\", "a\\", "after a backslash" },
};

static void test_mistakes(void)
{
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
		struct rules_question question;
		struct rules_error err = { 0 };
		const char *word = mistakes[i].word, *text = mistakes[i].question;

		if (!is_int(rules_question_parse(&kit_host, text, strlen(text), &question, &err),
			    -EINVAL, "is refused: %s", text))
			continue;
		is_mem(err.word, err.word_len, word, strlen(word), "  because of %s", word);
		ok(strstr(err.expected, mistakes[i].expected), "  expected is: %s", err.expected);
	}
}

/* Each byte that a user name can have, and the longest name, in the escapes of the log. */
static void test_all_names(void)
{
	char name[256] = { 0 }, buf[1100];
	struct rules_question question;
	struct rules_error err;
	bool quoted = true, logged = true;

	for (int byte = 1; byte < 256; byte++) {
		struct text t = TEXT_OF(buf);

		memset(name, byte, 255);
		text_str(&t, "user ");
		text_char(&t, '"');
		text_escaped(&t, name, 255);
		text_char(&t, '"');
		quoted &= rules_question_parse(&kit_host, buf, t.len, &question, &err) == 0 &&
			  strcmp(question.user, name) == 0;
		t = (struct text)TEXT_OF(buf);
		text_str(&t, byte == ' ' ? "user=\"" : "user=");
		text_escaped(&t, name, 255);
		text_str(&t, byte == ' ' ? "\"" : "");
		logged &= rules_question_parse(&kit_host, buf, t.len, &question, &err) == 0 &&
			  strcmp(question.user, name) == 0;
	}
	ok(quoted, "in quotes, a user name of 255 bytes of any value is read");
	ok(logged, "as the log writes it, a user name of 255 bytes of any value is read");
	memset(buf, 'a', 300);
	memcpy(buf, "user ", 5);
	is_int(rules_question_parse(&kit_host, buf, 5 + 256, &question, &err), -EINVAL,
	       "a name of 256 bytes is refused");
	memcpy(buf, "user=", 5);
	is_int(rules_question_parse(&kit_host, buf, 5 + 256, &question, &err), -EINVAL,
	       "and so is one after user=");
	is_int(rules_question_parse(&kit_host, buf, 300, &question, &err), -EINVAL,
	       "a value of 295 bytes is refused");
}

static const struct {
	const char *rules, *question;
	bool any_user;
	const char *gaps; /* the verdict, or "PART:LINE ..." if it depends on something */
} open_rows[] = {
	{ "allow", "to 192.0.2.1", false, "allow" },
	{ "allow port 443", "to 192.0.2.1", false, "port:1" },
	{ "allow port 443", "to 192.0.2.1 port 443", false, "allow" },
	{ "allow port 443", "command resolve to 192.0.2.1", false, "deny" },
	{ "allow port 443; allow", "to 192.0.2.1", false, "allow" },
	{ "allow to 10.0.0.0/8", "port 443", false, "to:1" },
	{ "allow to 10.0.0.0/8 port 443", "", false, "to:1 port:1" },
	{ "deny port 25; allow to 10.0.0.0/8", "", false, "port:1 to:2" },
	{ "deny to a.example; allow to any port 443", "to b.example", false, "port:2" },
	{ "deny to .example; allow", "", false, "to:1" },
	{ "deny port 25; deny port 26; allow", "to 192.0.2.1", false, "port:1" },
	/* rules that make no difference are not named */
	{ "allow port 443; deny to 10.0.0.0/8", "to 11.0.0.1", false, "port:1" },
	{ "allow port 443; deny to 10.0.0.0/8", "", false, "port:1" },
	{ "deny to 10.0.0.0/8; allow port 443; allow", "port 25", false, "to:1" },
	{ "deny port 25; allow to 10.0.0.0/8; allow", "", false, "port:1" },
	{ "allow port 1; deny from 192.0.2.7 port 2; allow port 3", "", false, "port:1" },
	{ "allow from 192.0.2.7 port 1; allow port 2", "", false, "port:2" },
	{ "allow user bob port 1; allow port 2", "user alice", false, "port:2" },
	/* an allow rule that does not name the special destination takes no part */
	{ "allow port 443; allow to loopback port 80", "from 192.0.2.7 to 127.0.0.1", false,
	  "port:2" },
	/* a user that is not known */
	{ "allow user alice", "to 192.0.2.1", true, "user:1" },
	{ "allow user *", "to 192.0.2.1", true, "allow" },
	{ "deny user bob; allow user *", "to 192.0.2.1", true, "user:1" },
	{ "deny user *; allow", "to 192.0.2.1", true, "deny" },
	{ "deny port 25; allow user alice", "to 192.0.2.1", true, "port:1 user:2" },
	{ "", "to 192.0.2.1 from 192.0.2.7", true, "allow" },
};

static void test_gaps(void)
{
	static const char *const parts[] = {
		[RULES_PART_TO] = "to",
		[RULES_PART_PORT] = "port",
		[RULES_PART_USER] = "user",
	};

	for (size_t i = 0; i < sizeof(open_rows) / sizeof(*open_rows); i++) {
		struct rules rules;
		struct rules_error err;
		struct rules_question q = { .kind = CLIENT_LOCAL };
		struct rules_gap gaps[RULES_GAPS_MAX];
		struct rules_decision decision;
		const char *text = open_rows[i].question;
		char buf[200];
		struct text t = TEXT_OF(buf);
		struct rules_query query;
		unsigned n = 0;

		kit_rules(&rules, open_rows[i].rules, &err);
		rules_question_parse(&kit_host, text, strlen(text), &q, &err);
		query = (struct rules_query){
			.kind = q.kind,
			.client = &q.client,
			.user = q.user[0] ? q.user : NULL,
			.any_user = open_rows[i].any_user,
			.command = q.command,
			.name = q.dest.name,
			.addr = &q.dest.addr,
			.port = q.dest.port,
			.is_self = kit_is_self,
		};
		if (rules_decide(&rules, &query, &decision) == RULES_DEPENDS)
			n = rules_gaps(&rules, &query, gaps);
		else
			text_str(&t, kit_verdict(decision.verdict));
		for (unsigned j = 0; j < n; j++) {
			text_strs(&t, j ? " " : "", parts[gaps[j].part], ":", NULL);
			text_uint(&t, gaps[j].rule.line);
		}
		is_str(buf, open_rows[i].gaps, "%s | %s", open_rows[i].rules, text);
		rules_free(&rules);
	}
}

int main(void)
{
	test_rows();
	test_mistakes();
	test_all_names();
	test_gaps();
	return done_testing();
}
