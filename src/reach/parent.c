/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * CONNECT through a parent: finds it, connects to it, and asks it for the destination. The rules
 * judge the destination, and never the parent.
 */
#include "reach/reach.h"
#include "base/cold.h"
#include "base/wait.h"
#include "end/end.h"
#include "end/reply.h"
#include "net/dial.h"
#include "net/parent.h"
#include "net/reached.h"
#include "reach/loop.h"
#include "reach/route.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Static, because the record has it to the end. */
COLD char reach_parent_url[300];

/* "socks5://192.0.2.1:1080", or "socks5:/run/tor/socks": without user and password. */
static const char *format(const struct parent *p)
{
	struct text t = TEXT_OF(reach_parent_url);
	bool brackets = p->host.len && memchr(p->host.at, ':', p->host.len);

	text_str(&t, p->kind == PARENT_HTTP ? "http:" : "socks5:");
	if (p->path.at) {
		text_bytes(&t, p->path.at, p->path.len);
		return reach_parent_url;
	}
	text_str(&t, brackets ? "//[" : "//");
	text_bytes(&t, p->host.at, p->host.len);
	text_str(&t, brackets ? "]:" : ":");
	text_uint(&t, p->port);
	return reach_parent_url;
}

/* Logs the parent of the option via; that of a rule is in the rule, which was logged. */
static COLD_CODE void tell(const struct session *s)
{
	if (route_same_parent(&s->net->out, &s->opt->net.out))
		log_strs(s->log, LOG_DEBUG, "route: the option via: ", s->rec.via, NULL);
}

/* Ends the session. The client's HTTP gets 502 for a parent that is of no use. */
static _Noreturn void useless(struct session *s, enum record_end end, const char *why)
{
	char error[500];
	struct text t = TEXT_OF(error);
	bool late = end == END_TIMEOUT;

	text_strs(&t, "the parent ", s->rec.via, ": ", why, NULL);
	s->http.status = late ? 504 : 502;
	end_refused(s, late ? SOCKS5_REP_TTL_EXPIRED : SOCKS5_REP_GENERAL_FAILURE, end, error);
}

/* The way to the parent, and to the destination behind it. */
struct way {
	const struct parent *parent;
	struct dest at; /* the parent's name or address */
	struct candidates found;
	size_t n; /* addresses of the destination; 0: it gets the name */
	union endpoint to[CANDIDATES_MAX];
	int64_t deadline_ms;
};

static _Noreturn void failed(struct session *s, const struct way *w, int err, const char *why)
{
	if (err == -ECONNABORTED || err == -EINTR || err == -ETIME)
		end_failed(s, err, NULL);
	/* The kernel may give up before the deadline. */
	if (err == -ETIMEDOUT && !why && wait_now() >= w->deadline_ms)
		why = "no answer within connect-timeout";
	if (err == -ETIMEDOUT)
		useless(s, END_TIMEOUT, why ? why : reply_words(err));
	/* It may do so before or after it is seen that the connection stands. */
	if (err == -ECONNRESET)
		useless(s, END_RESET, "it closed the connection");
	useless(s, END_FAILED, why ? why : reply_words(err));
}

/* Looks the parent up, once for all attempts. */
static void find(struct session *s, struct way *w)
{
	const struct parent *p = w->parent;
	enum net_family family = s->net->out.family;
	const char *why = NULL;
	int err;

	addr_from_name((const uint8_t *)p->host.at, p->host.len, p->port, &w->at);
	err = resolve_dest(&w->at, family, s->client.stream.out, w->deadline_ms, &w->found, &why);
	if (err == -ETIMEDOUT)
		why = "its name was not looked up within connect-timeout";
	if (err == -EAFNOSUPPORT)
		why = family == FAMILY_IPV4 ? "its address is IPv6, but family is ipv4" :
					      "its address is IPv4, but family is ipv6";
	if (err < 0)
		failed(s, w, err, why);
	for (size_t i = 0; i < w->found.n; i++)
		if (loop_is_address(s, &w->found.addr[i]))
			useless(s, END_FAILED, "it is this proxy itself");
}

static int dial_host(struct session *s, struct way *w)
{
	struct dialled d;
	int fd = dial(&w->found, s->net, s->client.stream.out, w->deadline_ms, &d);

	s->rec.peer = d.peer;
	if (fd >= 0)
		return fd;
	if (d.step)
		end_setting(s, fd, d.step);
	failed(s, w, fd, fd == -ETIMEDOUT ? NULL : reply_words_allowed(fd));
}

