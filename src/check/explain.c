/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prints the answer to one question, line by line. Leaves a file of questions to questions.c. */
#include "check/explain.h"
#include "check/answer.h"
#include "check/questions.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>

/*
 * A line about an address or its route is "ADDRESS: SENTENCE", one about the login "SENTENCE" or
 * "but SENTENCE".
 */
static void print(void *ctx, const struct answer_line *line)
{
	bool address = line->kind == ANSWER_ADDRESS || line->kind == ANSWER_ROUTE;
	const char *mark = address ? ": " : " ";
	const bool *quiet = ctx;

	if (!*quiet)
		printf("%s%s%s\n", line->about ? line->about : "", line->about ? mark : "",
		       line->text);
}

int explain(const struct options *o, struct client *client)
{
	struct login_memory memory = { .user = "" };
	/* A client would take the text for an answer of the proxy. */
	bool quiet = client->stream.is_socket;
	int status;

	if (o->questions)
		status = questions_run(o, client, quiet);
	else
		status = answer_question(o, o->question, &memory, print, &quiet) != RULES_ALLOW;
	return fflush(stdout) || ferror(stdout) ? EX_OSERR : status;
}
