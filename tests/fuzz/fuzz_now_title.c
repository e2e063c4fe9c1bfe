/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The title of a process, which any user can write: what is accepted has no byte that a terminal
 * obeys, and its words, joined as the program joins them, are the title again.
 */
#include "report/now.h"

#include "base/text.h"

#include "fuzz.h"

static void put(struct text *t, const char *before, struct word w)
{
	text_str(t, before);
	text_bytes(t, w.p, w.n);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct now_session s = { 0 };
	char buf[1100], *title;
	struct text t = TEXT_OF(buf);
	size_t i;

	if (size > 1024)
		return -1;
	title = malloc(size + 1);
	MUST(title);
	memcpy(title, data, size);
	title[size] = '\0';
	if (now_read_title(title, size, &s)) {
		for (i = 0; i < size; i++)
			MUST(title[i] >= 0x20 && title[i] <= 0x7e);
		MUST(!memchr(s.client.p, '@', s.client.n));
		put(&t, "picosocks5: ", s.user);
		/* The user may be empty in front of an @. */
		put(&t, s.client.p > title + strlen("picosocks5: ") ? "@" : "", s.client);
		if (s.command.n)
			put(&t, " ", s.command);
		if (s.dest.n)
			put(&t, " ", s.dest);
		/* A title that was cut off may end with a blank. */
		MUST(t.len == size || (t.len + 1 == size && title[size - 1] == ' '));
		MUST(memcmp(buf, title, t.len) == 0);
	}
	free(title);
	return 0;
}
