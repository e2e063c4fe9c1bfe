/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads what loggers write in front of a line. */
#include "report/prefix.h"

bool prefix_read(const char *line, size_t n, int64_t now_us, struct prefix *ret)
{
	(void)line;
	(void)n;
	(void)now_us;
	*ret = (struct prefix){ .len = 0 };
	return true;
}
