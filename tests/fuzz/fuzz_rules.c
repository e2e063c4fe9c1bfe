/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Rules, a list file and questions from bytes. The input's lines that begin with 'a' or 'd' are
 * rules, those with '?' are questions, those with '+' are lines of the file that @FILE means. The
 * decisions must not contradict each other, nor depend on the routes of the rules.
 */
#include "rules/explain.h"
#include "rules/route.h"
#include "base/text.h"

#include "fuzz.h"

enum { TEXTS_MAX = 64 };

struct input {
	struct rules rules;
	struct rules bare; /* the same rules without via */
	char *list;
	size_t list_len;
	char *texts[TEXTS_MAX]; /* each of exactly its size */
	unsigned count;
};

static void *grow(void *ctx, void *old, size_t old_size, size_t new_size)
{
	void *p = new_size ? malloc(new_size) : NULL;

	(void)ctx;
	if (p && old)
		memcpy(p, old, old_size);
	free(old);
	return p;
}

static int list(void *ctx, const char *path, size_t len, const char *near, struct rules_list *ret)
{
	const struct input *input = *(struct input **)ctx;

	(void)near;
	if (len && *path == '-')
		return -2;
	ret->file = "list";
	ret->text = input->list;
	ret->len = input->list_len;
	return 0;
}

static struct input *current;
static const struct rules_host host = { .ctx = &current, .grow = grow, .list = list };

static int is_self(const void *ctx, const union endpoint *addr, bool client)
{
	(void)ctx;
	(void)client;
	return addr->sa.sa_family == AF_INET && (ntohl(addr->in.sin_addr.s_addr) & 0xff) == 9;
}

static void check_error(const struct rules_error *err, const char *text, size_t len)
{
	char buf[200];

	if (!err->file || strcmp(err->file, "list") != 0)
		MUST(err->word >= text && err->word + err->word_len <= text + len);
	else
		MUST(err->word >= current->list &&
		     err->word + err->word_len <= current->list + current->list_len);
	MUST(rules_error_format(err, buf, sizeof(buf)) < sizeof(buf));
	if (!err->secret)
		return;
	/* It may be a password, so nothing is quoted. */
	MUST(!err->word_len && !strchr(buf, '"'));
	MUST(err->list_end ? err->word + err->hidden <= err->list_end :
			     err->word + err->hidden <= text + len);
}

/* The mistakes of a list come in the order of its lines, and there is an end of them. */
static void check_others(struct rules_error err)
{
	unsigned line = err.line;

	while (rules_next_mistake(&host, &err)) {
		MUST(err.line > line && err.list_end == current->list + current->list_len);
		line = err.line;
		check_error(&err, NULL, 0);
	}
}

/* The route of an accepted rule has no mistake, and only its password is not shown. */
static void check_route(const struct rules_where *rule)
{
	struct rules_error err;
	struct route route;
	char buf[1100];

	MUST(route_parse(rule->route, rule->route_len, NULL, 0, &route, &err) == 0);
	rules_where_format(rule, buf, sizeof(buf));
	MUST(!route.parent.password.at == !strstr(buf, ":***@") || rule->text_len > 150 ||
	     memmem(rule->text, rule->text_len, "***", 3));
}

/* Adds the newest rule to those without via. */
static void add_bare(struct input *input, enum rules_verdict verdict, const char *text, size_t len)
{
	struct rules_where rule;
	struct rules_error err;
	uint32_t at = 0;

	while (rules_walk(&input->rules, &at, &rule))
		if (rule.text == text)
			break;
	MUST(rule.text == text);
	if (rule.route) {
		check_route(&rule);
		len = (size_t)(rule.route - text);
		while (text[len - 1] != 'a')
			len--;
		len -= strlen("via");
	}
	MUST(rules_parse(&input->bare, verdict, text, len, NULL, 0, &err) == 0);
}

