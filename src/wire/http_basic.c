/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decodes the credentials of Basic. Never judges a password, and leaves none behind on its stack.
 */
#include "wire/base64.h"
#include "wire/http.h"
#include "wire/http_word.h"

#include <errno.h>
#include <string.h>

enum {
	TEXT_MAX = 255,
	/* Of "user:password"; base64 makes 4 bytes of 3. */
	PAIR_MAX = TEXT_MAX + 1 + TEXT_MAX,
	CODED_MAX = (PAIR_MAX + 2) / 3 * 4,
};

static bool has_control(const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i] < 0x20 || p[i] == 0x7f)
			return true;
	return false;
}

/* Splits n bytes of "user:password"; a password may have colons. */
static int split(const uint8_t *p, size_t n, struct userpass_request *ret)
{
	const uint8_t *colon = n ? memchr(p, ':', n) : NULL;
	size_t ulen = colon ? (size_t)(colon - p) : 0, plen = n - ulen - 1;

	if (!colon || ulen > TEXT_MAX || plen > TEXT_MAX || has_control(p, n))
		return -EBADMSG;
	memset(ret, 0, sizeof(*ret));
	ret->ulen = (uint8_t)ulen;
	ret->plen = (uint8_t)plen;
	memcpy(ret->uname, p, ulen);
	memcpy(ret->passwd, colon + 1, plen);
	return 0;
}

int http_credentials_decode(const uint8_t *head, const struct http_request *r,
			    struct userpass_request *ret)
{
	uint8_t pair[CODED_MAX / 4 * 3];
	struct http_span s = r->credentials;
	int err = -EBADMSG;
	size_t len;

	if (!s.len)
		return -ENOENT;
	if (!http_begins(head, s, "basic "))
		return -EBADMSG;
	for (; s.len && head[s.at] != ' '; s.len--)
		s.at++;
	for (; s.len && head[s.at] == ' '; s.len--)
		s.at++;
	if (s.len <= CODED_MAX && base64_decode(head + s.at, s.len, pair, &len) == 0)
		err = split(pair, len, ret);
	explicit_bzero(pair, sizeof(pair));
	return err;
}
