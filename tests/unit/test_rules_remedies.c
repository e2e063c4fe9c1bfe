/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a message about a mistake in a rule or a list says to write instead. */
#include "rules_kit.h"

/* A rule, and how its message ends; NULL: without a remedy. */
static const struct {
	const char *rule, *remedy;
} remedies[] = {
	/* in the place of a condition */
	{ "form any", "did you mean from?" },
	{ "too any", "did you mean to?" },
	{ "From any", "did you mean from?" },
	{ "from any prot 80", "did you mean port?" },
	{ "comm udp", "did you mean command?" },
	{ "all", "write \"\" to match every client and every destination" },
	{ "any", "write \"\" to match every client and every destination" },
	{ "src 192.0.2.1", "write from" },
	{ "dst example.com", "write to" },
	{ "from any and to any", "leave it out: a rule needs all its conditions" },
	{ "from any or to any", "write two rules" },
	{ "not from any", "a rule has no \"not\": write another rule before this one" },
	{ "!from any", "a rule has no \"not\": write another rule before this one" },
	{ "from any \\", "leave the backslash out" },
	{ "from:any", "write a blank after from, without : or =" },
	{ "port=443", "write a blank after port, without : or =" },
	{ "alice", "write \"user alice\" or \"to alice\"" },
	{ "example.com", "write \"to example.com\"" },
	{ "192.0.2.0/24", "write \"from 192.0.2.0/24\" or \"to 192.0.2.0/24\"" },
	{ "private", "write \"from private\" or \"to private\"" },
	{ "@list", "write \"from @list\", \"to @list\" or \"user @list\"" },
	{ "user alice @staff", "separate the items of `user` by commas: alice,@staff" },
	{ "443", "write \"port 443\"" },
	{ "https", "write \"port https\"" },
	{ "udp", "write \"command udp\"" },
	{ "tcp", "write \"command connect\"" },
	{ "example.com:443", "write \"to example.com port 443\"" },
	{ "[::1]:80", "write \"to ::1 port 80\"" },
	{ "http://example.com/", "write \"to example.com port 80\"" },
	{ "*:443", "write \"port 443\"" },
	{ ";", NULL },

	/* commas */
	{ "port 80 443", "separate the items of `port` by commas: 80,443" },
	{ "port 80,443 8080", "separate the items of `port` by commas: 443,8080" },
	{ "port 80 https", "separate the items of `port` by commas: 80,https" },
	{ "to a.example b.example", "separate the items of `to` by commas: a.example,b.example" },
	{ "user alice bob", "separate the items of `user` by commas: alice,bob" },
	{ "from 10.0.0.0/8 192.0.2.1",
	  "separate the items of `from` by commas: 10.0.0.0/8,192.0.2.1" },
	{ "command udp bind", "separate the items of `command` by commas: udp,bind" },
	{ "from 10.0.0.0/8 443", "write \"port 443\"" },
	{ "port 443 example.com", "write \"to example.com\"" },
	{ "from any, local", NULL },
	{ "from any from local", NULL },
	{ "from 192.0.2.0 255.255.255.0", "write 192.0.2.0/24" },
	{ "port 80 - 90", "write a range of ports without blanks, like 8000-8100" },
	{ "port 80 -90", "write a range of ports without blanks, like 8000-8100" },

	/* addresses */
	{ "from 192.0.2.0/255.255.255.0", "write 192.0.2.0/24" },
	{ "from 192.0.2.9/0.0.0.255", "write 192.0.2.0/24" },
	{ "from 192.0.2.0/255.0.255.0", NULL },
	{ "from 192.0.2.0/33", NULL },
	{ "to 10/8", "write 10.0.0.0/8" },
	{ "to 172.16/12", "write 172.16.0.0/12" },
	{ "to 192.168.1", "for a network, write 192.168.1.0/24" },
	{ "from 192.168.1.*", "write 192.168.1.0/24" },
	{ "from 192.168.*.*", "write 192.168.0.0/16" },
	{ "to 10.0.0.0-10.0.0.9", "write NETs separated by commas, like 192.0.2.0/24" },
	{ "to 010.0.0.1", "write the parts without leading zeros" },
	{ "to 300.1.1.1", NULL },
	{ "to fe80::1%eth0", "leave the zone out, from the % on" },
	{ "to 192.0.2.1:80", "write \"to 192.0.2.1 port 80\"" },
	{ "to any,example.com:https", "write \"to example.com port 443\"" },
	{ "to [2001:db8::1]:80", "write \"to 2001:db8::1 port 80\"" },
	{ "to https://user@example.com:8443/x", "write \"to example.com port 8443\"" },
	{ "to ftp://example.com", "write \"to example.com port 21\"" },
	{ "to example.com/x", "write \"to example.com\"" },
	{ "from 192.0.2.1:80", "write \"from 192.0.2.1\": a rule can't name a client's port" },
	{ "to 2001:db8::g", NULL },

	/* groups and names */
	{ "from privat", "did you mean private?" },
	{ "from Loopback", "did you mean loopback?" },
	{ "from lan", "write private" },
	{ "from all", "write any" },
	{ "from *", "write any" },
	{ "from localhost", "write local" },
	{ "from alice", "write \"user alice\" for a user" },
	{ "from host.example.com", NULL },
	{ "to local", NULL },
	{ "to *.example.com", "write .example.com" },
	{ "to ||ads.example^", "write .ads.example" },
	{ "to !10.0.0.1", "a rule has no \"not\": write another rule before this one" },
	{ "to b\303\274cher.example", "write the name in ASCII, as xn--..." },
	{ "from \342\200\234any\342\200\235", "write plain quotes, not curly ones" },
	{ "to\302\240any", "write a plain space, not a no-break space" },

	/* ports */
	{ "port 80:90", "write 80-90" },
	{ "port 80..90", "write 80-90" },
	{ "port 90-80", "write 80-90" },
	{ "port 1024-", "write 1024-65535" },
	{ "port -1023", "write 1-1023" },
	{ "port 0-80", "write 1-80" },
	{ "port 80-70000", NULL },
	{ "port 0", NULL },
	{ "port 70000", NULL },
	{ "port -", NULL },
	{ "port HTTP", "did you mean http?" },
	{ "port htps", "did you mean https?" },
	{ "port nosuch", "write its number" },
	{ "port any", "leave `port` out to match every port" },
	{ "port 443/tcp", "write \"port 443 command connect\"" },
	{ "port udp/53", "write \"port 53 command udp\"" },

	/* commands */
	{ "command conect", "did you mean connect?" },
	{ "command CONNECT", "did you mean connect?" },
	{ "command tcp", "did you mean connect?" },
	{ "command associate", "did you mean udp?" },
	{ "command resolve_ptr", "did you mean resolve?" },
	{ "command any", "leave `command` out to match every command" },
	{ "command dance", NULL },

	/* routes */
	{ "socks5://192.0.2.1:1080", "write via before it, at the end of an allow rule" },
	{ "user alice interface:eth0", "write via before it, at the end of an allow rule" },
	{ "user alice direct", "write via before it, at the end of an allow rule" },
	{ "through socks5://h:1", "write via and a route, like via socks5://192.0.2.1:1080" },
	{ "parent 1000 socks5 192.0.2.1 1080 alice pass",
	  "write via and a route, like via socks5://192.0.2.1:1080" },
	{ "route same", "write via and a route, like via socks5://192.0.2.1:1080" },
	{ "Via same", "did you mean via?" },
	{ "via:same", "write a blank after via, without : or =" },
	{ "via socks5h://h:1", "write socks5://" },
	{ "via socks://h:1", "write socks5://" },
	{ "via SOCKS5://h:1", "write socks5:// in lower case" },
	{ "via socks4://h:1",
	  "write socks5://, if the parent knows SOCKS 5: routes have no SOCKS 4" },
	{ "via https://h:1", "write http://, if the parent takes CONNECT without TLS" },
	{ "via unix:/run/tor", "write socks5:/PATH for a unix socket" },
	{ "via /run/tor", "write socks5: before the path of a unix socket" },
	{ "via http://h", "write the port too, like :3128" },
	{ "via socks5://u:p@h", "write the port too, like :1080" },
	{ "via socks5://h:", NULL },
	{ "via http://h:3128/", "leave out the / and what follows it" },
	{ "via http://h/", "leave out the / and what follows it" },
	{ "via socks5://2001:db8::1:1080",
	  "write brackets around an IPv6 address, like [2001:db8::1]:1080" },
	{ "via socks5://[192.0.2.1]:1080", "write brackets around IPv6 addresses alone" },
	{ "via socks5://h:1080:alice:pass",
	  "write user and password before the host: USER:PASSWORD@HOST:PORT" },
	{ "via h:1080", "write socks5:// or http:// before a parent" },
	{ "via alice:pass@h:1080", "write socks5:// or http:// before a parent" },
	{ "via socks5 192.0.2.1 1080", "write socks5://HOST:PORT or http://HOST:PORT" },
	{ "via parent", "write socks5://HOST:PORT or http://HOST:PORT" },
	{ "via proxy", "write socks5://HOST:PORT or http://HOST:PORT" },
	{ "via tor", "write socks5://127.0.0.1:9050, or socks5:/PATH for Tor's unix socket" },
	{ "via none", "write direct to use no parent" },
	{ "via through same", "leave it out: the route follows via at once" },
	{ "via eth0", "write interface: before the name of a network interface" },
	{ "via wg-office", "write interface: before the name of a network interface" },
	{ "via 10.0.0.1/32", "write one address, without the / and what follows it" },
	{ "via source:10.0.0.1", "write the address alone" },
	{ "via external=10.0.0.1", "write the address alone" },
	{ "via rate=10M", "write rate:BYTES, like rate:10M" },
	{ "via mark=1", "write mark:NUMBER" },
	{ "via dev:eth0", "write interface:NAME, like interface:eth0" },
	{ "via ipv4", "write family: before it" },
	{ "via smae", "did you mean same?" },
	{ "via same,same", NULL },
	{ "via direct,direct", NULL },
	{ "via same to any", "move via and its route behind the other conditions" },
	{ "via same rate:10M", "separate the items of a route by commas, without blanks" },
	{ "via same, rate:10M", "write no comma at the end, and no blank behind a comma" },
	{ "via socks5://u:p,w@h:1", NULL },
	{ "via socks5://u@h:1", NULL },
	{ "via socks5://u:@h:1", NULL },
	{ "via socks5://u:p w@h:1", NULL },
};

