/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Routes: every item and every mistake in one, its place, and that no message has a password. Also
 * `to literal`, and what a decision says of the route and of the rules before it.
 */
#include "rules_kit.h"
#include "rules/route.h"

/* Reads a route from a block of exactly its size, so that a sanitizer sees a read past its end. */
static int parse(const char *words, struct route *ret, struct rules_error *err, char **text)
{
	size_t len = strlen(words);

	*text = malloc(len ? len : 1);
	memcpy(*text, words, len);
	return route_parse(*text, len, "conf", 7, ret, err);
}

static void is_text(struct route_text got, const char *want, const char *name)
{
	is_mem(got.at ? got.at : "", got.len, want, strlen(want), "%s", name);
}

static void test_items(void)
{
	struct rules_error err;
	struct route r;
	char *text, addr[ADDR_TEXT_MAX];

	is_int(parse("192.0.2.9,2001:db8::9,interface:eth0.5,mark:0x1F,family:prefer-ipv6,"
		     "rate:10M,socks5://al%2Cice:p%40%25%3a@[2001:db8::1]:1080",
		     &r, &err, &text),
	       0, "a route with every item");
	addr_format_host(&r.source.ipv4, addr);
	is_str(addr, "192.0.2.9", "its IPv4 source");
	addr_format_host(&r.source.ipv6, addr);
	is_str(addr, "2001:db8::9", "its IPv6 source");
	is_str(r.interface, "eth0.5", "its interface");
	ok(r.has_mark && r.mark == 31, "its mark");
	ok(r.has_family && r.family == FAMILY_PREFER_IPV6, "its family");
	is_int((long long)r.rate, 10000000, "its rate");
	ok(!r.same, "it does not say same");
	is_int(r.parent.kind, PARENT_SOCKS5, "its parent speaks SOCKS 5");
	is_text(r.parent.host, "2001:db8::1", "the host, without brackets");
	is_int(r.parent.port, 1080, "the port");
	is_text(r.parent.user, "al%2Cice", "the user, as written");
	is_text(r.parent.password, "p%40%25%3a", "the password, as written");
	ok(!r.parent.path.at, "no path");
	free(text);
	parse("http://proxy.example.:65535,same,mark:0", &r, &err, &text);
	ok(r.parent.kind == PARENT_HTTP && r.parent.port == 65535 && !r.parent.user.at && r.same &&
		   r.has_mark && !r.mark && !r.has_family,
	   "an HTTP parent by name, same, and the mark 0");
	free(text);
	is_int(parse("socks5://a%3Ab:p@h:1", &r, &err, &text), 0, "a user with a colon for SOCKS");
	free(text);
	is_int(parse("http://ab:p%3Aq@h:1", &r, &err, &text), 0, "a password with one for HTTP");
	free(text);
	parse("socks5:/run/tor/socks", &r, &err, &text);
	is_text(r.parent.path, "/run/tor/socks", "a unix socket");
	ok(!r.parent.host.at && r.parent.kind == PARENT_SOCKS5, "  which has no host");
	free(text);
	parse("direct", &r, &err, &text);
	is_int(r.parent.kind, PARENT_NONE, "direct");
	free(text);
}

