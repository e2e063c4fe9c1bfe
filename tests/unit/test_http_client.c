/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The client's side of CONNECT: requests, which our server's decoder must understand as they were
 * meant; responses, legal and malformed, with all their prefixes and splits; the bound.
 */
#include <errno.h>

#include "wire/base64.h"
#include "wire/http.h"
#include "wire/http_client.h"

#include "tap.h"
#include "decoder.h"

DECODER(http_response);

/* Encodes a request in front of the guard page, and expects this text. */
static void request(const char *host, uint16_t port, const char *want)
{
	struct http_request r;
	struct dest to;
	size_t len = strlen(want);
	static const uint8_t nothing[HTTP_CONNECT_MAX];
	uint8_t *p = guard_copy(nothing, len);
	size_t host_len = strcspn(want + 8, " ");

	memset(&to, 0, sizeof(to));
	to.port = port;
	/* The address goes before the name. */
	snprintf(to.name, sizeof(to.name), "%s", host);
	addr_parse(host, &to.addr);
	is_mem(p, http_connect_encode(p, &to, NULL), want, len, "CONNECT to %s", host);
	if (!is_int(http_request_decode(p, len, &r), 0, "%s: our server decodes it", host))
		return;
	is_int(r.form, HTTP_CONNECT, "%s: CONNECT", host);
	is_int(r.port, port, "%s: port", host);
	is_int(r.len, len, "%s: length", host);
	ok(!r.credentials.len, "%s: no credentials", host);
	/* Without the colon and the port. */
	while (want[8 + --host_len] != ':')
		;
	is_mem(p + r.host.at, r.host.len, want + 8, host_len, "%s: host", host);
}

/* The credentials go as they are, and our server decodes them if they have no control bytes. */
static void login(size_t ulen, size_t plen, uint8_t byte)
{
	static const char begin[] =
		"CONNECT h:1 HTTP/1.1\r\nHost: h:1\r\nProxy-Authorization: Basic ";
	struct userpass_request l = { .ulen = (uint8_t)ulen, .plen = (uint8_t)plen }, got;
	const struct dest to = { .port = 1, .name = "h" };
	uint8_t p[HTTP_CONNECT_MAX], pair[3 * HTTP_CONNECT_MAX];
	struct http_request r;
	size_t n, pairlen;

	memset(l.uname, byte, ulen);
	memset(l.passwd, byte ^ 1, plen);
	n = http_connect_encode(p, &to, &l);
	ok(n > sizeof(begin) && memcmp(p, begin, sizeof(begin) - 1) == 0, "the head with a login");
	is_mem(p + n - 4, 4, "\r\n\r\n", 4, "ends");
	is_int(base64_decode(p + sizeof(begin) - 1, n - 4 - (sizeof(begin) - 1), pair, &pairlen), 0,
	       "has base64");
	is_int(pairlen, ulen + 1 + plen, "of user, colon and password");
	is_mem(pair, ulen, l.uname, ulen, "the user");
	is_int(pair[ulen], ':', "the colon");
	is_mem(pair + ulen + 1, plen, l.passwd, plen, "the password");
	is_int(http_request_decode(p, n, &r), 0, "our server decodes it");
	if (byte < 0x20)
		return;
	is_int(http_credentials_decode(p, &r, &got), 0, "and the credentials");
	is_mem(got.uname, got.ulen, l.uname, ulen, "to the user");
	is_mem(got.passwd, got.plen, l.passwd, plen, "and the password");
}

