/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Types of options whose value is a word of a list, or a list of such words. No I/O. */
#include "base/hint.h"
#include "layer/gssapi.h"
#include "log/libsystemd.h"
#include "options/value.h"
#include "wire/socks5.h"

#include <string.h>

static const struct option_word families[] = {
	{ "any", FAMILY_ANY },
	{ "ipv4", FAMILY_IPV4 },
	{ "ipv6", FAMILY_IPV6 },
	{ "prefer-ipv4", FAMILY_PREFER_IPV4 },
	{ "prefer-ipv6", FAMILY_PREFER_IPV6 },
	{ "", 0 },
};

/* clang-format off */
static const struct option_word sinks[] = {
	{ "auto", LOG_SINK_AUTO },
	{ "journal", LOG_SINK_JOURNAL },
	{ "syslog", LOG_SINK_SYSLOG },
	{ "stderr", LOG_SINK_STDERR },
	{ "none", LOG_SINK_NONE },
	{ "", 0 },
};

static const struct option_word levels[] = {
	{ "error", LOG_ERR }, { "warning", LOG_WARNING }, { "notice", LOG_NOTICE },
	{ "info", LOG_INFO }, { "debug", LOG_DEBUG },	  { "", 0 },
};
/* clang-format on */

static const struct option_word methods[] = {
	{ "none", SOCKS5_METHOD_NONE },
	{ "password", SOCKS5_METHOD_PASSWORD },
	{ "chap", SOCKS5_METHOD_CHAP },
	{ "gssapi", SOCKS5_METHOD_GSSAPI },
	{ "certificate", METHOD_CERTIFICATE },
	{ "tls", SOCKS5_METHOD_SSL },
	{ "", 0 },
};

static const struct option_word hashes[] = {
	{ "yescrypt", PWHASH_YESCRYPT },
	{ "bcrypt", PWHASH_BCRYPT },
	{ "sha512", PWHASH_SHA512 },
	{ "cram-md5", PWHASH_CRAM_MD5 },
	{ "", 0 },
};

static const struct option_word modes[] = {
	{ "check", MODE_CHECK },
	{ "help", MODE_HELP },
	{ "version", MODE_VERSION },
	{ "", 0 },
};

static const struct option_word *find(const struct option_word *w, const char *s, size_t len)
{
	for (; w->word[0]; w++)
		if (strlen(w->word) == len && memcmp(w->word, s, len) == 0)
			return w;
	return NULL;
}

static const char *name_of(const struct option_word *w, int value)
{
	while (w->word[0] && w->value != value)
		w++;
	return w->word;
}

/* Adds the word that is nearest to the len bytes at word. */
static COLD_CODE void nearest(const struct setting *s, const struct option_word *list,
			      const char *word, size_t len)
{
	struct hint hint = { .word = word, .len = len };

	for (; list->word[0]; list++)
		hint_offer(&hint, list->word);
	if (hint.best)
		text_strs(s->why, "; did you mean ", hint.best, "?", NULL);
}

/* Returns the value of the word; or -1, and says in s->why which words there are. */
static int choose(const struct setting *s, const struct option_word *list)
{
	const struct option_word *w = find(list, s->value, strlen(s->value));
	char buf[160];
	struct text t = TEXT_OF(buf);

	if (w)
		return w->value;
	for (w = list; w->word[0]; w++)
		text_strs(&t, w == list ? "" : w[1].word[0] ? ", " : " or ", w->word, NULL);
	option_expected(s, buf);
	nearest(s, list, s->value, strlen(s->value));
	return -1;
}

/* The fields are an int, or enums that are as large as one. */
_Static_assert(sizeof(enum net_family) == sizeof(int) && sizeof(enum log_sink) == sizeof(int),
	       "set_word() sets an int");

static bool set_word(const struct setting *s, const struct option_row *row)
{
	int v = choose(s, row->type->words);

	if (v >= 0)
		*FIELD(s, row, int) = v;
	return v >= 0;
}

static void show_word(const struct options *o, const struct option_row *row, struct text *t)
{
	text_str(t, name_of(row->type->words, *CFIELD(o, row, int)));
}

static bool set_family(const struct setting *s, const struct option_row *row)
{
	bool good = set_word(s, row);

	s->o->own.has_family |= good;
	return good;
}

const struct option_type type_family = { .set = set_family, .show = show_word, .words = families };
const struct option_type type_level = { .set = set_word, .show = show_word, .words = levels };

/* Only the command line has it, so it is never shown as a setting. */
const struct option_type type_scheme = { .set = set_word, .words = hashes };

static bool set_log(const struct setting *s, const struct option_row *row)
{
	if (strcmp(s->value, "journal") == 0 && !libsystemd_is_built())
		return option_expected(s, "auto, syslog, stderr or none, because this build has no "
					  "libsystemd");
	return set_word(s, row);
}

const struct option_type type_log = { .set = set_log, .show = show_word, .words = sinks };

static bool set_auth(const struct setting *s, const struct option_row *row)
{
	uint8_t list[sizeof(s->o->methods)];
	const char *p = s->value;
	uint8_t n = 0;

	for (;;) {
		size_t len = strcspn(p, ",");
		const struct option_word *w = find(row->type->words, p, len);

		if (!w || n == sizeof(list) || memchr(list, w->value, n)) {
			option_expected(
				s, "one or more of none, password, chap, gssapi, "
				   "certificate and tls, with commas between them, best first");
			if (!w)
				nearest(s, row->type->words, p, len);
			return false;
		}
		list[n++] = (uint8_t)w->value;
		if (!p[len])
			break;
		p += len + 1;
	}
	if (memchr(list, SOCKS5_METHOD_GSSAPI, n) && !gssapi_is_built())
		return option_expected(s, "methods other than gssapi, because this build has no "
					  "GSS-API");
	memcpy(s->o->methods, list, n);
	s->o->n_methods = n;
	s->o->auth_origin = s->origin;
	return true;
}

static void show_auth(const struct options *o, const struct option_row *row, struct text *t)
{
	for (uint8_t i = 0; i < o->n_methods; i++)
		text_strs(t, i ? "," : "", name_of(row->type->words, o->methods[i]), NULL);
}

const struct option_type type_auth = {
	.set = set_auth, .show = show_auth, .words = methods, .kind = KIND_LIST
};

static bool set_mode(const struct setting *s, const struct option_row *row)
{
	const struct option_word *mode = find(row->type->words, row->name, strlen(row->name));

	if (s->o->mode == MODE_SERVE)
		s->o->mode = (enum option_mode)mode->value;
	return true;
}

const struct option_type type_mode = { .set = set_mode, .words = modes, .mode = true };