static void add_rule(struct input *input, const char *line, size_t len)
{
	struct rules_error err;
	uint32_t count = input->rules.count;
	enum rules_verdict verdict = *line == 'a' ? RULES_ALLOW : RULES_DENY;
	char *text;

	if (input->count == TEXTS_MAX)
		return;
	text = malloc(len ? len : 1);
	if (!text)
		abort();
	if (len > 1)
		memcpy(text, line + 1, len - 1);
	input->texts[input->count++] = text;
	if (rules_parse(&input->rules, verdict, text, len - 1, NULL, 0, &err) == 0) {
		MUST(input->rules.count == count + 1);
		add_bare(input, verdict, text, len - 1);
		return;
	}
	MUST(input->rules.count == count);
	check_error(&err, text, len - 1);
	check_others(err);
}

/* If an answer depends on something, this is named, and some rule asks for it. */
static unsigned check_gaps(const struct input *input, const struct rules_query *query,
			   const struct rules_decision *decision, struct rules_gap *gaps)
{
	unsigned n = 0;
	char buf[100];

	if (decision->verdict == RULES_DEPENDS) {
		n = rules_gaps(&input->rules, query, gaps);
		MUST(n > 0 && n <= RULES_GAPS_MAX);
	}
	for (unsigned i = 0; i < n; i++) {
		MUST(gaps[i].part != RULES_PART_USER || query->any_user);
		MUST(gaps[i].part != RULES_PART_PORT || !query->port);
		MUST(rules_where_format(&gaps[i].rule, buf, sizeof(buf)) < sizeof(buf));
	}
	return n;
}

/* Decides, with and without via: that must not make a difference. */
static void decide(const struct input *input, const struct rules_query *query,
		   struct rules_decision *ret)
{
	struct rules_decision bare;
	struct rules_where by;

	rules_decide(&input->rules, query, ret);
	rules_decide(&input->bare, query, &bare);
	MUST(ret->verdict == bare.verdict && ret->reason == bare.reason &&
	     ret->special == bare.special && ret->open == bare.open &&
	     ret->rule.text == bare.rule.text && !bare.rule.route);
	if (!query->addr && ret->verdict == RULES_ALLOW && ret->open)
		MUST(rules_needs_address(&input->rules, query, &by) || !query->port ||
		     query->any_user);
}

/* Checks what must be true of any rules and any question. */
static void ask(const struct input *input, const struct rules_question *question)
{
	struct rules_decision known, open, anybody;
	struct rules_gap gaps[RULES_GAPS_MAX];
	char buf[100];
	bool disguised;
	struct rules_query query = {
		.kind = question->kind,
		.client = &question->client,
		.user = *question->user ? question->user : NULL,
		.command = question->command,
		.name = question->dest.name,
		.port = question->dest.port,
		.is_self = is_self,
	};
	union endpoint addr = question->dest.addr;

	decide(input, &query, &open);
	MUST(rules_explain(&open, buf, sizeof(buf)) < sizeof(buf));
	check_gaps(input, &query, &open, gaps);
	MUST(open.verdict == RULES_DENY ||
	     rules_may_client(&input->rules, query.kind, query.client, query.user != NULL));
	if (addr.sa.sa_family == AF_UNSPEC)
		addr_set_ipv4(&addr, (const uint8_t *)question->dest.name, 0);
	query.addr = &addr;
	/* The same question, now with an address: what was denied without one must still be. */
	decide(input, &query, &known);
	MUST(rules_explain(&known, buf, sizeof(buf)) < sizeof(buf));
	MUST(open.verdict != RULES_DENY || known.verdict == RULES_DENY);
	if (open.verdict == RULES_ALLOW && !rules_special(&addr, is_self, NULL, &disguised))
		MUST(known.verdict == RULES_ALLOW);
	if (rules_client_is_local(query.kind, query.client) && open.verdict == RULES_ALLOW)
		MUST(known.verdict == RULES_ALLOW);
	MUST(known.verdict != RULES_DEPENDS || query.port == 0);
	if (check_gaps(input, &query, &known, gaps))
		MUST(gaps[0].part == RULES_PART_PORT);
	if (!query.user)
		return;
	/* What no user may do, this one may not do. */
	query.user = NULL;
	query.any_user = true;
	decide(input, &query, &anybody);
	check_gaps(input, &query, &anybody, gaps);
	MUST(anybody.verdict != RULES_DENY || known.verdict == RULES_DENY);
	MUST(anybody.verdict != RULES_ALLOW || known.verdict == RULES_ALLOW);
}

