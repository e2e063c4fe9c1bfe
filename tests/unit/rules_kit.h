/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * rules_kit.h - what the tests of rules share: a table of rules from lines of text, a host with
 * known addresses, services and list files, and questions in words.
 */
#ifndef RULES_KIT_H
#define RULES_KIT_H

#include <errno.h>
#include <stdlib.h>

#include "rules/explain.h"
#include "tap.h"

/* Moves the block at every growth, so that a pointer into the old block is found out. */
static void *kit_grow(void *ctx, void *old, size_t old_size, size_t new_size)
{
	void *p = new_size ? malloc(new_size) : NULL;

	(void)ctx;
	if (p && old)
		memcpy(p, old, old_size < new_size ? old_size : new_size);
	if (old)
		memset(old, 0x5a, old_size);
	free(old);
	return p;
}

static int kit_service(void *ctx, const char *name, size_t len, uint16_t *ret)
{
	(void)ctx;
	if (len != 4 || memcmp(name, "quux", 4) != 0)
		return -ENOENT;
	*ret = 4242;
	return 0;
}

struct kit_file {
	const char *path, *text;
};

static const struct kit_file *kit_files;
static unsigned kit_reads;

/* Each file, in a block of exactly its size, so that a sanitizer sees a read past its end. */
static char *kit_texts[64];

static int kit_list(void *ctx, const char *path, size_t len, const char *near,
		    struct rules_list *ret)
{
	(void)ctx;
	(void)near;
	for (const struct kit_file *f = kit_files; f && f->path; f++) {
		char **keep = &kit_texts[kit_reads % 64];

		if (strlen(f->path) != len || memcmp(f->path, path, len) != 0)
			continue;
		kit_reads++;
		free(*keep);
		ret->file = f->path;
		ret->len = strlen(f->text);
		ret->text = *keep = malloc(ret->len ? ret->len : 1);
		memcpy(*keep, f->text, ret->len);
		return 0;
	}
	return -ENOENT;
}

static unsigned kit_released;

static void kit_release(void *ctx, const struct rules_list *list)
{
	(void)ctx;
	(void)list;
	kit_released++;
}

static const struct rules_host kit_host = {
	.grow = kit_grow,
	.service = kit_service,
	.list = kit_list,
	.release = kit_release,
};

static unsigned kit_selfs;

/* This host has 203.0.113.9, 10.9.9.9 and 2001:db8::9, and its loopback addresses. */
static int kit_is_self(const void *ctx, const union endpoint *addr, bool client)
{
	static const char *const mine[] = { "203.0.113.9", "10.9.9.9", "2001:db8::9", "127.0.0.1",
					    "::1" };
	union endpoint own;

	(void)ctx;
	(void)client;
	kit_selfs++;
	for (size_t i = 0; i < sizeof(mine) / sizeof(*mine); i++)
		if (addr_parse(mine[i], &own) == 0 && addr_same_host(&own, addr))
			return true;
	return false;
}

/* Reads "allow RULE" and "deny RULE", each ended by a line feed or ';'. lines must stay. */
static inline int kit_rules(struct rules *rules, const char *lines, struct rules_error *err)
{
	unsigned number = 0;

	memset(rules, 0, sizeof(*rules));
	rules->host = &kit_host;
	while (*lines) {
		size_t len = strcspn(lines, "\n;");
		bool allow = strncmp(lines, "allow", 5) == 0;
		size_t skip = allow ? 5 : 4;
		int r;

		if (!allow && strncmp(lines, "deny", 4) != 0)
			abort();
		skip += lines[skip] == ' ';
		r = rules_parse(rules, allow ? RULES_ALLOW : RULES_DENY, lines + skip, len - skip,
				"conf", ++number, err);
		if (r)
			return r;
		lines += len;
		lines += strspn(lines, "\n; ");
	}
	return 0;
}

/* Asks a question in words. `at ADDR` in front gives the address that the name resolves to. */
static inline enum rules_verdict kit_ask(const struct rules *rules, const char *words,
					 struct rules_decision *ret)
{
	static struct rules_question question;
	static union endpoint at;
	struct rules_query query;
	struct rules_error err;

	at.sa.sa_family = AF_UNSPEC;
	if (strncmp(words, "at ", 3) == 0) {
		size_t len = strcspn(words + 3, " ");
		char text[64] = { 0 };

		memcpy(text, words + 3, len);
		if (addr_parse(text, &at) != 0)
			abort();
		words += 3 + len;
	}
	if (rules_question_parse(&kit_host, words, strlen(words), &question, &err) != 0) {
		printf("# bad question: %s\n", words);
		abort();
	}
	query = (struct rules_query){
		.kind = question.kind,
		.client = question.kind == CLIENT_INTERNET ? &question.client : NULL,
		.user = *question.user ? question.user : NULL,
		.command = question.command,
		.name = question.dest.name,
		.addr = at.sa.sa_family			? &at :
			question.dest.addr.sa.sa_family ? &question.dest.addr :
							  NULL,
		.port = question.dest.port,
		.is_self = kit_is_self,
	};
	return rules_decide(rules, &query, ret);
}

static inline const char *kit_verdict(enum rules_verdict verdict)
{
	return verdict == RULES_ALLOW ? "allow" : verdict == RULES_DENY ? "deny" : "depends";
}

struct kit_row {
	const char *rules, *question, *answer;
};

/* Reads the rules of each row, with these list files, and expects the answer to its question. */
static inline void kit_rows(const struct kit_file *files, const struct kit_row *rows, size_t n)
{
	kit_files = files;
	for (size_t i = 0; i < n; i++) {
		struct rules rules;
		struct rules_decision decision;
		struct rules_error err = { 0 };

		is_int(kit_rules(&rules, rows[i].rules, &err), 0, "the rules are read: %s",
		       rows[i].rules);
		is_str(kit_verdict(kit_ask(&rules, rows[i].question, &decision)), rows[i].answer,
		       "  %s", rows[i].question);
		rules_free(&rules);
	}
}

#endif