static const struct {
	const char *head;
	uint16_t status;
} legal[] = {
	{ "HTTP/1.1 200 Connection established\r\n\r\n", 200 },
	{ "HTTP/1.0 200 OK\r\nProxy-agent: x/1\r\n\r\n", 200 },
	{ "HTTP/1.1 200\r\n\r\n", 200 },
	{ "HTTP/1.1 200 \r\n\r\n", 200 },
	{ "HTTP/1.9 999 \xe9 \x01\r\nX:y\r\n\r\n", 999 },
	{ "HTTP/1.1 100 Continue\r\n\r\n", 100 },
	{ "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n", 101 },
	{ "HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 204 },
	{ "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nFolded: a\r\n b\r\n\tc\r\n\r\n", 200 },
	{ "HTTP/1.1 407 X\r\nProxy-Authenticate: Basic realm=\"\"\r\nno colon\r\n\r\n", 407 },
};

static const struct {
	const char *bytes;
	size_t len, at; /* the prefix that is refused */
} malformed[] = {
	{ BYTES("\5\0"), 1 },
	{ BYTES("http/1.1 200\r\n\r\n"), 1 },
	{ BYTES("\r\nHTTP/1.1 200\r\n\r\n"), 1 },
	{ BYTES("HTTP/2 200\r\n\r\n"), 6 },
	{ BYTES("HTTP/2.0 200\r\n\r\n"), 6 },
	{ BYTES("HTTP/1.x 200\r\n\r\n"), 8 },
	{ BYTES("HTTP/1.1  200\r\n\r\n"), 10 },
	{ BYTES("HTTP/1.1\t200\r\n\r\n"), 9 },
	{ BYTES("HTTP/1.1 099 x\r\n\r\n"), 10 },
	{ BYTES("HTTP/1.1 20\r\n\r\n"), 12 },
	{ BYTES("HTTP/1.1 2000 x\r\n\r\n"), 13 },
	{ BYTES("HTTP/1.1 -20 x\r\n\r\n"), 10 },
	{ BYTES("HTTP/1.1 200\n\n"), 13 },
	{ BYTES("HTTP/1.1 200 OK\n\n"), 16 },
	{ BYTES("HTTP/1.1 200 OK\r\r\n"), 17 },
	{ BYTES("HTTP/1.1 200 OK\rX"), 17 },
	{ BYTES("HTTP/1.1 200 OK\r\n\n"), 18 },
	{ BYTES("HTTP/1.1 200 OK\r\nX: y\n\r\n"), 22 },
	{ BYTES("HTTP/1.1 200 OK\r\n\r\r"), 19 },
	{ BYTES("HTTP/1.1 200 O\0K\r\n\r\n"), 15 },
	{ BYTES("HTTP/1.1 200 OK\r\nX: \0\r\n\r\n"), 21 },
	{ BYTES("<html>"), 1 },
};

static void test_responses(void)
{
	char early[256], name[64];
	struct verdict v;

	for (size_t i = 0; i < sizeof(legal) / sizeof(*legal); i++) {
		size_t len = strlen(legal[i].head);

		snprintf(name, sizeof(name), "%.*s", (int)strcspn(legal[i].head, "\r"),
			 legal[i].head);
		snprintf(early, sizeof(early), "%s\r\n\r\nHTTP/1.1 early", legal[i].head);
		if (!decodes(&http_response_decoder, early, strlen(early), 0, len, name, &v))
			continue;
		is_int(((const struct http_response *)v.value)->status, legal[i].status,
		       "%s: status", name);
		is_int(((const struct http_response *)v.value)->len, len, "%s: length", name);
	}
	for (size_t i = 0; i < sizeof(malformed) / sizeof(*malformed); i++) {
		snprintf(name, sizeof(name), "malformed %zu", i);
		decodes(&http_response_decoder, malformed[i].bytes, malformed[i].len, -EBADMSG,
			malformed[i].at, name, &v);
	}
	decodes(&http_response_decoder, BYTES(""), 4, 0, "nothing", &v);
	decodes(&http_response_decoder, BYTES("HTTP/1.1 200 OK\r\n\r"), 1, 18, "one byte short",
		&v);
}

/* Our own server's answers are responses. */
static void test_own_answers(void)
{
	static const unsigned status[] = { 200, 400, 403, 405, 407, 431, 500, 502, 503, 504 };
	uint8_t answer[HTTP_ANSWER_MAX];
	struct http_response r;
	struct verdict v;
	size_t n = http_established_encode(answer);

	decodes(&http_response_decoder, answer, n, 0, n, "our answer that grants", &v);
	is_int(((const struct http_response *)v.value)->status, 200, "is 200");
	for (size_t i = 0; i < sizeof(status) / sizeof(*status); i++) {
		n = http_answer_encode(answer, status[i], false, false);
		is_int(http_response_decode(guard_copy(answer, n), n, &r), 0, "our answer %u",
		       status[i]);
		is_int(r.status, status[i], "has its status");
	}
}

static void test_bound(void)
{
	static const char begin[] = "HTTP/1.1 200 OK\r\nX: ";
	static uint8_t head[HTTP_RESPONSE_MAX + 1];
	struct http_response r;

	memset(head, 'x', sizeof(head));
	memcpy(head, begin, sizeof(begin) - 1);
	memcpy(head + HTTP_RESPONSE_MAX - 4, "\r\n\r\n", 4);
	is_int(http_response_decode(head, HTTP_RESPONSE_MAX - 4, &r), 4, "16380 bytes need four");
	is_int(http_response_decode(head, HTTP_RESPONSE_MAX, &r), 0, "a head of 16384 bytes");
	is_int(r.len, HTTP_RESPONSE_MAX, "and its length");
	head[HTTP_RESPONSE_MAX - 4] = 'x';
	is_int(http_response_decode(head, HTTP_RESPONSE_MAX - 4, &r), 4, "one byte more: not yet");
	is_int(http_response_decode(guard_copy(head, HTTP_RESPONSE_MAX - 3), HTTP_RESPONSE_MAX - 3,
				    &r),
	       -EMSGSIZE, "then the head is too long");
	is_int(http_response_decode(head, sizeof(head), &r), -EMSGSIZE, "and stays so");
}

int main(void)
{
	char longest[256] = { 0 }, want[700];

	request("a.Example.", 443,
		"CONNECT a.Example.:443 HTTP/1.1\r\nHost: a.Example.:443\r\n\r\n");
	request("192.0.2.1", 65535,
		"CONNECT 192.0.2.1:65535 HTTP/1.1\r\nHost: 192.0.2.1:65535\r\n\r\n");
	request("2001:db8::1", 1,
		"CONNECT [2001:db8::1]:1 HTTP/1.1\r\nHost: [2001:db8::1]:1\r\n\r\n");
	memset(longest, 'n', 255);
	snprintf(want, sizeof(want), "CONNECT %s:10 HTTP/1.1\r\nHost: %s:10\r\n\r\n", longest,
		 longest);
	request(longest, 10, want);
	login(1, 1, 'x');
	login(255, 255, 0xfe);
	login(255, 254, 'u');
	login(254, 255, 'u');
	login(3, 3, 0);
	test_responses();
	test_own_answers();
	test_bound();
	return done_testing();
}
