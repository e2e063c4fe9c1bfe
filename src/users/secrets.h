/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory for what must not be left behind: passwords, hashes, and pieces of the users file. */
#ifndef USERS_SECRETS_H
#define USERS_SECRETS_H

#include <stddef.h>

enum { SECRETS_MAX = 192 * 1024 };

/*
 * Maps n zero bytes, at most SECRETS_MAX, which are kept out of core files. Returns NULL if there
 * is no memory.
 */
void *secrets_get(size_t n);

/* Wipes and unmaps these n bytes. */
void secrets_drop(void *p, size_t n);

#endif
