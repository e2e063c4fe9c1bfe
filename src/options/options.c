/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the command line with getopt_long(). Then makes the checks that need all settings. Reports
 * every mistake; never goes on with a guess.
 */
#include "options/options.h"
#include "options/reader.h"
#include "options/rules_host.h"
#include "options/value.h"
#include "wire/socks5.h"

#include <assert.h>
#include <getopt.h>
#include <string.h>
#include <sysexits.h>

/* For getopt_long(), the i-th row of the table is LONG_BASE + i. Letters are below LONG_BASE. */
enum { LONG_BASE = 256, ROWS_MAX = 64 };

static const struct options defaults = {
	.handshake_timeout_ms = 30 * 1000,
	.connect_timeout_ms = 30 * 1000,
	.bind_timeout_ms = 2 * 60 * 1000,
	.idle_timeout_ms = (2 * 60 + 4) * 60 * 1000, /* RFC 5382 REQ-5 */
	.log_level = LOG_INFO,
	.users_fd = -1,
};

/* Builds getopt's tables from ours. "+": stop at the first argument that is not an option. */
static void getopt_tables(struct option *longs, char *letters)
{
	*letters++ = '+';
	*letters++ = ':';
	for (size_t i = 0; i < option_table_len; i++) {
		const struct option_row *row = &option_table[i];
		int arg = row->arg ? required_argument : no_argument;

		longs[i] = (struct option){ row->name, arg, NULL, LONG_BASE + (int)i };
		if (!row->letter)
			continue;
		*letters++ = row->letter;
		if (row->arg)
			*letters++ = ':';
	}
	longs[option_table_len] = (struct option){ 0 };
	*letters = '\0';
}

static const struct option_row *row_of(int c)
{
	if (c >= LONG_BASE)
		return &option_table[c - LONG_BASE];
	for (size_t i = 0; i < option_table_len; i++)
		if (option_table[i].letter && option_table[i].letter == c)
			return &option_table[i];
	return NULL;
}

static void usage_mistake(struct option_reader *r, const char *what, const char *arg,
			  const char *remedy)
{
	char buf[600];
	struct text t = TEXT_OF(buf);

	text_strs(&t, what, " ", NULL);
	text_quoted(&t, arg);
	text_str(&t, remedy);
	option_mistake(r, (struct origin){ 0 }, NULL, buf);
}

/* getopt_long() returned c: ":" for a value that is missing, "?" for everything else. */
static void bad_option(struct option_reader *r, char **argv, int c)
{
	char letter[3] = { '-', (char)optopt, '\0' };
	const char *arg = optopt && optopt < LONG_BASE ? letter : argv[optind - 1];

	if (c == ':')
		usage_mistake(r, "option", arg, " needs a value; see picosocks5 --help");
	else if (optopt >= LONG_BASE)
		usage_mistake(r, "option", arg, " takes no value");
	else
		usage_mistake(r, "unknown option", arg, "; see picosocks5 --help");
}

/* Walks through all arguments, and applies either the modes or all the other options. */
static void walk(struct option_reader *r, int argc, char **argv, bool modes)
{
	/* For each row a letter and a colon at most; "+:" and the NUL. */
	struct option longs[ROWS_MAX + 1];
	char letters[2 * ROWS_MAX + 3];
	int c;

	getopt_tables(longs, letters);
	opterr = optind = 0;
	while ((c = getopt_long(argc, argv, letters, longs, NULL)) != -1) {
		const struct option_row *row = c == '?' || c == ':' ? NULL : row_of(c);

		if (row && row->command_line == modes)
			config_apply(r, row, row->arg ? optarg : "", (struct origin){ 0 });
		else if (!row && !modes)
			bad_option(r, argv, c);
	}
}

static void command_line(struct option_reader *r, int argc, char **argv)
{
	assert(option_table_len <= ROWS_MAX);
	/* The modes first: --check after a mistake still decides how the mistake is reported. */
	walk(r, argc, argv, true);
	if (r->o->mode == MODE_CHECK)
		places_begin(r->o);
	as_take_rights(r);
	walk(r, argc, argv, false);
	if (optind < argc)
		usage_mistake(r, "unexpected argument", argv[optind],
			      ": listening is left to systemd or inetd, see picosocks5(8)");
}

/*
 * Sets and checks the settings that depend on several options. Without --auth, the method is
 * password if there is a users file, else none.
 */
static void finish(struct option_reader *r)
{
	struct options *o = r->o;
	bool password;

	if (!o->n_methods) {
		o->methods[0] = o->users ? SOCKS5_METHOD_PASSWORD : SOCKS5_METHOD_NONE;
		o->n_methods = 1;
	}
	password = memchr(o->methods, SOCKS5_METHOD_PASSWORD, o->n_methods);
	if (password && !o->users) {
		option_mistake(
			r, o->auth_origin, "auth",
			"the method password needs a users file: name it with the option users");
	}
	if (o->users && (password || o->mode == MODE_CHECK))
		options_open_users(r);
}

int options_read(struct options *o, int argc, char **argv, options_report *report, void *ctx)
{
	struct option_reader r = { .o = o, .report = report, .ctx = ctx };

	*o = defaults;
	o->rules.host = &rules_host;
	o->balancers.host = &rules_host;
	command_line(&r, argc, argv);
	finish(&r);
	return r.status;
}
