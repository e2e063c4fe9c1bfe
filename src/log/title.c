/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes titles over the strings of argv and of the environment, of which copies have been made.
 * Never writes outside of the strings that it has copied.
 */
#include "log/title.h"
#include "base/cold.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

enum {
	/* A user of 255 bytes, an IPv6 address, and a name of 253 bytes with its port. */
	TITLE_MAX = 640,
	FEW_MAX = 1024,
	MANY_MAX = 16384,
};

/*
 * The copies, to which the process points until it ends. All strings of most processes fit into
 * few, which is small enough to share a page with data that every session touches.
 */
static char few[FEW_MAX];
COLD char title_many[MANY_MAX];

/* The kernel shows at least the strings of argv, so every title overwrites all of them. */
static char *room;
static size_t room_size;

/*
 * Returns how many of these n strings stand one behind the other from room + *used on, and end
 * within the first max bytes of the room. Adds their sizes to *used.
 */
static size_t count(char **strings, size_t n, size_t max, size_t *used)
{
	size_t i;

	for (i = 0; i < n && strings[i] == room + *used; i++) {
		size_t size = strlen(strings[i]) + 1;

		if (size > max - *used)
			break;
		*used += size;
	}
	return i;
}

/*
 * Returns the number of variables; 0 if the dynamic loader was given some. It may have kept
 * pointers to the strings: musl searches for libraries in the very string that is LD_LIBRARY_PATH.
 */
static size_t count_usable(char **vars)
{
	size_t n = 0;

	for (; vars && vars[n]; n++)
		if (strncmp(vars[n], "LD_", 3) == 0 || strncmp(vars[n], "GLIBC_TUNABLES=", 15) == 0)
			return 0;
	return n;
}

/* Points the first n of these strings to their copies. */
static void move(char **strings, size_t n, char *copy)
{
	for (size_t i = 0; i < n; i++)
		strings[i] = copy + (strings[i] - room);
}

/* Points libc's names of the program to a copy, so that no library takes a title for a name. */
static void name_program(char *path)
{
	char *slash = strrchr(path, '/');

	program_invocation_name = path;
	program_invocation_short_name = slash ? slash + 1 : path;
}

void title_prepare(int argc, char **argv)
{
	size_t n_args = argc > 0 ? (size_t)argc : 0, n_vars = 0, args = 0, used;
	char *copy = few;

	room_size = 0;
	room = n_args ? argv[0] : NULL;
	if (!room || count(argv, n_args, MANY_MAX, &args) < n_args)
		return;
	used = args;
	if (args > FEW_MAX)
		copy = title_many;
	else if (args < TITLE_MAX)
		n_vars = count(environ, count_usable(environ), FEW_MAX, &used);
	memcpy(copy, room, used);
	move(argv, n_args, copy);
	move(environ, n_vars, copy);
	name_program(copy);
	room_size = args < TITLE_MAX && used > TITLE_MAX ? TITLE_MAX : used;
}

static void describe(struct text *t, const struct client *client, const char *user,
		     const char *command, const struct dest *dest)
{
	char addr[ADDR_TEXT_MAX];

	text_str(t, "picosocks5: ");
	if (user) {
		text_word(t, user, strlen(user));
		text_char(t, '@');
	}
	if (addr_format_host(&client->addr, addr))
		text_str(t, addr);
	else
		text_str(t, client->kind == CLIENT_LOCAL ? "local" : "unknown");
	if (command)
		text_strs(t, " ", command, NULL);
	if (!dest)
		return;
	text_char(t, ' ');
	if (dest->name[0]) {
		text_word(t, dest->name, strlen(dest->name));
		text_char(t, ':');
		text_uint(t, dest->port);
	} else {
		addr_format(&dest->addr, addr);
		text_str(t, addr);
	}
}

void title_show(const struct client *client, const char *user, const char *command,
		const struct dest *dest)
{
	char buf[TITLE_MAX];
	struct text t = TEXT_OF(buf);

	if (!room_size)
		return;
	if (room_size < t.cap)
		t.cap = room_size;
	describe(&t, client, user, command, dest);
	/* A reader at this moment sees a whole title, or one part of the old and one of the new. */
	memcpy(room, buf, t.len);
	memset(room + t.len, 0, room_size - t.len);
}
