/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Sends requests to the kernel over NETLINK_ROUTE, one at a time, and receives their answers. See
 * rtnetlink(7).
 */
#ifndef NET_NETLINK_H
#define NET_NETLINK_H

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>

struct netlink {
	int fd;
	uint32_t port; /* of this socket; 0: not known yet */
	uint32_t seq;  /* of the latest request */
};

struct netlink_request {
	struct nlmsghdr head;
	union {
		struct rtmsg route;
		struct ifinfomsg link;
	} body;
	char attributes[64]; /* room for two addresses, a device and a mark */
};

/* The parts of an answer that have a fixed place; the attributes behind them are cut off. */
struct netlink_answer {
	struct nlmsghdr head;
	union {
		struct nlmsgerr error;
		struct rtmsg route;
		struct ifinfomsg link;
	} body;
};

/* Opens the socket. Returns 0 or -errno. */
int netlink_open(struct netlink *ret);

/* Closes the socket. */
void netlink_close(struct netlink *l);

/* Begins a request of this type, with a body of this many zero bytes. */
void netlink_begin(struct netlink_request *ret, uint16_t type, size_t body);

/* Adds an attribute to the request. */
void netlink_add(struct netlink_request *q, uint16_t type, const void *value, size_t len);

/*
 * Sends the request and fills *ret with an answer of this type that has a body of this many bytes,
 * or with one of type NLMSG_ERROR, because a refusal of the kernel is an answer too. Returns 0;
 * -EBADMSG if another message came; an error of wait_poll() if none came within 5 seconds; or
 * another negative errno.
 */
int netlink_ask(struct netlink *l, struct netlink_request *q, uint16_t type, size_t body,
		struct netlink_answer *ret);

#endif