/* The remedy is what follows "expected ..."; the message has none if it ends there. */
static void is_remedy(const struct rules_error *err, const char *remedy, const char *name)
{
	char message[1024], want[1024];

	rules_error_format(err, message, sizeof(message));
	if (remedy)
		snprintf(want, sizeof(want), "%s; %s", err->expected, remedy);
	else
		snprintf(want, sizeof(want), "%s", err->expected);
	if (!ok(strlen(message) > strlen(want) &&
			strcmp(message + strlen(message) - strlen(want), want) == 0,
		"%s: %s", name, remedy ? remedy : "no remedy"))
		printf("# %s\n", message);
}

static void test_remedies(void)
{
	for (size_t i = 0; i < sizeof(remedies) / sizeof(*remedies); i++) {
		struct rules rules = { .host = &kit_host };
		struct rules_error err = { 0 };
		size_t len = strlen(remedies[i].rule);
		/* A block of exactly its size, so that a sanitizer sees a read past it. */
		char *text = malloc(len);

		memcpy(text, remedies[i].rule, len);
		if (ok(rules_parse(&rules, RULES_ALLOW, text, len, NULL, 0, &err) != 0,
		       "refused: %s", remedies[i].rule))
			is_remedy(&err, remedies[i].remedy, remedies[i].rule);
		rules_free(&rules);
		free(text);
	}
}

