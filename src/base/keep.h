/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that lasts as long as the process: text that settings, rules and mistakes point to. */
#ifndef BASE_KEEP_H
#define BASE_KEEP_H

#include <stddef.h>

/* Returns n bytes, all zero, which are never freed; NULL if there is no memory. */
char *keep(size_t n);

#endif
