/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The head of an HTTP request: legal ones, malformed ones and their faults, each with all its
 * prefixes and splits; every byte in every place; the bound.
 */
#include <errno.h>

#include "wire/http.h"

#include "tap.h"
#include "decoder.h"

DECODER(http_request);

#define CURL "User-Agent: curl/7.88.1\r\nProxy-Connection: Keep-Alive\r\n"

static const struct {
	const char *head;
	enum http_form form;
	const char *host;
	uint16_t port;
	const char *path, *credentials;
	bool has_body, persists;
} legal[] = {
	{ "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n"
	  "Proxy-Authorization: Basic dTpw\r\n" CURL "\r\n",
	  HTTP_CONNECT, "example.org", 443, "", "Basic dTpw", false, true },
	{ "CONNECT [2001:db8::1]:8443 HTTP/1.0\r\n\r\n", HTTP_CONNECT, "[2001:db8::1]", 8443, "",
	  "", false, false },
	{ "CONNECT 192.0.2.7:0 HTTP/1.1\r\nHost:\r\nContent-Length: 0\r\n\r\n", HTTP_CONNECT,
	  "192.0.2.7", 0, "", "", false, true },
	{ "GET http://example.org/x?y HTTP/1.1\r\nHost: example.org\r\n" CURL "\r\n", HTTP_ABSOLUTE,
	  "example.org", 80, "/x?y", "", false, true },
	{ "GET HTTP://example.org:65535 HTTP/1.1\r\nhost:other\r\n\r\n", HTTP_ABSOLUTE,
	  "example.org", 65535, "", "", false, true },
	{ "HEAD http://[::1]?a/b@c: HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", HTTP_ABSOLUTE,
	  "[::1]", 80, "?a/b@c:", "", false, true },
	{ "GET http://a_b.%C3%A9!$&'()*+,;=~/ HTTP/1.1\r\nHost: h\r\nConnection: a,, close\r\n\r\n",
	  HTTP_ABSOLUTE, "a_b.%C3%A9!$&'()*+,;=~", 80, "/", "", false, false },
	{ "POST http://h/ HTTP/1.1\r\nHost: h\r\nHost: h\r\nContent-Length: 5\r\n"
	  "Content-Length:5\t\r\n\r\n",
	  HTTP_ABSOLUTE, "h", 80, "/", "", true, true },
	{ "POST http://h/ HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip ,\tChunked\r\n"
	  "Proxy-Connection: close\r\n\r\n",
	  HTTP_ABSOLUTE, "h", 80, "/", "", true, false },
	{ "m-search http://h/ HTTP/1.1\r\nHost: h\r\nX: \t\r\nY:\xe9\x80 \"\\\t:\r\n\r\n",
	  HTTP_ABSOLUTE, "h", 80, "/", "", false, true },
	{ "GET http://h/ HTTP/1.0\r\nProxy-Authorization: \r\n\r\n", HTTP_ABSOLUTE, "h", 80, "/",
	  "", false, false },
	{ "PUT http://h/ HTTP/1.0\r\nContent-Length: 999999999999999999\r\n\r\n", HTTP_ABSOLUTE,
	  "h", 80, "/", "", true, false },
	{ "GET / HTTP/1.1\r\nHost: h\r\n\r\n", HTTP_OTHER, "", 0, "", "", false, true },
	{ "OPTIONS * HTTP/1.0\r\n\r\n", HTTP_OTHER, "", 0, "", "", false, false },
	{ "GET https://h/ HTTP/1.0\r\n\r\n", HTTP_OTHER, "", 0, "", "", false, false },
	{ "GET ftp+x.y-1:h HTTP/1.0\r\n\r\n", HTTP_OTHER, "", 0, "", "", false, false },
};

static void same_span(const char *head, struct http_span s, const char *want, const char *name,
		      const char *what)
{
	is_mem(head + s.at, s.len, want, strlen(want), "%s: %s", name, what);
}

