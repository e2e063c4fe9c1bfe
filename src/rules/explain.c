/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decisions, mistakes and warnings in words, in the caller's buffer. Bytes that come from elsewhere
 * are escaped; a text that does not fit is cut.
 */
#include "rules/explain.h"
#include "rules/remedy.h"
#include "rules/route.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

/* The longest quotations, in bytes before they are escaped: up to four for each. */
enum { WORD_MAX = 100, RULE_MAX = 200 };

static struct text text_begin(char *buf, size_t size)
{
	buf[0] = '\0';
	return (struct text){ .buf = buf, .cap = size };
}

/* "FILE:LINE: ", or nothing without a file. */
static void put_place(struct text *t, const char *file, unsigned line)
{
	if (!file)
		return;
	text_escaped(t, file, strlen(file));
	if (line) {
		text_char(t, ':');
		text_uint(t, line);
	}
	text_str(t, ": ");
}

/* Quotes the text of a rule, with *** in place of the password in it. */
static void put_text(struct text *t, const struct rules_where *rule)
{
	struct route_text password = route_password(rule->route, rule->route_len);
	char buf[RULE_MAX + 2]; /* one byte more than is quoted, so that a cut is seen */
	struct text masked = TEXT_OF(buf);

	route_mask(&masked, rule->text, rule->text_len, password);
	text_quoted_bytes(t, buf, masked.len, RULE_MAX);
}

/* `FILE:LINE: allow "TEXT"` or `--allow "TEXT"`. */
static void put_rule(struct text *t, const struct rules_where *rule)
{
	put_place(t, rule->file, rule->line);
	if (!rule->file)
		text_str(t, "--");
	text_str(t, rule->verdict == RULES_ALLOW ? "allow " : "deny ");
	put_text(t, rule);
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

static void put_special(struct text *t, const struct rules_decision *decision)
{
	text_str(t, "denied: it is special (");
	text_str(t, rules_special_name(decision->special));
	if (decision->disguised)
		text_str(t, ", because of the IPv4 address inside it");
	text_char(t, ')');
	if (!decision->rule.text) {
		text_str(t, "; without rules, an authenticated user may use ordinary "
			    "destinations only");
		return;
	}
	text_str(t, ", and no rule names it; an ordinary destination would be allowed by ");
	put_rule(t, &decision->rule);
}

size_t rules_explain(const struct rules_decision *decision, char *buf, size_t size)
{
	struct text t = text_begin(buf, size);

	switch (decision->reason) {
	case RULES_BY_RULE:
		text_str(&t, decision->verdict == RULES_ALLOW ? "allowed by " : "denied by ");
		put_rule(&t, &decision->rule);
		break;
	case RULES_BY_NO_MATCH:
		text_str(&t, "denied: no rule matches");
		break;
	case RULES_BY_SPECIAL:
		put_special(&t, decision);
		break;
	case RULES_BY_DEFAULT_LOCAL:
		text_str(&t, "allowed: without rules, local clients may go anywhere");
		break;
	case RULES_BY_DEFAULT_USER:
		text_str(&t, "allowed: without rules, an authenticated user may use any ordinary "
			     "destination");
		break;
	case RULES_BY_DEFAULT_NONE:
		text_str(&t, "denied: without rules, only local clients and authenticated users "
			     "are served");
		break;
	case RULES_BY_FAILURE:
		text_str(&t, "denied: can't find out whether it is an address of this host");
		break;
	case RULES_BY_UNKNOWN:
		text_str(&t, "depends on what the question leaves open; the first rule that may "
			     "match: ");
		put_rule(&t, &decision->rule);
		break;
	}
	return t.len;
}

size_t rules_where_format(const struct rules_where *rule, char *buf, size_t size)
{
	struct text t = text_begin(buf, size);

	put_rule(&t, rule);
	return t.len;
}

size_t rules_warning_format(const struct rules_warning *warning, char *buf, size_t size)
{
	struct text t = text_begin(buf, size);

	if (warning->rule.text) {
		put_rule(&t, &warning->rule);
		text_str(&t, ": ");
	} else {
		put_place(&t, warning->rule.file, warning->rule.line);
	}
	text_str(&t, warning->words);
	if (warning->other.text) {
		text_char(&t, ' ');
		put_rule(&t, &warning->other);
	}
	return t.len;
}

size_t rules_error_format(const struct rules_error *mistake, char *buf, size_t size)
{
	struct text t = text_begin(buf, size);

	put_place(&t, mistake->file, mistake->line);
	if (mistake->err == -ENOMEM && !mistake->unread) {
		text_str(&t, "out of memory");
		return t.len;
	}
	if (mistake->secret) {
		text_strs(&t, "expected ", mistake->expected, NULL);
		rules_remedy(&t, mistake);
		return t.len;
	}
	text_str(&t, mistake->unread ? "cannot open " : "found ");
	if (mistake->word_len)
		text_quoted_bytes(&t, mistake->word, mistake->word_len, WORD_MAX);
	else
		text_str(&t, "nothing");
	if (mistake->unread)
		return t.len;
	text_str(&t, ", expected ");
	text_str(&t, mistake->expected);
	rules_remedy(&t, mistake);
	return t.len;
}
