/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What follows from the head of an HTTP request: credentials, the origin's head, the answers. */
#include <errno.h>

#include "wire/base64.h"
#include "wire/http.h"

#include "tap.h"
#include "guard.h"

static const struct {
	const char *head, *want;
} forwards[] = {
	{ "GET http://example.org/x?y HTTP/1.1\r\nHost: example.org\r\nUser-Agent: curl/7.88.1\r\n"
	  "Accept: */*\r\nProxy-Connection: Keep-Alive\r\n\r\n",
	  "GET /x?y HTTP/1.1\r\nHost: example.org\r\nUser-Agent: curl/7.88.1\r\nAccept: */*\r\n"
	  "Via: 1.1 picosocks5\r\nConnection: close\r\n\r\n" },
	{ "POST HTTP://[::1]:8080 HTTP/1.1\r\nA: 1\r\nhost:other\r\nContent-length:\t5 \r\n"
	  "Content-Length: 5\r\nVia: 1.1 x\r\n\r\n",
	  "POST / HTTP/1.1\r\nHost: [::1]:8080\r\nA: 1\r\nContent-length:\t5 \r\nVia: 1.1 x\r\n"
	  "Via: 1.1 picosocks5\r\nConnection: close\r\n\r\n" },
	{ "GET http://h?x HTTP/1.0\r\n\r\n",
	  "GET /?x HTTP/1.0\r\nHost: h\r\nVia: 1.0 picosocks5\r\nConnection: close\r\n\r\n" },
	{ "OPTIONS http://h HTTP/1.1\r\nHost: h\r\n\r\n",
	  "OPTIONS * HTTP/1.1\r\nHost: h\r\nVia: 1.1 picosocks5\r\nConnection: close\r\n\r\n" },
	{ "OPTIONS http://h/ HTTP/1.1\r\nHost: h\r\n\r\n",
	  "OPTIONS / HTTP/1.1\r\nHost: h\r\nVia: 1.1 picosocks5\r\nConnection: close\r\n\r\n" },
	{ "OPTIONS http://h?x HTTP/1.1\r\nHost: h\r\n\r\n",
	  "OPTIONS /?x HTTP/1.1\r\nHost: h\r\nVia: 1.1 picosocks5\r\nConnection: close\r\n\r\n" },
	{ "OPTIONS http://h HTTP/1.1\r\nHost: h\r\nmax-forwards:\t0010 \r\nA: 1\r\n\r\n",
	  "OPTIONS * HTTP/1.1\r\nHost: h\r\nMax-Forwards: 9\r\nA: 1\r\n"
	  "Via: 1.1 picosocks5\r\nConnection: close\r\n\r\n" },
	{ "TRACE http://h/ HTTP/1.0\r\nMax-Forwards: 1\r\n\r\n",
	  "TRACE / HTTP/1.0\r\nHost: h\r\nMax-Forwards: 0\r\n"
	  "Via: 1.0 picosocks5\r\nConnection: close\r\n\r\n" },
	{ "TRACE http://h/ HTTP/1.0\r\nMax-Forwards: 99999999999999999999\r\n\r\n",
	  "TRACE / HTTP/1.0\r\nHost: h\r\nMax-Forwards: 254\r\n"
	  "Via: 1.0 picosocks5\r\nConnection: close\r\n\r\n" },
	{ "GET http://h/ HTTP/1.0\r\nMax-Forwards: 0\r\n\r\n",
	  "GET / HTTP/1.0\r\nHost: h\r\nMax-Forwards: 0\r\n"
	  "Via: 1.0 picosocks5\r\nConnection: close\r\n\r\n" },
	{ "Trace http://h/ HTTP/1.0\r\nMax-Forwards: 5\r\n\r\n",
	  "Trace / HTTP/1.0\r\nHost: h\r\nMax-Forwards: 5\r\n"
	  "Via: 1.0 picosocks5\r\nConnection: close\r\n\r\n" },
	{ "GET http://h/ HTTP/1.1\r\nB: 1\r\nConnection: a,B , c,,close\r\nHost: h\r\nA: 2\r\n"
	  "PROXY-Authorization: Basic dTpw\r\nproxy-:\r\nTe: trailers\r\nKeep-Alive: 5\r\n"
	  "Upgrade: h2c\r\nD: 3\r\ncOnnection: d\r\nTEX: 4\r\nProxy: 5\r\nUpgrade-Insecure: 1\r\n"
	  "Close: 6\r\nC: 7\r\nHosts: 8\r\nTransfer-Encoding: chunked\r\nE:\xe9\t\r\n\r\n",
	  "GET / HTTP/1.1\r\nHost: h\r\nTEX: 4\r\nProxy: 5\r\nUpgrade-Insecure: 1\r\nHosts: 8\r\n"
	  "Transfer-Encoding: chunked\r\nE:\xe9\t\r\nVia: 1.1 picosocks5\r\n"
	  "Connection: close\r\n\r\n" },
	{ "GET http://h/ HTTP/1.0\r\nConnection: a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,,\r\n"
	  "Connection: a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,z\r\nP: 1\r\nQ: 2\r\nZ: 3\r\n\r\n",
	  "GET / HTTP/1.0\r\nHost: h\r\nQ: 2\r\nVia: 1.0 picosocks5\r\nConnection: close\r\n\r\n" },
};

