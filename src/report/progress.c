/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws how far the work is. Never writes to anything but a terminal. */
#include "report/progress.h"
#include "base/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

/* The line must not be wrapped: it could not be erased then. */
enum { WAIT_MS = 1000, AGAIN_MS = 250, NAME_SIZE = 41, LINE_SIZE = 80 };

static int64_t clock_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void progress_init(struct progress *p)
{
	*p = (struct progress){ .on = isatty(STDERR_FILENO), .next_ms = clock_ms() + WAIT_MS };
}

/* Writes over the line that is there. */
static void draw(struct progress *p, const char *line, size_t width)
{
	int gap = p->width > width ? (int)(p->width - width) : 0;

	fprintf(stderr, "\r%s%*s\r%s", line, gap, "", line);
	fflush(stderr);
	p->width = width;
}

void progress_show(struct progress *p, const char *name, int64_t done, int64_t total,
		   const char *unit)
{
	char clean[NAME_SIZE], line[LINE_SIZE];
	struct text t = TEXT_OF(clean);
	int64_t now;
	int n;

	if (!p->on)
		return;
	now = clock_ms();
	if (now < p->next_ms)
		return;
	p->next_ms = now + AGAIN_MS;
	for (; *name && t.len + 4 < sizeof(clean); name++)
		text_escaped(&t, name, 1);
	if (total > 0)
		n = snprintf(line, sizeof(line), "%s: %" PRId64 "%%", clean,
			     done >= total ? 100 : done * 100 / total);
	else
		n = snprintf(line, sizeof(line), "%s: %" PRId64 " %s", clean, done, unit);
	if (n > 0 && (size_t)n < sizeof(line))
		draw(p, line, (size_t)n);
}

void progress_erase(struct progress *p)
{
	if (p->width)
		draw(p, "", 0);
}
