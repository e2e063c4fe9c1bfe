/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Why the access rules refused something: rule= and error= of the session's line, as picosocks5(8),
 * REFUSALS, explains them, and the question for --explain that tells more. Decides nothing.
 */
#ifndef END_WHY_H
#define END_WHY_H

#include "session.h"

/* Room for the words of why_words(), in which a name may stand. */
enum { WHY_MAX = 400 };

/* Notes that the rules denied this. Of several denials the first is kept, and all are counted. */
void why_note(struct session *s, const struct rules_query *query, const struct rules_decision *d);

/* Notes, in place of what was noted before, why the rules allow the client nothing at all. */
void why_client(struct session *s, bool authenticated);

/* Forgets what was noted. */
void why_forget(struct session *s);

/* Sets rule= of the session's line to the rule that denied, or to the word that stands for it. */
void why_rule(struct session *s);

/*
 * Appends why it was denied, in words. Appends nothing if the rule and the destination, which the
 * line has anyway, say it all; except if they are not in the line (alone).
 */
void why_words(const struct session *s, bool alone, struct text *t);

/*
 * Appends why datagrams of an association were lost; nothing if none were. lost is the reason
 * besides the rules, or NULL. Of the datagrams that the rules dropped, names the
 * first and counts the others: with a line for each of them a client could fill the log.
 */
void why_datagrams(struct session *s, const char *lost, struct text *t);

/* Appends "FILE:LINE" of the rule that denied, or "command-line:N"; nothing if no rule did. */
void why_place(const struct session *s, const struct rules_decision *d, struct text *t);

/*
 * Logs, at level debug, the command line that asks --explain about the denial. Logs nothing if the
 * session's line speaks of no denial.
 */
void why_question(const struct session *s);

#endif