/* A user name can be written into a question again, in quotes and as the log has it. */
static void write_again(const struct rules_question *question)
{
	static const char *const forms[] = { "user \"", "user=\"" };

	for (size_t i = 0; question->user[0] && i < sizeof(forms) / sizeof(*forms); i++) {
		char buf[1100];
		struct text t = TEXT_OF(buf);
		struct rules_question again;
		struct rules_error err;

		text_str(&t, forms[i]);
		text_escaped(&t, question->user, strlen(question->user));
		text_char(&t, '"');
		MUST(rules_question_parse(&host, buf, t.len, &again, &err) == 0);
		MUST(strcmp(again.user, question->user) == 0);
	}
}

static void ask_words(const struct input *input, const char *line, size_t len)
{
	struct rules_question question;
	struct rules_error err = { 0 };
	char *text = malloc(len);

	if (!text)
		abort();
	memcpy(text, line + 1, len - 1);
	if (rules_question_parse(&host, text, len - 1, &question, &err) == 0) {
		ask(input, &question);
		write_again(&question);
	} else {
		check_error(&err, text, len - 1);
	}
	free(text);
}

static void note(void *ctx, const struct rules_warning *warning)
{
	char buf[100];

	(void)ctx;
	MUST(rules_warning_format(warning, buf, sizeof(buf)) < sizeof(buf));
}

/* Every user that the rules name decides like any other. */
static void note_user(void *ctx, const struct rules_user *user)
{
	const struct input *input = ctx;
	const char *end = input->list + input->list_len;
	struct rules_decision decision;
	char name[256] = { 0 };
	const struct rules_query query = { .kind = CLIENT_LOCAL, .user = name };

	MUST(user->len > 0 && user->len < sizeof(name) && user->rule.line <= input->list_len);
	if (!user->rule.text)
		MUST(user->name >= input->list && user->name + user->len <= end);
	memcpy(name, user->name, user->len);
	rules_decide(&input->rules, &query, &decision);
}

/* Calls f for each line that begins with one of the bytes in first. */
static void each_line(struct input *input, const char *p, const char *end, const char *first,
		      void (*f)(struct input *input, const char *line, size_t len))
{
	while (p < end) {
		const char *line_end = memchr(p, '\n', (size_t)(end - p));

		if (!line_end)
			line_end = end;
		if (p < line_end && *p && strchr(first, *p))
			f(input, p, (size_t)(line_end - p));
		p = line_end + 1;
	}
}

static void add_list_line(struct input *input, const char *line, size_t len)
{
	memcpy(input->list + input->list_len, line + 1, len - 1);
	input->list_len += len - 1;
	input->list[input->list_len++] = '\n';
}

static void add_question(struct input *input, const char *line, size_t len)
{
	ask_words(input, line, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct input input = { .rules = { .host = &host }, .bare = { .host = &host } };
	const char *p = (const char *)data, *end = p + size;
	char *exact;

	current = &input;
	input.list = malloc(size + 1);
	each_line(&input, p, end, "+", add_list_line);
	exact = realloc(input.list, input.list_len ? input.list_len : 1);
	input.list = exact ? exact : input.list;
	each_line(&input, p, end, "ad", add_rule);
	each_line(&input, p, end, "?", add_question);
	rules_review(&input.rules, RULES_AUTH_NONE, note, NULL);
	rules_users(&input.rules, note_user, &input);
	rules_free(&input.rules);
	rules_free(&input.bare);
	free(input.list);
	while (input.count)
		free(input.texts[--input.count]);
	return 0;
}
