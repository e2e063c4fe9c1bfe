/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which known word is near an unknown one, and which bytes look like plain characters. */
#include <string.h>

#include "base/hint.h"
#include "tap.h"

static const char *const known[] = { "check", "config",	     "connect-timeout",
				     "from",  "to",	     "port",
				     "user",  "log",	     "log-level",
				     "ipv4",  "prefer-ipv4", "" };

static const struct {
	const char *word, *want;
} words[] = {
	/* one edit of each kind, also at the ends */
	{ "chec", "check" },
	{ "heck", "check" },
	{ "chekc", "check" },
	{ "hceck", "check" },
	{ "checks", "check" },
	{ "xcheck", "check" },
	{ "chuck", "check" },
	{ "form", "from" },
	{ "prot", "port" },
	{ "too", "to" },
	{ "ot", "to" },
	{ "ip4", "ipv4" },
	/* more edits in a longer word */
	{ "conect-timout", "connect-timeout" },
	{ "log_level", "log-level" },
	{ "perfer-ip4", "prefer-ipv4" },
	/* case does not matter */
	{ "From", "from" },
	{ "FORM", "from" },
	/* a beginning counts as one edit, and the first of two that are as near is kept */
	{ "che", "check" },
	{ "co", "config" },
	{ "connect", "connect-timeout" },
	{ "prefer", "prefer-ipv4" },
	/* too far */
	{ "c", NULL },
	{ "t", NULL },
	{ "xx", NULL },
	{ "bogus", NULL },
	{ "ck", NULL },
	{ "chxxk", NULL },
	{ "timeout", NULL },
	{ "", NULL },
	{ "connect-timeoutconnect-timeoutconnect-timeout", NULL },
};

static const char *nearest(const char *word, size_t len)
{
	struct hint hint = { .word = word, .len = len };

	for (size_t i = 0; *known[i]; i++)
		hint_offer(&hint, known[i]);
	return hint.best;
}

static void test_words(void)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t len = strlen(words[i].word);
		/* A block of exactly its size, so that a sanitizer sees a read past it. */
		char *word = malloc(len ? len : 1);
		const char *got;

		memcpy(word, words[i].word, len);
		got = nearest(word, len);
		is_str(got ? got : "none", words[i].want ? words[i].want : "none", "\"%s\"",
		       words[i].word);
		free(word);
	}
}

static void test_nearer(void)
{
	struct hint hint = { .word = "prot", .len = 4 };

	hint_offer(&hint, "");
	ok(!hint.best, "an empty word is near nothing");
	hint_offer(&hint, "pot");
	is_str(hint.best, "pot", "a word that is near is kept");
	hint_offer(&hint, "port");
	is_str(hint.best, "pot", "one that is as near does not replace it");
	hint_offer(&hint, "prot");
	is_str(hint.best, "prot", "a nearer one does");
	is_int(hint.distance, 0, "the same word has no distance");
}

static void test_lists(void)
{
	ok(hint_is("Port", 4, "port") && !hint_is("por", 3, "port") && !hint_is("ports", 5, "port"),
	   "a word is compared as a whole, without its case");
	ok(hint_is_one("b", 1, "a b c") && hint_is_one("A", 1, "a b c") &&
		   hint_is_one("c", 1, "a b c"),
	   "a word is found in a list, also first and last");
	ok(!hint_is_one("a b", 3, "a b c") || !hint_is_one("", 0, "a b c"),
	   "nothing is found that is no word of it");
	ok(!hint_is_one("d", 1, "a b c") && !hint_is_one("", 0, "") && !hint_is_one("", 0, "a"),
	   "an unknown and an empty word are not in it");
}

static const struct {
	const char *text, *want;
} traps[] = {
	{ "plain text", NULL },
	{ "b\xc3\xbc\x63her", NULL },
	{ "\xef\xbb\xbfport", "byte-order mark" },
	{ "30\xc2\xa0s", "no-break space" },
	{ "\xe2\x80\x9cipv4\xe2\x80\x9d", "curly" },
	{ "ipv4\xe2\x80\x99", "curly" },
	{ "\xe2\x80\x94\x63heck", "dash" },
	{ "80\xe2\x80\x93\x39\x30", "dash" },
	{ "\xe2\x88\x92\x31", "minus" },
	{ "a\xe2\x80\x8b", "invisible" },
	{ "\xe2\x80", NULL },
};

static void test_bytes(void)
{
	for (size_t i = 0; i < sizeof(traps) / sizeof(*traps); i++) {
		size_t len = strlen(traps[i].text);
		char *text = malloc(len);
		const char *got;

		memcpy(text, traps[i].text, len);
		got = hint_bytes(text, len);
		ok(traps[i].want ? got && strstr(got, traps[i].want) : !got, "text %zu: %s", i,
		   traps[i].want ? traps[i].want : "nothing to say");
		free(text);
	}
	is_int(hint_bom("\xef\xbb\xbfx", 4), 3, "a byte-order mark has three bytes");
	ok(!hint_bom("\xef\xbb", 2) && !hint_bom("xxx", 3), "half a mark is none");
}

int main(void)
{
	test_words();
	test_nearer();
	test_lists();
	test_bytes();
	return done_testing();
}
