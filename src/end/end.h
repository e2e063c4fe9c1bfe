/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The verbs that end a session. None returns; each logs the session's record, once. */
#ifndef END_END_H
#define END_END_H

#include "session.h"

/*
 * Sends a failure reply, ends the stream in order, logs and exits 0. Here and below, error is the
 * failure in words, or NULL.
 */
_Noreturn void end_refused(struct session *s, enum socks5_rep rep, enum record_end end,
			   const char *error);

/* Ends as end_refused(), with END_PROTOCOL and the number behind the words. */
_Noreturn void end_refused_number(struct session *s, enum socks5_rep rep, const char *words,
				  uint8_t number);

/*
 * Ends as end_refused(), with the reply and the end= that belong to this negative errno of
 * resolving, connecting or waiting. If error is NULL, the words are those of reply_words().
 */
_Noreturn void end_failed(struct session *s, int err, const char *error);

/*
 * Ends as end_refused(), because this setting of the administrator failed with this negative errno,
 * which says nothing about the destination. Logs it as an error, too.
 */
_Noreturn void end_setting(struct session *s, int err, const char *step);

/* Ends the stream in order without another byte, logs and exits 0. */
_Noreturn void end_hangup(struct session *s, enum record_end end, const char *error);

/*
 * Ends as end_hangup(), because the client's stream ended (err is 0) or failed with this negative
 * errno before the conversation was over.
 */
_Noreturn void end_stream(struct session *s, int err);

/*
 * Ends as end_stream() while a thread still computes with the password: exits at once, without
 * reading the rest of the client's input.
 */
_Noreturn void end_at_once(struct session *s, int err);

/* Does the same while a thread does anything else; at the deadline the error is timed_out. */
_Noreturn void end_at_once_or(struct session *s, int err, const char *timed_out);

/*
 * The kernel failed to close the sandbox, with this negative errno: refuses the request, or resets
 * both sides if the upstream is connected. A session never goes on without the sandbox.
 */
_Noreturn void end_sandbox(struct session *s, int err);

/*
 * Logs that the process tried the forbidden system call nr, and exits 71 (EX_OSERR). It is the
 * sandbox_report of the session.
 */
_Noreturn void end_forbidden(void *session, int nr);

/*
 * Ends the stream in order, logs and exits 78 (EX_CONFIG), because this session is the first that
 * needs a part of the configuration, and it can't be used.
 */
_Noreturn void end_misconfigured(struct session *s, const char *error);

/*
 * Ends the stream in order, logs and exits 71 (EX_OSERR), because the system has failed in a way
 * that concerns all clients.
 */
_Noreturn void end_system(struct session *s, const char *error);

/* Logs and exits 0. Both streams have ended already. */
_Noreturn void end_served(struct session *s, enum record_end end, const char *error);

#endif
