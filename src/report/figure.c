/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes numbers for people. Never in a form that programs read: CSV and JSON have all digits. */
#include "report/figure.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *figure_count(char buf[FIGURE_MAX], uint64_t n)
{
	char digits[FIGURE_MAX];
	int len = snprintf(digits, sizeof(digits), "%" PRIu64, n), i;
	char *p = buf;

	for (i = 0; i < len; i++) {
		if (i && (len - i) % 3 == 0)
			*p++ = ',';
		*p++ = digits[i];
	}
	*p = '\0';
	return buf;
}

static uint64_t divide(uint64_t n, uint64_t by)
{
	return n / by + (n % by >= by - by / 2);
}

const char *figure_bytes(char buf[FIGURE_MAX], uint64_t n)
{
	static const char *const units[] = { "kB", "MB", "GB", "TB", "PB", "EB" };
	uint64_t unit = 1000;
	size_t i = 0;

	if (n < 1000) {
		snprintf(buf, FIGURE_MAX, "%" PRIu64 " B", n);
		return buf;
	}
	for (; divide(n, unit) >= 1000 && i < 5; i++)
		unit *= 1000;
	if (divide(n, unit / 10) < 100)
		snprintf(buf, FIGURE_MAX, "%" PRIu64 ".%" PRIu64 " %s", divide(n, unit / 10) / 10,
			 divide(n, unit / 10) % 10, units[i]);
	else
		snprintf(buf, FIGURE_MAX, "%" PRIu64 " %s", divide(n, unit), units[i]);
	return buf;
}

const char *figure_percent(char buf[FIGURE_MAX], uint64_t part, uint64_t whole)
{
	double share = whole ? 100.0 * (double)part / (double)whole : 0;

	if (part && share < 0.5)
		strcpy(buf, "<1 %");
	else if (part < whole && share >= 99.5)
		strcpy(buf, ">99 %");
	else
		snprintf(buf, FIGURE_MAX, "%.0f %%", share);
	return buf;
}