static void test_forwards(void)
{
	static uint8_t buf[HTTP_FORWARD_MAX];
	struct http_request r;

	for (size_t i = 0; i < sizeof(forwards) / sizeof(*forwards); i++) {
		size_t len = strlen(forwards[i].head);
		const uint8_t *head = guard_copy(forwards[i].head, len);

		if (is_int(http_request_decode(head, len, &r), 0, "forward %zu: decoded", i))
			is_mem(buf, http_forward_encode(buf, head, &r), forwards[i].want,
			       strlen(forwards[i].want), "forward %zu: encoded", i);
	}
}

static void hops(const char *method, const char *value, bool has_hops, unsigned want)
{
	char head[200];
	int len = snprintf(head, sizeof(head), "%s http://h/ HTTP/1.0\r\nMax-Forwards: %s\r\n\r\n",
			   method, value);
	struct http_request r;

	is_int(http_request_decode(guard_copy(head, (size_t)len), (size_t)len, &r), 0,
	       "%s with Max-Forwards %s: decoded", method, value);
	is_int(r.has_hops, has_hops, "%s with Max-Forwards %s: counts", method, value);
	if (has_hops)
		is_int(r.hops, want, "%s with Max-Forwards %s: the number", method, value);
}

static void test_hops(void)
{
	static const char two[] = "TRACE http://h/ HTTP/1.0\r\nMax-Forwards: 1\r\n"
				  "max-forwards: 1\r\n\r\n";
	static const char *const bad[] = { "", "-1", "1 1", "0x1", "1,2", "+1" };

	hops("OPTIONS", "0", true, 0);
	hops("TRACE", "00", true, 0);
	hops("TRACE", "254", true, 254);
	hops("TRACE", "255", true, 255);
	hops("TRACE", "256", true, 255);
	hops("OPTIONS", "18446744073709551616", true, 255);
	hops("GET", "0", false, 0);
	hops("options", "0", false, 0);
	is_str(http_fault((const uint8_t *)two, sizeof(two) - 1),
	       "there are two Max-Forwards fields", "two Max-Forwards");
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		char head[100];
		int n = snprintf(head, sizeof(head),
				 "GET http://h/ HTTP/1.0\r\nMax-Forwards: %s\r\n\r\n", bad[i]);

		is_str(http_fault(guard_copy(head, (size_t)n), (size_t)n),
		       i ? "Max-Forwards is not a number" : "Max-Forwards is empty",
		       "Max-Forwards \"%s\"", bad[i]);
	}
}

/* The head grows most where the target's host goes into a Host field that was not there. */
static void test_growth(void)
{
	static uint8_t head[HTTP_HEAD_MAX], buf[HTTP_FORWARD_MAX];
	static const char start[] = "GET http://", end[] = " HTTP/1.0\r\n\r\n";
	struct http_request r;
	size_t n;

	memset(head, 'h', sizeof(head));
	memcpy(head, start, sizeof(start) - 1);
	memcpy(head + sizeof(head) - (sizeof(end) - 1), end, sizeof(end) - 1);
	is_int(http_request_decode(head, sizeof(head), &r), 0, "the longest host is decoded");
	n = http_forward_encode(buf, head, &r);
	ok(n > sizeof(head) && n <= sizeof(buf), "and passed on within the bound");
}

