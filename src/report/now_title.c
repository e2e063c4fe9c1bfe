/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the title of a process. Any user can write anything there: no byte is trusted. */
#include "report/now.h"

#include <string.h>

/* Takes the bytes up to a blank, and the blank. */
static struct word take(const char **p, const char *end)
{
	struct word w = { .p = *p };
	const char *blank = memchr(*p, ' ', (size_t)(end - *p));

	w.n = (size_t)((blank ? blank : end) - *p);
	*p = blank ? blank + 1 : end;
	return w;
}

bool now_read_title(const char *title, size_t n, struct now_session *ret)
{
	static const char prefix[] = "picosocks5: ";
	const char *p = title + strlen(prefix), *end = title + n, *at;
	struct word who;
	size_t i;

	if (n <= strlen(prefix) || memcmp(title, prefix, strlen(prefix)) != 0)
		return false;
	for (i = 0; i < n; i++)
		if (title[i] < 0x20 || title[i] > 0x7e)
			return false;
	who = take(&p, end);
	ret->command = take(&p, end);
	ret->dest = take(&p, end);
	/* The name of a user may have an @, an address has none. */
	at = memrchr(who.p, '@', who.n);
	ret->user = (struct word){ who.p, at ? (size_t)(at - who.p) : 0 };
	ret->client = at ? (struct word){ at + 1, (size_t)(who.p + who.n - at - 1) } : who;
	return p == end && who.n && !memmem(title, n, "  ", 2);
}
