/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encodes the proxy's own answers. Never puts a byte of the request into one. */
#include "wire/http.h"
#include "base/cold.h"
#include "wire/http_word.h"

#include <string.h>

#define ALLOW "Allow: CONNECT, GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n"

/* Arrays need no relocation, which would cost every session a page of memory. */
static const struct answer {
	uint16_t status;
	char line[40];	/* the status line without the version */
	char field[72]; /* a field that only this answer has */
	char text[256];
} answers[] COLD_TABLE = {
	{ 200, "200 OK", ALLOW, "This is picosocks5, a proxy for SOCKS and HTTP.\n" },
	{ 400, "400 Bad Request", "",
	  "The proxy can't pass this request on: it is malformed, or its host is not a name that\n"
	  "can be looked up. The proxy's log says why.\n" },
	{ 403, "403 Forbidden", "", "The proxy does not allow this request. Its log says why.\n" },
	{ 405, "405 Method Not Allowed", ALLOW,
	  "This is picosocks5, a proxy for SOCKS and HTTP. It has no pages of its own.\n"
	  "To use it, set this host and port as the HTTP or SOCKS proxy of your program.\n"
	  "It takes CONNECT HOST:PORT, and requests whose URL is complete and begins with "
	  "http://.\n" },
	{ 407, "407 Proxy Authentication Required",
	  "Proxy-Authenticate: Basic realm=\"picosocks5\"\r\n",
	  "The proxy needs a user name and a password. None came, or they are wrong.\n" },
	{ 431, "431 Request Header Fields Too Large", "",
	  "The head of the request is longer than 16384 bytes. A shorter URL or fewer cookies may "
	  "help.\n" },
	{ 502, "502 Bad Gateway", "",
	  "The proxy can't reach the destination: its name is unknown, there is no route to it, "
	  "or\n"
	  "it refused the connection. Check the host and the port.\n" },
	{ 503, "503 Service Unavailable", "",
	  "The proxy can't serve this request now: a limit is reached, or it has a failure of its\n"
	  "own. Try again later; the proxy's log says why.\n" },
	{ 504, "504 Gateway Timeout", "",
	  "The destination did not answer the proxy in time. Check the host and the port.\n" },
	{ 500, "500 Internal Server Error", "",
	  "The proxy failed to serve this request. Its log says why.\n" },
};

/* Returns the answer of this status; of 500 if there is none. */
static const struct answer *find(unsigned status)
{
	const struct answer *a = answers;

	while (a->status != status && a->status != 500)
		a++;
	return a;
}

size_t http_established_encode(uint8_t *buf)
{
	return (size_t)(http_put_text(buf, "HTTP/1.1 200 Connection established\r\n\r\n") - buf);
}

size_t http_answer_encode(uint8_t *buf, unsigned status, bool stays, bool is_head)
{
	const struct answer *a = find(status);
	uint8_t *p = http_put_text(buf, "HTTP/1.1 ");

	p = http_put_text(p, a->line);
	p = http_put_text(p, "\r\n");
	p = http_put_text(p, a->field);
	p = http_put_text(p, "Content-Type: text/plain\r\nContent-Length: ");
	p = http_put_number(p, (unsigned)strlen(a->text));
	p = http_put_text(p, stays ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n");
	if (!is_head)
		p = http_put_text(p, a->text);
	return (size_t)(p - buf);
}
