/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The part of a build without libsystemd: reads no journal, and says how to read it. */
#include "report/input.h"

int input_journal(struct book *b, const struct asked *a, struct progress *p)
{
	(void)b;
	(void)a;
	return input_complain(p, "the journal",
			      "this build has no libsystemd; pipe it: "
			      "journalctl -o short-unix -t picosocks5 | picosocks5-report -",
			      0);
}
