/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Answers one question: follows the login, then the rules, and says what the client gets. Writes
 * nothing itself.
 */
#include "check/answer.h"
#include "check/asking.h"
#include "check/leaving.h"

/*
 * Is it a datagram that is denied? The association stands if any could be allowed. If it does not,
 * sets the reply.
 */
static bool is_dropped(struct asking *a)
{
	if (a->question->command != RULES_UDP || !asking_has_destination(a))
		return false;
	a->reply = leaving_refuses_datagrams(a->o, asking_query(a, NULL));
	return !a->reply;
}

static const char *outcome(int reply)
{
	switch (reply) {
	case 1:
		return "the client gets reply 1: general failure";
	case 4:
		return "the client gets reply 4: host unreachable";
	case 7:
		return "the client gets reply 7: command not supported";
	case 8:
		return "the client gets reply 8: address type not supported";
	default:
		return "the client gets reply 2: not allowed";
	}
}

/* Says what the client gets if it gets nothing. */
static void say_outcome(struct asking *a, const struct login *login)
{
	if (login->gets)
		asking_say(a, ANSWER_NOTE, NULL, login->gets);
	else if (is_dropped(a))
		asking_say(a, ANSWER_NOTE, NULL, "the datagram is dropped");
	else if (a->undecided || a->reply || !a->seen[RULES_DEPENDS])
		asking_say(a, ANSWER_NOTE, NULL, outcome(a->undecided ? 1 : a->reply));
}

/* Says which rule may allow a user what the client without a name is denied. */
static void say_user(struct asking *a)
{
	char rule[LOG_LINE_MAX], buf[LOG_LINE_MAX + 100];
	struct text t = TEXT_OF(buf);

	text_str(&t, "a user may be allowed: add `user NAME` to the question");
	if (a->user_rule.text) {
		rules_where_format(&a->user_rule, rule, sizeof(rule));
		text_strs(&t, "; ", rule, " asks for it", NULL);
	}
	asking_say(a, ANSWER_NOTE, NULL, buf);
}

/* Says what depends on the methods that the client offers, if it is let in. */
static void say_methods(struct asking *a, struct login_memory *memory)
{
	char inside[LOG_LINE_MAX];
	struct text tls = TEXT_OF(inside);

	for (uint8_t i = 0; a->question->user[0] && i < a->o->n_methods; i++) {
		char buf[LOG_LINE_MAX];
		struct text t = TEXT_OF(buf);

		if (login_note(a->o, a->question, memory, i, &t))
			asking_say(a, ANSWER_NOTE, NULL, buf);
	}
	if (login_note_tls(a->o, a->question, memory, &tls))
		asking_say(a, ANSWER_NOTE, NULL, inside);
}

static enum rules_verdict verdict_of(const struct asking *a, enum login_end login)
{
	if (login >= LOGIN_NO_METHOD)
		return RULES_DENY;
	if (a->seen[RULES_ALLOW])
		return RULES_ALLOW;
	return a->seen[RULES_DEPENDS] ? RULES_DEPENDS : RULES_DENY;
}

enum rules_verdict answer_question(const struct options *o, const struct rules_question *question,
				   struct login_memory *memory, answer_say *say, void *ctx)
{
	struct asking a = { .o = o, .question = question, .say = say, .ctx = ctx };
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);
	struct login login = login_judge(o, question, memory, &t);
	enum rules_verdict verdict;

	if (login.end != LOGIN_NEEDED)
		asking_rules(&a);
	if (t.len)
		asking_say(&a, login.end == LOGIN_UNCHECKED ? ANSWER_UNCHECKED : ANSWER_LOGIN,
			   a.seen[RULES_ALLOW] ? "but" : NULL, buf);
	verdict = verdict_of(&a, login.end);
	if (verdict == RULES_ALLOW)
		say_methods(&a, memory);
	if (verdict == RULES_DENY && login.end == LOGIN_FINE && a.user_may)
		say_user(&a);
	if (verdict != RULES_ALLOW)
		say_outcome(&a, &login);
	return verdict;
}
