/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds a user's line in the users file, and the first line that can be used. Computes nothing. */
#ifndef USERS_FIND_H
#define USERS_FIND_H

#include "users/htpasswd.h"

struct found_user {
	size_t line; /* from 1; 0: no such line */
	enum htpasswd_fault fault;
	struct pwhash form;
	char hash[PWHASH_MAX + 1]; /* if there is no fault */
};

/*
 * Fills *user with the first line of that name, and *first with the first line that can be used;
 * first->line is not its number, and only says whether there is one. With namelen 0, only *first is
 * filled. Returns 0 or a negative errno.
 *
 * Reads the whole file fd through buf (size bytes; the used part is zero on return), never through
 * a mapping: SIGBUS would kill the process if the file were cut short meanwhile, and page faults
 * cost more than the copy. A line longer than buf is judged by its beginning.
 */
int find_user(int fd, const char *name, size_t namelen, char *buf, size_t size,
	      struct found_user *user, struct found_user *first);

#endif
