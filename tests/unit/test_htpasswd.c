/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines of a users file, and the forms of hashes: users/htpasswd.c and users/pwhash.c. */
#include "hashes.h"
#include "users/htpasswd.h"
#include "tap.h"
#include "users_kit.h"

#define S63 "cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b5"
#define H22 "cAKlGSHITfs9Ly2SKbsrF."
#define H43 "DCqO2hUS5CQl0X5SQyEsN52xBAqwCTaEN0dCfP.KX99"
#define H86 "xikB9XzxLQ.IKj.I77hnqZouSw3C2dr6OI.9xanhDpxL2i4szX0NWU803R4cOTbCzzJ9wV3pGLE.PentdnG531"

/* What crypt(3) would accept or guess at, and must never be given. */
static const struct {
	const char *hash;
	enum pwhash_fault want;
} bad[] = {
	{ "", PWHASH_EMPTY },
	{ "plaintext", PWHASH_PLAIN },
	{ "pl", PWHASH_PLAIN },
	{ "secret", PWHASH_PLAIN },
	{ "administrator", PWHASH_PLAIN }, /* 13 letters, but no DES hash ends in r */
	{ "7vzstWOi/4y2g ", PWHASH_PLAIN },
	{ " 7vzstWOi/4y2g", PWHASH_PLAIN },
	{ "7vzstWOi/4y2", PWHASH_PLAIN },
	{ "7vzstWOi/4y2gg", PWHASH_PLAIN },
	{ "7vzstWOi/4y2h", PWHASH_PLAIN },
	{ "7:zstWOi/4y2g", PWHASH_PLAIN },
	{ "_J9..WSC0ejRIt/D/Xe", PWHASH_PLAIN },
	{ "_J9..WSC0ejRIt/D/Xegg", PWHASH_PLAIN },
	{ "*", PWHASH_PLAIN },
	{ "!" BC, PWHASH_PLAIN },
	{ "*0", PWHASH_PLAIN },
	{ "x", PWHASH_PLAIN },
	{ "$ecret", PWHASH_PLAIN },
	{ "$", PWHASH_PLAIN },
	{ "{", PWHASH_PLAIN },
	{ "$9$abc$def", PWHASH_UNKNOWN },
	{ "$2$05$8kgq3YhSk/T0F2sUPKKnQuubA9lCMjKZ3Gkbkejw729m0Qh46yuju", PWHASH_UNKNOWN },
	{ "$2x$05$8kgq3YhSk/T0F2sUPKKnQuubA9lCMjKZ3Gkbkejw729m0Qh46yuju", PWHASH_UNKNOWN },
	{ "{SSHA}5en6G6MezRroT3XKqkdPOmY/BfQ=", PWHASH_UNKNOWN },
	{ "{sha}5en6G6MezRroT3XKqkdPOmY/BfQ=", PWHASH_UNKNOWN },
	{ "{PLAIN}secret", PWHASH_UNKNOWN },
	{ "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA", PWHASH_UNKNOWN },
	{ "$APR1$m4EcO3ln$" H22, PWHASH_UNKNOWN },
	{ "$2y$", PWHASH_MALFORMED },
	{ "$2y$05", PWHASH_MALFORMED },
	{ "$2y$05$", PWHASH_MALFORMED },
	{ "$2y$03$8kgq3YhSk/T0F2sUPKKnQuubA9lCMjKZ3Gkbkejw729m0Qh46yuju", PWHASH_MALFORMED },
	{ "$2y$32$8kgq3YhSk/T0F2sUPKKnQuubA9lCMjKZ3Gkbkejw729m0Qh46yuju", PWHASH_MALFORMED },
	{ "$2y$5$8kgq3YhSk/T0F2sUPKKnQuubA9lCMjKZ3Gkbkejw729m0Qh46yuju", PWHASH_MALFORMED },
	{ "$2y$0x$8kgq3YhSk/T0F2sUPKKnQuubA9lCMjKZ3Gkbkejw729m0Qh46yuju", PWHASH_MALFORMED },
	{ "$2y$05$8kgq3YhSk/T0F2sUPKKnQvubA9lCMjKZ3Gkbkejw729m0Qh46yuju", PWHASH_MALFORMED },
	{ "$2y$05$8kgq3YhSk/T0F2sUPKKnQuubA9lCMjKZ3Gkbkejw729m0Qh46yujv", PWHASH_MALFORMED },
	{ "$2y$05$8kgq3YhSk/T0F2sUPKKnQuubA9lCMjKZ3Gkbkejw729m0Qh46yuj=", PWHASH_MALFORMED },
	{ BC " ", PWHASH_MALFORMED },
	{ BC "u", PWHASH_MALFORMED },
	{ BC "\t", PWHASH_MALFORMED },
	{ "$apr1$" H22, PWHASH_MALFORMED },
	{ "$apr1$$" H22, PWHASH_MALFORMED },
	{ "$apr1$123456789$" H22, PWHASH_MALFORMED },
	{ "$apr1$m4 cO3ln$" H22, PWHASH_MALFORMED },
	{ "$apr1$m4\303\244O3ln$" H22, PWHASH_MALFORMED },
	{ "$apr1$m4EcO3ln$" H22 ".", PWHASH_MALFORMED },
	{ "$apr1$m4EcO3ln$cAKlGSHITfs9Ly2SKbsrFz", PWHASH_MALFORMED },
	{ "$1$$" H22, PWHASH_MALFORMED },
	{ "$1$a", PWHASH_MALFORMED },
	{ "$1$a!$" H22, PWHASH_MALFORMED },
	{ "{SHA}", PWHASH_MALFORMED },
	{ "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ", PWHASH_MALFORMED },
	{ "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ==", PWHASH_MALFORMED },
	{ "{SHA}5en6G6MezRroT3XKqkdPOmY/BfR=", PWHASH_MALFORMED },
	{ "{SHA}5en6G6MezRroT3XKqkdPOmY.BfQ=", PWHASH_MALFORMED },
	{ "{SHA} 5en6G6MezRroT3XKqkdPOmY/BfQ=", PWHASH_MALFORMED },
	{ "{CRAM-MD5}", PWHASH_MALFORMED },
	{ "{CRAM-MD5}" S63, PWHASH_MALFORMED },
	{ "{CRAM-MD5}" S63 "66", PWHASH_MALFORMED },
	{ "{CRAM-MD5}" S63 "g", PWHASH_MALFORMED },
	{ "{CRAM-MD5} " S63, PWHASH_MALFORMED },
	{ "{CRAM-MD5}" S63 "6=", PWHASH_MALFORMED },
	{ "{CRAM-MD5.b64}" S63 "6", PWHASH_UNKNOWN },
	{ "{cram-md5}" S63 "6", PWHASH_UNKNOWN },
	{ S63 "6", PWHASH_PLAIN },
	{ "{CRAM-MD5}00747cf2ffaf11c5ea4a64979c3901fc1d20dee13f480bb598f7d8575b23e61b",
	  PWHASH_BLANK },
	{ "{CRAM-MD5}00747CF2FFAF11C5EA4A64979C3901FC1D20DEE13F480BB598F7D8575B23E61B",
	  PWHASH_BLANK },
	{ "$5$" H43, PWHASH_MALFORMED },
	{ "$5$12345678901234567$" H43, PWHASH_MALFORMED },
	{ "$5$rounds=999$salt$" H43, PWHASH_MALFORMED },
	{ "$5$rounds=01000$salt$" H43, PWHASH_MALFORMED },
	{ "$5$rounds=1000000000$salt$" H43, PWHASH_MALFORMED },
	{ "$5$rounds=18446744073709552616$salt$" H43, PWHASH_MALFORMED },
	{ "$5$rounds=$salt$" H43, PWHASH_MALFORMED },
	{ "$5$rounds=-5000$salt$" H43, PWHASH_MALFORMED },
	{ "$5$rounds=5000$" H43, PWHASH_MALFORMED },
	{ "$5$salt$" H86, PWHASH_MALFORMED },
	{ "$6$salt$" H43, PWHASH_MALFORMED },
	{ "$6$salt$" H86 "1", PWHASH_MALFORMED },
	{ "$6$salt$", PWHASH_MALFORMED },
	{ "$6$", PWHASH_MALFORMED },
	{ "$y$", PWHASH_MALFORMED },
	{ "$y$j9T$", PWHASH_MALFORMED },
	{ "$y$j9T$salt", PWHASH_MALFORMED },
	{ "$y$$salt$" H43, PWHASH_MALFORMED },
	{ "$y$j9T$sa!t$" H43, PWHASH_MALFORMED },
	{ "$y$j9T$.$" H43, PWHASH_MALFORMED },
	{ "$y$j9T$a2$" H43, PWHASH_MALFORMED },
	{ "$y$j9T$abE$" H43, PWHASH_MALFORMED },
	{ "$y$j9T$abcd.$" H43, PWHASH_MALFORMED },
	{ "$7$CU..../...$" H43, PWHASH_MALFORMED },
	{ "$sha1$0$abcdefgh$ji8ESnkwjcTjo4hThodnLYyi.3yG", PWHASH_MALFORMED },
	{ "$sha1$4294967296$abcdefgh$ji8ESnkwjcTjo4hThodnLYyi.3yG", PWHASH_MALFORMED },
	{ "$md5$abcdefgh$$$" H22, PWHASH_MALFORMED },
	{ "$md5,rounds=0$abcdefgh$$" H22, PWHASH_MALFORMED },
	{ "$3$$878d8014606cda29677a44efa1353fC7", PWHASH_MALFORMED },
};

