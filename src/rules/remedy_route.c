/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Remedies for the route after via: items of other programs, and parents in other spellings. Never
 * quotes a word that the mistake hides, because it may have a password.
 */
#include "rules/remedy.h"
#include "rules/chars.h"
#include "base/hint.h"

#include <string.h>

static const char known[][12] = { "same", "direct", "interface", "mark", "family", "rate", "" };

/* What stands before ://, and what to write. */
static const struct {
	char schemes[32];
	char remedy[96];
} schemes[] COLD_TABLE = {
	{ "socks5", "write socks5:// in lower case" },
	{ "http", "write http:// in lower case" },
	{ "socks5h socks", "write socks5://" },
	{ "socks4 socks4a",
	  "write socks5://, if the parent knows SOCKS 5: routes have no SOCKS 4" },
	{ "https tls ssl", "write http://, if the parent takes CONNECT without TLS" },
	{ "unix file", "write socks5:/PATH for a unix socket" },
	{ "tcp", "write socks5:// or http://" },
};

/* What stands before : or =, and what to write. */
static const struct {
	char keys[64];
	char remedy[48];
} keys[] COLD_TABLE = {
	{ "rate limit bandwidth speed bandlimin bandlimout", "write rate:BYTES, like rate:10M" },
	{ "mark fwmark", "write mark:NUMBER" },
	{ "interface iface if dev device nic oif", "write interface:NAME, like interface:eth0" },
	{ "family", "write family:FAMILY, like family:ipv4" },
	{ "source src from local bind addr address external", "write the address alone" },
	{ "parent proxy via", "write the parent alone" },
	{ "unix", "write socks5:/PATH for a unix socket" },
	{ "socks socks5h socks4 socks4a", "write socks5://HOST:PORT" },
	{ "https", "write http://HOST:PORT" },
};

/* Whole items. */
static const struct {
	char words[72];
	char remedy[72];
} items[] COLD_TABLE = {
	{ "tor", "write socks5://127.0.0.1:9050, or socks5:/PATH for Tor's unix socket" },
	{ "parent proxy socks socks5 socks5h http squid upstream",
	  "write socks5://HOST:PORT or http://HOST:PORT" },
	{ "none no off default self normal", "write direct to use no parent" },
	{ "incoming reached sticky same-address", "write same" },
	{ "ipv4 ipv6 prefer-ipv4 prefer-ipv6", "write family: before it" },
	{ "through via to by from", "leave it out: the route follows via at once" },
	{ "drop reject deny block", "write a deny rule" },
};

static void put(struct text *t, const char *remedy)
{
	text_strs(t, "; ", remedy, NULL);
}

static bool put_scheme(struct text *t, struct word word)
{
	const char *slashes = memmem(word.p, word.len, "://", 3);

	for (size_t i = 0; slashes && i < sizeof(schemes) / sizeof(*schemes); i++)
		if (hint_is_one(word.p, (size_t)(slashes - word.p), schemes[i].schemes)) {
			put(t, schemes[i].remedy);
			return true;
		}
	return false;
}

static bool put_key(struct text *t, struct word word)
{
	size_t n = 0;

	while (n < word.len && word.p[n] != ':' && word.p[n] != '=')
		n++;
	for (size_t i = 0; n < word.len && i < sizeof(keys) / sizeof(*keys); i++)
		if (hint_is_one(word.p, n, keys[i].keys)) {
			put(t, keys[i].remedy);
			return true;
		}
	return false;
}

static bool put_item(struct text *t, struct word word)
{
	for (size_t i = 0; i < sizeof(items) / sizeof(*items); i++)
		if (hint_is_one(word.p, word.len, items[i].words)) {
			put(t, items[i].remedy);
			return true;
		}
	return false;
}

/* eth0, wlan0.100, br-lan: letters first, and no dot or one behind a digit */
static bool is_interface(struct word word)
{
	static const char prefixes[][8] = { "en",  "eth", "wl",	  "ww",	  "wg",	  "tun", "tap",
					    "ppp", "br",  "veth", "bond", "vlan", "lo" };

	for (size_t i = 0; word.len < 16 && i < sizeof(prefixes) / sizeof(*prefixes); i++) {
		size_t n = strlen(prefixes[i]);

		if (word.len >= n && memcmp(word.p, prefixes[i], n) == 0)
			return word.len == 2 || memchr(word.p, '-', word.len) ||
			       char_is(word.p[word.len - 1], CHAR_DIGIT);
	}
	return false;
}