static void test_legal(void)
{
	const struct http_request *r;
	char early[512], name[64];
	struct verdict v;

	for (size_t i = 0; i < sizeof(legal) / sizeof(*legal); i++) {
		const char *head = legal[i].head;
		size_t len = strlen(head), line = strcspn(head, " ");

		snprintf(name, sizeof(name), "%.*s", (int)strcspn(head, "\r"), head);
		snprintf(early, sizeof(early), "%s\r\nGET / early", head);
		if (!decodes(&http_request_decoder, early, strlen(early), 0, len, name, &v))
			continue;
		r = v.value;
		is_int(r->form, legal[i].form, "%s: form", name);
		is_int(r->len, len, "%s: length", name);
		is_int(r->minor, strstr(head, "HTTP/1.1\r") != NULL, "%s: version", name);
		is_mem(head + r->method.at, r->method.len, head, line, "%s: method", name);
		is_mem(head + r->target.at, r->target.len, head + line + 1,
		       strcspn(head + line + 1, " "), "%s: target", name);
		same_span(head, r->host, legal[i].host, name, "host");
		is_int(r->port, legal[i].port, "%s: port", name);
		same_span(head, r->path, legal[i].path, name, "path");
		same_span(head, r->credentials, legal[i].credentials, name, "credentials");
		is_int(r->has_body, legal[i].has_body, "%s: body", name);
		is_int(http_is_head((const uint8_t *)head, len), strncmp(head, "HEAD ", 5) == 0,
		       "%s: HEAD", name);
		is_int(r->persists, legal[i].persists, "%s: persists", name);
		ok(!http_fault((const uint8_t *)head, len), "%s: no fault", name);
	}
}

/* After LINE the decoder must have refused; FIELD is refused at the end of the head. */
#define LINE(line, fault)                                                                          \
	{                                                                                          \
		BYTES(line "\r\n"), "\r\nHost: h\r\n\r\n", fault                                   \
	}
#define BYTE(bytes, fault)                                                                         \
	{                                                                                          \
		BYTES(bytes), "\r\n\r\n", fault                                                    \
	}
#define FIELD(fields, fault)                                                                       \
	{                                                                                          \
		BYTES("POST http://h/ HTTP/1.1\r\nHost: h\r\n" fields "\r\n\r\n"), "early", fault  \
	}
#define GET	   "GET http://h/ HTTP/1.1\r\n"
#define SPACES	   "the request line is not METHOD TARGET VERSION with single spaces"
#define VERSION	   "the version is neither HTTP/1.0 nor HTTP/1.1"
#define PORT	   "the port is not a number from 0 to 65535"
#define USERINFO   "a user name or a password stands before the host"
#define PERCENT	   "the target has a byte that must be written as %XX"
#define BAD_HOST   "the host has a byte that is not allowed in a host"
#define BAD_IPV6   "the host in brackets is not an IPv6 address"
#define NOT_NUMBER "Content-Length is not a number"
#define BAD_LENGTH "Content-Length is empty, begins with 0, or has more than 18 digits"
#define UNKNOWN	   "Transfer-Encoding has an unknown coding"
#define NAMES_16   "a,,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p"
#define NAMES	   "Connection names Host, Content-Length or Transfer-Encoding"
#define BAD_NAME   "the name of a field has a byte that is not allowed, or its colon is missing"
#define BOTH	   "there are both Content-Length and Transfer-Encoding"
#define FOLDED	   "a line begins with white space (a folded field)"
#define BARE_CR	   "a CR stands without an LF after it"
#define BARE_LF	   "a line ends with LF, not with CR LF"

