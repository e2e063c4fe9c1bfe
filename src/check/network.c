/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tries --interface, --mark, --source and --port-range for --check, on sockets like those of a
 * session. Sends nothing, and keeps no socket. A capability that this process lacks draws a
 * warning only, because the service may have it.
 */
#include "check/findings.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

struct job {
	const struct options *o;
	options_report *report;
	void *ctx;
	int status;
};

static void mistake(struct job *job, const char *option, const char *value, int err)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);
	int status = options_place(job->o, option, &t);

	text_quoted(&t, value);
	if (err == -ENODEV)
		text_str(&t, " is not an interface of this host (see ip link)");
	else if (err == -EADDRNOTAVAIL)
		text_str(&t, " is not an address of this host (see ip address)");
	else
		text_strs(&t, " can't be used: ", strerror(-err), NULL);
	job->report(job->ctx, job->o, buf);
	if (!job->status)
		job->status = status;
}

static void warn_capability(struct job *job, const char *option, const char *capability)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	text_str(&t, "warning: ");
	options_place(job->o, option, &t);
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

static void check_interface(struct job *job, struct net_options *ret)
{
	const char *name = job->o->net.out.interface;
	struct net_options net = { 0 };
	int err;

	memcpy(net.out.interface, name, sizeof(net.out.interface));
	err = try(&net, AF_INET);
	if (err == -EPERM)
		warn_capability(job, "interface", "CAP_NET_RAW");
	else if (err < 0)
		mistake(job, "interface", name, err);
	else
		*ret = net;
}

static void check_mark(struct job *job)
{
	const struct net_options net = { .out = { .has_mark = true, .mark = job->o->net.out.mark } };
	int err = try(&net, AF_INET);
	char buf[12];
	struct text t = TEXT_OF(buf);

	text_uint(&t, net.out.mark);
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
	struct net_options net = { 0 };

	if (o->net.out.interface[0])
		check_interface(&job, &net);
	if (o->net.out.has_mark)
		check_mark(&job);
	check_source(&job, net, &o->net.out.source.ipv4);
	check_source(&job, net, &o->net.out.source.ipv6);
	if (o->net.port_lo)
		check_ports(&job);
	return job.status;
}
