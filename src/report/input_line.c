/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the readers of files and of the journal share: to count a line, and to complain. */
#include "report/input.h"
#include "report/prefix.h"
#include "base/text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static const char session[] = "client=";

/* Returns true if the session ended in the time that is asked for. */
static bool is_asked(const struct asked *a, const struct prefix *p)
{
	if (!p->has_time)
		return true;
	return (!a->has_since || p->time_us >= a->since_us) &&
	       (!a->has_until || p->time_us < a->until_us);
}

int input_text(struct book *b, const char *text, size_t n, bool has_time, int64_t time_us)
{
	struct entry e;

	switch (entry_read(text, n, &e)) {
	case ENTRY_SESSION:
		e.has_time = has_time;
		e.time_us = time_us;
		return book_add(b, &e);
	case ENTRY_BROKEN:
		b->skipped++;
		return 0;
	case ENTRY_OTHER:
		break;
	}
	return 0;
}

int input_line(struct book *b, const struct asked *a, const char *line, size_t n, int64_t now_us)
{
	struct prefix prefix;

	/* Most lines of a system's log are of other programs. */
	if (!memmem(line, n, session, strlen(session)))
		return 0;
	if (line[n - 1] == '\r')
		n--;
	if (!prefix_read(line, n, now_us, &prefix) || !is_asked(a, &prefix))
		return 0;
	return input_text(b, line + prefix.len, n - prefix.len, prefix.has_time, prefix.time_us);
}

void input_long_line(struct book *b, const struct asked *a, const char *head, size_t n,
		     int64_t now_us)
{
	struct prefix prefix;

	if (prefix_read(head, n, now_us, &prefix) && is_asked(a, &prefix) &&
	    n - prefix.len >= strlen(session) &&
	    memcmp(head + prefix.len, session, strlen(session)) == 0)
		b->skipped++;
}

int input_complain(struct progress *p, const char *name, const char *reason, int err)
{
	char buf[512];
	struct text t = TEXT_OF(buf);

	text_escaped(&t, name, strlen(name));
	progress_erase(p);
	fprintf(stderr, "picosocks5-report: %s: %s\n", buf, reason);
	return err == -ENOMEM ? EX_OSERR : EX_NOINPUT;
}
