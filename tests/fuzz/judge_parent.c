/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Judges what was said to a parent: the login and the request come in their order, whatever the
 * parent answers, and no byte of the client comes before the parent has agreed.
 */
#include "session_judge.h"
#include "wire/http_client.h"
#include "wire/socks5_client.h"
#include "world_net.h"

/* Bytes of a transcript that have not been judged yet. */
struct rest {
	const uint8_t *p;
	size_t n;
};

static void skip(struct rest *r, size_t n)
{
	r->p += n;
	r->n -= n;
}

/* The parent heard this, or its beginning and nothing else. Returns true if it heard all of it. */
static bool heard(struct rest *r, const char *bytes, size_t n)
{
	size_t some = r->n < n ? r->n : n;

	MUST(memcmp(r->p, bytes, some) == 0);
	skip(r, some);
	return some == n;
}

/* Takes n bytes that the parent said. Returns false if it has said fewer, or others than wanted. */
static bool said(struct rest *r, const char *bytes, size_t n)
{
	if (r->n < n || memcmp(r->p, bytes, n) != 0)
		return false;
	skip(r, n);
	return true;
}

/* A name is passed on only if no rule asks for its address. */
static void judge_destination(const union endpoint *addr, bool is_name)
{
	if (is_name)
		MUST(!world.denies && *session_logged("dest") != '\0');
	else
		net_must_be_allowed(addr);
}

static bool judge_request(struct rest *told)
{
	struct socks5_request r;
	int need = socks5_request_decode(told->p, told->n, &r);
	uint8_t again[SOCKS5_REQUEST_MAX];
	struct dest dest = { .addr = r.addr, .port = r.port };

	if (need > 0) {
		skip(told, told->n);
		return false;
	}
	MUST(need == 0 && r.cmd == SOCKS5_CMD_CONNECT && r.flag == 0);
	judge_destination(&r.addr, r.namelen);
	memcpy(dest.name, r.name, r.namelen);
	skip(told, socks5_request_encode(again, SOCKS5_CMD_CONNECT, &dest));
	return true;
}

/* Takes a reply. Returns true if it grants the request. */
static bool takes_reply(struct rest *answers)
{
	struct socks5_reply reply;
	size_t len = 0;

	/* The decoder tells that it has enough, but not how much that is. */
	while (len <= answers->n && socks5_reply_decode(answers->p, len, &reply) > 0)
		len++;
	if (len > answers->n || socks5_reply_decode(answers->p, len, &reply) < 0 || reply.rep)
		return false;
	skip(answers, len);
	return true;
}

static bool judge_socks5(const struct setup *setup, struct rest *told, struct rest *answers)
{
	static const char login[] = "\1\3bob\6s3cr3t";
	bool logs_in = setup->parent != PARENT_AT_PATH;

	if (!heard(told, logs_in ? "\5\2\2\0" : "\5\1\0", logs_in ? 4 : 3))
		return false;
	if (logs_in && said(answers, "\5\2", 2)) {
		if (!heard(told, login, sizeof(login) - 1) || !said(answers, "\1\0", 2))
			return false;
	} else if (!said(answers, "\5\0", 2)) {
		return false;
	}
	return judge_request(told) && takes_reply(answers);
}

static bool judge_http(struct rest *told, struct rest *answers)
{
	static const char login[] = "\r\nProxy-Authorization: Basic Ym9iOnMzY3IzdA==\r\n";
	const char *p = (const char *)told->p;
	const char *end = memmem(p, told->n, "\r\n\r\n", 4);
	struct http_response r = { 0 };

	heard(&(struct rest){ told->p, told->n < 8 ? told->n : 8 }, "CONNECT ", 8);
	if (!end) {
		skip(told, told->n);
		return false;
	}
	MUST(memmem(p, (size_t)(end - p) + 2, login, sizeof(login) - 1));
	skip(told, (size_t)(end - p) + 4);
	while (r.status < 200) {
		size_t n = answers->n < HTTP_RESPONSE_MAX ? answers->n : HTTP_RESPONSE_MAX;

		if (http_response_decode(answers->p, n, &r) != 0)
			return false;
		skip(answers, r.len);
	}
	return r.status < 300;
}

/* Nobody but the parent gets the password, unless others have sent the same bytes. */
static void judge_secret(void)
{
	static const char *const secrets[] = { "s3cr3t", "s3cr3%74", "Ym9iOnMzY3IzdA" };

	for (size_t i = 0; i < sizeof(secrets) / sizeof(*secrets); i++) {
		size_t n = strlen(secrets[i]);

		if (memmem(world.far_sent.bytes, world.far_sent.n, secrets[i], n) ||
		    session_client_sent(secrets[i], n))
			continue;
		MUST(!memmem(world.client_got.bytes, world.client_got.n, secrets[i], n));
		MUST(!memmem(world.log.bytes, world.log.n, secrets[i], n));
	}
}

/* Takes away what was said before the rest. */
static void keep(struct transcript *t, const struct rest *r)
{
	memmove(t->bytes, r->p, r->n);
	t->n = r->n;
}

bool session_judge_parent(const struct setup *setup)
{
	struct rest told = { world.far_got.bytes, world.far_got.n };
	struct rest answers = { world.far_sent.bytes, world.far_sent.n };
	bool agrees;

	judge_secret();
	agrees = setup->parent == PARENT_BY_HTTP ? judge_http(&told, &answers) :
						   judge_socks5(setup, &told, &answers);
	MUST(agrees || !told.n);
	MUST(!world.far_got.n || strstr(session_logged("via"), "192.0.2.56:") ||
	     strcmp(session_logged("via"), "socks5:/run/tor/socks") == 0);
	keep(&world.far_got, &told);
	keep(&world.far_sent, &answers);
	return agrees;
}
