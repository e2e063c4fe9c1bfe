/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tries to reach saslauthd for --check, with the rights of the service's user. Puts no password to
 * it. That it does not run is a warning only, because it may start later than the proxy.
 */
#include "check/findings.h"
#include "base/text.h"
#include "users/saslauthd.h"
#include "wire/socks5.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static void put_socket(const struct options *o, struct text *t)
{
	text_escaped(t, o->saslauthd, strlen(o->saslauthd));
	text_str(t, ": ");
}

static void put_no_socket(const struct options *o, struct text *t)
{
	struct stat st;

	text_str(t, "it is not a socket");
	if (stat(o->saslauthd, &st) == 0 && S_ISDIR(st.st_mode)) {
		text_str(t, " but a folder; write ");
		text_escaped(t, o->saslauthd, strlen(o->saslauthd));
		text_str(t, "/mux");
	}
}

static void put_no_right(const struct options *o, struct text *t)
{
	const char *user = o->check.user;

	text_strs(t, strerror(EACCES), NULL);
	if (user)
		text_strs(
			t, " for user ", user,
			"; add this user to the group of the socket's folder (on Debian: adduser ",
			user, " sasl)", NULL);
	else
		text_str(t, " (run --check as root: it tries files as user picosocks5)");
}

static bool is_absent(int err)
{
	return err == -ENOENT || err == -ECONNREFUSED;
}

/* Appends what is wrong. Returns true if it is a mistake. */
static bool judge(const struct options *o, int err, struct text *t)
{
	put_socket(o, t);
	if (err == -ENOTSOCK)
		put_no_socket(o, t);
	else if (err == -EACCES)
		put_no_right(o, t);
	else
		text_str(t, strerror(-err));
	if (is_absent(err))
		text_str(t, "; nobody can log in until saslauthd runs (on Debian: START=yes in "
			    "/etc/default/saslauthd)");
	return !is_absent(err);
}

static int try(const struct options *o, struct text *why, bool *mistake)
{
	int err = saslauthd_try(o->saslauthd);

	*mistake = err && judge(o, err, why);
	return err;
}

int check_saslauthd(const struct options *o, options_report *report, void *ctx)
{
	char buf[LOG_LINE_MAX], reason[LOG_LINE_MAX / 2];
	struct text t = TEXT_OF(buf), why = TEXT_OF(reason);
	bool mistake = false;
	int status;

	if (!o->saslauthd)
		return 0;
	if (!options_accept(o, SOCKS5_METHOD_PASSWORD))
		text_str(&why, "nobody is asked for a password, because auth does not list the "
			       "method password");
	else if (!try(o, &why, &mistake))
		return 0;
	if (!mistake)
		text_str(&t, "warning: ");
	status = options_place(o, "saslauthd", &t);
	text_str(&t, reason);
	report(ctx, o, buf);
	return mistake ? status : 0;
}
