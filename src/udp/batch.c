/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls recvmmsg(2) and sendmmsg(2). Waits a moment for a full socket before it drops a datagram,
 * and the error of one datagram never keeps the others from being sent.
 */
#include "udp/batch.h"
#include "base/wait.h"

#include <errno.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	PATIENCE_MS = 50, /* how long a batch waits for room in a socket */
};

/* Restores what the kernel changed in the latest use. Before the first use, sets up everything. */
static void reset(struct udp_batch *b, struct udp_buffer *buf)
{
	unsigned n = b->iov[0].iov_base ? b->n : UDP_BATCH;

	for (unsigned i = 0; i < n; i++) {
		struct msghdr *h = &b->msg[i].msg_hdr;

		b->iov[i].iov_base = buf->bytes[i] + UDP_HEADROOM;
		b->iov[i].iov_len = UDP_PAYLOAD;
		h->msg_iov = &b->iov[i];
		h->msg_iovlen = 1;
		h->msg_name = &b->addr[i];
		h->msg_namelen = sizeof(b->addr[i]);
		h->msg_flags = 0;
	}
	b->n = 0;
}

/*
 * Is the error this host's own (memory, a filter), and not the network's? Then the next call would
 * fail in the same way, so the association must end.
 */
static bool is_ours(int err)
{
	return err == ENOMEM || err == ENOBUFS || err == EPERM || err == ENOSYS;
}

int udp_batch_receive(int fd, struct udp_batch *b, struct udp_buffer *buf)
{
	int n;

	reset(b, buf);
	do
		n = recvmmsg(fd, b->msg, UDP_BATCH, MSG_DONTWAIT, NULL);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return is_ours(errno) ? -errno : 0;
	b->n = (unsigned)n;
	for (unsigned i = 0; i < b->n; i++)
		b->iov[i].iov_len = b->msg[i].msg_len;
	return 0;
}

bool udp_batch_append(struct udp_batch *b, const union endpoint *to, const void *data, size_t len,
		      size_t payload)
{
	struct msghdr *h = &b->msg[b->n].msg_hdr;

	/* Not an assignment: iov_base is not const, though the kernel only reads from it. */
	memcpy(&b->iov[b->n].iov_base, &data, sizeof(data));
	b->iov[b->n].iov_len = len;
	b->payload[b->n] = (uint32_t)payload;
	h->msg_iov = &b->iov[b->n];
	h->msg_iovlen = 1;
	h->msg_name = NULL;
	h->msg_namelen = 0;
	if (to) {
		b->addr[b->n] = *to;
		h->msg_name = &b->addr[b->n];
		h->msg_namelen = addr_len(to);
	}
	return ++b->n == UDP_BATCH;
}

static void count(const struct udp_batch *b, unsigned from, unsigned n, struct udp_sent *sum)
{
	sum->datagrams += n;
	for (unsigned i = from; i < from + n; i++)
		sum->payload += b->payload[i];
}

/*
 * Decides about a datagram that could not be sent. Returns 0 to try it again, 1 to drop it, or
 * -errno to end the association.
 */
static int judge(int fd, int err, bool *retried, int64_t *until)
{
	int r;

	/* A connected socket reports the ICMP error of an earlier datagram, and sends nothing. */
	if ((err == ECONNREFUSED || err == EINTR) && !*retried) {
		*retried = true;
		return 0;
	}
	if (err == ENOSYS)
		return -err;
	if (err != EAGAIN)
		return 1;
	/* One deadline for the whole batch: a slow link must not hold up the other sockets. */
	if (!*until)
		*until = wait_now() + PATIENCE_MS;
	r = wait_fd(fd, POLLOUT, *until);
	return r == -ETIMEDOUT ? 1 : r;
}

/*
 * Calls sendmmsg(2) by number, because musl's function calls sendmsg(2) for each datagram, to clear
 * the padding of the messages. In ours the padding is zero already.
 */
static int send_many(int fd, struct mmsghdr *msg, unsigned n)
{
	return (int)syscall(SYS_sendmmsg, fd, msg, n, MSG_DONTWAIT | MSG_NOSIGNAL);
}

int udp_batch_send(int fd, struct udp_batch *b, struct udp_sent *sum)
{
	unsigned i = 0, n = b->n;
	bool retried = false;
	int64_t until = 0;

	b->n = 0;
	while (i < n) {
		int r = send_many(fd, b->msg + i, n - i), err;

		if (r > 0) {
			count(b, i, (unsigned)r, sum);
			i += (unsigned)r;
			retried = false;
			continue;
		}
		err = errno;
		r = judge(fd, err, &retried, &until);
		if (r < 0)
			return r;
		if (r) {
			retried = false;
			sum->err = -err;
		}
		i += (unsigned)r;
	}
	return 0;
}
