/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads `via ROUTE` at the end of an allow rule. The table gets the place of the route in the text,
 * so a rule without one costs nothing; route.c reads it again when it is used.
 */
#include "rules/parser.h"
#include "rules/route.h"
#include "base/hint.h"

#include <errno.h>
#include <string.h>

/* What follows the route may be the login of a parent, so only known words are quoted. */
static COLD_CODE int trailing(struct parser *parser, const char *rest, const char *end)
{
	size_t len = chars_word(&rest, end);
	bool known = hint_is_one(rest, len, "from to port user command via");
	struct rules_error *mistake = parser->mistake;

	parser_error(parser, rest, known ? len : 0,
		     "the end of the rule, because via and its route stand last", -EINVAL);
	mistake->secret = !known;
	mistake->hidden = known ? 0 : len;
	return -EINVAL;
}

/*
 * Notes where in the rule the mistake is. Hides its word if a blank may have cut a password in two.
 */
static COLD_CODE int wrong(struct parser *parser, const char *route, const char *stop,
			   const char *end)
{
	struct rules_error *mistake = parser->mistake;

	mistake->column = (size_t)(mistake->word - parser->base);
	if (!memchr(stop, '@', (size_t)(end - stop)) ||
	    !memmem(route, (size_t)(stop - route), "//", 2))
		return -EINVAL;
	parser_error(parser, mistake->word, 0,
		     "USER:PASSWORD without a blank before the @; write a blank as %20", -EINVAL);
	mistake->secret = true;
	return -EINVAL;
}

int parser_via(struct parser *parser, const char *via, const char *end)
{
	struct {
		struct section head;
		struct route_item item;
	} * section;
	const char *p = chars_skip(via + 3, end, CHAR_BLANK), *stop, *rest;
	struct route route;

	stop = chars_find(p, end, CHAR_BLANK, &parser->seen);
	parser->part = RULES_PART_VIA;
	if (route_parse(p, (size_t)(stop - p), parser->file, parser->line, &route, parser->mistake))
		return wrong(parser, p, stop, end);
	rest = chars_skip(stop, end, CHAR_BLANK);
	if (rest < end)
		return trailing(parser, rest, end);
	section = rules_push(parser->rules, sizeof(*section));
	if (!section)
		return parser_no_memory(parser, via, 0);
	section->head = (struct section){ .kind = SECTION_ROUTE, .size = sizeof(*section) };
	section->item = (struct route_item){ (uint32_t)(p - parser->text), (uint32_t)(stop - p) };
	if (route_has_parent(&route))
		parser->rules->has_parent = true;
	parser->rules->routes++;
	return 0;
}
