/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encodes a CONNECT request, and decodes the head of the response. Believes no field of it. */
#include "wire/http_client.h"
#include "wire/base64.h"
#include "wire/http_word.h"

#include <errno.h>
#include <string.h>

/* Writes HOST:PORT. */
static uint8_t *put_authority(uint8_t *p, const struct dest *dest)
{
	char text[ADDR_TEXT_MAX];
	union endpoint addr = dest->addr;

	addr_set_port(&addr, dest->port);
	if (addr_format(&addr, text))
		return http_put_text(p, text);
	p = http_put_text(http_put_text(p, dest->name), ":");
	return http_put_number(p, dest->port);
}

static uint8_t *put_credentials(uint8_t *p, const struct userpass_request *login)
{
	uint8_t pair[255 + 1 + 255];
	size_t n = login->ulen;

	memcpy(pair, login->uname, n);
	pair[n++] = ':';
	memcpy(pair + n, login->passwd, login->plen);
	n += login->plen;
	p = http_put_text(p, "Proxy-Authorization: Basic ");
	p += base64_encode(pair, n, p);
	explicit_bzero(pair, sizeof(pair));
	return http_put_text(p, "\r\n");
}

size_t http_connect_encode(uint8_t *buf, const struct dest *dest,
			   const struct userpass_request *login)
{
	uint8_t *p = http_put_text(buf, "CONNECT ");

	p = put_authority(p, dest);
	p = http_put_text(p, " HTTP/1.1\r\nHost: ");
	p = put_authority(p, dest);
	p = http_put_text(p, "\r\n");
	if (login)
		p = put_credentials(p, login);
	p = http_put_text(p, "\r\n");
	return (size_t)(p - buf);
}

static bool is_digit(uint8_t c)
{
	return c >= '0' && c <= '9';
}

/* Judges the i-th byte of the status line: "HTTP/1.1 200 Connection established". */
static bool fits_status_line(const uint8_t *p, size_t i)
{
	static const char begin[] = "HTTP/1.";

	if (i < sizeof(begin) - 1)
		return p[i] == (uint8_t)begin[i];
	if (i == 7 || i == 9 || i == 10 || i == 11)
		return is_digit(p[i]) && !(i == 9 && p[i] == '0');
	if (i == 8)
		return p[i] == ' ';
	/* Some servers leave the blank out with the reason. */
	return i > 12 || p[i] == ' ' || p[i] == '\r';
}

int http_response_decode(const uint8_t *p, size_t n, struct http_response *ret)
{
	unsigned matched = 0; /* bytes of CRLF CRLF */

	for (size_t i = 0;; i++) {
		if (i + 4 - matched > HTTP_RESPONSE_MAX)
			return -EMSGSIZE;
		if (i == n)
			return (int)(4 - matched);
		if (!fits_status_line(p, i) || p[i] == '\0' || (matched % 2 && p[i] != '\n') ||
		    (matched % 2 == 0 && p[i] == '\n'))
			return -EBADMSG;
		matched = p[i] == '\r' || p[i] == '\n' ? matched + 1 : 0;
		if (matched < 4)
			continue;
		ret->status = (uint16_t)((p[9] - '0') * 100 + (p[10] - '0') * 10 + (p[11] - '0'));
		ret->len = (uint16_t)(i + 1);
		return 0;
	}
}
