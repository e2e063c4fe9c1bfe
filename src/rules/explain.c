/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decisions and mistakes in words, written into a caller's buffer. Bytes that came from elsewhere
 * are escaped; what does not fit is cut.
 */
#include <errno.h>
#include <string.h>

#include "rules/rules.h"

/* Bytes of quotations, each of which may take four. */
enum { WORD_MAX = 100, RULE_MAX = 200 };

/* The buffer: `room` bytes are left in front of the final NUL. */
struct out {
	char *p;
	size_t room;
};

static struct out out_begin(char *buf, size_t size)
{
	return (struct out){ .p = buf, .room = size ? size - 1 : 0 };
}

static size_t out_end(const struct out *out, char *buf, size_t size)
{
	if (size)
		*out->p = '\0';
	return (size_t)(out->p - buf);
}

/* All of the bytes or none of them: an escape is never cut. */
static void put(struct out *out, const char *bytes, size_t len)
{
	if (len > out->room) {
		out->room = 0;
		return;
	}
	memcpy(out->p, bytes, len);
	out->p += len;
	out->room -= len;
}

static void put_words(struct out *out, const char *words)
{
	put(out, words, strlen(words));
}

static void put_escaped(struct out *out, const char *text, size_t len)
{
	static const char hex[] = "0123456789abcdef";

	for (; len && out->room; text++, len--) {
		unsigned char c = (unsigned char)*text;

		if (c >= 0x20 && c <= 0x7e && c != '"' && c != '\\')
			put(out, text, 1);
		else
			put(out, (char[]){ '\\', 'x', hex[c >> 4], hex[c & 15] }, 4);
	}
}

/* In quotes. Of a long text the beginning: what is said of it must not be lost. */
static void put_quoted(struct out *out, const char *text, size_t len, size_t most)
{
	put_words(out, "\"");
	put_escaped(out, text, len > most ? most : len);
	put_words(out, len > most ? "...\"" : "\"");
}

static void put_number(struct out *out, unsigned number)
{
	char digits[12];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	put(out, digits + at, sizeof(digits) - at);
}

/* "FILE:LINE: " or nothing. */
static void put_place(struct out *out, const char *file, unsigned line)
{
	if (!file)
		return;
	put_escaped(out, file, strlen(file));
	if (line) {
		put_words(out, ":");
		put_number(out, line);
	}
	put_words(out, ": ");
}

/* `FILE:LINE: allow "TEXT"` or `--allow "TEXT"`. */
static void put_rule(struct out *out, const struct rules_where *rule)
{
	put_place(out, rule->file, rule->line);
	if (!rule->file)
		put_words(out, "--");
	put_words(out, rule->verdict == RULES_ALLOW ? "allow " : "deny ");
	put_quoted(out, rule->text, rule->text_len, RULE_MAX);
}

const char *rules_special_name(enum rules_special special)
{
	/* clang-format off */
	static const char *const names[] = {
		[RULES_ORDINARY] = "ordinary",
		[RULES_UNSPECIFIED] = "unspecified",
		[RULES_LOOPBACK] = "loopback",
		[RULES_LINK_LOCAL] = "link-local",
		[RULES_MULTICAST] = "multicast",
		[RULES_METADATA] = "cloud metadata",
		[RULES_SELF] = "this host's own",
	};
	/* clang-format on */

	return names[special];
}

static void put_special(struct out *out, const struct rules_decision *decision)
{
	put_words(out, "denied: it is special (");
	put_words(out, rules_special_name(decision->special));
	if (decision->disguised)
		put_words(out, ", by the IPv4 address inside");
	put_words(out, ")");
	if (!decision->rule.text) {
		put_words(out, "; without rules, an authenticated user may go anywhere ordinary");
		return;
	}
	put_words(out, ", and no rule names it; ordinary ones would be allowed by ");
	put_rule(out, &decision->rule);
}

size_t rules_explain(const struct rules_decision *decision, char *buf, size_t size)
{
	struct out out = out_begin(buf, size);

	switch (decision->reason) {
	case RULES_BY_RULE:
		put_words(&out, decision->verdict == RULES_ALLOW ? "allowed by " : "denied by ");
		put_rule(&out, &decision->rule);
		break;
	case RULES_BY_NO_MATCH:
		put_words(&out, "denied: no rule matches");
		break;
	case RULES_BY_SPECIAL:
		put_special(&out, decision);
		break;
	case RULES_BY_DEFAULT_LOCAL:
		put_words(&out, "allowed: without rules, local clients may go anywhere");
		break;
	case RULES_BY_DEFAULT_USER:
		put_words(&out,
			  "allowed: without rules, an authenticated user may go anywhere ordinary");
		break;
	case RULES_BY_DEFAULT_NONE:
		put_words(&out, "denied: without rules, only local clients and authenticated users "
				"are served");
		break;
	case RULES_BY_FAILURE:
		put_words(&out, "denied: whether it is an address of this host can't be told");
		break;
	case RULES_BY_UNKNOWN:
		put_words(&out, "depends on what is not given; the first rule that may match: ");
		put_rule(&out, &decision->rule);
		break;
	}
	return out_end(&out, buf, size);
}

size_t rules_warning_format(const struct rules_warning *warning, char *buf, size_t size)
{
	struct out out = out_begin(buf, size);

	if (warning->rule.text) {
		put_rule(&out, &warning->rule);
		put_words(&out, ": ");
	} else {
		put_place(&out, warning->rule.file, warning->rule.line);
	}
	put_words(&out, warning->words);
	if (warning->other.text) {
		put_words(&out, " ");
		put_rule(&out, &warning->other);
	}
	return out_end(&out, buf, size);
}

size_t rules_error_format(const struct rules_error *err, char *buf, size_t size)
{
	struct out out = out_begin(buf, size);

	put_place(&out, err->file, err->line);
	if (err->error == -ENOMEM && !err->unread) {
		put_words(&out, "out of memory");
		return out_end(&out, buf, size);
	}
	put_words(&out, "found ");
	if (err->word_len)
		put_quoted(&out, err->word, err->word_len, WORD_MAX);
	else
		put_words(&out, "the end");
	put_words(&out, ", expected ");
	put_words(&out, err->expected);
	return out_end(&out, buf, size);
}