static void hashes_good(void)
{
	for (size_t i = 0; i < SAMPLES; i++) {
		struct pwhash h = { 0 };

		is_int(pwhash_judge(samples[i].hash, strlen(samples[i].hash), &h), PWHASH_GOOD,
		       "good: %s", samples[i].hash);
		is_int(h.scheme, samples[i].scheme, "scheme is %s", pwhash_name(samples[i].scheme));
	}
}

static void hashes_bad(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct pwhash h = { 0 };

		is_int(pwhash_judge(bad[i].hash, strlen(bad[i].hash), &h), bad[i].want, "bad: %s",
		       bad[i].hash);
	}
}

/* No part of a good hash is good, nor is a good hash with one byte from outside its alphabet. */
static void hashes_cut(void)
{
	static const char foreign[] = { '\0', ' ', ':', '\n', '*', '\x7f', '\xff' };
	struct pwhash h;
	char copy[PWHASH_MAX + 1];
	unsigned wrong = 0;

	for (size_t i = 0; i < SAMPLES; i++) {
		size_t n = strlen(samples[i].hash);

		for (size_t cut = 0; cut < n; cut++) {
			/* A block of exactly its size, so that a sanitizer sees a read past it. */
			char *block = malloc(cut ? cut : 1);

			memcpy(block, samples[i].hash, cut);
			wrong += pwhash_judge(block, cut, &h) == PWHASH_GOOD;
			free(block);
			memcpy(copy, samples[i].hash, n);
			for (size_t f = 0; f < sizeof(foreign); f++) {
				copy[cut] = foreign[f];
				wrong += pwhash_judge(copy, n, &h) == PWHASH_GOOD;
			}
		}
	}
	is_int(wrong, 0, "no truncation and no foreign byte passes");
}

