/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Follows the client of a question through the greeting and the login, as auth/ does with a real
 * one. way.c judges each method by which it may log in.
 */
#include "check/login.h"
#include "wire/socks5.h"

#include <string.h>

bool login_is_possible(const struct options *o)
{
	uint8_t login[OPTIONS_METHODS_MAX];

	return options_logins(o, login);
}

/* As in auth/auth.c: the method is not chosen if the rules would deny every request after it. */
static bool is_chosen(const struct options *o, const struct rules_question *question,
		      uint8_t method)
{
	bool open = method == SOCKS5_METHOD_NONE && options_is_only_tls(o);

	return (open || options_accept(o, method)) &&
	       rules_may_client(&o->rules, question->kind, &question->client,
				method != SOCKS5_METHOD_NONE);
}

static struct login no_method(void)
{
	return (struct login){ LOGIN_NO_METHOD, "the client gets 05 FF: no acceptable method" };
}

static struct login without_user(const struct options *o, const struct rules_question *question,
				 struct text *t)
{
	uint8_t login[OPTIONS_METHODS_MAX];
	size_t n = options_logins(o, login);

	if (is_chosen(o, question, SOCKS5_METHOD_NONE))
		return (struct login){ LOGIN_FINE, NULL };
	if (n && is_chosen(o, question, login[0])) {
		text_str(t, "refused: ");
		options_put_login(o, t);
		text_str(t, " is required; add `user NAME` to the question");
		return (struct login){
			LOGIN_NEEDED,
			n == 1 && login[0] == SOCKS5_METHOD_PASSWORD ?
				"a client that offers no password gets 05 FF" :
			n == 1 && login[0] == METHOD_CERTIFICATE ?
				"a client without a certificate gets 05 FF" :
				"a client that offers no such method gets 05 FF",
		};
	}
	if (n && !options_accept(o, SOCKS5_METHOD_NONE)) {
		text_str(t, "refused: ");
		options_put_login(o, t);
		text_str(t, " is required, and the rules allow no user of this client anything");
	}
	return no_method();
}

/* The method that leads furthest, with the reason. */
struct best {
	enum way_end end;
	uint8_t method;
	char reason[LOG_LINE_MAX];
};

static void try_ways(const struct options *o, const char *user, struct login_memory *memory,
		     struct best *ret)
{
	uint8_t login[OPTIONS_METHODS_MAX];
	size_t n = options_logins(o, login);

	for (size_t i = 0; i < n; i++) {
		char buf[LOG_LINE_MAX];
		struct text t = TEXT_OF(buf);
		enum way_end end = way_judge(o, login[i], user, memory, &t);

		if (i && end >= ret->end)
			continue;
		ret->end = end;
		ret->method = login[i];
		memcpy(ret->reason, buf, sizeof(buf));
	}
}

static struct login with_user(const struct options *o, const struct rules_question *question,
			      struct login_memory *memory, struct text *t)
{
	struct best best = { .end = WAY_FINE };

	try_ways(o, question->user, memory, &best);
	if (best.end == WAY_FINE)
		return (struct login){ LOGIN_FINE, NULL };
	text_strs(t, best.end == WAY_UNCHECKED ? "" : "refused: ", best.reason, NULL);
	if (best.end == WAY_UNCHECKED)
		return (struct login){ LOGIN_UNCHECKED, NULL };
	return (struct login){ LOGIN_WRONG, way_refusal(best.method) };
}

struct login login_judge(const struct options *o, const struct rules_question *question,
			 struct login_memory *memory, struct text *t)
{
	uint8_t login[OPTIONS_METHODS_MAX];

	if (!question->user[0])
		return without_user(o, question, t);
	if (!options_logins(o, login)) {
		text_strs(t, "refused: no client gets a user name, because auth lists only the ",
			  o->n_methods > 1 ? "methods " : "method ", NULL);
		options_put_methods(o->methods, o->n_methods, " and ", t);
		return no_method();
	}
	if (!is_chosen(o, question, login[0]))
		return no_method();
	return with_user(o, question, memory, t);
}

/* Appends the reason if the user is not let in by the i-th method. Returns true if it is. */
static bool lets_in(const struct options *o, const char *user, struct login_memory *memory,
		    uint8_t i, struct text *t)
{
	return o->methods[i] != SOCKS5_METHOD_NONE && o->methods[i] != SOCKS5_METHOD_SSL &&
	       way_judge(o, o->methods[i], user, memory, t) <= WAY_UNCHECKED;
}

