/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Passes on datagrams from the client: checks that the client sent them, unwraps them, finds their
 * destination, and asks the rules. A fault in a datagram drops that datagram and nothing else.
 */
#include "udp/flow.h"

#include <errno.h>
#include <string.h>

/* How long a decision of the rules is used: this host may get and lose addresses. */
enum { DECISION_MS = 60 * 1000 };

static int flush(struct udp_flow *f)
{
	for (int i = 0; i < 2 * f->a->ways; i++) {
		struct udp_sent sent = { 0 };
		int err;

		if (!f->up[i].n)
			continue;
		err = udp_batch_send(f->a->way[i / 2].fd[i % 2], &f->up[i], &sent);
		udp_flow_count(f, UDP_UP, i / 2, &sent);
		if (err < 0)
			return err;
	}
	return 0;
}

static int send_to(struct udp_flow *f, const struct udp_target *to, const uint8_t *data, size_t len)
{
	int i = 2 * to->way + (to->addr.sa.sa_family == AF_INET6);
	union endpoint host = to->addr;

	addr_set_port(&host, 0);
	udp_table_use(&f->hosts, &host)->value |= 1 << to->way;
	return udp_batch_append(&f->up[i], &to->addr, data, len, len) ? flush(f) : 0;
}

static bool has_way(struct udp_flow *f, const struct udp_target *to)
{
	const struct udp_way *way = &f->a->way[to->way];
	bool six = to->addr.sa.sa_family == AF_INET6;

	if (way->fd[six] < 0)
		f->total.trouble = way->why[six];
	return way->fd[six] >= 0;
}

/* Returns what a->allows() does. */
static int judge(struct udp_flow *f, const union endpoint *to)
{
	struct udp_entry *e = udp_table_use(&f->decisions, to);

	if (!e->time_ms || f->now_ms - e->time_ms >= DECISION_MS) {
		e->value = f->a->allows(f->a->ctx, NULL, to);
		e->time_ms = f->now_ms;
	}
	return e->value;
}

/* Reads the destination: a literal, or a name, which may spell a literal. */
static int judge_dest(const struct socks5_request *to, struct dest *ret)
{
	if (to->atyp == SOCKS5_ATYP_NAME)
		return addr_from_name(to->name, to->namelen, to->port, ret);
	ret->addr = to->addr;
	ret->name[0] = '\0';
	return 0;
}

int udp_flow_find(struct udp_flow *f, const struct socks5_request *to, const uint8_t *data,
		  size_t len, struct udp_target *ret)
{
	struct dest dest;
	int err = judge_dest(to, &dest);

	if (err < 0)
		return err;
	if (dest.name[0]) {
		err = udp_names_find(&f->names, &dest, f->now_ms, data, len, ret);
		return err < 0 || has_way(f, ret) ? err : -EAFNOSUPPORT;
	}
	*ret = (struct udp_target){ .addr = dest.addr };
	/* If there is one way, the rules need not be asked about a family that it lacks. */
	if (f->a->ways == 1 && !has_way(f, ret))
		return -EAFNOSUPPORT;
	ret->way = judge(f, &dest.addr);
	if (ret->way < 0)
		return ret->way;
	return has_way(f, ret) ? 0 : -EAFNOSUPPORT;
}

static int pass_on(struct udp_flow *f, const struct socks5_request *to, const uint8_t *data,
		   size_t len)
{
	struct udp_target target;

	if (!to->port || udp_flow_find(f, to, data, len, &target) < 0)
		return 0;
	return send_to(f, &target, data, len);
}

/* Did the client send this datagram? */
static bool is_clients(const struct udp_flow *f, const union endpoint *from)
{
	const struct udp_association *a = f->a;

	if (f->pinned)
		return addr_same(from, &f->client);
	if (a->client_port && a->client_port != addr_port(from))
		return false;
	return addr_len(&a->client) ? addr_same_host(from, &a->client) : addr_is_loopback(from);
}

/* Connects the relay socket: from now on the kernel drops the datagrams of all others. */
static bool pin(struct udp_flow *f, const union endpoint *from)
{
	if (f->pinned)
		return true;
	f->pinned = connect(f->a->fd, &from->sa, addr_len(from)) == 0;
	if (!f->pinned)
		f->total.trouble = strerror(errno);
	f->client = *from;
	return f->pinned;
}

/*
 * Puts what is wrapped in a datagram into its place, and its length into *n. Returns false if it
 * does not verify.
 */
static bool unwrap(struct udp_flow *f, uint8_t *p, size_t *n)
{
	struct datagram_layer *l = f->a->layer;
	ssize_t got;

	if (!l)
		return true;
	got = l->unwrap(l, p, *n, f->scratch, sizeof(f->scratch));
	if (got < 0)
		return false;
	memcpy(p, f->scratch, (size_t)got);
	*n = (size_t)got;
	return true;
}

static int take(struct udp_flow *f, const union endpoint *from, uint8_t *p, size_t n)
{
	struct socks5_udp hdr;
	int err;

	if (!is_clients(f, from) || !unwrap(f, p, &n) || socks5_udp_decode(p, n, &hdr) != 0 ||
	    !pin(f, from))
		return 0;
	if (frag_add(&f->frag, &hdr, p + hdr.header_len, n - hdr.header_len, f->now_ms) != 0)
		return 0;
	err = pass_on(f, f->frag.to, f->frag.data, f->frag.len);
	/* Send a reassembled datagram now, because the next fragment overwrites it. */
	if (!err && hdr.frag)
		err = flush(f);
	return err;
}

int udp_flow_up(struct udp_flow *f)
{
	struct udp_batch *in = &f->in;
	int err = udp_batch_receive(f->a->fd, in, &f->buffer);

	for (unsigned i = 0; i < in->n && !err; i++)
		err = take(f, &in->addr[i], in->iov[i].iov_base, in->iov[i].iov_len);
	return err < 0 ? err : flush(f);
}

int udp_flow_names(struct udp_flow *f)
{
	const struct udp_held *held;
	struct udp_target to;
	int err = 0;

	udp_names_collect(&f->names, f->now_ms);
	while (!err && (held = udp_names_release(&f->names, f->now_ms, &to)))
		if (has_way(f, &to))
			err = send_to(f, &to, held->data, held->len);
	return err < 0 ? err : flush(f);
}