/* A mistake, its word (NULL: it is not quoted), and where it is. */
static const struct {
	const char *route, *word;
	size_t column;
	const char *expected;
} mistakes[] = {
	{ "", "", 0, "one address of each family" },
	{ "same,", "", 5, "one address of each family" },
	{ ",same", "", 0, "one address of each family" },
	{ "nosuch", "nosuch", 0, "one address of each family" },
	{ "same,nosuch", "nosuch", 5, "one address of each family" },
	{ "0.0.0.0", "0.0.0.0", 0, "not 0.0.0.0" },
	{ "::", NULL, 0, "not 0.0.0.0 or ::" },
	{ "192.0.2.1,192.0.2.2", "192.0.2.2", 10, "one address of each family" },
	{ "192.0.2.1/32", "192.0.2.1/32", 0, "one address of each family" },
	{ "Same", "Same", 0, "same" },
	{ "same,same", "same", 5, "at most once" },
	{ "interface:", "", 10, "the name of a network interface" },
	{ "interface:a/b", "a/b", 10, "the name of a network interface" },
	{ "interface:1234567890123456", "1234567890123456", 10, "15 bytes" },
	{ "interface:a,interface:b", "b", 22, "at most once" },
	{ "mark:", "", 5, "a number from 0 to 4294967295" },
	{ "mark:4294967296", "4294967296", 5, "a number" },
	{ "mark:0x", "0x", 5, "a number" },
	{ "mark:0x1g", "0x1g", 5, "a number" },
	{ "mark:-1", "-1", 5, "a number" },
	{ "mark:1,mark:2", "2", 12, "at most once" },
	{ "family:", "", 7, "prefer-ipv6" },
	{ "family:ipv5", "ipv5", 7, "prefer-ipv6" },
	{ "family:any,family:any", "any", 18, "at most once" },
	{ "rate:", "", 5, "bytes per second" },
	{ "rate:0", "0", 5, "bytes per second" },
	{ "rate:1001G", "1001G", 5, "1000G" },
	{ "rate:10m", "10m", 5, "bytes per second" },
	{ "rate:1k,rate:1k", "1k", 13, "at most once" },
	{ "direct,direct", NULL, 7, "one parent" },
	{ "direct,socks5://h:1", NULL, 14, "one parent" },
	{ "socks5://h:1,http://h:1", NULL, 18, "one parent" },
	{ "same,192.0.2.1", NULL, 0, "either same or an address" },
	{ "socks5:/s,mark:1", NULL, 0, "unix socket" },
	{ "socks5:/s,same", NULL, 0, "unix socket" },
	{ "socks5:/s,192.0.2.1", NULL, 0, "unix socket" },
	{ "socks5:/s,interface:a", NULL, 0, "unix socket" },
	{ "socks5:", NULL, 7, "socks5://HOST:PORT" },
	{ "socks5:h:1", NULL, 7, "socks5://HOST:PORT" },
	{ "socks5:/", NULL, 7, "the path of a unix socket" },
	{ "http:/s", NULL, 5, "http://HOST:PORT" },
	{ "http:", NULL, 5, "http://HOST:PORT" },
	{ "socks5://", "", 9, "HOST:PORT" },
	{ "socks5://h", "h", 9, "HOST:PORT" },
	{ "socks5://:1", NULL, 9, "HOST:PORT" },
	{ "socks5://h:", NULL, 11, "the port" },
	{ "socks5://h:0", NULL, 11, "1 to 65535" },
	{ "socks5://h:65536", NULL, 11, "1 to 65535" },
	{ "socks5://h:000080", NULL, 11, "1 to 65535" },
	{ "socks5://h:http", NULL, 11, "1 to 65535" },
	{ "socks5://h:1/", NULL, 11, "1 to 65535" },
	{ "socks5://127.1:1", NULL, 9, "a name or an address" },
	{ "socks5://2001:db8::1:1", NULL, 9, "IPv6 in brackets" },
	{ "socks5://[192.0.2.1]:1", NULL, 9, "IPv6 in brackets" },
	{ "socks5://[h]:1", NULL, 9, "IPv6 in brackets" },
	{ "socks5://[::1]", NULL, 9, "HOST:PORT" },
	{ "socks5://u@h:1", NULL, 9, "USER:PASSWORD" },
	{ "socks5://:PW@h:1", NULL, 9, "USER:PASSWORD" },
	{ "socks5://u:@h:1", NULL, 9, "USER:PASSWORD" },
	{ "socks5://@h:1", NULL, 9, "USER:PASSWORD" },

	/* a mistake in the middle of, before or behind a password, which is PW in all of them */
	{ "socks5://u:PW:PW@h:1", NULL, 9, "a colon as %3A" },
	{ "socks5://u:PW%@h:1", NULL, 9, "% as %25" },
	{ "socks5://u:PW%4@h:1", NULL, 9, "% as %25" },
	{ "socks5://u:PW%zz@h:1", NULL, 9, "% as %25" },
	{ "socks5://u%:PW@h:1", NULL, 9, "% as %25" },
	{ "http://a%3Ab:PW@h:1", NULL, 7, "whose user has no colon" },
	{ "same,http://u%3a:PW@h:1", NULL, 12, "whose user has no colon" },
	{ "http://a%3Ab:PW%@h:1", NULL, 7, "whose user has no colon" },
	{ "socks5://u:PW,PW@h:1", NULL, 0, "a comma as %2C" },
	{ "socks5://u:1,PW@h:1", NULL, 13, "a comma as %2C" },
	{ "socks5://u:1,mark:PW@h:1", NULL, 13, "a comma as %2C" },
	{ "socks5://u:1,PW,PW@h:1", NULL, 13, "a comma as %2C" },
	{ "socks5://u:PW@PW,PW@h:1", NULL, 0, "a comma as %2C" },
	{ "same,http://u:PW,PW@h:1", NULL, 5, "a comma as %2C" },
	{ "socks5://u:PW@h", "h", 14, "HOST:PORT" },
	{ "socks5://u:PW@h:0", "0", 16, "the port" },
	{ "socks5://u:PW@h:1/", "1/", 16, "the port" },
	{ "socks5://u:PW@", "", 14, "HOST:PORT" },
	{ "socks5://u:PW", NULL, 11, "the port" },
	{ "socks5://h:1:u:PW", NULL, 9, "HOST:PORT" },
	{ "socks5:/u:PW@h:1", NULL, 7, "two slashes" },
	{ "socks5:u:PW@h:1", NULL, 7, "socks5://HOST:PORT" },
	{ "http:/u:PW@h:1", NULL, 5, "http://HOST:PORT" },
	{ "socks5h://u:PW@h:1", NULL, 0, "socks5://HOST:PORT" },
	{ "u:PW@h:1", NULL, 0, "socks5://HOST:PORT" },
	{ "u:PW", NULL, 0, "socks5://HOST:PORT" },
	{ "socks5://u:PW@h:1,nosuch", NULL, 18, "one address of each family" },
	{ "socks5://u:PW@h:1,rate:x", "x", 23, "bytes per second" },
	{ "mark:x,socks5://u:PW@h:1", "x", 5, "a number" },
	{ "socks5://h:1,user,PW", NULL, 13, "one address of each family" },
	{ "socks5://u:PW@h:1,http://u:PW@h:1", NULL, 23, "one parent" },
};

