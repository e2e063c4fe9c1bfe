/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The messages of saslauthd: requests as bytes; answers with all their prefixes and splits. */
#include <errno.h>

#include "wire/saslauthd.h"

#include "tap.h"
#include "decoder.h"

DECODER(saslauthd_answer);

static void request(const char *name, size_t ulen, const char *passwd, size_t plen,
		    const char *want, size_t len)
{
	struct userpass_request login = { .ulen = (uint8_t)ulen, .plen = (uint8_t)plen };
	uint8_t buf[SASLAUTHD_REQUEST_MAX];

	memcpy(login.uname, name, ulen);
	memcpy(login.passwd, passwd, plen);
	is_mem(buf, saslauthd_request_encode(buf, &login), want, len,
	       "request: name of %zu, password of %zu", ulen, plen);
}

static void longest_request(void)
{
	struct userpass_request login = { .ulen = 255, .plen = 255 };
	uint8_t buf[SASLAUTHD_REQUEST_MAX];
	size_t n;

	memset(login.uname, 'u', 255);
	memset(login.passwd, 'p', 255);
	n = saslauthd_request_encode(buf, &login);
	is_int((long long)n, SASLAUTHD_REQUEST_MAX, "the longest request fills the buffer");
	is_mem(buf, 3, "\0\377u", 3, "its name is counted in two bytes");
	is_mem(buf + n - 14, 14, "\0\12picosocks5\0\0", 14, "its end is the service and no realm");
}

/* An answer of this length; its words begin with those given, and go on with dots. */
static void answer(size_t len, const char *words, bool ok)
{
	uint8_t m[SASLAUTHD_ANSWER_MAX + 3] = { (uint8_t)(len >> 8), (uint8_t)len };
	char name[64];
	struct verdict v;

	memset(m + 2, '.', sizeof(m) - 2);
	memcpy(m + 2, words, strlen(words));
	for (size_t extra = 0; extra <= 3; extra += 3) {
		snprintf(name, sizeof(name), "answer of %zu: %s, %zu more bytes", len, words,
			 extra);
		if (decodes(&saslauthd_answer_decoder, m, 2 + len + extra, 0, 2 + len, name, &v))
			is_int(((const struct saslauthd_answer *)v.value)->ok, ok, "%s: ok", name);
	}
}

int main(void)
{
	struct verdict v;

	request("alice", 5, "secret", 6, BYTES("\0\5alice\0\6secret\0\12picosocks5\0\0"));
	request("", 0, "", 0, BYTES("\0\0\0\0\0\12picosocks5\0\0"));
	longest_request();

	answer(2, "OK", true);
	answer(2, "NO", false);
	answer(2, "ok", false);
	answer(2, "KO", false);
	answer(3, "OK ", true);
	answer(3, "OKA", true);
	answer(12, "NO try again", false);
	answer(4, " OK ", false);
	answer(1024, "OK", true);
	answer(1024, "NO", false);

	decodes(&saslauthd_answer_decoder, BYTES("\0\0OK"), -EPROTO, 2, "an answer of 0 bytes", &v);
	decodes(&saslauthd_answer_decoder, BYTES("\0\1OK"), -EPROTO, 2, "an answer of 1 byte", &v);
	decodes(&saslauthd_answer_decoder, BYTES("\4\1OK"), -EPROTO, 2, "one of 1025 bytes", &v);
	decodes(&saslauthd_answer_decoder, BYTES("OK\n"), -EPROTO, 2, "an answer without a length",
		&v);
	decodes(&saslauthd_answer_decoder, BYTES(""), 4, 0, "nothing", &v);
	decodes(&saslauthd_answer_decoder, BYTES("\0"), 3, 1, "half a length", &v);
	decodes(&saslauthd_answer_decoder, BYTES("\0\3OK"), 1, 4, "cut behind OK", &v);
	decodes(&saslauthd_answer_decoder, BYTES("\0\2O"), 1, 3, "cut in OK", &v);
	return done_testing();
}
