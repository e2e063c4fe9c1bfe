/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks the rules the question that a session would ask, about the same addresses, and prints the
 * answers. Looks names up, but never connects.
 */
#include "check/explain.h"
#include "net/resolve.h"
#include "net/self.h"
#include "base/wait.h"
#include "wire/socks5.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void print_decision(const struct options *o, const char *what, const union endpoint *addr)
{
	const struct rules_question *question = &o->question;
	const struct rules_query query = {
		.kind = question->kind,
		.client = &question->client,
		.user = question->user[0] ? question->user : NULL,
		.command = question->command,
		.name = question->dest.name,
		.addr = addr,
		.port = question->dest.port,
		.is_self = self_is,
		.ctx = &o->net,
	};
	struct rules_decision decision;
	char sentence[LOG_LINE_MAX];

	rules_decide(&o->rules, &query, &decision);
	rules_explain(&decision, sentence, sizeof(sentence));
	printf("%s: %s%s%s\n", what, sentence, decision.err ? ": " : "",
	       decision.err ? strerror(-decision.err) : "");
}

/* Is the destination known? The unspecified address of BIND and UDP ASSOCIATE stands for any. */
static bool is_known(const struct rules_question *question)
{
	const struct dest *dest = &question->dest;

	if (question->command & (RULES_BIND | RULES_UDP) && addr_is_unspecified(&dest->addr))
		return false;
	return dest->name[0] || dest->addr.sa.sa_family != AF_UNSPEC;
}

static void print_addresses(const struct options *o)
{
	struct dest dest = o->question.dest;
	struct candidates found = { .n = 0 };
	const char *why = NULL;
	char text[ADDR_TEXT_MAX];
	int err = resolve_dest(&dest, o->net.family, -1, wait_deadline(o->connect_timeout_ms),
			       &found, &why);

	if (err == -EAFNOSUPPORT) {
		puts("denied: --family excludes addresses of this family");
	} else if (err < 0) {
		printf("no address: %s\n", why ? why : strerror(-err));
		print_decision(o, "any address", NULL);
	}
	for (size_t i = 0; !err && i < found.n; i++) {
		addr_format_host(&found.addr[i], text);
		print_decision(o, text, &found.addr[i]);
	}
}

/* Tells if --auth serves no such client at all, whatever the rules allow. */
static void print_method(const struct options *o)
{
	bool none = memchr(o->methods, SOCKS5_METHOD_NONE, o->n_methods);

	if (!o->question.user[0] && !none)
		puts("but without a user name no client is served: --auth lacks `none`");
	else if (o->question.user[0] && none && o->n_methods == 1)
		puts("but no client gets a user name: --auth has only `none`");
}

int explain(const struct options *o)
{
	if (is_known(&o->question))
		print_addresses(o);
	else
		print_decision(o, "a destination not known yet", NULL);
	print_method(o);
	return fflush(stdout) || ferror(stdout) ? -EIO : 0;
}
