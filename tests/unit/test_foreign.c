/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of other servers: none is ours, none is there twice, and each answer names ours. */
#include "options/foreign.c"

#include <string.h>

#include "options/table.h"
#include "tap.h"

enum { N = sizeof(foreign) / sizeof(*foreign) };

/* Calls f for each name of a row. */
static void each(size_t row, void (*f)(size_t row, const char *name, size_t len))
{
	for (const char *p = foreign[row].names; *p; p += strspn(p, " ")) {
		size_t len = strcspn(p, " ");

		f(row, p, len);
		p += len;
	}
}

static bool is_ours(const char *name, size_t len)
{
	for (size_t i = 0; i < option_table_len; i++) {
		const struct option_row *row = &option_table[i];

		if (len == 1 ? row->letter == *name : hint_is(name, len, row->name))
			return true;
	}
	return false;
}

static void judge(size_t row, const char *name, size_t len)
{
	const char *answer = foreign_answer(name, len);

	ok(!is_ours(name, len), "%.*s is no option of ours", (int)len, name);
	ok(answer == foreign[row].answer, "  it is in one row only");
}

/* Each word after a % in an answer is the name of an option. */
static void judge_answer(const char *answer)
{
	const char *p = answer;

	while ((p = strchr(p, '%'))) {
		size_t len = strspn(++p, "abcdefghijklmnopqrstuvwxyz-0123456789");

		ok(is_ours(p, len) && len > 1, "%.*s is an option", (int)len, p);
	}
}

int main(void)
{
	for (size_t i = 0; i < N; i++) {
		ok(strlen(foreign[i].names) < sizeof(foreign[i].names) - 1 &&
			   strlen(foreign[i].answer) < sizeof(foreign[i].answer) - 1,
		   "row %zu has room for its text", i);
		each(i, judge);
		judge_answer(foreign[i].answer);
	}
	ok(strstr(foreign_answer("p", 1), "listening"), "-p is a port");
	ok(strstr(foreign_answer("P", 1), "password"), "-P is a password");
	ok(strstr(foreign_answer("Listen", 6), "listening"), "words have no case");
	ok(!foreign_answer("", 0) && !foreign_answer("check", 5) && !foreign_answer("-", 1),
	   "no answer to what is no other server's option");
	return done_testing();
}