/* HOST:PORT without socks5:// or http:// before it */
static bool is_target(struct word word)
{
	const char *colon = memrchr(word.p, ':', word.len);
	struct word port;

	if (!colon || colon == word.p)
		return false;
	port = (struct word){ colon + 1, (size_t)(word.p + word.len - colon - 1) };
	return port.len && !(chars_seen(port.p, port.p + port.len) & ~CHAR_DIGIT);
}

/* An item that is not known, or an address that is none. Only the mistake knows if it is hidden. */
static void put_unknown(struct text *t, struct word word)
{
	const char *slash = memchr(word.p, '/', word.len);

	if (put_scheme(t, word) || put_key(t, word) || put_item(t, word))
		return;
	if (slash == word.p)
		put(t, "write socks5: before the path of a unix socket");
	else if (word_is_net(word) && slash)
		put(t, "write one address, without the / and what follows it");
	else if (is_interface(word))
		put(t, "write interface: before the name of a network interface");
	else if (memchr(word.p, '@', word.len) || is_target(word))
		put(t, "write socks5:// or http:// before a parent");
	else if (!hint_is_one(word.p, word.len, "same direct"))
		remedy_near(t, word, known);
}

/* HOST:PORT of a parent, which was read behind // or @ */
static void put_host(struct text *t, struct word word, bool http)
{
	const char *colon = memchr(word.p, ':', word.len), *last = memrchr(word.p, ':', word.len);
	struct word host = { word.p, last ? (size_t)(last - word.p) : word.len };

	if (memchr(word.p, '/', word.len))
		put(t, "leave out the / and what follows it");
	else if (!colon && word.len)
		put(t, http ? "write the port too, like :3128" : "write the port too, like :1080");
	else if (colon != last && *word.p != '[' && word_is_address(host))
		put(t, "write brackets around an IPv6 address, like [2001:db8::1]:1080");
	else if (colon != last && *word.p != '[')
		put(t, "write user and password before the host: USER:PASSWORD@HOST:PORT");
	else if (colon && colon != word.p && *word.p == '[' && colon == last)
		put(t, "write brackets around IPv6 addresses alone");
	else if (colon == last && host.len && last == word.p + word.len - 1)
		put(t, "write the number of the port behind the colon");
}

/* The port of a parent, or a value that is wrong itself */
static void put_value(struct text *t, struct word word, bool rate)
{
	if (word.len == 1 && *word.p == '0' && rate)
		put(t, "write rate:1000G to lift the limit of the option rate");
	else if (word.len && char_is(*word.p, CHAR_DIGIT) && memchr(word.p, '/', word.len))
		put(t, "leave out the / and what follows it");
}

/* Returns the byte at that place before the word, or NUL. */
static char before(const struct rules_error *mistake, size_t n)
{
	return mistake->column >= n ? mistake->word[-(ptrdiff_t)n] : '\0';
}

/* Is the word behind the blank that ends the route? */
static bool is_behind(const struct rules_error *mistake)
{
	const char *p = mistake->word, *start = p - mistake->column, *end;

	while (p > start && char_is(p[-1], CHAR_BLANK))
		p--;
	end = p;
	while (p > start && !char_is(p[-1], CHAR_BLANK))
		p--;
	return end < mistake->word && end > start && !(end - p == 3 && memcmp(p, "via", 3) == 0);
}

void remedy_route(struct text *t, const struct rules_error *mistake)
{
	struct word word = { mistake->word, mistake->secret ? mistake->hidden : mistake->word_len };
	const char *start = mistake->word - mistake->column;
	char last = before(mistake, 1);

	if (is_behind(mistake))
		put(t, mistake->secret ? "separate the items of a route by commas, without blanks" :
					 "move via and its route behind the other conditions");
	else if (strncmp(mistake->expected, "USER:", 5) == 0)
		return; /* the word is no host */
	else if (last == '@' || (last == '/' && before(mistake, 2) == '/'))
		put_host(t, word, memmem(start, mistake->column, "http:", 5));
	else if (last == ':')
		put_value(t, word, mistake->column >= 5 && memcmp(word.p - 5, "rate:", 5) == 0);
	else if (last == ',' && !word.len && !mistake->secret)
		put(t, "write no comma at the end, and no blank behind a comma");
	else if (word.len)
		put_unknown(t, word);
}

bool word_is_route(struct word word)
{
	static const char starts[][12] = { "socks5:",	 "socks5h:", "socks4:", "socks:",
					   "interface:", "mark:",    "family:", "rate:" };

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++)
		if (word.len > strlen(starts[i]) &&
		    memcmp(word.p, starts[i], strlen(starts[i])) == 0)
			return true;
	return hint_is_one(word.p, word.len, "same direct");
}
