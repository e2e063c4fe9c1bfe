/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes the command line that asks --explain what the rules were asked, so that a person can paste
 * it into a shell. The client chose some of its bytes: each argument is quoted, and the line has
 * printable bytes only.
 */
#include "end/why.h"
#include "base/text.h"

#include <string.h>

enum {
	PREFIX_MAX = 64, /* what the log may put in front of a line */
	USER_MAX = 255,
	QUESTION_MAX = 4 * USER_MAX + 500, /* with every byte of the user's name escaped */
};

static const char *command_word(enum rules_command command)
{
	switch (command) {
	case RULES_CONNECT:
		return "connect";
	case RULES_BIND:
		return "bind";
	case RULES_UDP:
		return "udp";
	case RULES_RESOLVE:
		return "resolve";
	}
	return NULL;
}

static void put_pair(struct text *t, const char *word, const char *value)
{
	text_strs(t, t->len ? " " : "", word, " ", value, NULL);
}

static void put_client(struct text *t, const struct session *s)
{
	char addr[ADDR_TEXT_MAX];

	if (s->client.kind == CLIENT_INTERNET && addr_format_host(&s->client.addr, addr))
		put_pair(t, "from", addr);
	else
		put_pair(t, "from", s->client.kind == CLIENT_LOCAL ? "local" : "unknown");
}

static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			    "%+,-./:=@_";

static bool is_plain(const char *s)
{
	return *s && !s[strspn(s, plain)];
}

static void put_user(struct text *t, const char *user)
{
	if (is_plain(user))
		text_str(t, user);
	else
		text_quoted_bytes(t, user, strlen(user), USER_MAX);
}

static void put_question(struct text *t, const struct session *s)
{
	const struct denial *n = &s->denial;
	const char *command = command_word(n->command);
	char addr[ADDR_TEXT_MAX];

	put_client(t, s);
	/* A rule that denies every user denies the user "*" too. */
	if (n->any_user || s->user[0]) {
		text_str(t, " user ");
		put_user(t, s->user[0] ? s->user : "*");
	}
	if (n->named)
		put_pair(t, "to", s->dest.name);
	else if (addr_format_host(&n->addr, addr))
		put_pair(t, "to", addr);
	if (n->port) {
		text_str(t, " port ");
		text_uint(t, n->port);
	}
	if (command)
		put_pair(t, "command", command);
}

static bool is_printable(const char *s)
{
	while (*s >= 0x20 && *s <= 0x7e)
		s++;
	return !*s;
}

/*
 * Appends one argument: as it is, in '...', or, with bytes that can't be printed, in $'...', which
 * bash and other shells know. To a shell that does not, this is one word as well.
 */
static void put_argument(struct text *t, const char *arg)
{
	static const char hex[] = "0123456789abcdef";
	bool printable = is_printable(arg);

	if (is_plain(arg)) {
		text_str(t, arg);
		return;
	}
	text_str(t, printable ? "'" : "$'");
	for (; *arg; arg++) {
		bool special = *arg == '\'' || (*arg == '\\' && !printable);

		if (special && printable) {
			text_str(t, "'\\''");
		} else if (special || *arg < 0x20 || *arg > 0x7e) {
			text_str(t, "\\x");
			text_char(t, hex[(unsigned char)*arg >> 4]);
			text_char(t, hex[*arg & 15]);
		} else {
			text_char(t, *arg);
		}
	}
	text_char(t, '\'');
}

static void put_command_line(struct text *t, const struct session *s, const char *question)
{
	int argc = s->opt->argc;

	/* Behind a final "--" there are no options. */
	if (argc > 1 && strcmp(s->opt->argv[argc - 1], "--") == 0)
		argc--;
	text_str(t, "explain: ");
	for (int i = 0; i < argc; i++) {
		put_argument(t, s->opt->argv[i]);
		text_char(t, ' ');
	}
	text_str(t, "--explain ");
	put_argument(t, question);
}

static void log_question(const struct session *s)
{
	char line[LOG_LINE_MAX], question[QUESTION_MAX];
	struct text t = TEXT_OF(line), q = TEXT_OF(question);

	put_question(&q, s);
	put_command_line(&t, s, question);
	/* A command line that was cut off could do something else. */
	if (t.len >= sizeof(line) - PREFIX_MAX) {
		t = (struct text)TEXT_OF(line);
		text_str(&t, "explain: picosocks5 [OPTION]... --explain ");
		put_argument(&t, question);
	}
	log_line(s->log, LOG_DEBUG, line);
}

void why_question(const struct session *s)
{
	if (s->denial.told && log_wants(s->log, LOG_DEBUG))
		log_question(s);
}
