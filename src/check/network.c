/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tries --interface, --mark, --source and --port-range for --check, and the same in routes, on
 * sockets like those of a session. Sends nothing, and keeps no socket. A capability that this
 * process lacks draws a warning only, because the service may have it.
 */
#include "check/findings.h"
#include "check/leaving.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct job {
	const struct options *o;
	options_report *report;
	void *ctx;
	int status;
	const struct rules_where *rule; /* whose route is tried; NULL: none */
	bool via;			/* the route of the option via is tried */
};

static bool is_route(const struct job *job)
{
	return job->rule || job->via;
}

static int put_place(const struct job *job, const char *option, struct text *t)
{
	return leaving_put_place(job->o, job->rule, job->via ? "via" : option, t);
}

/* An address or an interface of a route may come and go, and the rest is served all the same. */
static bool may_come(const struct job *job, int err)
{
	return is_route(job) && (err == -ENODEV || err == -EADDRNOTAVAIL);
}

static void mistake(struct job *job, const char *option, const char *value, int err)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);
	bool warning = may_come(job, err);
	int status;

	text_str(&t, warning ? "warning: " : "");
	status = put_place(job, option, &t);
	text_quoted(&t, value);
	if (err == -ENODEV)
		text_str(&t, " is not an interface of this host (see ip link)");
	else if (err == -EADDRNOTAVAIL)
		text_str(&t, " is not an address of this host (see ip address)");
	else
		text_strs(&t, " can't be used: ", strerror(-err), NULL);
	text_str(&t, warning ? "; what takes this route fails until it is" : "");
	job->report(job->ctx, job->o, buf);
	if (!warning && !job->status)
		job->status = status;
}

static void warn_capability(struct job *job, const char *option, const char *capability)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	text_str(&t, "warning: ");
	put_place(job, option, &t);
	if (is_route(job))
		text_strs(&t, option, " ", NULL);
	text_strs(&t, "needs ", capability,
		  ", which --check does not have; the service gets it by ",
		  "AmbientCapabilities=", capability, " and CapabilityBoundingSet=", capability,
		  NULL);
	job->report(job->ctx, job->o, buf);
}

/* Returns 0 if a socket of this family can have the settings, or a negative errno. */
static int try(const struct net_options *net, int family)
{
	const char *step;
	int fd = net_socket(net, family, SOCK_STREAM, &step);

	if (fd < 0)
		return fd;
	close(fd);
	return 0;
}

/* Tries the interface of *net. Takes it out of *net if the sockets here can't have it. */
static void check_interface(struct job *job, struct net_options *net, bool said)
{
	const char *name = net->out.interface;
	int err = try(net, AF_INET);

	if (err >= 0)
		return;
	if (said && err == -EPERM)
		warn_capability(job, "interface", "CAP_NET_RAW");
	else if (said)
		mistake(job, "interface", name, err);
	net->out.interface[0] = '\0';
}

static void check_mark(struct job *job, uint32_t mark)
{
	const struct net_options net = { .out = { .has_mark = true, .mark = mark } };
	int err = try(&net, AF_INET);
	char buf[12];
	struct text t = TEXT_OF(buf);

	text_uint(&t, mark);
	if (err == -EPERM)
		warn_capability(job, "mark", "CAP_NET_ADMIN");
	else if (err < 0)
		mistake(job, "mark", buf, err);
}

/* A source address may belong to a VRF, so the socket is bound to the interface first. */
static void check_source(struct job *job, struct net_options net, const union endpoint *addr)
{
	char text[ADDR_TEXT_MAX];
	int err;

	if (!addr_format_host(addr, text))
		return;
	if (addr->sa.sa_family == AF_INET)
		net.out.source.ipv4 = *addr;
	else
		net.out.source.ipv6 = *addr;
	err = try(&net, addr->sa.sa_family);
	if (err < 0)
		mistake(job, "source", text, err);
}

/* Tries what a route says, with what completes it. To a unix socket no packet is sent. */
static void check_route(struct job *job, const struct route *said, const struct route *whole)
{
	struct net_options net = { 0 };

	if (whole->parent.path.at)
		return;
	memcpy(net.out.interface, whole->interface, sizeof(net.out.interface));
	if (net.out.interface[0])
		check_interface(job, &net, said->interface[0]);
	if (said->has_mark)
		check_mark(job, said->mark);
	if (!route_has_source(said) && !(said->interface[0] && net.out.interface[0]))
		return;
	check_source(job, net, &whole->source.ipv4);
	check_source(job, net, &whole->source.ipv6);
}

static void check_routes(struct job *job)
{
	const struct options *o = job->o;
	struct rules_where rule;
	struct route said, whole;

	check_route(job, &o->own, &o->own);
	if (o->via) {
		job->via = true;
		route_again(o->via, strlen(o->via), &said);
		check_route(job, &said, &o->net.out);
		job->via = false;
	}
	for (uint32_t at = 0; rules_walk(&o->rules, &at, &rule);) {
		if (!rule.route)
			continue;
		job->rule = &rule;
		route_again(rule.route, rule.route_len, &said);
		whole = said;
		route_complete(&whole, &o->net.out);
		check_route(job, &said, &whole);
	}
	job->rule = NULL;
}

/* The kernel asks for the capability before it looks whether the port is free. */
static void check_ports(struct job *job)
{
	union endpoint at;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;
	addr_parse("127.0.0.1", &at);
	addr_set_port(&at, job->o->net.port_lo);
	if (bind(fd, &at.sa, addr_len(&at)) < 0 && errno == EACCES)
		warn_capability(job, "port-range", "CAP_NET_BIND_SERVICE");
	close(fd);
}

int check_network(const struct options *o, options_report *report, void *ctx)
{
	struct job job = { .o = o, .report = report, .ctx = ctx };

	check_routes(&job);
	if (o->net.port_lo)
		check_ports(&job);
	return job.status;
}
