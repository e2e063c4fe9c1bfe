/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads `via ROUTE` at the end of an allow rule. The table gets the place of the route in the text,
 * so a rule without one costs nothing; route.c reads it again when it is used.
 */
#include "rules/parser.h"
#include "rules/route.h"

int parser_via(struct parser *parser, const char *via, const char *end)
{
	struct {
		struct section head;
		struct route_item item;
	} * section;
	const char *p = chars_skip(via + 3, end, CHAR_BLANK), *stop, *rest;
	struct route route;
	int err;

	stop = chars_find(p, end, CHAR_BLANK, &parser->seen);
	parser->part = RULES_PART_VIA;
	err = route_parse(p, (size_t)(stop - p), parser->file, parser->line, &route,
			  parser->mistake);
	if (err) {
		parser->mistake->column = (size_t)(parser->mistake->word - parser->base);
		return err;
	}
	rest = chars_skip(stop, end, CHAR_BLANK);
	if (rest < end)
		return parser_mistake(parser, rest, (size_t)(end - rest),
				      "the end of the rule, because via and its route stand last");
	section = rules_push(parser->rules, sizeof(*section));
	if (!section)
		return parser_no_memory(parser, via, 0);
	section->head = (struct section){ .kind = SECTION_ROUTE, .size = sizeof(*section) };
	section->item = (struct route_item){ (uint32_t)(p - parser->text), (uint32_t)(stop - p) };
	if (route.parent.kind == PARENT_SOCKS5 || route.parent.kind == PARENT_HTTP)
		parser->rules->has_parent = true;
	parser->rules->routes++;
	return 0;
}
