/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Warnings of --check about settings that are legal: those without effect beside others, those that
 * open more than they seem to, and files that others may change. Nothing here is a mistake.
 */
#include "check/findings.h"
#include "base/file.h"
#include "log/libsystemd.h"
#include "base/text.h"
#include "wire/socks5.h"

#include <string.h>

/* Is a peer at this address, or one without a known address (NULL), a load balancer? */
static bool is_balancer(const struct options *o, const char *text)
{
	union endpoint addr = { 0 };
	const struct rules_query query = {
		.kind = text ? CLIENT_INTERNET : CLIENT_UNKNOWN,
		.client = &addr,
	};
	struct rules_decision d;

	if (text)
		addr_parse(text, &addr);
	return rules_decide(&o->balancers, &query, &d) == RULES_ALLOW;
}

/* Looks at the first and the last address: one NET, or two halves, can hold both and all others. */
static bool everybody_is_balancer(const struct options *o)
{
	if (!o->balancers.count)
		return false;
	return is_balancer(o, NULL) ||
	       (is_balancer(o, "0.0.0.0") && is_balancer(o, "255.255.255.255")) ||
	       (is_balancer(o, "::") && is_balancer(o, "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"));
}

static void warn_files(const struct options *o, options_report *report, void *ctx)
{
	const char *path;

	for (size_t i = 0; (path = file_loose(i)); i++) {
		char buf[LOG_LINE_MAX];
		struct text t = TEXT_OF(buf);

		text_str(&t, "warning: ");
		text_escaped(&t, path, strlen(path));
		text_str(&t, ": others may write this file and so decide who is let in "
			     "(chown root, chmod go-w)");
		report(ctx, o, buf);
	}
}

static void warn_not_tried(const struct options *o, options_report *report, void *ctx)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	text_strs(&t, "warning: ", o->check.not_tried, NULL);
	report(ctx, o, buf);
}

void check_warn(const struct options *o, options_report *report, void *ctx, const char *option,
		const char *words)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	text_str(&t, "warning: ");
	options_place(o, option, &t);
	text_str(&t, words);
	report(ctx, o, buf);
}

/* Returns true if a client may do something without a name, or with that of its certificate. */
static bool may_be_silent(const struct options *o)
{
	return options_accept(o, SOCKS5_METHOD_NONE) || options_accept(o, METHOD_CERTIFICATE) ||
	       options_is_only_tls(o);
}

/*
 * Returns true if clients that could log in are not asked to, because they offer the method none
 * too, and it stands first, and the rules allow something to everybody without a name.
 */
static bool is_none_in_the_way(const struct options *o)
{
	uint8_t login[OPTIONS_METHODS_MAX];
	bool others = options_logins(o, login) > (options_accept(o, METHOD_CERTIFICATE) ? 1 : 0);

	return o->methods[0] == SOCKS5_METHOD_NONE && others && o->rules.count &&
	       rules_may_client(&o->rules, CLIENT_UNKNOWN, NULL, false);
}

/* Warns of methods before tls, with which clients do without it, and of a tls that is never used.
 */
static void warn_tls(const struct options *o, options_report *report, void *ctx)
{
	const uint8_t *tls = memchr(o->methods, SOCKS5_METHOD_SSL, o->n_methods);
	size_t before = tls ? (size_t)(tls - o->methods) : 0;

	if (tls && o->tls.only && o->n_methods > 1)
		check_warn(o, report, ctx, "auth",
			   "the method tls is never used, because with tls-only TLS begins "
			   "before the methods; leave it out");
	if (!before || o->tls.only)
		return;
	if (memchr(o->methods, SOCKS5_METHOD_PASSWORD, before))
		check_warn(o, report, ctx, "auth",
			   "passwords are accepted in the clear, because password stands before "
			   "tls; list tls first");
	else if (memchr(o->methods, SOCKS5_METHOD_NONE, before) && !is_none_in_the_way(o))
		check_warn(o, report, ctx, "auth",
			   "most clients also offer none, and get it without TLS, because none "
			   "stands before tls; list tls first");
}

/* Returns true if a rule leads past the parent of the option via. */
static bool leads_elsewhere(const struct options *o)
{
	struct rules_where rule;
	struct route route;

	for (uint32_t at = 0; rules_walk(&o->rules, &at, &rule);) {
		if (!rule.route)
			continue;
		route_again(rule.route, rule.route_len, &route);
		if (route.parent.kind != PARENT_UNSAID && !route.parent.path.at)
			return true;
	}
	return false;
}

/* Warns of options whose place via takes, and of those that do nothing at a unix socket. */
static void warn_via(const struct options *o, options_report *report, void *ctx)
{
	const struct route *own = &o->own;
	struct route via;
	bool path;

	if (!o->via)
		return;
	route_again(o->via, strlen(o->via), &via);
	path = via.parent.path.at && !leads_elsewhere(o);
	const struct {
		const char *option;
		bool given, replaced, packets;
	} row[] = {
		{ "source", route_has_source(own), route_has_source(&via), true },
		{ "interface", own->interface[0], via.interface[0], true },
		{ "mark", own->has_mark, via.has_mark, true },
		{ "family", own->has_family, via.has_family, false },
		{ "rate", own->rate, via.rate, false },
	};
	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		if (row[i].given && row[i].replaced)
			check_warn(o, report, ctx, row[i].option,
				   "it has no effect, because via says something else in its "
				   "place");
		else if (row[i].given && row[i].packets && path)
			check_warn(o, report, ctx, row[i].option,
				   "it has no effect, because via leads to a unix socket, to "
				   "which no packet is sent");
	}
}

void check_settings(const struct options *o, options_report *report, void *ctx)
{
	if (o->check.not_tried)
		warn_not_tried(o, report, ctx);
	if (o->socks4 && !may_be_silent(o))
		check_warn(o, report, ctx, "socks4",
			   "it has no effect, because auth does not list the method none");
	if (o->http && !may_be_silent(o) && !options_accept(o, SOCKS5_METHOD_PASSWORD))
		check_warn(o, report, ctx, "http",
			   "every request gets status 403, because auth lists neither the method "
			   "password nor none");
	if (is_none_in_the_way(o))
		check_warn(
			o, report, ctx, "auth",
			"most clients also offer none, and get it because it stands first, so they "
			"never log in; list none last");
	warn_tls(o, report, ctx);
	warn_via(o, report, ctx);
	if (everybody_is_balancer(o))
		check_warn(o, report, ctx, "proxy-protocol",
			   "every host that reaches the proxy may claim any client address, even "
			   "a local one; list only your load balancers");
	if (o->log == LOG_SINK_JOURNAL && !libsystemd_load())
		check_warn(o, report, ctx, "log",
			   "the journal gets lines without fields, because libsystemd.so.0 can't "
			   "be loaded");
	if (o->tls.files.clients && !options_accept(o, METHOD_CERTIFICATE))
		check_warn(o, report, ctx, "tls-clients",
			   "a certificate logs nobody in, because auth does not list the method "
			   "certificate");
	warn_files(o, report, ctx);
}