static void has_no_password(const struct rules_error *err, const char *name)
{
	char message[1024];

	rules_error_format(err, message, sizeof(message));
	if (!ok(!strstr(message, "PW"), "no password in the message: %s", name))
		printf("# %s\n", message);
}

static void test_mistakes(void)
{
	for (size_t i = 0; i < sizeof(mistakes) / sizeof(*mistakes); i++) {
		const char *word = mistakes[i].word;
		struct rules_error err = { 0 };
		struct route r;
		char *text;

		if (!is_int(parse(mistakes[i].route, &r, &err, &text), -EINVAL, "refused: %s",
			    mistakes[i].route)) {
			free(text);
			continue;
		}
		is_int(err.secret, !word, "  quotes %s", word ? word : "nothing");
		is_mem(err.word, err.word_len, word ? word : "", word ? strlen(word) : 0,
		       "  the word");
		is_int((long long)err.column, (long long)mistakes[i].column, "  its column");
		is_int(err.word - text, (long long)mistakes[i].column, "  its place");
		ok(err.column + err.hidden <= strlen(mistakes[i].route), "  the end of the word");
		if (!ok(strstr(err.expected, mistakes[i].expected), "  expects %s",
			mistakes[i].expected))
			printf("# %s\n", err.expected);
		ok(err.part == RULES_PART_VIA && err.line == 7, "  its part and line");
		has_no_password(&err, mistakes[i].route);
		free(text);
	}
}

