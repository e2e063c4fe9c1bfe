/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A question while it is answered: what is asked of the rules, and the lines of the answer. */
#include "check/asking.h"
#include "net/self.h"

void asking_say(struct asking *a, enum answer_kind kind, const char *about, const char *text)
{
	const struct answer_line line = { .kind = kind, .about = about, .text = text };

	a->say(a->ctx, &line);
}

void asking_verdict(struct asking *a, enum rules_verdict verdict, const char *about,
		    const char *text)
{
	const struct answer_line line = { ANSWER_ADDRESS, verdict, about, text };

	a->seen[verdict] = true;
	a->say(a->ctx, &line);
}

struct rules_query asking_query(const struct asking *a, const union endpoint *addr)
{
	const struct rules_question *question = a->question;

	return (struct rules_query){
		.kind = question->kind,
		.client = &question->client,
		.user = question->user[0] ? question->user : NULL,
		.command = question->command,
		.name = question->dest.name,
		.addr = addr,
		.port = question->dest.port,
		.is_self = self_is,
		.ctx = &a->o->net,
	};
}

bool asking_has_destination(const struct asking *a)
{
	const struct dest *dest = &a->question->dest;

	if (a->question->command & (RULES_BIND | RULES_UDP) && addr_is_unspecified(&dest->addr))
		return false;
	return dest->name[0] || dest->addr.sa.sa_family != AF_UNSPEC;
}
