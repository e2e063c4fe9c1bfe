/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a session ends: the only verbs that do not return. Each logs the session's record, once. */
#ifndef END_H
#define END_H

#include "session.h"

/* Sends a failure reply, ends the stream in order, logs, exits 0. error: in words, or NULL. */
_Noreturn void end_refused(struct session *s, enum socks5_rep rep, enum record_end end,
			   const char *error);

/* A failure of ours or of the network, as -errno: the reply and the end that belong to it. */
_Noreturn void end_failed(struct session *s, int err, const char *error);

/* Ends the stream in order without an answer (or with none but what was sent), logs, exits 0. */
_Noreturn void end_hangup(struct session *s, enum record_end end, const char *error);

/*
 * The client's stream failed with this -errno (0: end of file) where it should have gone on: as
 * end_hangup(), for the reason that belongs to it.
 */
_Noreturn void end_stream(struct session *s, int err);

/*
 * The same where a thread was left behind that still computes with the password: the process ends
 * at once, and what the client has sent is not read.
 */
_Noreturn void end_at_once(struct session *s, int err);

/* The kernel could not confine us, for this -errno: nothing goes on without. */
_Noreturn void end_sandbox(struct session *s, int err);

/* For sandbox_converse(): this process did what ours never does. Logs as an error, exits 71. */
_Noreturn void end_forbidden(void *session, int nr);

/* The session has been served; both streams have ended already. Logs, exits 0. */
_Noreturn void end_served(struct session *s, enum record_end end, const char *error);

#endif
