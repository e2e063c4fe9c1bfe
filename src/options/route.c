/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The option via, and what it, the rules' routes and the other options say together. Judges who may
 * read a file with the password of a parent. Opens nothing; rules/route.c reads the routes.
 */
#include "options/reader.h"
#include "options/value.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static COLD_CODE bool wrong(const struct setting *s, const struct rules_error *mistake)
{
	char buf[1024];

	if (strpbrk(s->value, " \t")) {
		text_str(s->why, "expected a route without blanks");
		return false;
	}
	rules_error_format(mistake, buf, sizeof(buf));
	text_str(s->why, buf);
	return false;
}

static bool set_via(const struct setting *s, const struct option_row *row)
{
	struct rules_error mistake;
	struct route route;

	if (route_parse(s->value, strlen(s->value), NULL, 0, &route, &mistake) < 0)
		return wrong(s, &mistake);
	s->o->via = s->value;
	s->o->via_origin = s->origin;
	if (route.parent.password.at)
		options_check_password(s->reader, s->origin, row->name);
	return true;
}

static void show_via(const struct options *o, const struct option_row *row, struct text *t)
{
	(void)row;
	if (o->via)
		route_mask(t, o->via, strlen(o->via), route_password(o->via, strlen(o->via)));
}

const struct option_type type_via = { .set = set_via, .show = show_via };

/* Appends how to give the file to the proxy's group, and to close it to others if mode is set. */
static void put_remedy(const struct option_reader *r, bool mode, struct text *t)
{
	const char *group = r->o->check.group;

	if (group)
		text_strs(t, "run ", mode ? "`chmod 640` and " : "", "`chgrp ", group, "` on it",
			  NULL);
	else
		text_strs(t, mode ? "run `chmod 640` on it and " : "",
			  "give it to the proxy's group with chgrp", NULL);
}

/* Appends who else may read the file, and what to do. Returns false if nobody else may. */
static bool put_readers(const struct option_reader *r, struct text *t)
{
	static const char line[] = ", and this line has the password of a parent: ";
	const struct file_rights *f = &r->rights;
	/* Who asks --explain or --hash, or runs --check as any user, is not the proxy's user. */
	bool known = r->o->mode == MODE_SERVE || r->o->check.user;

	if (f->mode & S_IROTH) {
		text_strs(t, "everybody may read this file", line, NULL);
		put_remedy(r, true, t);
	} else if (known && f->uid != 0 && f->uid != geteuid()) {
		text_strs(t, "this file belongs to another user than root and the proxy's", line,
			  "run `chown root` on it", NULL);
	} else if (known && f->mode & S_IRGRP && f->gid != 0 && f->gid != getegid()) {
		text_strs(t, "a group other than the proxy's may read this file", line, NULL);
		put_remedy(r, false, t);
	} else {
		return false;
	}
	return true;
}

void options_check_password(struct option_reader *r, struct origin origin, const char *name)
{
	char buf[LOG_LINE_MAX / 2];
	struct text t = TEXT_OF(buf);

	if (!origin.file) {
		option_mistake(
			r, origin, name,
			"every user of this host can see the password of a parent on a command "
			"line: write the option into a configuration file that only root "
			"and the proxy's group may read (chmod 640)");
	} else if (origin.file != r->told && put_readers(r, &t)) {
		r->told = origin.file;
		option_mistake(r, origin, name, buf);
	}
}

/* Returns why a part of the route can never be used, or NULL. */
static const char *never_used(const struct route *r)
{
	bool ipv4 = r->source.ipv4.sa.sa_family, ipv6 = r->source.ipv6.sa.sa_family;

	if (r->parent.path.at)
		return NULL;
	if (r->family == FAMILY_IPV4 && ipv6 && !ipv4)
		return "family is ipv4, so this IPv6 address is never used: write an IPv4 address, "
		       "or another family";
	if (r->family == FAMILY_IPV6 && ipv4 && !ipv6)
		return "family is ipv6, so this IPv4 address is never used: write an IPv6 address, "
		       "or another family";
	return NULL;
}

/*
 * An address that is never used, or a socket that is not asked for, means that connections leave in
 * another way than intended.
 */
static const char *judge(const struct route *said, const struct route *whole)
{
	if (whole->parent.path.at && !said->parent.path.at &&
	    (route_has_source(said) || said->interface[0] || said->has_mark))
		return "the option via leads to a unix socket, to which no packet is sent, so the "
		       "address, same, interface or mark is never used: add direct, or another "
		       "parent";
	return never_used(whole);
}

/* Reports the mistake behind the rule, because a command line may have several. */
static COLD_CODE void report(struct option_reader *r, const struct rules_where *rule,
			     const char *why)
{
	struct origin origin = { .file = rule->file, .line = rule->line };
	char shown[LOG_LINE_MAX / 4], buf[LOG_LINE_MAX];
	struct text s = TEXT_OF(shown), t = TEXT_OF(buf);

	route_mask(&s, rule->text, rule->text_len, route_password(rule->route, rule->route_len));
	text_quoted_bytes(&t, shown, s.len, sizeof(shown) / 2);
	text_strs(&t, ": ", why, NULL);
	option_mistake(r, origin, "allow", buf);
}

static void judge_rule(struct option_reader *r, const struct rules_where *rule)
{
	struct route said, whole;
	const char *why;

	route_again(rule->route, rule->route_len, &said);
	/* If it says neither, the options have been judged. */
	if (!route_has_source(&said) && !said.interface[0] && !said.has_mark && !said.has_family)
		return;
	whole = said;
	route_complete(&whole, &r->o->net.out);
	why = judge(&said, &whole);
	if (why)
		report(r, rule, why);
}

void options_complete_route(struct option_reader *r)
{
	struct options *o = r->o;
	struct rules_where rule;
	const char *why;

	why = never_used(&o->own);
	if (why)
		option_mistake(r, o->source_origin, "source", why);
	if (!o->via) {
		o->net.out = o->own;
	} else {
		route_again(o->via, strlen(o->via), &o->net.out);
		route_complete(&o->net.out, &o->own);
		why = why ? NULL : never_used(&o->net.out);
		if (why)
			option_mistake(r, o->via_origin, "via", why);
	}
	if (!o->rules.routes)
		return;
	for (uint32_t at = 0; rules_walk(&o->rules, &at, &rule);)
		if (rule.route)
			judge_rule(r, &rule);
}
