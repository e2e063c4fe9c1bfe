/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scheme {CRAM-MD5}, and HMAC-MD5 from its lines: users/cram_md5.c and users/digest_*.c. */
#include "users/cram_md5.h"
#include "hashes.h"
#include "tap.h"

#define K16  "\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b\x0b"
#define AA16 "\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa\xaa"
#define DD50 "\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd" DD40
#define DD40 DD20 DD20
#define DD20 "\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd\xdd"
#define AA80 AA16 AA16 AA16 AA16 AA16
#define UP   "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f"
#define UP2  "\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f"

/* The key, the data and the HMAC-MD5 of the data. */
static const struct {
	const char *key, *data;
	size_t n;
	const char *want;
} vectors[] = {
	/* RFC 2202, test cases 1, 2, 3, 6 and 7: the last two keys are longer than a block */
	{ K16, "Hi There", 8, "9294727a3638bb1c13f48ef8158bfc9d" },
	{ "Jefe", "what do ya want for nothing?", 28, "750c783e6ab0b503eaa86e310a5db738" },
	{ AA16, DD50, 50, "56be34521d144c88dbb8c733f0e8b3f6" },
	{ AA80, "Test Using Larger Than Block-Size Key - Hash Key First", 54,
	  "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd" },
	{ AA80, "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data", 73,
	  "6f630fad67cda0ee1fb1f562db3aa53e" },
	/* challenges of CHAP */
	{ "secret", UP, 16, "e7409424474a3301bdc9bb8846c86362" },
	{ "secret", UP2, 16, "c58fbe630915231e76f4b67300f5d4ed" },
	/* RFC 2195 section 2: the challenge of CRAM-MD5 */
	{ "tanstaaftanstaaf", "<1896.697170952@postoffice.reston.mci.net>", 42,
	  "b913a602c7eda7a495b4e6e7334d3890" },
};

static void hmac(const struct digest *md5, size_t i)
{
	uint8_t sum[DIGEST_MD5_LENGTH];
	char made[CRAM_MD5_SIZE], hex[2 * DIGEST_MD5_LENGTH + 1];
	struct cram_md5 key, again;

	cram_md5_key(md5, vectors[i].key, strlen(vectors[i].key), &key);
	cram_md5_hmac(md5, &key, (const uint8_t *)vectors[i].data, vectors[i].n, sum);
	for (size_t at = 0; at < sizeof(sum); at++)
		snprintf(hex + 2 * at, 3, "%02x", sum[at]);
	is_str(hex, vectors[i].want, "vector %zu: from the password", i);
	cram_md5_format(&key, made);
	cram_md5_parse(made, &again);
	is_mem(&again, sizeof(again), &key, sizeof(key), "vector %zu: the line has the states", i);
}

static void scheme(const struct digest *md5, const struct sample *s)
{
	char made[CRAM_MD5_SIZE];
	struct cram_md5 key, line;

	cram_md5_hash(md5, s->passwd, strlen(s->passwd), s->hash, made);
	is_str(made, s->hash, "the hash of '%.20s'", s->passwd);
	cram_md5_key(md5, s->passwd, strlen(s->passwd), &key);
	cram_md5_parse(s->hash, &line);
	is_mem(&line, sizeof(line), &key, sizeof(key), "the states of '%.20s'", s->passwd);
}

/* Everybody knows these states, so the line is not a good one. */
static void empty(const struct digest *md5)
{
	char made[CRAM_MD5_SIZE];
	struct cram_md5 key;
	struct pwhash form;

	cram_md5_key(md5, "", 0, &key);
	cram_md5_format(&key, made);
	is_int(pwhash_judge(made, strlen(made), &form), PWHASH_BLANK, "the empty password");
	cram_md5_key(md5, "\0\0", 2, &key);
	cram_md5_format(&key, made);
	is_int(pwhash_judge(made, strlen(made), &form), PWHASH_BLANK, "a password of NUL bytes");
}

int main(void)
{
	struct digest md5;

	if (digest_load(DIGEST_MD5, &md5) < 0) {
		skip("no %s on this system", digest_name());
		return done_testing();
	}
	for (size_t i = 0; i < sizeof(vectors) / sizeof(*vectors); i++)
		hmac(&md5, i);
	for (size_t i = 0; i < SAMPLES; i++) {
		if (samples[i].scheme == PWHASH_CRAM_MD5)
			scheme(&md5, &samples[i]);
	}
	empty(&md5);
	return done_testing();
}
