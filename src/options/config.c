/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Configuration files: one option a line, its name and then its value, as picosocks5.conf(5) says.
 * A file is read whole, once; values stay where they were read. Nothing but a regular file is ever
 * read: a pipe or a socket could be the client's.
 */
#include "base/file.h"
#include "base/hint.h"
#include "options/reader.h"
#include "options/unknown.h"
#include "options/value.h"

#include <errno.h>
#include <string.h>
#include <sysexits.h>

/* How deep files may be included. */
enum { DEPTH_MAX = 8 };

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/*
 * Unquotes the text at p in place; the opening quote stands before p. Inside, \" and \\ stand for
 * " and \. Returns NULL and sets *end behind the closing quote; or returns what is wrong. Bytes
 * move only behind the first backslash, which most values don't have.
 */
static const char *unquote(char *p, char **end)
{
	char *in = p + strcspn(p, "\"\\"), *out = in;

	for (; *in != '"'; in++) {
		if (*in == '\\') {
			in++;
			if (*in != '"' && *in != '\\')
				return "a lone \\ inside quotes: write \\\\ for it, or \\\" for a "
				       "quote";
		}
		if (!*in)
			return "no closing quote on this line";
		*out++ = *in;
	}
	*out = '\0';
	*end = in + 1;
	return NULL;
}

/* Takes the value out of the rest of a line, in place. Returns NULL, or what is wrong with it. */
static const char *take_value(char *p, char **value)
{
	char *end = p;
	const char *wrong;

	*value = p;
	if (*p == '"') {
		*value = p + 1;
		wrong = unquote(p + 1, &end);
		if (wrong)
			return wrong;
		while (is_blank(*end))
			end++;
		if (*end && *end != '#')
			return "text after the closing quote";
		return NULL;
	}
	end = p + strcspn(p, "#");
	if (memchr(p, '"', (size_t)(end - p)))
		return "a quote inside the value: put quotes around the whole value";
	while (end > p && is_blank(end[-1]))
		end--;
	*end = '\0';
	if (end > p && end[-1] == '\\')
		return "a \\ at the end: a line can't be continued on the next one";
	if ((*p == '=' || *p == ':') && (is_blank(p[1]) || !p[1]))
		return "write the name, a space and the value, without = or :";
	return NULL;
}

/* Returns what is wrong about this option in a file, with or without a value; or NULL. */
static const char *judge(const struct option_row *row, bool given)
{
	if (row->command_line)
		return "this option is only allowed on the command line";
	if (!*option_argument(row) && given)
		return "this option takes no value: write its name alone, or leave the line out";
	if (*option_argument(row) && !given)
		return "this option needs a value (\"\" for an empty one)";
	return NULL;
}

static COLD_CODE void unknown(struct option_reader *r, const char *name, struct origin origin)
{
	char buf[800];
	struct text t = TEXT_OF(buf);

	unknown_option(&t, name, true);
	option_mistake(r, origin, NULL, buf);
}

/* Reads one line, a string without its newline. */
static void read_line(struct option_reader *r, char *p, struct origin origin)
{
	const struct option_row *row;
	char *name, *value;
	const char *wrong;
	bool given, quoted_name;

	while (is_blank(*p))
		p++;
	name = p;
	p += strcspn(p, " \t\r#\"");
	if (p == name && *p != '"')
		return;
	quoted_name = *p == '"';
	if (*p == '#')
		*p = '\0';
	value = p;
	while (is_blank(*value))
		value++;
	given = *value && *value != '#';
	wrong = take_value(value, &value);
	*p = '\0';
	row = option_find(name);
	if (quoted_name)
		wrong = "a quote in the name of the option: write the name, a space and the value";
	else if (row && !wrong)
		wrong = judge(row, given);
	if (wrong)
		option_mistake(r, origin, row ? row->name : NULL, wrong);
	else if (row)
		config_apply(r, row, value, origin);
	else
		unknown(r, name, origin);
}

static void read_lines(struct option_reader *r, char *p, size_t size, const char *path)
{
	struct origin origin = { .file = path };
	char *end = p + size;

	if (*p == '\xef' && hint_bom(p, size)) {
		origin.line = 1;
		option_mistake(
			r, origin, NULL,
			"a byte-order mark before the line: save the file as UTF-8 without one");
		origin.line = 0;
		p += hint_bom(p, size);
	}
	while (p < end) {
		char *nl = memchr(p, '\n', (size_t)(end - p));
		char *next = nl ? nl + 1 : end;

		origin.line++;
		*(nl ? nl : end) = '\0';
		if (strlen(p) < (size_t)((nl ? nl : end) - p))
			option_mistake(r, origin, NULL, "a NUL byte in the line");
		else
			read_line(r, p, origin);
		p = next;
	}
}

static COLD_CODE void cannot_open(struct option_reader *r, const char *path, struct origin origin,
				  int err)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	as_cannot_open(r->o, path, err, &t);
	option_mistake(r, origin, "config", buf);
	/* An unreadable file is EX_CONFIG, even if the command line names it. */
	if (r->status == EX_USAGE && !origin.file)
		r->status = EX_CONFIG;
}

static void read_config(struct option_reader *r, const char *path, struct origin origin)
{
	struct file_rights outer = r->rights;
	size_t size;
	char *p;
	int err;

	if (r->depth == DEPTH_MAX) {
		option_mistake(r, origin, "config",
			       "files are included more than 8 deep; does one include itself?");
		return;
	}
	if (!*path) {
		option_mistake(r, origin, "config", "found \"\", expected the name of a file");
		return;
	}
	path = file_beside(path, origin.file);
	err = path ? file_read(path, &p, &size, &r->rights) : -ENOMEM;
	if (err < 0) {
		cannot_open(r, path ? path : "", origin, err);
		return;
	}
	r->depth++;
	read_lines(r, p, size, path);
	r->depth--;
	r->rights = outer;
}

void config_apply(struct option_reader *r, const struct option_row *row, const char *value,
		  struct origin origin)
{
	place_note(r->o, row, value, origin);
	if (row->type == &type_config)
		read_config(r, value, origin);
	else
		option_apply(r, row, value, origin);
}
