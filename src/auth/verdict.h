/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the methods share: the verdict on a password, and the log's lines about failed logins. */
#ifndef AUTH_VERDICT_H
#define AUTH_VERDICT_H

#include "session.h"
#include "users/verify.h"
#include "wire/userpass.h"

/*
 * Verifies this user name and password, by the users file or by saslauthd, and sets s->user. Wipes
 * *login. Returns NULL if they match; or, in words for error=, why the client is not let in, after
 * it has logged the details. Then *end is END_AUTH, or END_FAILED if saslauthd gave no verdict.
 * Ends the session if the client leaves meanwhile, and, with a users file, at the deadline.
 */
const char *auth_check_password(struct session *s, struct userpass_request *login,
				enum record_end *end);

/*
 * Judges what users/verify.h or users/response.h returned, and logs what the administrator and
 * fail2ban have to know. Returns NULL if it matches; or, in words for error=, why it does not.
 */
const char *auth_judge(const struct session *s, int matches, const struct verify_result *v);

/* Logs the line that fail2ban reads: the client's address, and s->user. */
void auth_log_wrong(const struct session *s);

/*
 * Logs the line that fail2ban reads about a login without a password: the client's address, and the
 * method. Nothing in the line is of the client's choice.
 */
void auth_log_refused(const struct session *s, const char *method);

/* Logs why no client can log in by GSS-API. */
void auth_log_no_gssapi(const struct session *s, const char *why);

/* Logs that this line of the users file can't be used, and the remedy. */
void auth_log_bad_line(const struct session *s, size_t line, enum htpasswd_fault fault);

/* Logs that no password can be checked: err is the negative errno, library may be NULL. */
void auth_log_failure(const struct session *s, int err, const char *library);

/*
 * Logs that saslauthd gave no verdict, with the remedy, and appends the words for error=. err is
 * what saslauthd_ask() returned.
 */
void auth_log_saslauthd(const struct session *s, int err, struct text *error);

#endif
