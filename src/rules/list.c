/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads `@FILE`, a file with one item on each line, into runs like those of a rule. Each file is
 * read once, however many rules name it. host->list() opens it, never this file.
 */
#include "rules/parser.h"

#include <errno.h>
#include <string.h>

/* Skips blanks, but not the end of the line. */
static const char *skip_blanks(const char *p, const char *end)
{
	while (p < end && *p != '\n' && char_is(*p, CHAR_BLANK))
		p++;
	return p;
}

/* Reads the address of a line, which may have blanks around it and a comment. *stop is its end. */
static int parse_address(struct parser *parser, const char *p, const char *end, const char **stop)
{
	const char *word = p;

	*stop = chars_line_end(p, end);
	parser->seen = chars_seen(p, *stop);
	if (parser->seen & (CHAR_BLANK | CHAR_HASH)) {
		word = skip_blanks(p, end);
		*stop = chars_find(word, end, CHAR_BLANK | CHAR_HASH, &parser->seen);
	}
	if (*stop == word)
		return 0;
	if (*word == '@')
		return parser_mistake(parser, word, (size_t)(*stop - word),
				      "an address, NET, group or name");
	return parser_address(parser, word, (size_t)(*stop - word));
}

/* After the address only blanks and a comment may follow. Moves *p to the end of the line. */
static int parse_rest(struct parser *parser, const char **p, const char *end)
{
	const char *word = skip_blanks(*p, end), *stop;

	stop = chars_find(word, end, CHAR_BLANK | CHAR_HASH, &parser->seen);
	if (stop > word)
		return parser_mistake(parser, word, (size_t)(stop - word),
				      "one address, NET, group or name per line");
	*p = chars_line_end(word, end);
	return 0;
}

/* Reads the line at p, and sets *stop to its end. */
static int parse_line(struct parser *parser, const char *p, const char *end, const char **stop)
{
	int err = 0;

	if (parser->section == SECTION_USER)
		return parser_user_line(parser, p, end, stop);
	*stop = parser_plain_net4(parser, p, end, CHAR_BLANK | CHAR_HASH);
	if (!*stop)
		err = parse_address(parser, p, end, stop);
	if (!err && *stop < end && **stop != '\n')
		err = parse_rest(parser, stop, end);
	return err;
}

/* Reads a file. *host_bits is the first line with a NET that has bits set after its prefix. */
static int parse_file(struct parser *parser, const struct rules_list *file, uint32_t *host_bits)
{
	const char *p = file->text, *end = p + file->len, *stop;
	int err;

	for (; p < end; p = stop + 1) {
		parser->line++;
		parser->base = p;
		err = parse_line(parser, p, end, &stop);
		if (err)
			return err;
		if (parser->host_bits && !*host_bits)
			*host_bits = parser->line;
	}
	return 0;
}

/* Returns true if this list was asked for by the same path, for the same condition. */
static bool is_wanted(const struct list *list, const struct parser *parser, const char *path,
		      size_t len)
{
	return list->section == parser->section && list->path_len == len &&
	       memcmp(list->path, path, len) == 0 &&
	       (list->near == parser->file ||
		(list->near && parser->file && strcmp(list->near, parser->file) == 0));
}

static uint32_t find(const struct parser *parser, const char *path, size_t len)
{
	uint32_t offset = parser->rules->lists;

	while (offset) {
		const struct list *list = rules_at(parser->rules, offset);

		if (is_wanted(list, parser, path, len))
			return offset;
		offset = list->next;
	}
	return 0;
}

static int append(struct parser *parser, const char *path, size_t len,
		  const struct rules_list *file, uint32_t *ret)
{
	struct rules *rules = parser->rules;
	struct list *list = rules_align(rules) ? rules_push(rules, sizeof(*list)) : NULL;
	struct parser inner = *parser;
	uint32_t host_bits = 0;
	int err;

	if (!list || file->len > UINT32_MAX)
		return parser_no_memory(parser, path - 1, len + 1);
	*ret = (uint32_t)((unsigned char *)list - rules->memory);
	inner.file = file->file;
	inner.line = 0;
	inner.text = file->text;
	inner.run = 0;
	inner.list_end = file->text + file->len;
	inner.host_bits = false;
	err = parse_file(&inner, file, &host_bits);
	if (err)
		return err;
	list = rules_at(rules, *ret);
	*list = (struct list){
		.text = file->text,
		.file = file->file,
		.text_len = file->len,
		.path = path,
		.near = parser->file,
		.path_len = (uint32_t)len,
		.size = rules->used - *ret,
		.next = rules->lists,
		.host_bits = host_bits,
		.section = parser->section,
	};
	rules->lists = *ret;
	return 0;
}

/* Gets the file from the host and appends it after the item that names it. */
static int load(struct parser *parser, const char *word, size_t len, uint32_t item)
{
	const struct rules_host *host = parser->host;
	struct rules_list file = { 0 };
	struct list_item *named;
	uint32_t list = 0;
	int err = -ENOENT;

	if (host->list)
		err = host->list(host->ctx, word + 1, len - 1, parser->file, &file);
	if (err) {
		parser_error(parser, word, len, "a file that can be read", err);
		parser->mistake->unread = true;
		return err;
	}
	err = append(parser, word + 1, len - 1, &file, &list);
	if (err)
		return err;
	named = rules_at(parser->rules, item);
	named->list = list;
	named->skip = parser->rules->used - item - (uint32_t)sizeof(*named);
	return 0;
}

int parser_list(struct parser *parser, const char *word, size_t len)
{
	struct list_item *item;
	uint32_t list;

	if (len == 1)
		return parser_mistake(parser, word, len, "the name of a file after the @");
	list = find(parser, word + 1, len - 1);
	item = parser_item(parser, RUN_LIST, sizeof(*item));
	if (!item)
		return parser_no_memory(parser, word, len);
	item->list = list;
	item->skip = 0;
	if (list)
		return 0;
	return load(parser, word, len, (uint32_t)((unsigned char *)item - parser->rules->memory));
}

/* Returns the section that a list is read for. */
static uint8_t section_of(enum rules_part part)
{
	if (part == RULES_PART_USER)
		return SECTION_USER;
	return part == RULES_PART_FROM ? SECTION_FROM : SECTION_TO;
}

bool rules_next_mistake(const struct rules_host *host, struct rules_error *mistake)
{
	const char *end = mistake->list_end,
		   *line = end ? chars_line_end(mistake->word, end) : NULL;
	struct rules_error next = { 0 };
	struct rules scratch = { .host = host };
	struct parser parser = {
		.rules = &scratch,
		.host = host,
		.mistake = &next,
		.file = mistake->file,
		.line = mistake->line,
		.list_end = end,
		.section = section_of((enum rules_part)mistake->part),
		.part = (uint8_t)mistake->part,
	};
	struct rules_list rest = { 0 };
	uint32_t host_bits = 0;
	bool found;

	if (line == end || !rules_grow(&scratch, 1))
		return false;
	rest.text = parser.text = line + 1;
	rest.len = (size_t)(end - rest.text);
	found = parse_file(&parser, &rest, &host_bits) == -EINVAL;
	rules_free(&scratch);
	if (found)
		*mistake = next;
	return found;
}
