/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text that settings, rules and mistakes point to, and that stays as long as the process. */
#ifndef BASE_KEEP_H
#define BASE_KEEP_H

#include <stddef.h>

/* n bytes, all zero; never given back. NULL: out of memory. */
char *keep(size_t n);

#endif
