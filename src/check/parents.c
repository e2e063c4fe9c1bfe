/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tries the parents of routes for --check, with the rights of the service's user: looks their names
 * up, and connects to their unix sockets. That a parent does not run is a warning only, because it
 * may start later than the proxy. Puts no request to a parent, and no password.
 */
#include "check/findings.h"
#include "check/leaving.h"
#include "check/socket.h"
#include "base/cold.h"
#include "base/text.h"
#include "base/wait.h"
#include "net/parent.h"
#include "net/resolve.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct job {
	const struct options *o;
	options_report *report;
	void *ctx;
	const struct rules_where *rule; /* NULL: the option via */
	int status;
};

/* Appends what is wrong with the socket. Returns 0 or a negative errno. */
static int try_path(const struct options *o, const struct route_text *path, struct text *t)
{
	char name[108] = { 0 };
	struct stat st;
	int fd;

	memcpy(name, path->at, path->len);
	if (stat(name, &st) == 0 && !S_ISSOCK(st.st_mode))
		fd = -ENOTSOCK;
	else
		fd = parent_dial_path(path, -1, 0);
	if (fd >= 0)
		close(fd);
	/* A full backlog is that of a parent which is busy. */
	if (fd >= 0 || fd == -ETIMEDOUT)
		return 0;
	text_escaped(t, name, path->len);
	text_str(t, ": ");
	if (fd == -ENOTSOCK)
		text_str(t, "it is not a socket");
	else if (fd == -EACCES)
		socket_put_no_right(o, "the socket or of its folder", "for Tor on Debian",
				    "debian-tor", t);
	else
		text_str(t, strerror(-fd));
	if (socket_is_absent(fd))
		text_str(t, "; clients get reply 1 until the parent runs");
	return fd;
}

/* The names that could not be looked up, because each may take as long as connect-timeout. */
enum { TRIED_MAX = 16 };
COLD struct check_tried_name {
	const char *at;
	size_t len;
	const char *why; /* NULL: it was found */
} check_tried_names[TRIED_MAX];

static struct check_tried_name *recall(const struct route_text *host)
{
	struct check_tried_name *n = check_tried_names;

	while (n < check_tried_names + TRIED_MAX && n->at &&
	       (n->len != host->len || memcmp(n->at, host->at, n->len) != 0))
		n++;
	return n < check_tried_names + TRIED_MAX ? n : NULL;
}

/* Looks the host up, once for all routes that name it. Returns 0 or a negative errno. */
static int look_up(const struct options *o, const struct route *r, const char **why)
{
	const struct route_text *host = &r->parent.host;
	struct check_tried_name *known = recall(host);
	struct candidates found;
	struct dest dest;
	int err;

	addr_from_name((const uint8_t *)host->at, host->len, r->parent.port, &dest);
	if (dest.addr.sa.sa_family == AF_UNSPEC && known && known->at) {
		*why = known->why;
		return known->why ? -ENOENT : 0;
	}
	err = resolve_dest(&dest, r->family, -1, wait_deadline(o->connect_timeout_ms), &found, why);
	if (err && !*why)
		*why = strerror(-err);
	if (known)
		*known = (struct check_tried_name){ host->at, host->len, err ? *why : NULL };
	return err;
}

static int try_host(const struct options *o, const struct route *r, struct text *t)
{
	const char *why = NULL;
	int err = look_up(o, r, &why);

	if (!err)
		return 0;
	text_str(t, "the parent ");
	text_quoted_bytes(t, r->parent.host.at, r->parent.host.len, 255);
	if (err == -EAFNOSUPPORT)
		text_str(t, " is never used, because family excludes its address: write another "
			    "family");
	else
		text_strs(t, " can't be looked up: ", why,
			  "; clients get reply 1 until its name has an address", NULL);
	return err;
}

/* Tries the parent that a route says, with the family that completes it. */
static void check_parent(struct job *job, const struct route *r)
{
	char buf[LOG_LINE_MAX], reason[LOG_LINE_MAX / 2];
	struct text t = TEXT_OF(buf), why = TEXT_OF(reason);
	int err = r->parent.path.at ? try_path(job->o, &r->parent.path, &why) :
				      try_host(job->o, r, &why);
	bool warning = r->parent.path.at ? socket_is_absent(err) : err != -EAFNOSUPPORT;
	int status;

	if (!err)
		return;
	if (warning)
		text_str(&t, "warning: ");
	status = leaving_put_place(job->o, job->rule, "via", &t);
	text_str(&t, reason);
	job->report(job->ctx, job->o, buf);
	if (!warning && !job->status)
		job->status = status;
}

int check_parents(const struct options *o, options_report *report, void *ctx)
{
	struct job job = { .o = o, .report = report, .ctx = ctx };
	struct rules_where rule;
	struct route route;

	if (route_has_parent(&o->net.out))
		check_parent(&job, &o->net.out);
	for (uint32_t at = 0; rules_walk(&o->rules, &at, &rule);) {
		if (!rule.route)
			continue;
		route_again(rule.route, rule.route_len, &route);
		if (!route_has_parent(&route))
			continue;
		job.rule = &rule;
		route_complete(&route, &o->net.out);
		check_parent(&job, &route);
	}
	return job.status;
}
