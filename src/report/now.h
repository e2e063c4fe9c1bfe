/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is being served: the titles of the processes. */
#ifndef REPORT_NOW_H
#define REPORT_NOW_H

#include <stdio.h>

/* Lists the sessions of this moment, the oldest first. Returns 0, or an exit status after a
 * message. */
int now_list(FILE *out);

#endif