static void test_deny(void)
{
	static const char text[] = "to any via same";
	struct rules rules = { .host = &kit_host };
	struct rules_error err = { 0 };

	ok(rules_parse(&rules, RULES_DENY, text, strlen(text), NULL, 0, &err) != 0,
	   "via is refused in a deny rule");
	is_remedy(&err, "leave out via and its route", text);
	rules_free(&rules);
}

/* Every mistake in a list, with its line and its remedy. */
static void test_every_mistake(void)
{
	static const struct kit_file files[] = {
		{ "list", "10.0.0.0/33\nb.example\n0.0.0.0 ads.example\na.example,c.example\n"
			  "example.com:443\nhttp://example.com/x\n\n*.example.com\n10.0.0.1" },
		{ 0 }
	};
	static const struct {
		unsigned line;
		const char *remedy;
	} want[] = {
		{ 1, NULL },
		{ 3, "this looks like a hosts file: write the names alone" },
		{ 4, "write each on a line of its own, without commas" },
		{ 5, "write example.com alone: a list has no ports" },
		{ 6, "write example.com alone: a list has no ports" },
		{ 8, "write .example.com" },
	};
	struct rules rules = { .host = &kit_host };
	struct rules_error err = { 0 };
	bool more;

	kit_files = files;
	more = rules_parse(&rules, RULES_DENY, "to @list", 8, "conf", 7, &err) == -EINVAL;
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
		ok(more, "mistake %zu of the list is found", i);
		is_int(err.line, want[i].line, "  in its line");
		is_str(err.file, "list", "  of the list");
		is_remedy(&err, want[i].remedy, "  its remedy");
		more = rules_next_mistake(&kit_host, &err);
	}
	ok(!more, "then there are no more");
	is_int(rules.count, 0, "no rule is added");
	rules_parse(&rules, RULES_DENY, "to 10.0.0.0/33", 14, "conf", 7, &err);
	ok(!rules_next_mistake(&kit_host, &err), "a rule without a list has one mistake");
	rules_free(&rules);
}

int main(void)
{
	test_remedies();
	test_deny();
	test_every_mistake();
	return done_testing();
}
