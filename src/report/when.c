/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads times. */
#include "report/when.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int64_t when_today(int64_t now_us)
{
	return now_us;
}

int when_read(const char *text, int64_t now_us, int64_t *ret_us)
{
	char *end;

	*ret_us = now_us;
	if (strcmp(text, "now") == 0)
		return 0;
	if (*text != '@')
		return -EINVAL;
	*ret_us = strtoll(text + 1, &end, 10) * 1000000;
	return *end ? -EINVAL : 0;
}
