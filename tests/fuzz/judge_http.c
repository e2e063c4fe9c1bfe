/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Judges a session by HTTP: the proxy's own answers are those of http_answer_encode(), only a
 * password that is right lets a client in, and the head that the far end got can be understood in
 * one way only.
 */
#include "session_judge.h"
#include "wire/http.h"
#include "world.h"

#include <strings.h>

/* user:pa55word of alice, bob and dave in base64, but for the bits of the last letter. */
static const char *const logins[] = { "YWxpY2U6cGE1NXdvcm", "Ym9iOnBhNTV3b3Jk",
				      "ZGF2ZTpwYTU1d29yZ" };

/* The end of a head that the proxy wrote. */
static const char last[] = "picosocks5\r\nConnection: close\r\n\r\n";

/* A final answer, and the reply of the log; 0: several are possible. */
static const struct {
	uint16_t status;
	int8_t reply;
} failures[] = { { 400, 0 }, { 403, 2 }, { 405, 7 }, { 431, 1 }, { 500, 1 },
		 { 502, 0 }, { 503, 1 }, { 504, 6 }, { 407, -1 } };

/* Encodes an answer of the proxy. The 200 that stays is the one to CONNECT. */
static size_t encode(uint8_t *buf, unsigned status, bool stays, bool is_head)
{
	if (status == 200 && stays)
		return http_established_encode(buf);
	return http_answer_encode(buf, status, stays, is_head);
}

/* Takes this answer of the proxy. Returns false if another one came. */
static bool take(struct answer *a, unsigned status, bool stays, bool is_head)
{
	uint8_t buf[HTTP_ANSWER_MAX];
	size_t n = encode(buf, status, stays, is_head);

	if (a->n < n || memcmp(a->p, buf, n) != 0)
		return false;
	a->p += n;
	a->n -= n;
	return true;
}

/* Returns true if what came is the beginning of this answer. */
static bool begins(const struct answer *a, unsigned status, bool stays)
{
	uint8_t buf[HTTP_ANSWER_MAX];
	size_t n = encode(buf, status, stays, false);

	return a->n <= n && memcmp(a->p, buf, a->n) == 0;
}

static bool is_let_in(const struct setup *setup)
{
	if (setup->none)
		return true;
	for (size_t i = 0; i < sizeof(logins) / sizeof(*logins); i++)
		if (session_client_sent(logins[i], strlen(logins[i])))
			return true;
	return false;
}

/* Returns true if all that came is a failure, or its beginning. */
static bool is_failure(struct answer *a)
{
	for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
		struct answer rest = *a;

		if (!take(&rest, failures[i].status, false, false) &&
		    !take(&rest, failures[i].status, false, true))
			continue;
		if (rest.n)
			return false;
		if (failures[i].reply > 0)
			a->code = failures[i].reply;
		MUST((*session_logged("reply") == '\0') == (failures[i].status == 407));
		return true;
	}
	for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++)
		if (begins(a, failures[i].status, false))
			return true;
	return begins(a, 407, true) || begins(a, 200, true);
}

/* Judges one line of the head that the far end got. Returns 1 if it is a Host. */
static unsigned judge_line(const char *p, size_t n)
{
	static const char *const dropped[] = { "proxy-",
					       "connection:", "keep-alive:", "te:", "upgrade:" };

	for (size_t i = 0; i < n; i++)
		MUST(p[i] && p[i] != '\r' && p[i] != '\n');
	MUST(n && *p != ' ' && *p != '\t');
	for (size_t i = 0; i < sizeof(dropped) / sizeof(*dropped); i++)
		MUST(n < strlen(dropped[i]) || strncasecmp(p, dropped[i], strlen(dropped[i])) != 0);
	return n >= 5 && strncasecmp(p, "host:", 5) == 0;
}

/* Judges the head that the far end got, and the body behind it is the client's. */
static void judge_head(struct answer *a, size_t n)
{
	const char *p = (char *)world.far_got.bytes, *end = p + n - (sizeof(last) - 1), *line;
	unsigned hosts = 0;

	for (; p < end; p = line + 2) {
		line = memmem(p, (size_t)(end - p) + 12, "\r\n", 2);
		MUST(line);
		hosts += judge_line(p, (size_t)(line - p));
	}
	MUST(hosts == 1);
	a->head = n;
}

/* Returns the length of the head that the proxy wrote to the far end; 0: it wrote none. */
static size_t own_head(void)
{
	const uint8_t *p = world.far_got.bytes;
	const uint8_t *end = memmem(p, world.far_got.n, "\r\n\r\n", 4);
	size_t n = end ? (size_t)(end - p) + 4 : 0;

	if (n < sizeof(last) || memcmp(p + n - (sizeof(last) - 1), last, sizeof(last) - 1) != 0 ||
	    session_client_sent(p, n))
		return 0;
	return n;
}

bool session_judge_http(const struct setup *setup, struct answer *a)
{
	size_t n = own_head();

	MUST(setup->http);
	if (!session_client_sent("pa55word", 8))
		MUST(!memmem(world.log.bytes, world.log.n, "pa55word", 8));
	while (!setup->none && (take(a, 407, true, false) || take(a, 407, true, true)))
		;
	if (strcmp(session_logged("reply"), "0") != 0) {
		MUST(is_failure(a) && (n || !world.far_got.n));
		return false;
	}
	MUST(is_let_in(setup));
	a->code = 0;
	/* OPTIONS that the proxy itself has answered. */
	if (!*session_logged("dest")) {
		MUST(!world.far_got.n &&
		     (take(a, 200, false, false) ? !a->n : begins(a, 200, false)));
		return false;
	}
	if (n)
		judge_head(a, n);
	else if (!take(a, 200, true, false))
		a->is_cut = true;
	return true;
}