static void hashes_rated(void)
{
	static const struct {
		const char *hash;
		bool weak, slow;
	} rated[] = {
		{ BC, false, false },
		{ "$2y$14$8kgq3YhSk/T0F2sUPKKnQuubA9lCMjKZ3Gkbkejw729m0Qh46yuju", false, false },
		{ "$2y$15$8kgq3YhSk/T0F2sUPKKnQuubA9lCMjKZ3Gkbkejw729m0Qh46yuju", false, true },
		{ "$2y$31$8kgq3YhSk/T0F2sUPKKnQuubA9lCMjKZ3Gkbkejw729m0Qh46yuju", false, true },
		{ "$5$rounds=3000000$salt$" H43, false, false },
		{ "$5$rounds=999999999$salt$" H43, false, true },
		{ "$y$j9T$$" H43, false, false },
		{ "$y$jDT$$" H43, false, true },
		{ "$7$CU..../....$" H43, false, false },
		{ "$7$EU..../....$" H43, false, true },
		{ "$apr1$m4EcO3ln$" H22, false, false },
		{ "$1$m4EcO3ln$" H22, true, false },
		{ "7vzstWOi/4y2g", true, false },
		{ "{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=", true, false },
	};

	for (size_t i = 0; i < sizeof(rated) / sizeof(*rated); i++) {
		struct pwhash h = { 0 };

		is_int(pwhash_judge(rated[i].hash, strlen(rated[i].hash), &h), PWHASH_GOOD, NULL);
		ok(h.weak == rated[i].weak && h.slow == rated[i].slow, "rated: %s", rated[i].hash);
	}
}

