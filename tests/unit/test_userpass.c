/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The messages of RFC 1929: vectors with all their prefixes and splits, and the replies. */
#include <errno.h>

#include "wire/userpass.h"

#include "tap.h"
#include "decoder.h"

DECODER(userpass_request);

/* Builds a request, and expects its parts back, with and without more bytes behind it. */
static void round_trip(const char *uname, size_t ulen, const char *passwd, size_t plen)
{
	uint8_t m[USERPASS_REQUEST_MAX + 4] = { USERPASS_VERSION, (uint8_t)ulen };
	size_t len = 3 + ulen + plen;
	const struct userpass_request *got;
	struct verdict v;
	char name[64];

	memcpy(m + 2, uname, ulen);
	m[2 + ulen] = (uint8_t)plen;
	memcpy(m + 3 + ulen, passwd, plen);
	memset(m + len, 0xff, 4);
	for (size_t extra = 0; extra <= 4; extra += 4) {
		snprintf(name, sizeof(name), "name of %zu, password of %zu, %zu more bytes", ulen,
			 plen, extra);
		if (!decodes(&userpass_request_decoder, m, len + extra, 0, len, name, &v))
			continue;
		got = v.value;
		is_mem(got->uname, got->ulen, uname, ulen, "%s: name", name);
		is_mem(got->passwd, got->plen, passwd, plen, "%s: password", name);
		ok(!got->uname[ulen] && !got->passwd[plen], "%s: a NUL follows both", name);
	}
}

int main(void)
{
	static char longest[255];
	struct verdict v;
	uint8_t reply[2];

	memset(longest, 0xfe, sizeof(longest));
	round_trip("alice", 5, "secret", 6);
	round_trip("", 0, "", 0);
	round_trip("", 0, "secret", 6);
	round_trip("alice", 5, "", 0);
	round_trip("a\0b", 3, "\0", 1);
	round_trip("\1\5\0", 3, "\1\2\3", 3);
	round_trip(longest, 255, longest, 255);
	round_trip("x", 1, longest, 255);
	round_trip(longest, 255, "x", 1);

	decodes(&userpass_request_decoder, "\5\1\0\1\1\2\3\4\0\120", 10, -EPROTO, 1,
		"a CONNECT request instead", &v);
	decodes(&userpass_request_decoder, "\0\0\0", 3, -EPROTO, 1, "version 0", &v);
	decodes(&userpass_request_decoder, "\1\5", 2, 6, 2, "cut behind the name's length", &v);
	decodes(&userpass_request_decoder, "\1\2a", 3, 2, 3, "cut in the name", &v);

	is_int(userpass_reply_encode(reply, 0), 2, "a reply has 2 bytes");
	is_mem(reply, 2, "\1\0", 2, "reply: success");
	userpass_reply_encode(reply, 1);
	is_mem(reply, 2, "\1\1", 2, "reply: failure");
	return done_testing();
}
