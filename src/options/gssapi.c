/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The options of GSS-API. The keytab is tried before anything is read from the client, so that one
 * that can't be used is reported as a mistake in the configuration. The library is not loaded here.
 */
#include "base/file.h"
#include "options/reader.h"
#include "options/value.h"
#include "wire/gssframe.h"
#include "wire/socks5.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static const char system_keytab[] = "/etc/krb5.keytab";

static const struct option_word levels[] = {
	{ "0", GSSFRAME_LEVEL_NONE },
	{ "1", GSSFRAME_LEVEL_INTEGRITY },
	{ "2", GSSFRAME_LEVEL_CONFIDENTIALITY },
	{ "nec", -1 },
	{ "", 0 },
};

static bool set_keytab(const struct setting *s, const struct option_row *row)
{
	(void)row;
	if (!*s->value || strncmp(s->value, "FILE:", 5) == 0)
		return option_expected(s, "the name of a file, without FILE: in front");
	s->o->gssapi.keytab = file_beside(s->value, s->origin.file);
	s->o->gssapi.keytab_origin = s->origin;
	return s->o->gssapi.keytab || option_no_memory(s);
}

static void show_keytab(const struct options *o, const struct option_row *row, struct text *t)
{
	(void)row;
	if (o->gssapi.keytab)
		text_str(t, o->gssapi.keytab);
}

const struct option_type type_keytab = { .set = set_keytab,
					 .show = show_keytab,
					 .kind = KIND_FILE };

/* Adds a word to the list. Returns false if there is no such word, or if it stands there already.
 */
static bool add_level(struct gssapi_options *g, const char *word, size_t len)
{
	const struct option_word *w = levels;

	while (w->word[0] && (strlen(w->word) != len || memcmp(w->word, word, len) != 0))
		w++;
	if (!w->word[0])
		return false;
	if (w->value < 0) {
		if (g->nec)
			return false;
		g->nec = true;
		return true;
	}
	if (memchr(g->level, w->value, g->n_levels))
		return false;
	g->level[g->n_levels++] = (uint8_t)w->value;
	return true;
}

static bool set_levels(const struct setting *s, const struct option_row *row)
{
	struct gssapi_options g = { .n_levels = 0 };
	const char *p = s->value;
	bool good = true;

	(void)row;
	for (;;) {
		size_t len = strcspn(p, ",");

		good = good && add_level(&g, p, len);
		if (!p[len])
			break;
		p += len + 1;
	}
	if (!good || !g.n_levels)
		return option_expected(s, "one or more of 0, 1 and 2, best first, and nec if it is "
					  "wanted, with commas between them");
	memcpy(s->o->gssapi.level, g.level, sizeof(g.level));
	s->o->gssapi.n_levels = g.n_levels;
	s->o->gssapi.nec = g.nec;
	s->o->gssapi.levels_given = true;
	return true;
}

static void show_levels(const struct options *o, const struct option_row *row, struct text *t)
{
	(void)row;
	if (!o->gssapi.levels_given && !options_accept(o, SOCKS5_METHOD_GSSAPI))
		return;
	for (uint8_t i = 0; i < o->gssapi.n_levels; i++) {
		text_str(t, i ? "," : "");
		text_uint(t, o->gssapi.level[i]);
	}
	text_str(t, o->gssapi.nec ? ",nec" : "");
}

const struct option_type type_gss_levels = {
	.set = set_levels, .show = show_levels, .words = levels, .kind = KIND_LIST
};

/* Returns the file that the library would use, or NULL if KRB5_KTNAME names no file. */
static const char *find_system_keytab(void)
{
	const char *name = getenv("KRB5_KTNAME");

	if (!name || !*name)
		return system_keytab;
	if (strncmp(name, "FILE:", 5) == 0)
		return name + 5;
	if (strncmp(name, "WRFILE:", 7) == 0)
		return name + 7;
	return *name == '/' || !strchr(name, ':') ? name : NULL;
}

/* Returns true if the keytab is only closed to the one who asks --explain. */
static bool is_closed_to_asker(const struct options *o, int err)
{
	return o->mode == MODE_EXPLAIN && err == -EACCES;
}

void options_find_keytab(struct option_reader *r)
{
	struct gssapi_options *g = &r->o->gssapi;
	bool named = g->keytab;
	struct origin origin = named ? g->keytab_origin : r->o->auth_origin;
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);
	int fd;

	if (!named)
		g->keytab = find_system_keytab();
	if (!g->keytab) {
		option_mistake(r, origin, "auth",
			       "the method gssapi needs a keytab in a file, and KRB5_KTNAME names "
			       "none: name it with the option gssapi-keytab");
		return;
	}
	fd = as_open_file(r->o, g->keytab);
	if (fd >= 0)
		close(fd);
	if (fd >= 0 || is_closed_to_asker(r->o, fd))
		return;
	if (!named)
		text_str(&t, "the method gssapi needs a keytab: ");
	as_cannot_open(r->o, g->keytab, fd, &t);
	if (fd == -ENOENT)
		text_str(&t, "; `ktadd -k FILE SERVICE` of kadmin makes a keytab");
	if (!named)
		text_str(&t, "; gssapi-keytab names another");
	option_mistake(r, origin, named ? "gssapi-keytab" : "auth", buf);
	/* An unusable file is EX_CONFIG, even if the command line names it. */
	if (r->status == EX_USAGE && !origin.file)
		r->status = EX_CONFIG;
}
