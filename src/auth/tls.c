/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What draft-ietf-aft-socks-ssl-00 has around the handshake of TLS: its frames, and the options
 * that are agreed on inside. Never handles a key or a record of TLS.
 */
#include "auth/auth.h"
#include "end/end.h"
#include "layer/sslframes.h"

struct layer *auth_tls_begin(struct session *s)
{
	struct layer *frames = sslframes_layer(&s->client.stream);

	if (!frames)
		end_hangup(s, END_FAILED, "no memory for the frames of the SSL draft");
	s->client.stream.layer = frames;
	return frames;
}

static void read_options(struct session *s, struct sslframe_options *ret)
{
	uint8_t buf[SSLFRAME_OPTIONS_MAX];
	size_t n = 0;
	int need;

	while ((need = sslframe_options_decode(buf, n, ret)) > 0)
		session_fill(s, buf, &n, need);
}

static void send_options(struct session *s, const struct sslframe_options *o)
{
	uint8_t buf[SSLFRAME_OPTIONS_MAX];
	size_t n = sslframe_options_encode(buf, o);
	int err = stream_write(&s->client.stream, buf, n, s->deadline_ms);

	if (err < 0)
		end_stream(s, err);
}

/*
 * Returns true if another method has to be negotiated: not by a client whose certificate has logged
 * it in, nor if `none` is the best method that is left.
 */
static bool wants_login(const struct session *s)
{
	const struct socks5_methods all = { .n = 4,
					    .method = { SOCKS5_METHOD_NONE, SOCKS5_METHOD_GSSAPI,
							SOCKS5_METHOD_PASSWORD,
							SOCKS5_METHOD_CHAP } };

	return !(s->certified && auth_is_open(s)) && auth_choose(s, &all) != SOCKS5_METHOD_NONE;
}

bool auth_tls_agree(struct session *s, struct layer *frames)
{
	struct sslframe_options offered, used = { .n = 0 };
	bool login;

	sslframes_enter(frames, SSLFRAME_OPTIONS);
	read_options(s, &offered);
	login = wants_login(s) && sslframe_options_have(&offered, SSLFRAME_SUBAUTHENTICATION);
	if (login)
		used.option[used.n++] = SSLFRAME_SUBAUTHENTICATION;
	s->udp_refused = !sslframe_options_have(&offered, SSLFRAME_UDP_NAKED);
	if (!s->udp_refused)
		used.option[used.n++] = SSLFRAME_UDP_NAKED;
	send_options(s, &used);
	if (!login && !auth_is_open(s))
		end_hangup(s, END_AUTH,
			   "a login is required inside TLS, and the client does not offer "
			   "the option Subauthentication");
	return login;
}

void auth_tls_over(struct layer *frames)
{
	sslframes_enter(frames, SSLFRAME_FLOW);
}
