/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the command line. Then makes the checks that need all settings. Reports every mistake;
 * never goes on with a guess.
 */
#include "options/options.h"
#include "options/reader.h"
#include "options/rules_host.h"
#include "options/value.h"
#include "users/digest.h"
#include "wire/socks5.h"

#include <string.h>
#include <sysexits.h>

static const struct options defaults = {
	.handshake_timeout_ms = 30 * 1000,
	.connect_timeout_ms = 30 * 1000,
	.bind_timeout_ms = 2 * 60 * 1000,
	.idle_timeout_ms = (2 * 60 + 4) * 60 * 1000, /* RFC 5382 REQ-5 */
	.log_level = LOG_INFO,
	.gssapi = { .level = { 2, 1 }, .n_levels = 2 },
	.users_fd = -1,
	.hash.scheme = -1,
};

static void check_chap(struct option_reader *r)
{
	if (!digest_is_built())
		option_mistake(
			r, r->o->auth_origin, "auth",
			"the method chap needs libmd, and this program was built without it");
	else if (!r->o->users && r->o->saslauthd)
		option_mistake(
			r, r->o->auth_origin, "auth",
			"the method chap can't be served by saslauthd, which needs the password "
			"itself: use the option users instead of saslauthd, or leave out chap");
	else if (!r->o->users)
		option_mistake(r, r->o->auth_origin, "auth",
			       "the method chap needs a users file: name it with the option users");
}

/* Two judges of passwords: it is not clear which one is meant. */
static void report_both(struct option_reader *r)
{
	const struct origin users = r->o->users_origin;
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	text_str(&t,
		 "passwords are checked either by saslauthd or by the file of the option users, "
		 "which ");
	if (users.file) {
		text_str(&t, "stands at ");
		text_escaped(&t, users.file, strlen(users.file));
		text_char(&t, ':');
		text_uint(&t, users.line);
	} else {
		text_str(&t, "stands on the command line");
	}
	text_str(&t, ": leave out one of the two");
	option_mistake(r, r->o->saslauthd_origin, "saslauthd", buf);
}

static void check_passwords(struct option_reader *r)
{
	struct options *o = r->o;

	if (o->users && o->saslauthd)
		report_both(r);
	if (options_accept(o, SOCKS5_METHOD_PASSWORD) && !o->users && !o->saslauthd)
		option_mistake(
			r, o->auth_origin, "auth",
			"the method password needs a users file: name it with the option users; or "
			"a daemon that checks passwords: name its socket with saslauthd");
}

/* A certificate stands before the password, because its user need not be asked for one. */
static void set_default_methods(struct options *o)
{
	if (o->tls.files.clients)
		o->methods[o->n_methods++] = METHOD_CERTIFICATE;
	if (o->users || o->saslauthd)
		o->methods[o->n_methods++] = SOCKS5_METHOD_PASSWORD;
	if (!o->n_methods)
		o->methods[o->n_methods++] = SOCKS5_METHOD_NONE;
}

/* Sets and checks the settings that depend on several options. */
static void finish(struct option_reader *r)
{
	struct options *o = r->o;
	bool password, chap;

	if (!o->n_methods)
		set_default_methods(o);
	password = options_accept(o, SOCKS5_METHOD_PASSWORD);
	check_passwords(r);
	chap = options_accept(o, SOCKS5_METHOD_CHAP);
	if (chap)
		check_chap(r);
	options_complete_route(r);
	options_check_tls(r);
	if (options_accept(o, SOCKS5_METHOD_GSSAPI) && o->mode != MODE_HASH)
		options_find_keytab(r);
	if (o->hash.scheme >= 0 && o->mode != MODE_HASH)
		option_mistake(r, (struct origin){ 0 }, "scheme",
			       "it has an effect only with --hash NAME");
	if (o->users && o->mode != MODE_HASH && (password || chap || o->mode == MODE_CHECK))
		options_open_users(r);
}

int options_read(struct options *o, int argc, char **argv, options_report *report, void *ctx)
{
	struct option_reader r = { .o = o, .report = report, .ctx = ctx };

	*o = defaults;
	o->argc = argc;
	o->argv = argv;
	o->rules.host = &rules_host;
	o->balancers.host = &rules_host;
	options_read_arguments(&r, argc, argv);
	finish(&r);
	return r.status;
}
