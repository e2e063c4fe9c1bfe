/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A user's line, and the file's first usable one, from the users file. Nothing is computed. */
#ifndef USERS_FIND_H
#define USERS_FIND_H

#include "users/htpasswd.h"

struct found_user {
	size_t line; /* from 1; 0: there is none */
	enum htpasswd_fault fault;
	struct pwhash form;
	char hash[PWHASH_MAX + 1]; /* where there's no fault */
};

/*
 * Reads fd from beginning to end through buf (size bytes; what was used of it is zero again when it
 * returns), never through a mapping: a file that somebody cuts short meanwhile would kill us with
 * SIGBUS, and page faults cost more than the copy. A line longer than buf is judged by its
 * beginning. namelen 0: only *first is wanted; its line says no more than that there is one. 0 or
 * -errno.
 */
int find_user(int fd, const char *name, size_t namelen, char *buf, size_t size,
	      struct found_user *user, struct found_user *first);

#endif
