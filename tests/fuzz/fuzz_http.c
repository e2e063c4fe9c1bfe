/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The head of an HTTP request: the decoder's contract; the credentials; and the head that goes to
 * the origin, which must say the same, have no field that is for the proxy, and be decoded again.
 */
#include <errno.h>
#include <strings.h>

#include "wire/http.h"

#include "../unit/decoder.h"
#include "fuzz.h"

DECODER(http_request);

enum { INPUT_MAX = 1500 };

static void must_be_inside(struct http_span s, size_t len)
{
	MUST((size_t)s.at + s.len <= len);
}

/* Returns true if the line begins with this, which ends a name or is the begin of one. */
static bool begins(const char *line, const char *name)
{
	return strncasecmp(line, name, strlen(name)) == 0;
}

/* Judges the lines of the head, which is a string, below its first line. */
static void must_have_its_fields(const char *head, const char *original)
{
	unsigned hosts = 0, lengths = 0, vias = 0, connections = 0;
	const char *line = strstr(head, "\r\n") + 2, *end;
	char text[INPUT_MAX + 3];

	for (; (end = strstr(line, "\r\n")) != line; line = end + 2) {
		MUST(!begins(line, "proxy-") && !begins(line, "te:") && !begins(line, "upgrade:") &&
		     !begins(line, "keep-alive:"));
		hosts += begins(line, "host:");
		lengths += begins(line, "content-length:");
		vias += begins(line, "via: 1.") && begins(line + 8, " picosocks5\r\n");
		connections += begins(line, "connection:");
		if (begins(line, "host:") || begins(line, "connection:") || begins(line, "via:") ||
		    begins(line, "max-forwards:"))
			continue;
		MUST(end - line <= INPUT_MAX);
		snprintf(text, sizeof(text), "%.*s\r\n", (int)(end - line), line);
		MUST(strstr(original, text));
	}
	MUST(line[2] == '\0' && begins(line - 19, "connection: close\r\n"));
	MUST(hosts == 1 && connections == 1 && lengths <= 1 && vias >= 1);
}

static void judge_forward(const struct http_request *r, const uint8_t *p)
{
	static char head[HTTP_FORWARD_MAX + 1], original[INPUT_MAX + 1];
	struct http_request again;
	size_t n = http_forward_encode((uint8_t *)head, p, r);

	MUST(n <= (size_t)r->len + HTTP_FORWARD_MAX - HTTP_HEAD_MAX);
	head[n] = '\0';
	memcpy(original, p, r->len);
	original[r->len] = '\0';
	must_have_its_fields(head, original);
	MUST(http_request_decode((uint8_t *)head, n, &again) == 0);
	MUST(again.form == HTTP_OTHER && again.len == n && again.minor == r->minor);
	MUST(again.method.len == r->method.len && memcmp(head, p, r->method.len) == 0);
	if (again.has_hops)
		MUST(again.hops + 1 == r->hops);
	MUST(again.has_hops <= r->has_hops);
	MUST(again.has_body == r->has_body && !again.persists && !again.credentials.len);
	MUST(head[again.target.at] == '/' || again.target.len == 1);
}

static void judge_credentials(const struct http_request *r, const uint8_t *p)
{
	struct userpass_request got;
	int err = http_credentials_decode(p, r, &got);

	MUST(err == 0 || err == -EBADMSG || err == -ENOENT);
	MUST((err == -ENOENT) == !r->credentials.len);
	if (err)
		return;
	MUST(strlen(got.uname) == got.ulen && !strchr(got.uname, ':'));
	MUST(strlen(got.passwd) == got.plen);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct http_request *r;
	struct verdict v;

	if (size > INPUT_MAX)
		return -1;
	v = decoder_must(&http_request_decoder, data, size);
	MUST(v.r >= 0 || v.r == -EBADMSG);
	MUST((v.r < 0) == (http_fault(data, size) != NULL));
	if (v.r != 0)
		return 0;
	r = v.value;
	MUST(r->len == v.at && memcmp(data + v.at - 4, "\r\n\r\n", 4) == 0);
	must_be_inside(r->method, r->len);
	must_be_inside(r->target, r->len);
	must_be_inside(r->host, r->len);
	must_be_inside(r->path, r->len);
	must_be_inside(r->credentials, r->len);
	MUST((r->form == HTTP_OTHER) == !r->host.len);
	judge_credentials(r, data);
	if (r->form == HTTP_ABSOLUTE && (!r->has_hops || r->hops))
		judge_forward(r, data);
	return 0;
}
