/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads what picosocks5-report writes, as strictly as the reader of each form would: a parser of
 * JSON, a spreadsheet, Prometheus, a browser, a terminal. Knows the grammar of each, no more.
 */
#include "judge_report.h"
#include "fuzz.h"
#include "report/output.h"

#include <ctype.h>

enum { WIDTH = 80 };

typedef void output(FILE *out, const struct book *b, const struct asked *a);

static void output_plain(FILE *out, const struct book *b, const struct asked *a)
{
	output_terminal(out, b, a, &(struct output_terminal){ .width = WIDTH });
}

/* Returns the text of the output, to be freed. */
static char *text_of(output *f, const struct book *b, const struct asked *a)
{
	char *text = NULL;
	size_t n = 0;
	FILE *out = open_memstream(&text, &n);

	MUST(out);
	f(out, b, a);
	MUST(fclose(out) == 0 && strlen(text) == n && n && text[n - 1] == '\n');
	return text;
}

/* Returns the byte behind a string in quotes. Only quotes and backslashes may be escaped. */
static const char *skip_string(const char *p)
{
	MUST(*p++ == '"');
	for (; *p != '"'; p++) {
		MUST(*p >= 0x20 && *p <= 0x7e);
		if (*p == '\\') {
			p++;
			MUST(*p == '"' || *p == '\\');
		}
	}
	return p + 1;
}

static const char *skip_digits(const char *p)
{
	MUST(isdigit((unsigned char)*p));
	MUST(*p != '0' || !isdigit((unsigned char)p[1]));
	return p + strspn(p, "0123456789");
}

static const char *skip_blanks(const char *p)
{
	return p + strspn(p, " \n");
}

/* A value of JSON (RFC 8259), with whole numbers only. */
static const char *skip_value(const char *p)
{
	char close = *p == '{' ? '}' : ']';

	for (const char *const *w = (const char *const[]){ "true", "false", "null", NULL }; *w; w++)
		if (strncmp(p, *w, strlen(*w)) == 0)
			return p + strlen(*w);
	if (*p == '"')
		return skip_string(p);
	if (*p != '{' && *p != '[')
		return skip_digits(p);
	p = skip_blanks(p + 1);
	if (*p == close)
		return p + 1;
	for (;; p = skip_blanks(p + 1)) {
		if (close == '}') {
			p = skip_string(p);
			MUST(*p++ == ':');
		}
		p = skip_blanks(skip_value(p));
		if (*p == close)
			return p + 1;
		MUST(*p == ',');
	}
}

static void judge_json(const char *text)
{
	MUST(*text == '{' && strcmp(skip_value(text), "\n") == 0);
}

/* A field of CSV (RFC 4180), which is no formula: a sign alone is none. */
static const char *skip_field(const char *p)
{
	const char *begin = p + (*p == '"');

	MUST(!strchr("=+-@", *begin) || begin[1] == ',');
	if (*p != '"')
		return p + strcspn(p, ",\n\"");
	for (p++; *p != '"' || p[1] == '"'; p += 1 + (*p == '"'))
		MUST(*p >= 0x20 && *p <= 0x7e);
	return p + 1;
}

static void judge_csv(const char *text)
{
	const char *p = strchr(text, '\n') + 1;

	while (*p) {
		p = skip_field(p);
		for (int i = 0; i < 4; i++) {
			MUST(*p == ',');
			p = skip_digits(p + 1);
		}
		MUST(*p++ == '\n');
	}
}

/* A sample of Prometheus. The labels of each are its own. */
static void judge_metrics(const char *text)
{
	for (const char *p = text; *p; p = strchr(p, '\n') + 1) {
		const char *begin = p, *labels;

		if (*p == '#')
			continue;
		p += strspn(p, "abcdefghijklmnopqrstuvwxyz_5");
		for (labels = p; *p == '{' || *p == ',';) {
			p += 1 + strspn(p + 1, "abcdefghijklmnopqrstuvwxyz");
			MUST(*p++ == '=');
			p = skip_string(p);
		}
		MUST(p > labels && *p++ == '}' && *p++ == ' ');
		for (const char *q = text; q < begin; q = strchr(q, '\n') + 1)
			MUST(strncmp(q, begin, (size_t)(p - begin)) != 0);
		MUST(*skip_digits(p) == '\n');
	}
}

/* Returns the ">" of the tag: quotes end in it, and no attribute runs or loads anything. */
static const char *skip_tag(const char *p)
{
	for (p++; *p != '>'; p++) {
		MUST(*p && *p != '<' && strncmp(p, " on", 3) != 0);
		MUST(strncmp(p, " href", 5) != 0 && strncmp(p, " src", 4) != 0);
		if (*p == '"')
			for (p++; *p != '"'; p++)
				MUST(*p && *p != '<' && *p != '>');
	}
	return p;
}

/* Each tag and each entity of the page is whole, and no byte is a control character. */
static void judge_html(const char *text)
{
	MUST(!strstr(text, "<script"));
	for (const char *p = text; *p; p++) {
		MUST((unsigned char)*p >= 0x20 || *p == '\n' || *p == '\t');
		MUST(*p != '>' && *p != 0x7f);
		if (*p == '&') {
			p += 1 + strspn(p + 1, "#abcdefghijklmnopqrstuvwxyz0123456789");
			MUST(*p == ';');
		} else if (strncmp(p, "<style>", 7) == 0) {
			p = strstr(p, "</style>");
			MUST(p);
		}
		if (*p == '<')
			p = skip_tag(p);
	}
}

/* Nothing that moves a cursor, and no line longer than the terminal is wide. */
static void judge_terminal(const char *text)
{
	for (const char *p = text; *p; p += strcspn(p, "\n") + 1) {
		MUST(strcspn(p, "\n") <= WIDTH);
		for (const char *q = p; *q != '\n'; q++)
			MUST(*q >= 0x20 && *q <= 0x7e);
	}
}

void judge_report(const struct book *b, const struct asked *a)
{
	static const struct {
		output *write;
		void (*judge)(const char *text);
	} forms[] = {
		{ output_json, judge_json },	   { output_csv, judge_csv },
		{ output_metrics, judge_metrics }, { output_html, judge_html },
		{ output_plain, judge_terminal },
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(*forms); i++) {
		char *text = text_of(forms[i].write, b, a);

		forms[i].judge(text);
		free(text);
	}
}