static const struct {
	const char *value;
	int err;
	const char *user, *passwd;
} logins[] = {
	{ "Basic dTpw", 0, "u", "p" },
	{ "bASIC   dTpw", 0, "u", "p" },
	{ "Basic dTpwOnE=", 0, "u", "p:q" },
	{ "Basic Og==", 0, "", "" },
	{ "Basic dTo=", 0, "u", "" },
	{ "Basic OnA=", 0, "", "p" },
	{ "Basic w6k6Pz/+", 0, "\xc3\xa9", "??\xfe" },
	{ "", -ENOENT, "", "" },
	{ "Basic", -EBADMSG, "", "" },
	{ "Basic dTpw x", -EBADMSG, "", "" },
	{ "Basic\tdTpw", -EBADMSG, "", "" },
	{ "Basic dT pw", -EBADMSG, "", "" },
	{ "Basic dTpw=", -EBADMSG, "", "" },
	{ "Basic dTo", -EBADMSG, "", "" },
	{ "Basic dTp=", -EBADMSG, "", "" },
	{ "Basic dTpwOn==", -EBADMSG, "", "" },
	{ "Basic Og=", -EBADMSG, "", "" },
	{ "Basic O===", -EBADMSG, "", "" },
	{ "Basic ====", -EBADMSG, "", "" },
	{ "Basic dXA=", -EBADMSG, "", "" },
	{ "Basic dT-w", -EBADMSG, "", "" },
	{ "Basic dQA6cA==", -EBADMSG, "", "" },
	{ "Basic dTpwAA==", -EBADMSG, "", "" },
	{ "Basic dX86cA==", -EBADMSG, "", "" },
	{ "Basix dTpw", -EBADMSG, "", "" },
	{ "Digest username=\"u\"", -EBADMSG, "", "" },
	{ "Bearer dTpw", -EBADMSG, "", "" },
};

static int login(const char *value, struct userpass_request *ret)
{
	char head[1024];
	int len = snprintf(head, sizeof(head),
			   "GET http://h/ HTTP/1.0\r\nProxy-Authorization: %s\r\n\r\n", value);
	struct http_request r;

	if (http_request_decode((const uint8_t *)head, (size_t)len, &r) != 0)
		return -EINVAL;
	return http_credentials_decode(guard_copy(head, (size_t)len), &r, ret);
}

static void test_logins(void)
{
	struct userpass_request got, fill;

	memset(&fill, 0xa5, sizeof(fill));
	for (size_t i = 0; i < sizeof(logins) / sizeof(*logins); i++) {
		int err;

		got = fill;
		err = login(logins[i].value, &got);
		if (!is_int(err, logins[i].err, "\"%s\"", logins[i].value))
			continue;
		if (err) {
			ok(memcmp(&got, &fill, sizeof(got)) == 0, "\"%s\": nothing is written",
			   logins[i].value);
			continue;
		}
		is_int(got.ulen, strlen(logins[i].user), "\"%s\": length of the user",
		       logins[i].value);
		is_int(got.plen, strlen(logins[i].passwd), "\"%s\": length of the password",
		       logins[i].value);
		is_str(got.uname, logins[i].user, "\"%s\": user", logins[i].value);
		is_str(got.passwd, logins[i].passwd, "\"%s\": password", logins[i].value);
	}
}

