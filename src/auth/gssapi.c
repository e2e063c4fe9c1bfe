/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The negotiation of RFC 1961: the context, the name of the user, the level of protection. The
 * frames of what follows are layer/gss.c's.
 *
 * No replay cache is kept. Instead, everything behind the context must be protected with a key that
 * the server has made for it, so whoever replays a recorded login gets no further. Such a key
 * exists if the client asks for mutual authentication. A client that does not protect the level, as
 * NEC's do, must protect what follows: level 0 is not for it.
 */
#include "auth/auth.h"
#include "auth/verdict.h"
#include "base/blocking.h"
#include "base/cold.h"
#include "end/end.h"
#include "layer/gss.h"
#include "log/title.h"
#include "wire/gssframe.h"

#include <string.h>

/* The context, and the input and result of the thread that establishes it. */
struct gssapi_login {
	struct gssapi g;
	const char *keytab;
	bool opened; /* the library and the keytab have been loaded */
	int result;  /* of gssapi_open() if it failed, else of gssapi_accept() */
	struct gssapi_bytes answer;
	struct gssframe frame;	   /* the message that was read last... */
	uint8_t buf[GSSFRAME_MAX]; /* ...and its bytes */
};

/* Static, because the thread may outlive a wait that fails, and the layer uses the context. */
COLD struct gssapi_login auth_gssapi_login;

static _Noreturn void reject(struct session *s, enum record_end end, const char *error)
{
	uint8_t buf[GSSFRAME_ABORT_LEN];

	stream_write_last(&s->client.stream, buf, gssframe_abort_encode(buf));
	end_hangup(s, end, error);
}

static _Noreturn void malformed(struct session *s)
{
	reject(s, END_PROTOCOL, "malformed GSS-API message (RFC 1961)");
}

/* Rejects a client that could not prove who it is, and tells fail2ban. */
static _Noreturn void reject_login(struct session *s, const char *error)
{
	auth_log_refused(s, "gssapi");
	reject(s, END_AUTH, error);
}

static void read_frame(struct session *s, struct gssapi_login *l, enum gssframe_mtyp mtyp)
{
	size_t n = 0;
	int need;

	while ((need = gssframe_decode(l->buf, n, &l->frame)) > 0)
		session_fill(s, l->buf, &n, need);
	/* An empty token is a server's. From a client, the library would take it for SPNEGO. */
	if (need < 0 || l->frame.mtyp != mtyp || !l->frame.len)
		malformed(s);
}

/* Sends the frame whose token of n bytes stands behind the room for the header in l->buf. */
static void send_frame(struct session *s, struct gssapi_login *l, enum gssframe_mtyp mtyp, size_t n)
{
	size_t header = gssframe_encode(l->buf, mtyp, n);
	int err = stream_write(&s->client.stream, l->buf, header + n, s->deadline_ms);

	if (err < 0)
		end_stream(s, err);
}

/* Sends the token in a frame, and frees it. */
static void send_token(struct session *s, struct gssapi_login *l, enum gssframe_mtyp mtyp,
		       struct gssapi_bytes *token)
{
	size_t n = token->len;

	if (n > GSSFRAME_TOKEN_MAX)
		reject(s, END_FAILED, "GSS-API: a token of this server is too long");
	if (n)
		memcpy(l->buf + GSSFRAME_HEADER, token->at, n);
	gssapi_release(token);
	send_frame(s, l, mtyp, n);
}

static void work(void *arg)
{
	struct gssapi_login *l = arg;

	if (!l->opened) {
		l->result = gssapi_open(&l->g, l->keytab);
		if (l->result < 0)
			return;
		l->opened = true;
	}
	l->result = gssapi_accept(&l->g, l->buf + GSSFRAME_HEADER, l->frame.len, &l->answer);
}

/* Takes one token of the client. Returns true if the context is established. */
static bool step(struct session *s, struct gssapi_login *l)
{
	int err;

	read_frame(s, l, GSSFRAME_CONTEXT);
	err = blocking_call(work, l, s->client.stream.out, s->deadline_ms);
	if (err < 0)
		end_at_once_or(s, err, "GSS-API took longer than handshake-timeout");
	if (!l->opened) {
		auth_log_no_gssapi(s, l->g.words);
		reject(s, END_FAILED, l->g.words);
	}
	if (l->result < 0)
		reject_login(s, l->g.words);
	return l->result == 0;
}

