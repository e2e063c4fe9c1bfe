/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sends a request to the kernel and receives its answer. Accepts no message of another sender, no
 * answer to another request, and no message that is cut short. Does not interpret the answer.
 */
#include "net/netlink.h"
#include "base/wait.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The kernel answers before sendto() returns; this is the limit if it does not. */
enum { ANSWER_MS = 5000 };

int netlink_open(struct netlink *ret)
{
	*ret = (struct netlink){ 0 };
	ret->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	return ret->fd < 0 ? -errno : 0;
}

void netlink_close(struct netlink *l)
{
	close(l->fd);
}

void netlink_begin(struct netlink_request *q, uint16_t type, size_t body)
{
	memset(q, 0, sizeof(*q));
	q->head.nlmsg_type = type;
	q->head.nlmsg_flags = NLM_F_REQUEST;
	q->head.nlmsg_len = (uint32_t)NLMSG_LENGTH(body);
}

void netlink_add(struct netlink_request *q, uint16_t type, const void *value, size_t len)
{
	const struct rtattr attribute = { .rta_len = (uint16_t)RTA_LENGTH(len), .rta_type = type };
	char *at = (char *)q + NLMSG_ALIGN(q->head.nlmsg_len);

	memcpy(at, &attribute, sizeof(attribute));
	memcpy(at + RTA_LENGTH(0), value, len);
	q->head.nlmsg_len = (uint32_t)(NLMSG_ALIGN(q->head.nlmsg_len) + RTA_ALIGN(RTA_LENGTH(len)));
}

/* Learns the port of the socket too, because the answer must be addressed to it. */
static int send_request(struct netlink *l, struct netlink_request *q)
{
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	struct sockaddr_nl own;
	socklen_t len = sizeof(own);

	q->head.nlmsg_seq = ++l->seq;
	if (sendto(l->fd, q, q->head.nlmsg_len, 0, (const void *)&kernel, sizeof(kernel)) < 0)
		return -errno;
	if (l->port)
		return 0;
	if (getsockname(l->fd, (struct sockaddr *)&own, &len) < 0)
		return -errno;
	l->port = own.nl_pid;
	return 0;
}

/* Returns the full length of the message, even if *ret holds less. */
static ssize_t receive(const struct netlink *l, struct netlink_answer *ret)
{
	for (bool waited = false;; waited = true) {
		struct sockaddr_nl from = { 0 };
		socklen_t len = sizeof(from);
		ssize_t n = recvfrom(l->fd, ret, sizeof(*ret), MSG_DONTWAIT | MSG_TRUNC,
				     (struct sockaddr *)&from, &len);
		int err;

		if (n >= 0)
			return len == sizeof(from) && from.nl_pid == 0 ? n : -EBADMSG;
		if (errno != EAGAIN || waited)
			return -errno;
		err = wait_fd(l->fd, POLLIN, wait_deadline(ANSWER_MS));
		if (err < 0)
			return err;
	}
}

static bool holds(const struct netlink_answer *a, size_t n, size_t body)
{
	return n >= NLMSG_LENGTH(body) && a->head.nlmsg_len >= NLMSG_LENGTH(body) &&
	       a->head.nlmsg_len <= n;
}

int netlink_ask(struct netlink *l, struct netlink_request *q, uint16_t type, size_t body,
		struct netlink_answer *ret)
{
	int err = send_request(l, q);
	ssize_t n = err < 0 ? err : receive(l, ret);

	if (n < 0)
		return (int)n;
	if (!holds(ret, (size_t)n, 0) || ret->head.nlmsg_seq != l->seq ||
	    ret->head.nlmsg_pid != l->port)
		return -EBADMSG;
	if (ret->head.nlmsg_type == NLMSG_ERROR) {
		type = NLMSG_ERROR;
		body = sizeof(ret->body.error);
	}
	return ret->head.nlmsg_type == type && holds(ret, (size_t)n, body) ? 0 : -EBADMSG;
}
