/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads a file of questions, one a line, each begun by `allow` or `deny`, and compares the answers.
 * Answers none itself: answer.c does.
 */
#include "check/questions.h"
#include "base/file.h"
#include "base/text.h"
#include "check/answer.h"
#include "options/rules_host.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

struct suite {
	const struct options *o;
	struct client *client;
	bool quiet;
	unsigned line;
	size_t asked, differ, unread;
	struct login_memory memory;
	char unchecked[LOG_LINE_MAX]; /* what could not be checked; empty: all could */
};

/* The first reason for each verdict in the answer to one question. Empty: there is none. */
struct reasons {
	struct suite *suite;
	bool named;		    /* the destination is a name: say which address it is */
	char refused[LOG_LINE_MAX]; /* at the login */
	char allowed[LOG_LINE_MAX], denied[LOG_LINE_MAX], open[LOG_LINE_MAX];
};

static void keep_first(char *buf, const char *about, const char *text)
{
	struct text t = { .buf = buf, .cap = LOG_LINE_MAX };

	if (*buf)
		return;
	text_strs(&t, about, text, NULL);
}

static void collect(void *ctx, const struct answer_line *line)
{
	struct reasons *reasons = ctx;
	char about[ADDR_TEXT_MAX + 64];
	struct text t = TEXT_OF(about);

	if (reasons->named && line->about)
		text_strs(&t, line->about, ": ", NULL);
	if (line->kind == ANSWER_ADDRESS && line->verdict == RULES_DENY)
		keep_first(reasons->denied, about, line->text);
	else if (line->kind == ANSWER_ADDRESS)
		keep_first(line->verdict == RULES_ALLOW ? reasons->allowed : reasons->open, about,
			   line->text);
	else if (line->kind == ANSWER_LOGIN)
		keep_first(reasons->refused, "", line->text);
	else if (line->kind == ANSWER_UNCHECKED)
		keep_first(reasons->suite->unchecked, "", line->text);
}

/* The login decides before the rules are asked about the destination. */
static const char *reason(const struct reasons *reasons, enum rules_verdict verdict)
{
	if (verdict == RULES_ALLOW)
		return reasons->allowed;
	if (verdict == RULES_DEPENDS)
		return reasons->open;
	return *reasons->refused ? reasons->refused : reasons->denied;
}

static void put_place(const struct suite *s, struct text *t)
{
	text_escaped(t, s->o->questions, strlen(s->o->questions));
	text_char(t, ':');
	text_uint(t, s->line);
	text_str(t, ": ");
}

/* Asks one question, whose answer should be `expected`. */
static void ask(struct suite *s, const struct rules_question *question, enum rules_verdict expected)
{
	struct reasons reasons = { .suite = s, .named = question->dest.name[0] };
	enum rules_verdict verdict;
	char buf[2 * LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	s->asked++;
	verdict = answer_question(s->o, question, &s->memory, collect, &reasons);
	if (verdict == expected)
		return;
	s->differ++;
	put_place(s, &t);
	text_strs(&t, "expected ", expected == RULES_ALLOW ? "allow" : "deny",
		  ", but: ", reason(&reasons, verdict), NULL);
	if (!s->quiet)
		puts(buf);
}

static void report(struct suite *s, struct rules_error *mistake)
{
	char buf[LOG_LINE_MAX];

	s->unread++;
	mistake->file = s->o->questions;
	mistake->line = s->line;
	rules_error_format(mistake, buf, sizeof(buf));
	options_report_to_log(s->client, s->o, buf);
}

static size_t skip_blanks(const char *p, size_t len)
{
	size_t n = 0;

	while (n < len && strchr(" \t\r", p[n]))
		n++;
	return n;
}

/* Reads one line, which has no NUL byte. */
static void read_line(struct suite *s, const char *p, size_t len)
{
	static const char expected[] = "allow or deny, and then a question";
	size_t blanks = skip_blanks(p, len), word = 0;
	struct rules_question question;
	struct rules_error mistake;
	bool allow;

	p += blanks;
	len -= blanks;
	if (len == 0 || *p == '#')
		return;
	while (word < len && !strchr(" \t\r", p[word]))
		word++;
	allow = word == 5 && memcmp(p, "allow", 5) == 0;
	if (!allow && (word != 4 || memcmp(p, "deny", 4) != 0)) {
		mistake = (struct rules_error){ .word = p, .word_len = word, .expected = expected };
		report(s, &mistake);
	} else if (rules_question_parse(&rules_host, p + word, len - word, &question, &mistake)) {
		report(s, &mistake);
	} else {
		ask(s, &question, allow ? RULES_ALLOW : RULES_DENY);
	}
}

static void read_lines(struct suite *s, const char *p, size_t size)
{
	const char *end = p + size;

	while (p < end) {
		const char *line_end = memchr(p, '\n', (size_t)(end - p));
		const char *stop = line_end ? line_end : end;
		const char *nul = memchr(p, '\0', (size_t)(stop - p));

		s->line++;
		if (nul) {
			struct rules_error mistake = { .word = nul,
						       .word_len = 1,
						       .expected = "a line without NUL bytes" };

			report(s, &mistake);
		} else {
			read_line(s, p, (size_t)(stop - p));
		}
		p = stop + 1;
	}
}

static void print_result(const struct suite *s)
{
	char buf[2 * LOG_LINE_MAX], file[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf), name = TEXT_OF(file);

	text_escaped(&name, s->o->questions, strlen(s->o->questions));
	if (*s->unchecked)
		text_strs(&t, file, ": ", s->unchecked, "\n", NULL);
	text_strs(&t, file, ": ", NULL);
	if (s->differ) {
		text_uint(&t, s->differ);
		text_str(&t, " of ");
	}
	text_uint(&t, s->asked);
	text_str(&t, s->asked == 1 ? " question" : " questions");
	if (s->differ)
		text_str(&t, s->differ == 1 ? " differs" : " differ");
	else if (s->asked)
		text_str(&t, s->asked == 1 ? ", as expected" : ", all as expected");
	if (s->unread) {
		text_str(&t, "; ");
		text_uint(&t, s->unread);
		text_str(&t, s->unread == 1 ? " line can't be read" : " lines can't be read");
	}
	puts(buf);
}

/* Reports a mistake that concerns the whole file. */
static void report_file(const struct suite *s, const char *before, const char *after)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	text_str(&t, before);
	text_escaped(&t, s->o->questions, strlen(s->o->questions));
	text_strs(&t, ": ", after, NULL);
	options_report_to_log(s->client, s->o, buf);
}

int questions_run(const struct options *o, struct client *client, bool quiet)
{
	struct suite s = { .o = o, .client = client, .quiet = quiet };
	size_t size;
	char *text;
	int err;

	err = file_read(o->questions, &text, &size, NULL);
	if (err < 0) {
		report_file(&s, "--explain: can't read ", file_error(err));
		return EX_CONFIG;
	}
	read_lines(&s, text, size);
	file_forget(text, size);
	if (s.asked + s.unread == 0) {
		report_file(&s, "", "no question; begin each line with `allow` or `deny`");
		return EX_USAGE;
	}
	if (!quiet)
		print_result(&s);
	if (s.unread)
		return EX_USAGE;
	return s.differ ? 1 : 0;
}