/* A route whose part is len bytes long. */
static int parse_long(const char *before, size_t len, const char *after)
{
	struct rules_error err;
	struct route r;
	char words[1024], *text;
	size_t n = strlen(before);
	int ret;

	memcpy(words, before, n);
	memset(words + n, 'a', len);
	strcpy(words + n + len, after);
	ret = parse(words, &r, &err, &text);
	free(text);
	return ret;
}

static void test_limits(void)
{
	static const struct {
		const char *before, *after;
		size_t max;
	} rows[] = {
		{ "socks5:/", "", 106 },	{ "socks5://", ":PW@h:1", 255 },
		{ "socks5://u:", "@h:1", 255 }, { "http://u:%61", "@h:1", 254 },
		{ "interface:", "", 15 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		is_int(parse_long(rows[i].before, rows[i].max, rows[i].after), 0, "%sa...%s",
		       rows[i].before, rows[i].after);
		is_int(parse_long(rows[i].before, rows[i].max + 1, rows[i].after), -EINVAL,
		       "  one byte more");
	}
}

static void test_decode(void)
{
	static const struct {
		const char *text;
		int len;
		const char *bytes;
	} rows[] = {
		{ "", 0, "" },	       { "a%2Cb%3a", 4, "a,b:" }, { "%00", 1, "" },
		{ "abcd", 4, "abcd" }, { "abcde", -EINVAL, "" },  { "%", -EINVAL, "" },
		{ "%4", -EINVAL, "" }, { "%4g", -EINVAL, "" },	  { "%g4", -EINVAL, "" },
		{ "%ff", 1, "\xff" },  { "%%41", -EINVAL, "" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct route_text text = { rows[i].text, strlen(rows[i].text) };
		char buf[4] = { 0 };
		int n = route_decode(text, buf, sizeof(buf));

		is_int(n, rows[i].len, "decode %s", rows[i].text);
		if (n > 0)
			is_mem(buf, (size_t)n, rows[i].bytes, (size_t)n, "  its bytes");
	}
}

static void test_complete(void)
{
	struct rules_error err;
	struct route r, base;
	char *one, *two;

	parse("192.0.2.1,interface:a,mark:1,family:ipv4,rate:1k,http://p:1", &base, &err, &two);
	parse("same", &r, &err, &one);
	route_complete(&r, &base);
	ok(r.same && !r.source.ipv4.sa.sa_family, "same is in place of the source of the base");
	ok(r.mark == 1 && r.has_mark && r.rate == 1000 && r.family == FAMILY_IPV4 &&
		   !strcmp(r.interface, "a") && r.parent.kind == PARENT_HTTP && r.parent.port == 1,
	   "all else is from the base");
	free(one);
	parse("2001:db8::1,interface:b,mark:0,family:any,rate:2k,direct", &r, &err, &one);
	route_complete(&r, &base);
	ok(r.source.ipv6.sa.sa_family == AF_INET6 && !r.source.ipv4.sa.sa_family,
	   "one address is in place of both");
	ok(r.has_mark && !r.mark && r.rate == 2000 && r.family == FAMILY_ANY &&
		   !strcmp(r.interface, "b") && r.parent.kind == PARENT_NONE,
	   "what is said stays, also 0, any and direct");
	free(one);
	free(two);
}

/* Rules with via: a mistake, its word (NULL: not quoted) and what is expected. */
static const struct {
	const char *rule, *word;
	size_t column;
	const char *expected;
} rules_mistakes[] = {
	{ "deny via direct", "via", 0, "only in an allow rule" },
	{ "deny user a via socks5://u:PW@h:1", "via", 7, "only in an allow rule" },
	{ "allow via", "", 3, "one address of each family" },
	{ "allow via same to any", "to", 9, "the end of the rule" },
	{ "allow via same via direct", "via", 9, "the end of the rule" },
	{ "allow via same direct", NULL, 9, "the end of the rule" },
	{ "allow via http://h:1 user PW", "user", 15, "the end of the rule" },
	{ "allow via http://h:1 u PW", NULL, 15, "the end of the rule" },
	{ "allow via http://u:1 PW@h:1", NULL, 15, "the end of the rule" },
	{ "allow via http://u:PW PW@h:1", NULL, 13, "a blank as %20" },
	{ "allow via rate:1M, same", "", 12, "one address of each family" },
	{ "allow user alice  via rate:x", "x", 21, "bytes per second" },
	{ "allow to any via http://u:PW@h:0", "0", 25, "the port" },
	{ "allow user a via\thttp://u:PW,@h:1", NULL, 11, "a comma as %2C" },

	/* outside of a route */
	{ "allow socks5://u:PW@h:1", NULL, 0, "via" },
	{ "allow user a socks5://u:PW@h:1", NULL, 7, "via" },
	{ "allow user a http://u:PW PW@h:1", NULL, 7, "via" },
	{ "allow to socks5://u:PW@h:1", NULL, 3, "an IPv6 address" },
	{ "allow to a.example,http://u:PW@h:1", NULL, 13, "" },
	{ "allow vai socks5://u:PW@h:1", "vai", 0, "via" },
	{ "allow from literal", "literal", 5, "clients have no names" },
	{ "deny user a from any,literal", "literal", 16, "clients have no names" },
};

static void test_rules(void)
{
	for (size_t i = 0; i < sizeof(rules_mistakes) / sizeof(*rules_mistakes); i++) {
		const char *word = rules_mistakes[i].word, *rule = rules_mistakes[i].rule;
		struct rules rules;
		struct rules_error err = { 0 };

		if (!is_int(kit_rules(&rules, rule, &err), -EINVAL, "refused: %s", rule))
			continue;
		is_int(err.secret, !word, "  quotes %s", word ? word : "nothing");
		is_mem(err.word, err.word_len, word ? word : "", word ? strlen(word) : 0,
		       "  the word");
		is_int((long long)err.column, (long long)rules_mistakes[i].column, "  its column");
		is_int(err.word - strchr(rule, ' ') - 1, (long long)rules_mistakes[i].column,
		       "  its place");
		if (!ok(strstr(err.expected, rules_mistakes[i].expected), "  expects %s",
			rules_mistakes[i].expected))
			printf("# %s\n", err.expected);
		has_no_password(&err, rule);
		is_int(rules.count, 0, "  no rule is added");
		rules_free(&rules);
	}
}

/* The rules of a row, and the rule whose text is quoted. */
static void test_masked(void)
{
	static const struct {
		const char *rule, *want;
	} rows[] = {
		{ "allow via socks5://u:PW@h:1", "conf:1: allow \"via socks5://u:***@h:1\"" },
		{ "allow via http://u:P@PW@h:1,rate:1k",
		  "conf:1: allow \"via http://u:***@h:1,rate:1k\"" },
		{ "allow via http://u:PW@h:1,interface:a@b",
		  "conf:1: allow \"via http://u:***@h:1,interface:a@b\"" },
		{ "allow via interface:a@b", "conf:1: allow \"via interface:a@b\"" },
		{ "allow via socks5:/run/a@b", "conf:1: allow \"via socks5:/run/a@b\"" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct rules rules;
		struct rules_error err;
		struct rules_where where;
		uint32_t at = 0;
		char buf[300];

		is_int(kit_rules(&rules, rows[i].rule, &err), 0, "read: %s", rows[i].rule);
		ok(rules_walk(&rules, &at, &where), "  the rule");
		rules_where_format(&where, buf, sizeof(buf));
		is_str(buf, rows[i].want, "  its text, without a password");
		rules_free(&rules);
	}
}

/* The rule that decides, its route, and whether an earlier one may match as well. */
static void test_decisions(void)
{
	static const struct {
		const char *rules, *question, *answer, *route;
		unsigned line;
		bool open;
	} rows[] = {
		{ "allow via same", "to 192.0.2.1 port 80", "allow", "same", 1, false },
		{ "allow  via\t192.0.2.9,rate:1k ", "to 192.0.2.1 port 80", "allow",
		  "192.0.2.9,rate:1k", 1, false },
		{ "allow to any", "to 192.0.2.1 port 80", "allow", NULL, 1, false },
		{ "deny to a.example;allow via same", "to b.example port 80", "allow", "same", 2,
		  false },
		{ "allow to 10.0.0.0/8;allow via same", "to b.example port 80", "allow", "same", 2,
		  true },
		{ "allow to 10.0.0.0/8;allow via same", "at 192.0.2.1 to b.example port 80",
		  "allow", "same", 2, false },
		{ "allow to .onion via same;allow to 10.0.0.0/8", "to a.onion port 80", "allow",
		  "same", 1, false },
		{ "deny to 10.0.0.0/8;allow to .onion via same", "to a.onion port 80", "depends",
		  NULL, 1, false },
		{ "deny to literal;allow to .onion via same", "to a.onion port 80", "allow", "same",
		  2, false },
		{ "allow to 10.0.0.0/8;deny to 11.0.0.0/8;allow to any", "to a.example port 80",
		  "depends", NULL, 1, true },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct rules rules;
		struct rules_error err;
		struct rules_decision d;
		const char *route = rows[i].route;

		is_int(kit_rules(&rules, rows[i].rules, &err), 0, "read: %s", rows[i].rules);
		is_str(kit_verdict(kit_ask(&rules, rows[i].question, &d)), rows[i].answer, "  %s",
		       rows[i].question);
		is_int(d.rule.line, rows[i].line, "  the rule");
		if (d.verdict == RULES_ALLOW) {
			is_int(d.open, rows[i].open, "  may an earlier rule match?");
			is_mem(d.rule.route ? d.rule.route : "", d.rule.route_len,
			       route ? route : "", route ? strlen(route) : 0, "  its route");
		}
		rules_free(&rules);
	}
}

static void test_literal(void)
{
	static const struct kit_row rows[] = {
		{ "deny to literal;allow from any", "to 192.0.2.1 port 80", "deny" },
		{ "deny to literal;allow from any", "to 2001:db8::1 port 80", "deny" },
		{ "deny to literal;allow from any", "to a.example port 80", "allow" },
		{ "deny to literal;allow from any", "at 192.0.2.1 to a.example port 80", "allow" },
		{ "deny to 10.0.0.1,literal;allow from any", "to a.example port 80", "depends" },
		{ "deny to private,literal;allow from any", "to a.example port 80", "depends" },
		{ "deny to private,literal;allow from any", "at 192.0.2.1 to a.example port 80",
		  "allow" },
		{ "deny to private,literal;allow from any", "at 10.0.0.1 to a.example port 80",
		  "deny" },
		{ "deny to literal,a.example;allow from any", "to a.example port 80", "deny" },
		{ "allow to literal", "to 192.0.2.1 port 80", "allow" },
		{ "allow to literal", "to a.example port 80", "deny" },
		{ "allow to literal", "at 192.0.2.1 to a.example port 80", "deny" },

		/* neither a name nor an address yet: a request of UDP ASSOCIATE */
		{ "deny to literal;allow from any", "command udp", "depends" },
		{ "allow to literal", "command udp", "depends" },
		{ "deny to literal", "command udp", "deny" },
		{ "allow from any;deny to literal", "command udp", "allow" },

		/* It names no special destination; local clients need none. */
		{ "allow to literal", "from 192.0.2.7 to 127.0.0.1 port 80", "deny" },
		{ "allow to literal", "from 192.0.2.7 to 203.0.113.9 port 80", "deny" },
		{ "allow to literal,loopback", "from 192.0.2.7 to 127.0.0.1 port 80", "allow" },
		{ "allow to literal,127.0.0.0/8", "from 192.0.2.7 to 127.0.0.1 port 80", "allow" },
		{ "allow to literal", "from 192.0.2.7 to 10.0.0.1 port 80", "allow" },
		{ "allow to literal", "from local to 127.0.0.1 port 80", "allow" },

		/* a host of that name has a final dot */
		{ "allow to literal.", "to literal port 80", "allow" },
	};

	kit_rows(NULL, rows, sizeof(rows) / sizeof(*rows));
}

int main(void)
{
	test_items();
	test_mistakes();
	test_limits();
	test_decode();
	test_complete();
	test_rules();
	test_masked();
	test_decisions();
	test_literal();
	return done_testing();
}
