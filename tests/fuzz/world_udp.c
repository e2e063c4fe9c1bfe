/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Datagrams: those of the script, and those that the program sends. Only a host to which the
 * program sent may answer the client, and its answer must arrive unchanged.
 */
#include "world_net.h"
#include "wire/socks5.h"

enum { HOSTS = 64, ANSWERS = 64 };

static union endpoint addressed[HOSTS];
static struct item answer[ANSWERS];
static size_t n_addressed, n_answers;

int __real_recvmmsg(int fd, struct mmsghdr *v, unsigned n, int flags, struct timespec *timeout);
int __wrap_recvmmsg(int fd, struct mmsghdr *v, unsigned n, int flags, struct timespec *timeout);

/*
 * Of the open datagram sockets, the first that was opened is the relay; those that the program
 * sends from come later.
 */
static struct socket *find_relay(void)
{
	struct socket *found = NULL;

	for (int fd = 0; fd < SOCKETS; fd++) {
		struct socket *s = net_find(fd);

		if (s && !s->is_stream && (!found || s->number < found->number))
			found = s;
	}
	return found;
}

static struct socket *find(bool relay, sa_family_t family)
{
	struct socket *first = find_relay(), *found = NULL;

	for (int fd = 0; fd < SOCKETS && !relay; fd++) {
		struct socket *s = net_find(fd);

		/* One that was opened last may only ask for a route. */
		if (s && !s->is_stream && s != first && s->own.sa.sa_family == family &&
		    (!found || s->number < found->number))
			found = s;
	}
	return relay ? first : found;
}

void net_datagram(uint8_t port, const uint8_t *bytes, size_t n)
{
	static const char *const address[WORLD_CLIENTS] = {
		[WORLD_PIPES] = "127.0.0.1",	    [WORLD_UCSPI] = "192.0.2.7",
		[WORLD_UNIX] = "127.0.0.1",	    [WORLD_TCP] = "192.0.2.7",
		[WORLD_TCP_LOOPBACK] = "127.0.0.1", [WORLD_ACTIVATED] = "2001:db8::7"
	};
	union endpoint from = net_parse(port & 128 ? "192.0.2.8" : address[world.client],
					(uint16_t)(50000 + port % 4));
	struct socket *s = find(true, AF_UNSPEC);

	if (s)
		net_queue(s, &from, bytes, n);
}

void net_datagram_back(uint8_t host, const uint8_t *bytes, size_t n)
{
	sa_family_t family = host & 128 ? AF_INET6 : AF_INET;
	union endpoint from = net_host(host, family);
	struct socket *s = find(false, family);

	if (s)
		net_queue(s, &from, bytes, n);
}

int __wrap_recvmmsg(int fd, struct mmsghdr *v, unsigned n, int flags, struct timespec *timeout)
{
	const struct socket *s = net_find(fd);
	struct item item;
	unsigned i = 0;

	if (!s)
		return __real_recvmmsg(fd, v, n, flags, timeout);
	for (; i < n && net_take(fd, &item); i++) {
		struct msghdr *h = &v[i].msg_hdr;

		MUST(h->msg_namelen >= sizeof(item.from) && h->msg_iov->iov_len >= item.n);
		memcpy(h->msg_name, &item.from, sizeof(item.from));
		h->msg_namelen = addr_len(&item.from);
		if (item.n)
			memcpy(h->msg_iov->iov_base, item.bytes, item.n);
		v[i].msg_len = (unsigned)item.n;
		if (s != find(true, AF_UNSPEC) && n_answers < ANSWERS)
			answer[n_answers++] = item;
	}
	errno = EAGAIN;
	return i ? (int)i : -1;
}

static bool was_addressed(const union endpoint *host)
{
	for (size_t i = 0; i < n_addressed; i++)
		if (addr_same_host(&addressed[i], host))
			return true;
	return n_addressed == HOSTS;
}

static bool was_answered(const union endpoint *from, const uint8_t *p, size_t n)
{
	for (size_t i = 0; i < n_answers; i++)
		if (addr_same(&answer[i].from, from) && answer[i].n == n &&
		    (!n || memcmp(answer[i].bytes, p, n) == 0))
			return true;
	return n_answers == ANSWERS;
}

static void must_be_answer(const uint8_t *p, size_t n)
{
	static uint8_t opened[65536];
	struct socks5_udp h;

	/* A protected datagram is a frame, which begins with 1, and any other begins with 0. */
	if (n && *p == 1) {
		n = world_open(p, n, opened);
		p = opened;
	}
	MUST(socks5_udp_decode(p, n, &h) == 0 && h.frag == 0);
	MUST(was_addressed(&h.to.addr));
	MUST(was_answered(&h.to.addr, p + h.header_len, n - h.header_len));
}

int net_send(int fd, struct mmsghdr *v, unsigned n)
{
	const struct socket *s = net_find(fd);
	unsigned i = 0;

	MUST(s && n);
	for (; i < n; i++) {
		const struct msghdr *h = &v[i].msg_hdr;
		union endpoint to = { 0 };

		v[i].msg_len = (unsigned)h->msg_iov->iov_len;
		if (!h->msg_name) {
			MUST(s->is_connected);
			must_be_answer(h->msg_iov->iov_base, h->msg_iov->iov_len);
			continue;
		}
		memcpy(&to, h->msg_name, h->msg_namelen);
		net_must_be_allowed(&to);
		MUST(to.sa.sa_family == s->own.sa.sa_family && addr_port(&to));
		errno = net_error_of(&to);
		/* Neither is an error of a datagram; the others end the batch here. */
		if (errno && errno != EINPROGRESS && errno != ETIMEDOUT)
			break;
		if (n_addressed < HOSTS)
			addressed[n_addressed++] = to;
	}
	return i ? (int)i : -1;
}
