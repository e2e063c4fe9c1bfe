/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Remedies for items of `from`, `to` and lists: URLs, ports, wildcards, groups, names. */
#include "rules/remedy.h"
#include "rules/parser.h"
#include "rules/words.h"
#include "base/hint.h"

#include <string.h>

static const char from_groups[][12] = { "any",	      "loopback",    "private",
					"link-local", "multicast",   "self",
					"local",      "unspecified", "" };
static const char to_groups[][12] = { "any",	     "loopback",  "private",
				      "link-local",  "multicast", "self",
				      "unspecified", "literal",	  "" };

/* A destination with more around it than a rule has: scheme://user@HOST:PORT/path. */
struct target {
	struct word host;
	uint16_t port; /* 0: none */
};

static size_t find(struct word word, const char *bytes)
{
	size_t i = 0;

	while (i < word.len && !(word.p[i] && strchr(bytes, word.p[i])))
		i++;
	return i;
}

static struct word behind(struct word word, size_t n)
{
	return (struct word){ word.p + n, word.len - n };
}

/* Cuts a scheme, a user and a path off. Sets the port of the scheme. Returns false for none. */
static bool cut_url(struct target *target)
{
	struct word *host = &target->host;
	size_t colon = find(*host, ":"), end, at;

	if (host->len - colon <= 3 || memcmp(host->p + colon, "://", 3) != 0)
		return false;
	rules_port(NULL, host->p, colon, &target->port);
	*host = behind(*host, colon + 3);
	end = find(*host, "/?#");
	host->len = end;
	at = find(*host, "@");
	if (at < host->len)
		*host = behind(*host, at + 1);
	return true;
}

/* Cuts `:PORT` off. Returns false if there is none. */
static bool cut_port(struct target *target)
{
	struct word *host = &target->host, port;
	size_t len = find(*host, ":");

	if (host->len && *host->p == '[')
		len = find(*host, "]") + 1;
	if (len >= host->len || host->p[len] != ':')
		return false;
	port = behind(*host, len + 1);
	if (rules_port(NULL, port.p, port.len, &target->port) != 0)
		return false;
	host->len = len;
	if (*host->p == '[')
		*host = (struct word){ host->p + 1, len - 2 };
	return true;
}

static bool read_target(struct word word, struct target *ret)
{
	struct target target = { .host = word };
	bool url = cut_url(&target), port = cut_port(&target);
	struct word host = target.host;

	if (!url && !port) {
		/* example.com/path */
		host.len = target.host.len = find(host, "/");
		if (host.len == word.len || !word_is_name(host))
			return false;
	}
	if (host.len > 1 && *host.p == '*')
		host = behind(host, 1);
	if (!word_is_address(host) && !word_is_name(host) && !(host.len == 1 && *host.p == '*'))
		return false;
	target.host = host;
	*ret = target;
	return true;
}

bool remedy_target(struct text *t, const struct rules_error *mistake)
{
	struct target target;
	bool any;

	if (!read_target((struct word){ mistake->word, mistake->word_len }, &target))
		return false;
	any = *target.host.p == '*';
	if (mistake->list_end) {
		text_str(t, "; write ");
		text_escaped(t, target.host.p, target.host.len);
		text_str(t, " alone: a list has no ports");
		return true;
	}
	text_str(t, "; write \"");
	if (mistake->part == RULES_PART_FROM && !any) {
		text_str(t, "from ");
		text_escaped(t, target.host.p, target.host.len);
		text_str(t, "\": a rule can't name a client's port");
		return true;
	}
	if (!any) {
		text_str(t, "to ");
		text_escaped(t, target.host.p, target.host.len);
	}
	if (target.port) {
		text_str(t, any ? "port " : " port ");
		text_uint(t, target.port);
	}
	text_char(t, '"');
	return true;
}

/* *.example.com, and ||example.com^ of a blocker's list */
static bool put_wildcard(struct text *t, struct word word)
{
	struct word domain = behind(word, 1);

	if (word.len > 3 && memcmp(word.p, "||", 2) == 0) {
		domain = behind(word, 2);
		domain.len -= domain.p[domain.len - 1] == '^';
	} else if (*word.p != '*' || word.len < 3 || word.p[1] != '.') {
		return false;
	}
	if (!word_is_name(domain))
		return false;
	text_strs(t, "; write ", *domain.p == '.' ? "" : ".", NULL);
	text_escaped(t, domain.p, domain.len);
	return true;
}

bool remedy_group(struct text *t, struct word word, bool from)
{
	/* `to local`: the mistake itself says what to write. */
	if (rules_group(word.p, word.len))
		return true;
	if (hint_is_one(word.p, word.len,
			"* all everyone everybody anyone anybody anywhere everything world 0/0"))
		text_str(t, "; write any");
	else if (hint_is_one(word.p, word.len, "lan intranet internal rfc1918"))
		text_str(t, "; write private");
	else if (from && hint_is_one(word.p, word.len, "localhost"))
		text_str(t, "; write local");
	else
		return remedy_near(t, word, from ? from_groups : to_groups);
	return true;
}

static bool is_ascii(struct word word)
{
	for (size_t i = 0; i < word.len; i++)
		if ((unsigned char)word.p[i] > 0x7f)
			return false;
	return true;
}

/* Appends what is wrong with the form of a line of a list. Returns false if nothing is. */
static bool put_line(struct text *t, const struct rules_error *mistake)
{
	const char *line = mistake->word - mistake->column;
	struct word word = { mistake->word, mistake->word_len }, first = { line, mistake->column };

	first.len = find(first, " \t");
	if (mistake->column && word_is_address(first) && word_is_name(word))
		text_str(t, "; this looks like a hosts file: write the names alone");
	else if (memchr(word.p, ',', word.len))
		text_str(t, "; write each on a line of its own, without commas");
	else
		return false;
	return true;
}

void remedy_item(struct text *t, const struct rules_error *mistake)
{
	struct word word = { mistake->word, mistake->word_len };
	bool from = mistake->part == RULES_PART_FROM;
	size_t percent = find(word, "%");

	if (mistake->list_end && put_line(t, mistake))
		return;
	if (remedy_target(t, mistake) || remedy_net(t, word) || put_wildcard(t, word) ||
	    remedy_group(t, word, from))
		return;
	if (*word.p == '!')
		text_str(t, "; a rule has no \"not\": write another rule before this one");
	else if (percent < word.len && word_is_address((struct word){ word.p, percent }))
		text_str(t, "; leave the zone out, from the % on");
	else if (!is_ascii(word))
		text_str(t, "; write the name in ASCII, as xn--...");
	else if (from && !mistake->list_end && word_is_name(word) && find(word, ".") == word.len) {
		text_str(t, "; write \"user ");
		text_escaped(t, word.p, word.len);
		text_str(t, "\" for a user");
	}
}
