/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A walk over the items of a section or of a list, for what --check looks at. For rules/ alone. */
#ifndef RULES_ITEMS_H
#define RULES_ITEMS_H

#include "rules/table.h"

/* An item of a section, with the kind of its run and the text that it points into. */
struct item {
	enum run_kind kind;
	const void *p;
	const char *text, *text_end;
};

/* A walk over the items of a section. A list counts as one item. */
struct items {
	const uint32_t *run, *end;
	uint32_t at;
	const char *text, *text_end;
};

/* Returns a walk over the items of this section of a rule, before the first one. */
struct items items_of(const struct rule *rule, const struct section *section);

/* Returns a walk over the items of a list file, before the first one. */
struct items items_of_list(const struct list *list);

/* Fills *ret with the next item. Returns false at the end. */
bool items_next(struct items *items, struct item *ret);

#endif
