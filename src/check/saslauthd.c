/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tries to reach saslauthd for --check, with the rights of the service's user. Puts no password to
 * it. That it does not run is a warning only, because it may start later than the proxy.
 */
#include "check/findings.h"
#include "check/socket.h"
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

/* Appends what is wrong. Returns true if it is a mistake. */
static bool judge(const struct options *o, int err, struct text *t)
{
	put_socket(o, t);
	if (err == -ENOTSOCK)
		put_no_socket(o, t);
	else if (err == -EACCES)
		socket_put_no_right(o, "the socket's folder", "on Debian", "sasl", t);
	else
		text_str(t, strerror(-err));
	if (socket_is_absent(err))
		text_str(t, "; nobody can log in until saslauthd runs (on Debian: START=yes in "
			    "/etc/default/saslauthd)");
	return !socket_is_absent(err);
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