/* Returns the first such method, from the i-th on; n_methods: none. */
static uint8_t next_way(const struct options *o, const char *user, struct login_memory *memory,
			uint8_t i)
{
	char buf[LOG_LINE_MAX];
	struct text unwanted = TEXT_OF(buf);

	while (i < o->n_methods && !lets_in(o, user, memory, i, &unwanted))
		i++;
	return i;
}

/* The same, but passes over certificate: a client may have none. */
static uint8_t next_offer(const struct options *o, const char *user, struct login_memory *memory)
{
	uint8_t i = next_way(o, user, memory, 0);

	if (i < o->n_methods && o->methods[i] == METHOD_CERTIFICATE)
		i = next_way(o, user, memory, (uint8_t)(i + 1));
	return i;
}

/* Returns true if the i-th method stands behind tls, and so is accepted inside TLS only. */
static bool is_behind_tls(const struct options *o, uint8_t i)
{
	return memchr(o->methods, SOCKS5_METHOD_SSL, i);
}

/* "the client logs in by chap if it offers that, else by password" */
static bool put_choice(const struct options *o, const char *user, struct login_memory *memory,
		       uint8_t first, struct text *t)
{
	uint8_t i = next_way(o, user, memory, (uint8_t)(first + 1));
	bool all_inside = is_behind_tls(o, next_offer(o, user, memory));

	if (i == o->n_methods)
		return false;
	text_str(t, "the client logs in by ");
	options_put_method(o->methods[first], t);
	text_str(t,
		 o->methods[first] == METHOD_CERTIFICATE ? " if it has one" : " if it offers that");
	for (; i < o->n_methods; i = next_way(o, user, memory, (uint8_t)(i + 1))) {
		text_str(t, ", else by ");
		options_put_method(o->methods[i], t);
		if (!all_inside && is_behind_tls(o, i) && o->methods[i] != METHOD_CERTIFICATE)
			text_str(t, " inside TLS");
	}
	return true;
}

/* A client that has logged in by its certificate keeps its name, also with the method none. */
static bool put_nameless(const struct options *o, const struct rules_question *question,
			 struct login_memory *memory, uint8_t none, struct text *t)
{
	uint8_t offer = next_offer(o, question->user, memory);

	if (offer == o->n_methods || none > offer || !is_chosen(o, question, SOCKS5_METHOD_NONE))
		return false;
	text_strs(t, "but a client ",
		  options_accept(o, METHOD_CERTIFICATE) ? "without a certificate " : "",
		  "that also offers the method none is not asked for its name, because auth lists "
		  "none ",
		  none ? "before " : "first", NULL);
	if (none)
		options_put_method(o->methods[offer], t);
	return true;
}

bool login_note(const struct options *o, const struct rules_question *question,
		struct login_memory *memory, uint8_t i, struct text *t)
{
	uint8_t first = next_way(o, question->user, memory, 0);

	if (first == o->n_methods || o->methods[i] == SOCKS5_METHOD_SSL)
		return false;
	if (o->methods[i] == SOCKS5_METHOD_NONE)
		return put_nameless(o, question, memory, i, t);
	if (i == first)
		return put_choice(o, question->user, memory, first, t);
	if (i > first)
		return false;
	text_str(t, "but a client that offers ");
	options_put_method(o->methods[i], t);
	text_str(t, " gets that, and ");
	lets_in(o, question->user, memory, i, t);
	return true;
}

/* Returns the method that the client uses if it has no certificate; n_methods: none of the list. */
static uint8_t offer_of(const struct options *o, const char *user, struct login_memory *memory)
{
	const uint8_t *none;

	if (user[0])
		return next_offer(o, user, memory);
	none = memchr(o->methods, SOCKS5_METHOD_NONE, o->n_methods);
	return none ? (uint8_t)(none - o->methods) : o->n_methods;
}

bool login_note_tls(const struct options *o, const struct rules_question *question,
		    struct login_memory *memory, struct text *t)
{
	static const char inside[] = "the client gets this inside TLS only, because ";
	uint8_t offer = offer_of(o, question->user, memory);

	if (o->tls.only) {
		text_strs(t, inside, "tls-only is set", NULL);
		return true;
	}
	if (options_is_only_tls(o)) {
		text_strs(t, inside, "auth lists only tls", NULL);
		return true;
	}
	if (offer == o->n_methods || !is_behind_tls(o, offer))
		return false;
	text_strs(t, inside, "auth lists tls before ", NULL);
	options_put_method(o->methods[offer], t);
	return true;
}
