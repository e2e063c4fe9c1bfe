/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The handshake of TLS, before the conversation: everything that follows stands inside. Loads the
 * library and the files for a client that begins with TLS, and frees the key when the handshake is
 * over. Files are read in this thread, as the configuration is.
 */
#include "session.h"
#include "auth/auth.h"
#include "base/cold.h"
#include "base/wait.h"
#include "end/end.h"
#include "layer/tls.h"

#include <errno.h>
#include <string.h>

/* Static, because the layer and the record use it to the end. */
COLD struct libssl session_tls_library;

/*
 * Ends the session, because the configuration can't be used. The session's line names the file as
 * well, unless the library is at fault.
 */
static _Noreturn void refuse(struct session *s, const struct libssl *l)
{
	const struct tls_options *o = &s->opt->tls;
	const char *file = l->file ? l->file : o->files.certificate;
	const char *option = options_tls_name(o, file);
	char line[LOG_LINE_MAX], error[LOG_LINE_MAX];
	struct text t = TEXT_OF(line), why = TEXT_OF(error);

	text_strs(&t, option, ": ", NULL);
	text_escaped(&t, file, strlen(file));
	text_strs(&t, ": no client can use TLS: ", l->words, NULL);
	log_line(s->log, LOG_ERR, line);
	if (l->file)
		text_strs(&why, option, ": ", file, ": ", NULL);
	text_str(&why, l->words);
	end_misconfigured(s, error);
}

/* Waits until the client takes what the layer keeps, or sends more if it keeps nothing. */
static int await(const struct session *s)
{
	const struct stream *c = &s->client.stream;

	if (wait_now() >= s->deadline_ms)
		return -ETIMEDOUT;
	if (stream_has_output(c))
		return wait_fd(c->out, POLLOUT, s->deadline_ms);
	return stream_has_input(c) ? 0 : wait_fd(c->in, POLLIN, s->deadline_ms);
}

static int shake_hands(struct session *s, struct layer *layer)
{
	int err, flushed;

	do {
		err = tls_handshake(layer);
		flushed = layer->flush(layer);
		if ((!err || err == -EAGAIN) && flushed < 0 && flushed != -EAGAIN)
			return flushed;
		if (err != -EAGAIN)
			return err;
		err = await(s);
	} while (!err);
	return err;
}

static _Noreturn void give_up(struct session *s, int err)
{
	if (err == -EKEYREJECTED)
		auth_refuse_certificate(s, session_tls_library.words);
	if (err == -ETIMEDOUT)
		end_hangup(s, END_TIMEOUT, "no TLS handshake within handshake-timeout");
	end_stream(s, err);
}

/* Without a certificate the client may log in by another method. */
static void log_in(struct session *s, const struct libssl *l)
{
	char name[sizeof(s->user)];
	ssize_t len = libssl_peer_name(l, name, sizeof(name));

	if (len >= 0)
		auth_certificate(s, name, (size_t)len);
}

void session_tls(struct session *s, const uint8_t *head, size_t n)
{
	struct libssl *l = &session_tls_library;
	struct layer *layer;
	int err;

	if (libssl_open(l, &s->opt->tls.files) < 0)
		refuse(s, l);
	layer = tls_layer(&s->client.stream, l, head, n);
	if (!layer)
		end_hangup(s, END_FAILED, "no memory for TLS");
	s->client.stream.layer = layer;
	err = shake_hands(s, layer);
	if (err < 0)
		give_up(s, err);
	libssl_forget_key(l);
	s->tls = l;
	s->rec.tls = libssl_version(l);
	log_in(s, l);
}
