/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints the answers to --help, --version and --check. Never runs while serving. */
#include "config.h"
#include "base/keep.h"
#include "options/table.h"
#include "sandbox/sandbox.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int finish(void)
{
	return fflush(stdout) || ferror(stdout) ? -EIO : 0;
}

static void print_row(const struct option_row *row)
{
	char left[48];
	int n = snprintf(left, sizeof(left), "%s--%s%s%s", row->letter ? "" : "    ", row->name,
			 *option_argument(row) ? " " : "", option_argument(row));

	if (row->letter)
		printf("  -%c, ", row->letter);
	else
		printf("  ");
	printf("%-*s", row->letter ? 24 : 28, left);
	if (n > (row->letter ? 23 : 27))
		printf("\n%30s", "");
	for (const char *p = option_help(row); *p; p++) {
		putchar(*p);
		if (*p == '\n')
			printf("%30s", "");
	}
	putchar('\n');
}

int options_print_help(void)
{
	puts("Usage: picosocks5 [OPTION]...\n"
	     "Serves one SOCKS5 client on standard input and output, or on an activated\n"
	     "descriptor, and exits. Listening is left to systemd or inetd.\n");
	for (size_t i = 0; i < option_table_len; i++)
		print_row(&option_table[i]);
	puts("\nDefaults are in parentheses. TIME: 30s, 2h4m, 500ms; 0 is no limit.\n"
	     "Exit status: 0 the client was served; 64 wrong usage; 71 a system failure;\n"
	     "78 the configuration can't be used; 1 --explain found nothing allowed, or not\n"
	     "the answer that was expected. See picosocks5(8).");
	return finish();
}

int options_print_version(void)
{
	puts("picosocks5 " PACKAGE_VERSION " (" BUILD_FEATURES ")\n"
	     "Licence GPLv3 or later <https://gnu.org/licenses/gpl.html>. No warranty.");
	return finish();
}

static bool needs_quotes(const char *value, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (strchr(" \t#\"\\", value[i]))
			return true;
	return len == 0;
}

static void print_setting(const char *name, const char *value, size_t len)
{
	bool quotes = needs_quotes(value, len);

	printf("%s %s", name, quotes ? "\"" : "");
	for (; len; value++, len--) {
		if (*value == '"' || *value == '\\')
			putchar('\\');
		putchar(*value);
	}
	puts(quotes ? "\"" : "");
}

/* Prints a rule with *** in place of the password of its parent. */
static void print_rule(const struct rules_where *rule)
{
	const char *name = rule->verdict == RULES_ALLOW ? "allow" : "deny";
	struct route_text password = route_password(rule->route, rule->route_len);
	size_t size = rule->text_len + sizeof("***");
	char *buf = password.at ? keep(size) : NULL;
	struct text t = { .buf = buf, .cap = size };

	if (!password.at) {
		print_setting(name, rule->text, rule->text_len);
	} else if (buf) {
		route_mask(&t, rule->text, rule->text_len, password);
		print_setting(name, t.buf, t.len);
	}
}

/* Prints the rules in their order, because the first that matches decides. */
static void print_rules(const struct options *o)
{
	static const size_t from = sizeof("from ") - 1;
	struct rules_where rule;

	for (uint32_t at = 0; rules_walk(&o->balancers, &at, &rule);)
		print_setting("proxy-protocol", rule.text + from, rule.text_len - from);
	for (uint32_t at = 0; rules_walk(&o->rules, &at, &rule);)
		print_rule(&rule);
}

/* Prints comments, so that the output is still a configuration file. */
static void print_build(const struct options *o)
{
	char buf[160];
	struct text t = TEXT_OF(buf);

	puts("# build: " BUILD_FEATURES);
	if (o->no_sandbox)
		text_str(&t, "off");
	else
		sandbox_describe(&t);
	printf("# sandbox: %s\n", buf);
}

int options_print_settings(const struct options *o)
{
	for (size_t i = 0; i < option_table_len; i++) {
		const struct option_row *row = &option_table[i];
		char buf[4096];
		struct text t = TEXT_OF(buf);

		if (row->type->show)
			row->type->show(o, row, &t);
		if (t.len && *option_argument(row))
			print_setting(row->name, buf, t.len);
		else if (t.len)
			puts(row->name);
	}
	print_rules(o);
	print_build(o);
	return finish();
}
