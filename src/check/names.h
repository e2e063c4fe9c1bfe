/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The text of a whole users file with a hash table of its names, because a file may have a million
 * of them. For --check: a session reads the file in pieces, and keeps no names.
 */
#ifndef CHECK_NAMES_H
#define CHECK_NAMES_H

#include "users/htpasswd.h"

struct names {
	char *text;
	size_t len;		/* of the text */
	size_t size;		/* of the memory that it is in */
	struct name_slot *slot; /* a power of two of them, mask + 1 */
	size_t mask;
};

/*
 * Reads the file. There are no names in the table yet, but room for one of each line. Returns 0 or
 * a negative errno. Maps memory until names_close().
 */
int names_open(struct names *names, int fd);

/* Wipes the text, and unmaps the memory. */
void names_close(struct names *names);

/* Adds the name of a line of the text. Returns the number of the earlier line that has it; 0: none.
 */
size_t names_add(struct names *names, const struct htpasswd_line *line);

/* Returns true if a line that was added has this name. */
bool names_have(const struct names *names, const char *name, size_t len);

#endif
