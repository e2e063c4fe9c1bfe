/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What to write instead of a word that is a mistake. Each function appends a remedy, or nothing.
 * Called only when a mistake is put into words. For rules/ alone.
 */
#ifndef RULES_REMEDY_H
#define RULES_REMEDY_H

#include "base/cold.h"
#include "base/text.h"
#include "rules/rules.h"

#include <stdbool.h>
#include <stddef.h>

/* Appends `; did you mean port?`, `; write "to example.com port 443"` and the like, or nothing. */
COLD_CODE void rules_remedy(struct text *t, const struct rules_error *mistake);

/* A part of the text that is being judged. Not NUL-terminated. */
struct word {
	const char *p;
	size_t len;
};

/* ---- remedy_word.c ---- */

/* Returns true if the word is an address; if it is a NET; if it is the name of a host or domain. */
COLD_CODE bool word_is_address(struct word word);
COLD_CODE bool word_is_net(struct word word);
COLD_CODE bool word_is_name(struct word word);

/* Returns the prefix length of a netmask like 255.255.255.0, or of its inverse; -1: it is none. */
COLD_CODE int word_netmask(struct word word);

/* Appends `; did you mean BEST?` for the nearest word of a list, which ends with "". */
COLD_CODE bool remedy_near(struct text *t, struct word word, const char (*known)[12]);

/* ---- remedy_net.c ---- */

/* Appends what to write for an IPv4 network in another spelling. Returns false if it is none. */
COLD_CODE bool remedy_net(struct text *t, struct word word);

/* ---- remedy_address.c: an item of from, to or a list ---- */

COLD_CODE void remedy_item(struct text *t, const struct rules_error *mistake);

/* Appends the group that the word resembles, or that it is called elsewhere. Returns false: none.
 */
COLD_CODE bool remedy_group(struct text *t, struct word word, bool from);

/* Appends what to write for a URL or a host with a port. Returns false if it is none. */
COLD_CODE bool remedy_target(struct text *t, const struct rules_error *mistake);

/* ---- remedy_route.c: an item of a route, and what stands behind it ---- */

COLD_CODE void remedy_route(struct text *t, const struct rules_error *mistake);

/* Returns true if the word, which stands outside a route, is an item of one. */
COLD_CODE bool word_is_route(struct word word);

/* ---- remedy_place.c: a word in the place of from, to, port, user or command ---- */

COLD_CODE void remedy_condition(struct text *t, const struct rules_error *mistake);

#endif
