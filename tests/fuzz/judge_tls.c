/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Judges what stands around a session inside TLS: its version and its end, the certificate, and
 * what the SSL draft agrees on. The transcripts have the payload, which the other judges look at.
 */
#include "session_judge.h"
#include "wire/socks5.h"
#include "wire/sslframe.h"
#include "world_tls.h"

/* TLS itself, or the draft's frames, of a client that does neither well. */
static bool is_raw_tls(const struct answer *a)
{
	static const uint8_t alert = 0x15, handshake = 0x16;

	if (a->n && (a->p[0] == alert || a->p[0] == handshake))
		return true;
	return a->n > 1 && a->p[0] == SOCKS5_VERSION &&
	       (a->p[1] == SOCKS5_METHOD_SSL || a->p[1] == SOCKS5_METHOD_SSL_DRAFT);
}

/* Nobody can finish the handshake of a script. */
static bool judge_raw(const struct setup *setup, const struct answer *a)
{
	MUST(!*session_logged("tls") && !*session_logged("auth"));
	MUST(!setup->tls_only || (!world.far_got.n && (!a->n || is_raw_tls(a))));
	if (!is_raw_tls(a))
		return !setup->tls_only;
	MUST(!world.far_got.n && !session_ended_well());
	return false;
}

/* Only alice's certificate logs in; mallory's has her name, and is not in the file. */
static void judge_card(struct setup *setup)
{
	bool is_alice = setup->certificate && tls_card() == WORLD_ALICE;

	if (strcmp(session_logged("auth"), "certificate") == 0)
		MUST(is_alice && strcmp(session_logged("user"), "alice") == 0);
	setup->none |= is_alice;
}

static void drop(struct transcript *t, size_t n)
{
	memmove(t->bytes, t->bytes + n, t->n -= n);
}

/*
 * Takes the lists of options of both sides away from the transcripts. Returns 1 if the proxy wants
 * a login, 0 if not, and -1 if nothing has been agreed on.
 */
static int judge_options(const struct setup *setup, struct answer *a)
{
	struct sslframe_options offered, used;
	bool login;

	if (sslframe_options_decode(a->p, a->n, &used) != 0) {
		MUST(!world.far_got.n);
		return -1;
	}
	MUST(sslframe_options_decode(world.client_sent.bytes, world.client_sent.n, &offered) == 0);
	for (size_t i = 0; i < used.n; i++)
		MUST(sslframe_options_have(&offered, used.option[i]) &&
		     (used.option[i] == SSLFRAME_SUBAUTHENTICATION ||
		      used.option[i] == SSLFRAME_UDP_NAKED));
	login = sslframe_options_have(&used, SSLFRAME_SUBAUTHENTICATION);
	drop(&world.client_sent, 1 + (size_t)offered.n);
	drop(&world.client_got, 1 + (size_t)used.n);
	a->n = world.client_got.n;
	MUST(login || setup->none || a->n == 0);
	return login;
}

enum session_part session_judge_tls(struct setup *setup, struct answer *a)
{
	bool is_up = *session_logged("tls");
	int login;

	if (!tls_is_on()) {
		setup->none &= !setup->is_inside;
		setup->users &= !setup->is_inside;
		return judge_raw(setup, a) ? SESSION_WHOLE : SESSION_NOTHING;
	}
	judge_card(setup);
	MUST(!is_up || strcmp(session_logged("tls"), tls_version()) == 0);
	if (tls_was_refused() || !is_up) {
		MUST(!a->n && !world.far_got.n);
		return SESSION_NOTHING;
	}
	MUST(setup->draft || !tls_was_framed());
	if (session_ended_well() && !world.client_left && !world.empty_ms)
		MUST(tls_got_end());
	a->is_cut = !session_ended_well();
	if (!tls_was_framed())
		return SESSION_WHOLE;
	login = judge_options(setup, a);
	return login < 0 ? SESSION_NOTHING : login ? SESSION_WHOLE : SESSION_COMMAND;
}
