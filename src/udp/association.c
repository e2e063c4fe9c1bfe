/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Runs the loop of an association: waits, and passes on the datagrams of whichever socket is
 * readable. The control connection, a limit or a failure of this host ends it, never a datagram.
 */
#include "udp/association.h"
#include "udp/flow.h"
#include "base/wait.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	SLOT_CONTROL,
	SLOT_OUT,
	SLOT_CLIENT,
	SLOT_NAMES,
	SLOT_UPSTREAM, /* two for each way */
	N_SLOTS = SLOT_UPSTREAM + 2 * UDP_WAYS_MAX,
};

enum {
	SOCKET_BUFFER = 4 << 20, /* the kernel grants what net.core.rmem_max and wmem_max allow */
};

static void set_int(int fd, int level, int name, int value)
{
	setsockopt(fd, level, name, &value, sizeof(value));
}

void udp_tune(int fd, int family)
{
	/* With DF set, datagrams too large for the path would be lost in silence. */
	if (family == AF_INET6) {
		set_int(fd, IPPROTO_IPV6, IPV6_MTU_DISCOVER, IPV6_PMTUDISC_DONT);
		set_int(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	} else {
		set_int(fd, IPPROTO_IP, IP_MTU_DISCOVER, IP_PMTUDISC_DONT);
	}
	set_int(fd, SOL_SOCKET, SO_RCVBUF, SOCKET_BUFFER);
	set_int(fd, SOL_SOCKET, SO_SNDBUF, SOCKET_BUFFER);
}

static bool is_paused(const struct udp_flow *f, int direction)
{
	return f->ready_us[direction] > f->now_ms * 1000;
}

/*
 * A layer of the control connection can have bytes that were read early, and bytes to send. If they
 * are queries, queries.c knows whether there is room for more.
 */
static bool control_has_input(const struct udp_flow *f)
{
	return !f->a->seen && stream_has_input(&f->a->control);
}

static short awaited_of_control(const struct udp_flow *f)
{
	return stream_has_output(&f->a->control) ? POLLOUT : 0;
}

static void fill_slots(const struct udp_flow *f, int names, struct pollfd *slot)
{
	const struct udp_association *a = f->a;
	bool up = !is_paused(f, UDP_UP), down = !is_paused(f, UDP_DOWN);
	short out = awaited_of_control(f);

	slot[SLOT_CONTROL] = (struct pollfd){ .fd = a->control.in, .events = POLLIN };
	/* If the control connection is two pipes, the client may close just the one it reads. */
	slot[SLOT_OUT] = (struct pollfd){ .fd = a->control.is_socket && !out ? -1 : a->control.out,
					  .events = out };
	slot[SLOT_CLIENT] = (struct pollfd){ .fd = up ? a->fd : -1, .events = POLLIN };
	for (int i = 0; i < 2 * a->ways; i++)
		slot[SLOT_UPSTREAM + i] =
			(struct pollfd){ .fd = down ? a->way[i / 2].fd[i % 2] : -1,
					 .events = POLLIN };
	slot[SLOT_NAMES] = (struct pollfd){ .fd = up ? names : -1, .events = POLLIN };
	if (a->seen)
		udp_queries_poll(f, &slot[SLOT_CONTROL], &slot[SLOT_OUT]);
}

static int64_t idle_deadline(const struct udp_flow *f)
{
	return f->a->idle_ms ? f->moved_ms + f->a->idle_ms : WAIT_FOREVER;
}

static int64_t next_deadline(const struct udp_flow *f)
{
	int64_t next = idle_deadline(f);

	for (int i = 0; i < 2; i++)
		if (is_paused(f, i) && f->ready_us[i] / 1000 + 1 < next)
			next = f->ready_us[i] / 1000 + 1;
	if (f->a->seen && udp_queries_deadline(f) < next)
		next = udp_queries_deadline(f);
	return control_has_input(f) ? f->now_ms : next;
}

/*
 * Drops what comes on the control connection, or reads it as queries; reading also sends what its
 * layer keeps. Returns 1 if it has ended, 0, or -errno.
 */
static int hear_control(struct udp_flow *f, const struct pollfd *slot)
{
	ssize_t n;

	if (f->a->seen)
		return udp_queries_read(f, &slot[SLOT_CONTROL], &slot[SLOT_OUT]);
	if (!f->a->control.is_socket && (slot[SLOT_OUT].revents & ~POLLOUT))
		return 1;
	if (!slot[SLOT_CONTROL].revents && !slot[SLOT_OUT].revents && !control_has_input(f))
		return 0;
	n = stream_read(&f->a->control, f->buffer.bytes, sizeof(f->buffer.bytes[0]), 0);
	if (n < 0)
		return n == -ETIMEDOUT ? 0 : (int)n;
	return n == 0;
}

static int serve(struct udp_flow *f, const struct pollfd *slot)
{
	int err = hear_control(f, slot);

	if (!err && slot[SLOT_CLIENT].revents)
		err = udp_flow_up(f);
	if (!err && slot[SLOT_NAMES].revents)
		err = udp_flow_names(f);
	for (int i = 0; i < 2 * f->a->ways; i++)
		if (!err && slot[SLOT_UPSTREAM + i].revents)
			err = udp_flow_down(f, i);
	if (!err && f->a->seen)
		err = udp_queries_answer(f);
	return err;
}

static int run(struct udp_flow *f, int names)
{
	struct pollfd slot[N_SLOTS];

	for (;;) {
		int r;

		f->now_ms = wait_now();
		if (f->now_ms >= idle_deadline(f))
			return -ETIMEDOUT;
		fill_slots(f, names, slot);
		r = wait_poll(slot, SLOT_UPSTREAM + 2 * (unsigned)f->a->ways, next_deadline(f));
		if (r < 0 && r != -ETIMEDOUT)
			return r;
		f->now_ms = wait_now();
		r = serve(f, slot);
		if (r)
			return r < 0 ? r : 0;
	}
}

int udp_run(const struct udp_association *a, struct udp_result *ret)
{
	/* It is megabytes large, but only the pages that datagrams come to are ever touched. */
	struct udp_flow *f = mmap(NULL, sizeof(*f), PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	int err, names;

	*ret = (struct udp_result){ 0 };
	if (f == MAP_FAILED)
		return -errno;
	f->a = a;
	f->moved_ms = wait_now();
	frag_init(&f->frag, f->frag_buffer, sizeof(f->frag_buffer));
	names = udp_names_init(&f->names, a->family, a->patience_ms, a->allows, a->ctx);
	err = names < 0 ? names : run(f, names);
	close(a->fd);
	for (int i = 0; i < 2 * a->ways; i++)
		if (a->way[i / 2].fd[i % 2] >= 0)
			close(a->way[i / 2].fd[i % 2]);
	*ret = f->total;
	if (!ret->trouble)
		ret->trouble = f->names.trouble;
	return err;
}
