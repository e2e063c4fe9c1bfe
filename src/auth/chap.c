/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CHAP (draft-ietf-aft-socks-chap-01) with HMAC-MD5, the algorithm that every client has to know.
 * Nothing that the client gets before the verdict depends on its user name. Never signs a challenge
 * of a client whose own response was wrong.
 */
#include "auth/auth.h"
#include "auth/verdict.h"
#include "base/blocking.h"
#include "base/cold.h"
#include "base/text.h"
#include "end/end.h"
#include "log/title.h"
#include "users/response.h"
#include "wire/chap.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>

enum { CHALLENGE_LEN = 32 };

/* What the two sides say, and the result of the thread that verifies the response. */
struct chap {
	int fd;			 /* the users file */
	struct chap_message got; /* the client's latest message, and an earlier user name */
	uint8_t challenge[CHALLENGE_LEN], answer[DIGEST_MD5_LENGTH];
	bool is_mutual;	  /* the client has sent a challenge, too */
	bool is_returned; /* it is our own */
	int matches;	  /* what verify_response() returned */
	struct verify_result result;
};

/* Static, because the thread may outlive a wait that fails. */
COLD struct chap auth_chap_state;

static void wipe(struct chap *c)
{
	explicit_bzero(c, sizeof(*c));
}

static _Noreturn void reject(struct session *s, const char *error)
{
	const struct chap_message m = { .types = 1u << CHAP_STATUS, .status = 1 };
	uint8_t buf[CHAP_MESSAGE_MAX];

	wipe(&auth_chap_state);
	stream_write_last(&s->client.stream, buf, chap_encode(&m, buf));
	end_hangup(s, END_AUTH, error);
}

static void tell(struct session *s, const struct chap_message *m)
{
	uint8_t buf[CHAP_MESSAGE_MAX];
	int err = stream_write(&s->client.stream, buf, chap_encode(m, buf), s->deadline_ms);

	if (err < 0)
		end_stream(s, err);
}

static _Noreturn void malformed(struct session *s)
{
	end_hangup(s, END_PROTOCOL, "malformed CHAP message");
}

/* Reads a message, attribute by attribute, because a whole one may have 65537 bytes. */
static void read_message(struct session *s, struct chap_message *m)
{
	uint8_t buf[CHAP_ATTRIBUTE_MAX];
	struct chap_header header;
	struct chap_attribute a;
	size_t n = 0;
	int need;

	m->types &= 1u << CHAP_USER;
	while ((need = chap_header_decode(buf, n, &header)) > 0)
		session_fill(s, buf, &n, need);
	if (need < 0)
		malformed(s);
	for (; header.attributes; header.attributes--) {
		n = 0;
		while ((need = chap_attribute_decode(buf, n, &a)) > 0)
			session_fill(s, buf, &n, need);
		if (need < 0)
			malformed(s);
		chap_add(m, &a);
	}
	explicit_bzero(buf, sizeof(buf));
	explicit_bzero(&a, sizeof(a));
}

/* Reads messages until one has this attribute. They may be in any order but that of the steps. */
static void await(struct session *s, struct chap_message *m, enum chap_type type)
{
	do {
		read_message(s, m);
		if (chap_has(m, CHAP_STATUS) && m->status)
			end_hangup(s, END_AUTH,
				   type == CHAP_STATUS ? "the client rejects the proxy's response" :
							 "the client ends the login by CHAP");
	} while (!chap_has(m, type));
}

static void draw(struct session *s, uint8_t ret[CHALLENGE_LEN])
{
	char error[100];
	struct text t = TEXT_OF(error);
	ssize_t n;

	do
		n = getrandom(ret, CHALLENGE_LEN, 0);
	while (n < 0 && errno == EINTR);
	if (n == CHALLENGE_LEN)
		return;
	text_strs(&t, "no random bytes for a challenge: ", strerror(errno), NULL);
	end_hangup(s, END_FAILED, error);
}

/* Agrees on the algorithm, and sends the challenge. */
static void challenge(struct session *s, struct chap *c)
{
	const struct chap_value *offered = &c->got.algorithms;
	struct chap_message m = {
		.types = 1u << CHAP_ALGORITHMS | 1u << CHAP_CHALLENGE,
		.algorithms = { 1, { CHAP_HMAC_MD5 } },
		.challenge = { .len = CHALLENGE_LEN },
	};

	if (!memchr(offered->byte, CHAP_HMAC_MD5, offered->len))
		reject(s, "the client offers CHAP without HMAC-MD5 (algorithm 0x85)");
	draw(s, c->challenge);
	memcpy(m.challenge.byte, c->challenge, CHALLENGE_LEN);
	tell(s, &m);
}

static void verify(void *arg)
{
	struct chap *c = arg;
	const struct chap_message *m = &c->got;
	const struct response_claim claim = {
		.name = (const char *)m->user.byte,
		.namelen = m->user.len,
		.challenge = c->challenge,
		.challengelen = CHALLENGE_LEN,
		.response = m->response.byte,
		.responselen = m->response.len,
		.theirs = c->is_mutual && !c->is_returned ? m->challenge.byte : NULL,
		.theirslen = m->challenge.len,
	};

	c->matches = verify_response(c->fd, &claim, c->answer, &c->result);
}

/* Checks the response. Ends the session if it is wrong. */
static void check(struct session *s, struct chap *c)
{
	const struct chap_value *theirs = &c->got.challenge;
	const char *error;
	int err;

	memcpy(s->user, c->got.user.byte, c->got.user.len);
	s->rec.user = s->user;
	c->fd = s->opt->users_fd;
	c->is_mutual = chap_has(&c->got, CHAP_CHALLENGE);
	c->is_returned = c->is_mutual && theirs->len == CHALLENGE_LEN &&
			 memcmp(theirs->byte, c->challenge, CHALLENGE_LEN) == 0;
	err = blocking_call(verify, c, s->client.stream.out, s->deadline_ms);
	if (err < 0)
		end_at_once(s, err);
	error = auth_judge(s, c->matches, &c->result);
	if (c->matches < 0)
		error = "the response can't be checked";
	if (!error && c->is_returned)
		error = "the client returns the proxy's own challenge";
	if (error)
		reject(s, error);
}

/* Tells the client that it is let in, and responds to its challenge if it has sent one. */
static void answer(struct session *s, struct chap *c)
{
	struct chap_message m = { .types = 1u << CHAP_STATUS };

	if (c->is_mutual) {
		m.types |= 1u << CHAP_RESPONSE;
		m.response.len = sizeof(c->answer);
		memcpy(m.response.byte, c->answer, sizeof(c->answer));
	}
	tell(s, &m);
	explicit_bzero(&m, sizeof(m));
	if (c->is_mutual)
		await(s, &c->got, CHAP_STATUS);
}

void auth_chap(struct session *s)
{
	struct chap *c = &auth_chap_state;

	await(s, &c->got, CHAP_ALGORITHMS);
	challenge(s, c);
	await(s, &c->got, CHAP_RESPONSE);
	check(s, c);
	s->rec.auth = "chap";
	answer(s, c);
	wipe(c);
	title_show(&s->client, s->user, NULL, NULL);
}