static const char text[] = "# alice:" BC "\n"	       /* 1 */
			   "\n"			       /* 2 */
			   " \t\r\n"		       /* 3 */
			   "alice:{SHA}first:more\r\n" /* 4 */
			   "alice:{SHA}second\n"       /* 5 */
			   "no colon\n"		       /* 6 */
			   ":" BC "\n"		       /* 7 */
			   "empty:\n"		       /* 8 */
			   "empty2::x\n"	       /* 9 */
			   " #bob:plain\n"	       /* 10 */
			   "malicey:x\n"	       /* 11 */
			   "alic:x\n"		       /* 12 */
			   "carol:" BC;		       /* 13 */

static void lines_walked(void)
{
	static const struct {
		size_t number;
		const char *name, *hash;
	} want[] = {
		{ 4, "alice", "{SHA}first" },
		{ 5, "alice", "{SHA}second" },
		{ 6, "", NULL },
		{ 7, "", BC },
		{ 8, "empty", "" },
		{ 9, "empty2", "" },
		{ 10, " #bob", "plain" },
		{ 11, "malicey", "x" },
		{ 12, "alic", "x" },
		{ 13, "carol", BC },
	};
	struct htpasswd_walk w = { 0 };
	struct htpasswd_line line;
	size_t i = 0;

	htpasswd_feed(&w, text, sizeof(text) - 1);
	for (; htpasswd_next(&w, &line) && i < sizeof(want) / sizeof(*want); i++) {
		is_int(line.number, want[i].number, "line %zu is walked", want[i].number);
		is_mem(line.name, line.namelen, want[i].name, strlen(want[i].name),
		       "its name is right");
		ok(!line.hash == !want[i].hash, "it has a hash, or none");
		if (line.hash && want[i].hash)
			is_mem(line.hash, line.hashlen, want[i].hash, strlen(want[i].hash),
			       "its hash is right");
	}
	is_int(i, sizeof(want) / sizeof(*want), "every line is walked, and no more");
	is_int(w.number, 13, "blank lines and comments are counted");
}

static bool find(const char *p, size_t n, const char *name, struct htpasswd_line *ret)
{
	struct htpasswd_walk w = { 0 };
	bool found;

	htpasswd_feed(&w, p, n);
	found = htpasswd_find(&w, name, strlen(name), ret);
	ok(w.p == w.end, "the whole file is walked for '%s'", name);
	return found;
}