static const struct {
	const char *bytes;
	size_t at; /* the verdict is known after so many bytes */
	const char *more;
	const char *fault;
} malformed[] = {
	BYTE("\r\n", "the request line is empty"),
	BYTE("\n", BARE_LF),
	BYTE("GET http://h/ HTTP/1.1\n", BARE_LF),
	BYTE(GET "Host: h\n", BARE_LF),
	BYTE(GET "Host: h\r\n\n", BARE_LF),
	BYTE(GET "Host: h\rX", BARE_CR),
	BYTE(GET "Host: h\r\r", BARE_CR),
	BYTE(GET "Host: h\r\n\rX", BARE_CR),
	BYTE("GET http://h/\r ", BARE_CR),
	BYTE(GET "Host: h\r\nX: \0", "the head has a NUL byte"),
	BYTE("GET http://h/\0", "the head has a NUL byte"),
	BYTE(GET "Host: h\r\nX: \v", "the head has a control byte"),
	BYTE(GET "Host: h\r\nX: \x7f", "the head has a control byte"),
	LINE("GET", SPACES),
	LINE("GET ", SPACES),
	LINE("GET http://h/", SPACES),
	LINE("GET http://h/ ", VERSION),
	LINE("GET  http://h/ HTTP/1.1", SPACES),
	LINE("GET http://h/  HTTP/1.1", SPACES),
	LINE("GET http://h/ HTTP/1.1 ", SPACES),
	LINE("GET http://h/a b HTTP/1.1", SPACES),
	LINE("GET\thttp://h/ HTTP/1.1", "the method is not a word"),
	LINE("G(T http://h/ HTTP/1.1", "the method is not a word"),
	LINE(" GET http://h/ HTTP/1.1", "the method is not a word"),
	LINE("SSH-2.0-OpenSSH_9.2p1", SPACES),
	LINE("GET http://h/ HTTP/1.2", VERSION),
	LINE("GET http://h/ HTTP/2.0", VERSION),
	LINE("GET http://h/ HTTP/0.9", VERSION),
	LINE("GET http://h/ HTTP/1.", VERSION),
	LINE("GET http://h/ HTTP/1.10", VERSION),
	LINE("GET http://h/ HTTP/01.1", VERSION),
	LINE("GET http://h/ http/1.1", VERSION),
	LINE("GET http://h/\tHTTP/1.1", SPACES),
	LINE("PRI * HTTP/2.0", VERSION),
	LINE("GET http://h/\tx HTTP/1.1", PERCENT),
	LINE("GET http://h/\xc3\xa9 HTTP/1.1", PERCENT),
	LINE("GET http://h/#x HTTP/1.1", "the target has a fragment (#)"),
	LINE("GET /#x HTTP/1.1", "the target has a fragment (#)"),
	LINE("GET http:/h HTTP/1.1", "\"//\" is missing after \"http:\""),
	LINE("GET http:h HTTP/1.1", "\"//\" is missing after \"http:\""),
	LINE("GET * HTTP/1.1", "the target is neither a URL nor a path"),
	LINE("GET example.org HTTP/1.1", "the target is neither a URL nor a path"),
	LINE("GET ?x HTTP/1.1", "the target is neither a URL nor a path"),
	LINE("GET http:// HTTP/1.1", "the host is empty"),
	LINE("GET http:///x HTTP/1.1", "the host is empty"),
	LINE("GET http://:80/ HTTP/1.1", "the host is empty"),
	LINE("GET http://u@h/ HTTP/1.1", USERINFO),
	LINE("GET http://u:p@h/ HTTP/1.1", USERINFO),
	LINE("GET http://h:80@i/ HTTP/1.1", USERINFO),
	LINE("GET http://h\\@i/ HTTP/1.1", USERINFO),
	LINE("GET http://h\\i/ HTTP/1.1", BAD_HOST),
	LINE("GET http://<h>/ HTTP/1.1", "the host is empty"),
	LINE("GET http://h:/ HTTP/1.1", PORT),
	LINE("GET http://h:x/ HTTP/1.1", PORT),
	LINE("GET http://h:080/ HTTP/1.1", PORT),
	LINE("GET http://h:65536/ HTTP/1.1", PORT),
	LINE("GET http://h:4294967376/ HTTP/1.1", PORT),
	LINE("GET http://h:+80/ HTTP/1.1", PORT),
	LINE("GET http://::1/ HTTP/1.1", "the host is empty"),
	LINE("GET http://2001:db8::1/ HTTP/1.1", PORT),
	LINE("GET http://[::1/ HTTP/1.1", BAD_IPV6),
	LINE("GET http://[]/ HTTP/1.1", BAD_IPV6),
	LINE("GET http://[192.0.2.7]/ HTTP/1.1", BAD_IPV6),
	LINE("GET http://[fe80::1%25lo]/ HTTP/1.1", BAD_IPV6),
	LINE("GET http://[v1.x]/ HTTP/1.1", BAD_IPV6),
	LINE("GET http://[::1]x/ HTTP/1.1", BAD_HOST),
	LINE("CONNECT h HTTP/1.1", "CONNECT has no port: write HOST:PORT"),
	LINE("CONNECT [::1] HTTP/1.1", "CONNECT has no port: write HOST:PORT"),
	LINE("CONNECT :443 HTTP/1.1", "the host is empty"),
	LINE("CONNECT h: HTTP/1.1", PORT),
	LINE("CONNECT h:443/ HTTP/1.1", PORT),
	LINE("CONNECT http://h:443 HTTP/1.1", PORT),
	LINE("CONNECT http://h/ HTTP/1.1", PORT),
	LINE("CONNECT /x HTTP/1.1", "the host is empty"),
	LINE("CONNECT u@h:443 HTTP/1.1", USERINFO),
	LINE("CONNECT h:443:443 HTTP/1.1", PORT),
	{ BYTES(GET "\r\n"), "early", "an HTTP/1.1 request has no Host field" },
	{ BYTES("CONNECT h:1 HTTP/1.1\r\n\r\n"), "", "an HTTP/1.1 request has no Host field" },
	{ BYTES("GET / HTTP/1.1\r\nHos: h\r\n\r\n"), "", "an HTTP/1.1 request has no Host field" },
	{ BYTES(GET " Host: h\r\n\r\n"), "", FOLDED },
	{ BYTES("CONNECT h:1 HTTP/1.0\r\nContent-Length: 1\r\n\r\n"), "",
	  "a CONNECT request has a body" },
	{ BYTES("CONNECT h:1 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"), "",
	  "a CONNECT request has a body" },
	{ BYTES("POST http://h/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), "",
	  "an HTTP/1.0 request has Transfer-Encoding" },
	FIELD("X: y\r\n z", FOLDED),
	FIELD("X: y\r\n\tz: a", FOLDED),
	FIELD("X: y\r\n ", FOLDED),
	FIELD("X : y", "white space stands between the name of a field and its colon"),
	FIELD("Content-Length\t: 5",
	      "white space stands between the name of a field and its colon"),
	FIELD(": y", "a field has no name"),
	FIELD("X", BAD_NAME),
	FIELD("X y", "white space stands between the name of a field and its colon"),
	FIELD("X(: y", BAD_NAME),
	FIELD("\xc3\xa9: y", BAD_NAME),
	FIELD("Host: i", "two Host fields differ"),
	FIELD("Host: H", "two Host fields differ"),
	FIELD("HOST:", "two Host fields differ"),
	FIELD("Content-Length: 5\r\nTransfer-Encoding: chunked", BOTH),
	FIELD("Transfer-Encoding: chunked\r\ncontent-length: 0", BOTH),
	FIELD("Content-Length: 5\r\nContent-Length: 6", "two Content-Length fields differ"),
	FIELD("Content-Length: 5\r\nContent-Length: 05", "two Content-Length fields differ"),
	FIELD("Content-Length: 5, 5", NOT_NUMBER),
	FIELD("Content-Length: +5", NOT_NUMBER),
	FIELD("Content-Length: -5", NOT_NUMBER),
	FIELD("Content-Length: 5 5", NOT_NUMBER),
	FIELD("Content-Length: 0x5", NOT_NUMBER),
	FIELD("Content-Length: 5;a", NOT_NUMBER),
	FIELD("Content-Length:", BAD_LENGTH),
	FIELD("Content-Length: 010", BAD_LENGTH),
	FIELD("Content-Length: 1000000000000000000", BAD_LENGTH),
	FIELD("Transfer-Encoding: gzip", "the last coding in Transfer-Encoding is not chunked"),
	FIELD("Transfer-Encoding:", "the last coding in Transfer-Encoding is not chunked"),
	FIELD("Transfer-Encoding: chunked,", "the last coding in Transfer-Encoding is not chunked"),
	FIELD("Transfer-Encoding: chunked, chunked",
	      "a coding follows chunked in Transfer-Encoding"),
	FIELD("Transfer-Encoding: chunked, gzip", "a coding follows chunked in Transfer-Encoding"),
	FIELD("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
	      "there are two Transfer-Encoding fields"),
	FIELD("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
	      "the last coding in Transfer-Encoding is not chunked"),
	FIELD("Transfer-Encoding: identity", UNKNOWN),
	FIELD("Transfer-Encoding: identity, chunked", UNKNOWN),
	FIELD("Transfer-Encoding: xchunked", UNKNOWN),
	FIELD("Transfer-Encoding: chunked;q=1", UNKNOWN),
	FIELD("Transfer-Encoding: \"chunked\"", UNKNOWN),
	FIELD("Transfer-Encoding: , chunked", UNKNOWN),
	FIELD("Transfer-Encoding: gzip chunked", UNKNOWN),
	FIELD("Connection: Host", NAMES),
	FIELD("Connection: close,content-length", NAMES),
	FIELD("connection: a\r\nConnection: b, ,Transfer-Encoding ", NAMES),
	FIELD("Connection: a b", "Connection is not a list of names"),
	FIELD("Connection: \"close\"", "Connection is not a list of names"),
	FIELD("Connection: " NAMES_16 "\r\nConnection:," NAMES_16 ",a",
	      "Connection has more than 32 names"),
	FIELD("Proxy-Authorization: Basic dTpw\r\nproxy-authorization: Basic dTpw",
	      "there are two Proxy-Authorization fields"),
};

static void test_malformed(void)
{
	char bytes[512], name[128];
	struct verdict v;

	for (size_t i = 0; i < sizeof(malformed) / sizeof(*malformed); i++) {
		size_t len = malformed[i].at, more = strlen(malformed[i].more);

		memcpy(bytes, malformed[i].bytes, len);
		memcpy(bytes + len, malformed[i].more, more);
		snprintf(name, sizeof(name), "malformed %zu: %s", i, malformed[i].fault);
		decodes(&http_request_decoder, bytes, len + more, -EBADMSG, len, name, &v);
		is_str(http_fault((const uint8_t *)bytes, len), malformed[i].fault, "%s: words",
		       name);
	}
	/* The faults of a Host are those of a target's host. */
	is_str(http_fault((const uint8_t *)GET "Host: a/b\r\n\r\n", sizeof(GET) + 12), BAD_HOST,
	       "a Host that is not a host");
	is_str(http_fault((const uint8_t *)GET "Host: u@h\r\n\r\n", sizeof(GET) + 12), USERINFO,
	       "a Host with a user name");
	ok(!http_fault((const uint8_t *)GET, sizeof(GET) - 1), "a cut head has no fault");
}

/* Puts each byte in turn into the place of '?', and compares the verdict with the set. */
static void every_byte(const char *format, const char *set, bool high, const char *place)
{
	size_t len = strlen(format), wrong = 0;
	struct http_request r;
	char head[128];

	memcpy(head, format, len);
	for (int c = 0; c < 256; c++) {
		bool want = c >= 0x80 ? high : c && strchr(set, c);
		int got;

		*strchr(strcpy(head, format), '?') = (char)c;
		got = http_request_decode(guard_copy(head, len), len, &r);
		wrong += got != (want ? 0 : -EBADMSG);
	}
	is_int(wrong, 0, "every byte in %s is judged", place);
}

static void test_bytes(void)
{
#define ALNUM "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
#define TOKEN ALNUM "!#$%&'*+-.^_`|~"
#define TEXT  TOKEN "\"(),/:;<=>?@[\\]{}"
	every_byte("G?T http://h/ HTTP/1.1\r\nHost: h\r\n\r\n", TOKEN, false, "a method");
	every_byte("GET http://a?b/ HTTP/1.1\r\nHost: h\r\n\r\n", ALNUM "-._~%!$&'()*+,;=/?", false,
		   "a host");
	every_byte("GET http://h/a?b HTTP/1.0\r\n\r\n", ALNUM "!$%&'*+-.^_`|~\"(),/:;<=>?@[\\]{}",
		   false, "a path");
	every_byte("GET http://h/ HTTP/1.?\r\nHost: h\r\n\r\n", "01", false, "a version");
	every_byte(GET "Host: h\r\nX?Y: a\r\n\r\n", TOKEN ":", false, "the name of a field");
	every_byte(GET "Host: h\r\nX: a?b\r\n\r\n", TEXT " \t", true, "a value");
	every_byte(GET "Host: h\r\nX: ?\r\n\r\n", TEXT " \t", true, "a value of one byte");
	every_byte(GET "Host: h\r\nContent-Length: ?\r\n\r\n", "0123456789", false,
		   "Content-Length");
	every_byte(GET "Host: h\r\nConnection: a?b\r\n\r\n", TOKEN ",", false, "Connection");
}

/* Makes a head of len bytes. */
static void fill(uint8_t *head, size_t len)
{
	memset(head, 'x', len);
	memcpy(head, BYTES(GET "Host: h\r\nX: "));
	memcpy(head + len - 4, "\r\n\r\n", 4);
}

static void test_bound(void)
{
	static uint8_t head[HTTP_HEAD_MAX + 4];
	struct http_request r;

	fill(head, HTTP_HEAD_MAX);
	is_int(http_request_decode(head, HTTP_HEAD_MAX, &r), 0, "a head of 16384 bytes");
	is_int(r.len, HTTP_HEAD_MAX, "its length");
	for (int missing = 1; missing <= 4; missing++)
		is_int(http_request_decode(head, HTTP_HEAD_MAX - (size_t)missing, &r), missing,
		       "%d bytes of it are missing", missing);
	fill(head, HTTP_HEAD_MAX + 1);
	is_int(http_request_decode(head, HTTP_HEAD_MAX - 4, &r), 4, "a longer head, undecided yet");
	for (size_t n = HTTP_HEAD_MAX - 3; n <= HTTP_HEAD_MAX + 1; n++)
		is_int(http_request_decode(head, n, &r), -EMSGSIZE, "%zu bytes of a longer head",
		       n);
	head[HTTP_HEAD_MAX - 2] = '\0';
	is_int(http_request_decode(head, HTTP_HEAD_MAX, &r), -EMSGSIZE,
	       "a fault behind the bound makes no difference");
	head[100] = '\0';
	is_int(http_request_decode(head, HTTP_HEAD_MAX, &r), -EBADMSG, "a fault before it does");
}

int main(void)
{
	test_legal();
	test_malformed();
	test_bytes();
	test_bound();
	return done_testing();
}
