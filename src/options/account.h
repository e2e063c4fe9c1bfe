/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The system's users and groups, for --check alone. */
#ifndef OPTIONS_ACCOUNT_H
#define OPTIONS_ACCOUNT_H

#include <sys/types.h>

struct account {
	uid_t uid;
	gid_t gid;	   /* the primary group */
	const char *group; /* its name, or its number; lasts as long as the process */
};

/* Finds the user of this name. Returns 0, -ENOENT if there is none, or -ENOMEM. */
int account_find(const char *name, struct account *ret);

/* Gives this process the groups of the user. Returns 0 or -errno. */
int account_take_groups(const char *name, const struct account *account);

#endif
