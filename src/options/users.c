/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The users file as an option, and --hash, which makes a line for it. The file is opened before
 * anything is read from the client, so that a file that can't be used is reported as a mistake in
 * the configuration. It is never read here.
 */
#include "base/file.h"
#include "options/reader.h"
#include "options/value.h"

#include <errno.h>
#include <string.h>
#include <sysexits.h>

static bool set_users(const struct setting *s, const struct option_row *row)
{
	(void)row;
	if (!*s->value)
		return option_expected(s, "the name of a file");
	s->o->users = file_beside(s->value, s->origin.file);
	s->o->users_origin = s->origin;
	return s->o->users || option_no_memory(s);
}

static void show_users(const struct options *o, const struct option_row *row, struct text *t)
{
	(void)row;
	if (o->users)
		text_str(t, o->users);
}

const struct option_type type_users = { .set = set_users, .show = show_users, .kind = KIND_FILE };

/* A byte below the space, or the byte 127. */
static bool has_control_byte(const char *name)
{
	for (; *name; name++)
		if ((unsigned char)*name < ' ' || *name == 0x7f)
			return true;
	return false;
}

static bool set_hash(const struct setting *s, const struct option_row *row)
{
	(void)row;
	if (s->o->mode == MODE_SERVE)
		s->o->mode = MODE_HASH;
	s->o->hash.name = s->value;
	if (htpasswd_name_ok(s->value, strlen(s->value)) && !has_control_byte(s->value))
		return true;
	return option_expected(s, "the name of a user: 1 to 255 bytes, without a colon or control "
				  "characters, and not beginning with #");
}

const struct option_type type_hash = { .set = set_hash, .mode = true };

/*
 * The users file need not be readable for the one who asks --explain. It may also belong to the
 * proxy's user, which the one who asks is not.
 */
static bool is_closed_to_asker(const struct options *o)
{
	if (o->mode != MODE_EXPLAIN)
		return false;
	return o->users_fault == USERS_OTHERS_OWN ||
	       (o->users_fault == USERS_CANT_OPEN && o->users_fd == -EACCES);
}

void options_open_users(struct option_reader *r)
{
	struct options *o = r->o;
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	o->users_fd = as_open_users(o);
	if (o->users_fd >= 0 || is_closed_to_asker(o))
		return;
	if (o->users_fault == USERS_CANT_OPEN || o->users_fault == USERS_NOT_A_FILE) {
		if (as_cannot_open(o, o->users, o->users_fd, &t) && o->check.switched)
			text_str(&t, "; if systemd hands the file over, as in fortress.conf, "
				     "check with --as root");
	} else {
		text_escaped(&t, o->users, strlen(o->users));
		text_strs(&t, ": ", users_explain(o->users_fault), NULL);
	}
	if (o->users_fd == -ENOENT && !strchr(o->users, '/'))
		text_str(&t, "; the option takes a file, not the name of a user");
	option_mistake(r, o->users_origin, "users", buf);
	/* An unusable file is EX_CONFIG, even if the command line names it. */
	if (r->status == EX_USAGE && !o->users_origin.file)
		r->status = EX_CONFIG;
}
