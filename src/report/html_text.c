/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Text and numbers of the page. All that comes from a log goes through html_text_put(); no other
 * function of the page writes bytes of a log.
 */
#include "report/html.h"

#include <inttypes.h>
#include <stdio.h>

void html_text_put(FILE *out, const char *s, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)s[i];

		if (c < 0x20 || c > 0x7e)
			fprintf(out, "\\x%02x", c);
		else if (c == '&' || c == '<' || c == '>' || c == '"' || c == '\'')
			fprintf(out, "&#%u;", c);
		else
			fputc(c, out);
	}
}

const char *html_text_bytes(char buf[FIGURE_MAX], uint64_t n)
{
	static const char units[] = "kMGTPE";
	double v = (double)n / 1000;
	size_t unit = 0;

	if (n < 1000) {
		snprintf(buf, FIGURE_MAX, "%" PRIu64 " B", n);
		return buf;
	}
	/* What would be rounded to 1000 is one of the next unit. */
	while (v >= 999.5 && units[unit + 1]) {
		v /= 1000;
		unit++;
	}
	snprintf(buf, FIGURE_MAX, "%.*f %cB", v < 9.995 ? 2 : v < 99.95 ? 1 : 0, v, units[unit]);
	return buf;
}

const char *html_text_share(char buf[FIGURE_MAX], uint64_t part, uint64_t whole)
{
	double share = whole ? 100 * (double)part / (double)whole : 0;

	if (part && share < 0.05)
		snprintf(buf, FIGURE_MAX, "&lt;0.1 %%");
	else
		snprintf(buf, FIGURE_MAX, "%.1f %%", share);
	return buf;
}

const char *html_text_squeeze(char *s)
{
	const char *from = s;
	char *to = s;

	for (; *from; from++)
		if (*from != ' ' || (to > s && to[-1] != ' '))
			*to++ = *from;
	*to = 0;
	return s;
}