/* Encodes, so that texts of any length can be tried. */
static void encode(const uint8_t *p, size_t n, char *out)
{
	static const char set[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (; n >= 3; n -= 3, p += 3) {
		*out++ = set[p[0] >> 2];
		*out++ = set[(p[0] & 3) << 4 | p[1] >> 4];
		*out++ = set[(p[1] & 15) << 2 | p[2] >> 6];
		*out++ = set[p[2] & 63];
	}
	if (n) {
		*out++ = set[p[0] >> 2];
		*out++ = set[(p[0] & 3) << 4 | (n > 1 ? p[1] >> 4 : 0)];
		*out++ = n > 1 ? set[(p[1] & 15) << 2] : '=';
		*out++ = '=';
	}
	*out = '\0';
}

static void long_login(size_t ulen, size_t plen, int want)
{
	char value[800] = "Basic ";
	struct userpass_request got;
	uint8_t pair[520];

	memset(pair, 'u', ulen);
	pair[ulen] = ':';
	memset(pair + ulen + 1, 'p', plen);
	encode(pair, ulen + 1 + plen, value + 6);
	if (!is_int(login(value, &got), want, "a user of %zu, a password of %zu", ulen, plen) ||
	    want)
		return;
	is_mem(got.uname, got.ulen, pair, ulen, "the user of %zu", ulen);
	is_mem(got.passwd, got.plen, pair + ulen + 1, plen, "the password of %zu", plen);
}

static void test_base64(void)
{
	uint8_t in[256], out[258];
	char text[345];
	size_t len = 0, wrong = 0;

	for (size_t i = 0; i < sizeof(in); i++)
		in[i] = (uint8_t)(i * 167 + 13);
	for (size_t n = 0; n <= sizeof(in); n++) {
		encode(in, n, text);
		if (base64_decode((const uint8_t *)text, strlen(text), out, &len) != 0 ||
		    len != n || memcmp(in, out, n) != 0)
			wrong++;
	}
	is_int(wrong, 0, "base64 of 0 to 256 bytes is decoded");
}

/* Finds the value of a field of an answer; NULL if there is none. */
static const char *field(const char *answer, const char *name)
{
	const char *p = strstr(answer, name);

	return p && p < strstr(answer, "\r\n\r\n") ? p + strlen(name) : NULL;
}

static void check_answer(unsigned status, const char *line)
{
	char answer[HTTP_ANSWER_MAX + 1], other[HTTP_ANSWER_MAX + 1];
	size_t n = http_answer_encode((uint8_t *)answer, status, false, false), head;
	size_t stays = http_answer_encode((uint8_t *)other, status, true, false);
	const char *body;

	answer[n] = other[stays] = '\0';
	ok(n < HTTP_ANSWER_MAX && strncmp(answer, line, strlen(line)) == 0, "%u: its line", status);
	ok(field(answer, "\r\nConnection: close\r\n"), "%u: the connection is closed", status);
	ok(field(answer, "\r\nContent-Type: text/plain\r\n"), "%u: the type", status);
	ok(!field(other, "\r\nConnection:"), "%u: the connection stays", status);
	body = strstr(answer, "\r\n\r\n") + 4;
	head = (size_t)(body - answer);
	is_int(atoi(field(answer, "\r\nContent-Length: ")), n - head, "%u: the length", status);
	ok(n > head && answer[n - 1] == '\n' && !strchr(body, '\r'), "%u: a text", status);
	is_str(strstr(other, "\r\n\r\n") + 4, body, "%u: the same text if it stays", status);
	n = http_answer_encode((uint8_t *)other, status, false, true);
	is_mem(other, n, answer, head, "%u: the answer to HEAD has no text", status);
	is_int(field(answer, "\r\nAllow: ") != NULL, status == 405 || status == 200, "%u: Allow",
	       status);
	is_int(field(answer, "\r\nProxy-Authenticate: Basic realm=\"picosocks5\"\r\n") != NULL,
	       status == 407, "%u: Proxy-Authenticate", status);
}

static void test_answers(void)
{
	static const char established[] = "HTTP/1.1 200 Connection established\r\n\r\n";
	uint8_t buf[HTTP_ANSWER_MAX], other[HTTP_ANSWER_MAX];
	size_t n;

	is_mem(buf, http_established_encode(buf), established, sizeof(established) - 1,
	       "established");
	check_answer(200, "HTTP/1.1 200 OK\r\n");
	check_answer(400, "HTTP/1.1 400 Bad Request\r\n");
	check_answer(403, "HTTP/1.1 403 Forbidden\r\n");
	check_answer(405, "HTTP/1.1 405 Method Not Allowed\r\n");
	check_answer(407, "HTTP/1.1 407 Proxy Authentication Required\r\n");
	check_answer(431, "HTTP/1.1 431 Request Header Fields Too Large\r\n");
	check_answer(500, "HTTP/1.1 500 Internal Server Error\r\n");
	check_answer(502, "HTTP/1.1 502 Bad Gateway\r\n");
	check_answer(503, "HTTP/1.1 503 Service Unavailable\r\n");
	check_answer(504, "HTTP/1.1 504 Gateway Timeout\r\n");
	n = http_answer_encode(buf, 500, false, false);
	is_mem(other, http_answer_encode(other, 418, false, false), buf, n,
	       "any other status is 500");
}

int main(void)
{
	test_forwards();
	test_growth();
	test_hops();
	test_logins();
	long_login(255, 255, 0);
	long_login(256, 1, -EBADMSG);
	long_login(1, 256, -EBADMSG);
	long_login(256, 255, -EBADMSG);
	long_login(255, 256, -EBADMSG);
	test_base64();
	test_answers();
	return done_testing();
}