static void set_user(struct session *s, struct gssapi_login *l)
{
	struct gssapi_bytes name;

	if (!l->g.mutual)
		reject_login(s, "GSS-API: the client does not ask for mutual authentication");
	if (gssapi_user(&l->g, &name) < 0)
		reject_login(s, l->g.words);
	if (!name.len || name.len >= sizeof(s->user) || memchr(name.at, '\0', name.len))
		reject_login(s, "GSS-API: the client's name is empty, has a NUL byte, or is longer "
				"than 255 bytes");
	memcpy(s->user, name.at, name.len);
	s->rec.user = s->user;
	gssapi_release(&name);
}

static void establish(struct session *s, struct gssapi_login *l)
{
	while (!step(s, l))
		send_token(s, l, GSSFRAME_CONTEXT, &l->answer);
	set_user(s, l);
	gssapi_forget_credentials(&l->g);
	send_token(s, l, GSSFRAME_CONTEXT, &l->answer);
}

/* Reads the level that the client asks for. NEC's clients send it bare. */
static uint8_t read_level(struct session *s, struct gssapi_login *l)
{
	struct gssapi_bytes plain = { 0 };
	struct gssapi_seen seen = { 0 };
	uint8_t level;

	read_frame(s, l, GSSFRAME_LEVEL);
	if (l->frame.len == 1) {
		if (!s->opt->gssapi.nec)
			reject(s, END_AUTH,
			       "GSS-API: the client does not protect the level "
			       "(NEC's variant, see gssapi-levels)");
		return l->buf[GSSFRAME_HEADER];
	}
	if (gssapi_unwrap(&l->g, l->buf + GSSFRAME_HEADER, l->frame.len, &plain, &seen) < 0)
		reject_login(s, l->g.words);
	if (seen.duplicate || seen.disordered)
		reject_login(s, "GSS-API: the message about the level is not the first one");
	if (plain.len != 1)
		malformed(s);
	level = *(const uint8_t *)plain.at;
	gssapi_release(&plain);
	return level;
}

/* Sends the level that is granted, wrapped or bare, as the client's was. */
static void send_level(struct session *s, struct gssapi_login *l, uint8_t level, bool bare)
{
	struct gssapi_bytes token;

	if (bare) {
		l->buf[GSSFRAME_HEADER] = level;
		send_frame(s, l, GSSFRAME_LEVEL, 1);
		return;
	}
	if (gssapi_wrap(&l->g, false, &level, 1, &token) < 0)
		reject(s, END_FAILED, l->g.words);
	send_token(s, l, GSSFRAME_LEVEL, &token);
}

static _Noreturn void refuse_level(struct session *s, uint8_t wanted, bool bare)
{
	char error[120];
	struct text t = TEXT_OF(error);

	text_str(&t, "GSS-API: the client asks for level ");
	text_uint(&t, wanted);
	text_str(&t, bare ? " by NEC's variant, and gssapi-levels has none from 1 to this one" :
			    ", and gssapi-levels has higher ones only");
	reject(s, END_AUTH, error);
}

/* Who asks for level 3 chooses for each frame, so level 2 serves it as well. */
static uint8_t grant(struct session *s, uint8_t wanted, bool bare)
{
	const struct gssapi_options *opt = &s->opt->gssapi;

	if (wanted > GSSFRAME_LEVEL_SELECTIVE)
		malformed(s);
	for (uint8_t i = 0; i < opt->n_levels; i++)
		if (opt->level[i] <= wanted && (opt->level[i] || !bare))
			return opt->level[i];
	refuse_level(s, wanted, bare);
}

static void protect(struct session *s, struct gssapi_login *l, uint8_t level)
{
	struct layer *layer;

	if (level == GSSFRAME_LEVEL_NONE) {
		gssapi_close(&l->g);
		return;
	}
	layer = gss_layer(&s->client.stream, &l->g, level == GSSFRAME_LEVEL_CONFIDENTIALITY);
	if (!layer)
		end_hangup(s, END_FAILED, "GSS-API: no memory for the protection");
	s->client.stream.layer = layer;
}

void auth_gssapi(struct session *s)
{
	struct gssapi_login *l = &auth_gssapi_login;
	uint8_t wanted, level;
	bool bare;

	l->keytab = s->opt->gssapi.keytab;
	establish(s, l);
	wanted = read_level(s, l);
	bare = l->frame.len == 1;
	level = grant(s, wanted, bare);
	s->rec.auth = "gssapi";
	title_show(&s->client, s->user, NULL, NULL);
	send_level(s, l, level, bare);
	protect(s, l, level);
}
