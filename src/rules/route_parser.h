/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the files that read routes. For rules/ alone. */
#ifndef RULES_ROUTE_PARSER_H
#define RULES_ROUTE_PARSER_H

#include "base/cold.h"
#include "rules/route.h"

struct route_parser {
	struct route *ret;
	struct rules_error *mistake;
	const char *file;
	unsigned line;
	const char *base; /* columns count from here */
};

/* Notes a mistake, whose word must have no part of a password. Returns -EINVAL. */
COLD_CODE int route_mistake(const struct route_parser *p, const char *word, size_t len,
			    const char *expected);

/* Notes a mistake whose word is not quoted, because it may have a password. Returns -EINVAL. */
COLD_CODE int route_secret(const struct route_parser *p, const char *word, size_t len,
			   const char *expected);

/* Each reads an item: what follows its word. Returns 0, or -EINVAL, which has been noted. */
int route_read_direct(struct route_parser *p, const char *v, size_t len);
int route_read_socks5(struct route_parser *p, const char *v, size_t len);
int route_read_http(struct route_parser *p, const char *v, size_t len);

#endif