static int dial_path(struct session *s, const struct way *w)
{
	int fd = parent_dial_path(&w->parent->path, s->client.stream.out, w->deadline_ms);

	if (fd < 0)
		failed(s, w, fd, NULL);
	if (loop_is_socket(s, fd))
		useless(s, END_FAILED, "it is this proxy itself");
	return fd;
}

/*
 * Returns how much a refusal says about the destination; 0 if another address of it would be
 * refused for the same reason.
 */
static int weight(const struct parent_answer *answer)
{
	static const uint8_t order[] = {
		SOCKS5_REP_ADDRESS_TYPE_NOT_SUPPORTED, SOCKS5_REP_NETWORK_UNREACHABLE,
		SOCKS5_REP_HOST_UNREACHABLE,	       SOCKS5_REP_TTL_EXPIRED,
		SOCKS5_REP_CONNECTION_REFUSED,
	};

	for (int i = 0; i < (int)sizeof(order); i++)
		if (order[i] == answer->rep)
			return i + 1;
	return 0;
}

/* tried: the addresses that the parent was asked for. */
static _Noreturn void refused(struct session *s, const struct parent_answer *answer, size_t tried)
{
	char error[500];
	struct text t = TEXT_OF(error);
	bool by_http = s->net->out.parent.kind == PARENT_HTTP;

	text_strs(&t, "the parent ", s->rec.via, ": ", answer->why, NULL);
	if (answer->has_code) {
		text_str(&t, by_http ? " (status " : " (reply ");
		text_uint(&t, answer->code);
		text_char(&t, ')');
	}
	if (tried > 1) {
		text_str(&t, "; tried ");
		text_uint(&t, tried);
		text_str(&t, " addresses");
	}
	/* The statuses that belong to these replies would say that we or the request are wrong. */
	if (answer->rep == SOCKS5_REP_GENERAL_FAILURE ||
	    answer->rep == SOCKS5_REP_COMMAND_NOT_SUPPORTED)
		s->http.status = 502;
	end_refused(s, (enum socks5_rep)answer->rep, END_FAILED, error);
}

/*
 * Resets the connection, so that the parent stops working for it at once: an end of file may come
 * from a client that still reads. Two proxies that are each other's parents would otherwise pass
 * one request round for ever, because places become free for it as fast as it moves on.
 */
static void abandon(int fd)
{
	const struct linger at_once = { .l_onoff = 1 };

	setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(fd);
}

/* Asks the parent for one destination. Returns a socket, or -EREMOTEIO if it refuses. */
static int ask(struct session *s, struct way *w, const struct dest *to, struct parent_answer *ret)
{
	int fd = w->parent->path.at ? dial_path(s, w) : dial_host(s, w);
	int err = parent_ask(fd, w->parent, to, s->client.stream.out, w->deadline_ms, ret);

	if (err == 0)
		return fd;
	abandon(fd);
	if (err != -EREMOTEIO)
		failed(s, w, err, ret->why);
	return err;
}

int reach_parent(struct session *s, const struct candidates *c, int64_t deadline_ms,
		 union endpoint *bound)
{
	struct way w = { .parent = &s->net->out.parent, .n = c->n, .deadline_ms = deadline_ms };
	struct parent_answer answer, best = { 0 };
	struct dest to = s->dest;
	size_t i = 0;

	s->rec.via = format(w.parent);
	if (log_wants(s->log, LOG_DEBUG))
		tell(s);
	reached_find(&s->client);
	/* To look up the parent overwrites what was found for the destination. */
	if (c->n)
		memcpy(w.to, c->addr, c->n * sizeof(*c->addr));
	if (!w.parent->path.at)
		find(s, &w);
	do {
		int fd;

		/*
		 * The rules have judged an address, so the parent gets that, and does not look up
		 * the name.
		 */
		if (i < w.n)
			to.addr = w.to[i];
		fd = ask(s, &w, &to, &answer);
		*bound = answer.bound;
		if (fd >= 0)
			return fd;
		if (!i++ || weight(&answer) > weight(&best))
			best = answer;
	} while (i < w.n && weight(&answer) && wait_now() < deadline_ms);
	refused(s, &best, i);
}
