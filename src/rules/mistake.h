/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mistake in the text of a rule, a list, a route or a question. It may hide its word. */
#ifndef RULES_MISTAKE_H
#define RULES_MISTAKE_H

#include <stdbool.h>
#include <stddef.h>

/* The part of a rule that a mistake or a gap is about. */
enum rules_part {
	RULES_PART_NONE,      /* not known, or in a question */
	RULES_PART_CONDITION, /* where `from`, `to`... is expected */
	RULES_PART_FROM,      /* an item of a condition; FROM, TO and USER also in a list */
	RULES_PART_TO,
	RULES_PART_PORT,
	RULES_PART_USER,
	RULES_PART_COMMAND,
	RULES_PART_VIA,
};

/* A mistake: `FILE:LINE: found "WORD", expected EXPECTED`, or `FILE:LINE: cannot open "@FILE"`. */
struct rules_error {
	const char *file;     /* the rule's origin, or the list file; NULL: the command line */
	unsigned line;	      /* 0: none */
	const char *word;     /* points into the text that was given; not NUL-terminated */
	size_t word_len;      /* 0: the text ended there */
	size_t column;	      /* offset of word in the rule, or in the line of the list file */
	const char *expected; /* a phrase; a constant string */
	int err;	      /* the errno that was returned */
	enum rules_part part;
	const char *list_end; /* the end of the list file that word is in; NULL: it is in none */
	bool unread;	      /* err is from host->list(), and word names the file */
	bool secret;	      /* word_len is 0, because what stands there may be a password */
	size_t hidden;	      /* its length then; no message may quote any of it */
};

#endif
