/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Values that are one word of a list, and lists of such words. No I/O. */
#include "log/libsystemd.h"
#include "options/value.h"
#include "wire/socks5.h"

#include <string.h>

/*
 * Words and what they stand for; an empty word ends the list. Not by pointers: those are
 * relocated at every start.
 */
struct word {
	char word[12];
	int value;
};

static const struct word families[] = {
	{ "any", FAMILY_ANY },
	{ "ipv4", FAMILY_IPV4 },
	{ "ipv6", FAMILY_IPV6 },
	{ "prefer-ipv4", FAMILY_PREFER_IPV4 },
	{ "prefer-ipv6", FAMILY_PREFER_IPV6 },
	{ "", 0 },
};

/* clang-format off */
static const struct word sinks[] = {
	{ "auto", LOG_SINK_AUTO },
	{ "journal", LOG_SINK_JOURNAL },
	{ "syslog", LOG_SINK_SYSLOG },
	{ "stderr", LOG_SINK_STDERR },
	{ "none", LOG_SINK_NONE },
	{ "", 0 },
};

static const struct word levels[] = {
	{ "error", LOG_ERR }, { "warning", LOG_WARNING }, { "notice", LOG_NOTICE },
	{ "info", LOG_INFO }, { "debug", LOG_DEBUG },	  { "", 0 },
};
/* clang-format on */

static const struct word methods[] = {
	{ "none", SOCKS5_METHOD_NONE },
	{ "password", SOCKS5_METHOD_PASSWORD },
	{ "", 0 },
};

static const struct word *find(const struct word *w, const char *s, size_t len)
{
	for (; w->word[0]; w++)
		if (strlen(w->word) == len && memcmp(w->word, s, len) == 0)
			return w;
	return NULL;
}

static const char *name_of(const struct word *w, int value)
{
	while (w->word[0] && w->value != value)
		w++;
	return w->word;
}

/* Returns the value of the word, or -1 and says which words there are. */
static int choose(const struct setting *s, const struct word *list)
{
	const struct word *w = find(list, s->value, strlen(s->value));
	char buf[160];
	struct text t = TEXT_OF(buf);

	if (w)
		return w->value;
	for (w = list; w->word[0]; w++)
		text_strs(&t, w == list ? "" : w[1].word[0] ? ", " : " or ", w->word, NULL);
	option_expected(s, buf);
	return -1;
}

bool set_family(const struct setting *s, const struct option_row *row)
{
	int v = choose(s, families);

	(void)row;
	if (v >= 0)
		s->o->net.family = (enum net_family)v;
	return v >= 0;
}

void show_family(const struct options *o, const struct option_row *row, struct text *t)
{
	(void)row;
	text_str(t, name_of(families, (int)o->net.family));
}

bool set_log(const struct setting *s, const struct option_row *row)
{
	int v = choose(s, sinks);

	(void)row;
	if (v == LOG_SINK_JOURNAL && !journal_is_built())
		return option_expected(s, "auto, syslog, stderr or none: this build is without "
					  "libsystemd, and the journal's fields");
	if (v >= 0)
		s->o->log = (enum log_sink)v;
	return v >= 0;
}

void show_log(const struct options *o, const struct option_row *row, struct text *t)
{
	(void)row;
	text_str(t, name_of(sinks, (int)o->log));
}

bool set_level(const struct setting *s, const struct option_row *row)
{
	int v = choose(s, levels);

	(void)row;
	if (v >= 0)
		s->o->log_level = v;
	return v >= 0;
}

void show_level(const struct options *o, const struct option_row *row, struct text *t)
{
	(void)row;
	text_str(t, name_of(levels, o->log_level));
}

bool set_auth(const struct setting *s, const struct option_row *row)
{
	uint8_t list[sizeof(s->o->methods)];
	const char *p = s->value;
	uint8_t n = 0;

	(void)row;
	for (;;) {
		size_t len = strcspn(p, ",");
		const struct word *w = find(methods, p, len);

		if (!w || n == sizeof(list) || memchr(list, w->value, n))
			return option_expected(s,
					       "none, password, or both with a comma, best first");
		list[n++] = (uint8_t)w->value;
		if (!p[len])
			break;
		p += len + 1;
	}
	memcpy(s->o->methods, list, n);
	s->o->n_methods = n;
	s->o->auth_origin = s->origin;
	return true;
}

void show_auth(const struct options *o, const struct option_row *row, struct text *t)
{
	(void)row;
	for (uint8_t i = 0; i < o->n_methods; i++)
		text_strs(t, i ? "," : "", name_of(methods, o->methods[i]), NULL);
}

static bool set_mode(const struct setting *s, enum option_mode mode)
{
	if (s->o->mode == MODE_SERVE)
		s->o->mode = mode;
	return true;
}

bool set_mode_check(const struct setting *s, const struct option_row *row)
{
	(void)row;
	return set_mode(s, MODE_CHECK);
}

bool set_mode_help(const struct setting *s, const struct option_row *row)
{
	(void)row;
	return set_mode(s, MODE_HELP);
}

bool set_mode_version(const struct setting *s, const struct option_row *row)
{
	(void)row;
	return set_mode(s, MODE_VERSION);
}

void show_nothing(const struct options *o, const struct option_row *row, struct text *t)
{
	(void)o;
	(void)row;
	(void)t;
}