static void lines_found(void)
{
	struct htpasswd_line line;

	if (ok(find(text, sizeof(text) - 1, "alice", &line), "alice is found")) {
		is_int(line.number, 4, "her first line is found, not the comment");
		is_mem(line.hash, line.hashlen, "{SHA}first", 10,
		       "her hash ends at the next colon");
	}
	ok(find(text, sizeof(text) - 1, "carol", &line) && line.number == 13,
	   "the last line is found");
	ok(find(text, sizeof(text) - 1, "empty", &line) && !line.hashlen,
	   "a line with an empty hash is found");
	ok(!find(text, sizeof(text) - 1, "bob", &line), "a name that is not there is not found");
	ok(!find(text, sizeof(text) - 1, "alicey", &line), "the end of another name is not found");
	ok(!find(text, sizeof(text) - 1, "ali", &line), "the beginning of a name is not found");
	ok(!find(text, sizeof(text) - 1, "Alice", &line), "a name in another case is not found");
	ok(!find(text, sizeof(text) - 1, "no colon", &line), "a line without a colon has no name");
	ok(!find("", 0, "alice", &line), "an empty file has no names");
	ok(!find("alice", 5, "alice", &line), "a file that is only a name has no names");
}

static void lines_cut(void)
{
	unsigned found = 0;

	for (size_t n = 0; n < sizeof(text); n++) {
		struct htpasswd_walk w = { 0 };
		struct htpasswd_line line;
		char *block = malloc(n ? n : 1);

		memcpy(block, text, n);
		htpasswd_feed(&w, block, n);
		found += htpasswd_find(&w, "alice", 5, &line);
		w = (struct htpasswd_walk){ 0 };
		htpasswd_feed(&w, block, n);
		while (htpasswd_next(&w, &line))
			found += 0;
		free(block);
	}
	is_int(found, sizeof(text) - (sizeof("# alice:" BC "\n\n \t\r\nalice:") - 1),
	       "a file cut anywhere: found once the colon is there, and not before");
}

static void names(void)
{
	static char longest[256];
	static const struct {
		const char *bytes;
		size_t n;
		bool good;
		const char *name;
	} cases[] = {
		{ "alice", 5, true, "a name: good" },
		{ "a b\xff\x01", 5, true, "a name with any other bytes: good" },
		{ longest, 255, true, "a name of 255 bytes: good" },
		{ longest, 256, false, "a name of 256 bytes: refused" },
		{ "", 0, false, "an empty name: refused" },
		{ "#alice", 6, false, "a name that begins like a comment: refused" },
		{ "alice:x", 7, false, "a name with a colon: refused" },
		{ "x\nalice", 7, false, "a name with a line feed: refused" },
		{ "alice\r", 6, false, "a name with a carriage return: refused" },
		{ "alice\0", 6, false, "a name with a NUL: refused" },
	};

	memset(longest, 'n', sizeof(longest));
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		is_int(htpasswd_name_ok(cases[i].bytes, cases[i].n), cases[i].good, "%s",
		       cases[i].name);
}

static void judged(void)
{
	static const struct {
		const char *line;
		enum htpasswd_fault want;
	} lines[] = {
		{ "alice:" BC, HTPASSWD_GOOD },
		{ "alice:" BC ":x:y", HTPASSWD_GOOD },
		{ "alice", HTPASSWD_NO_COLON },
		{ ":" BC, HTPASSWD_NO_NAME },
		{ ":", HTPASSWD_NO_NAME },
		{ "alice:", HTPASSWD_NO_HASH },
		{ "alice:secret", HTPASSWD_PLAIN },
		{ "alice:$9$x$y", HTPASSWD_UNKNOWN_SCHEME },
		{ "alice:$6$x$y", HTPASSWD_MALFORMED },
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct htpasswd_walk w = { 0 };
		struct htpasswd_line line;
		struct pwhash h;

		htpasswd_feed(&w, lines[i].line, strlen(lines[i].line));
		ok(htpasswd_next(&w, &line), NULL);
		is_int(htpasswd_judge(&line, &h), lines[i].want, "judged: %s", lines[i].line);
		ok(*htpasswd_explain(lines[i].want), "there are words for what is wrong");
		ok(*htpasswd_remedy(lines[i].want), "there are words for what to do");
	}
}

int main(void)
{
	hashes_good();
	hashes_bad();
	hashes_cut();
	hashes_rated();
	lines_walked();
	lines_found();
	lines_cut();
	names();
	judged();
	return done_testing();
}
