/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests to the kernel over NETLINK_ROUTE, one at a time; see rtnetlink(7). */
#ifndef NET_NETLINK_H
#define NET_NETLINK_H

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <stddef.h>
#include <stdint.h>

struct netlink {
	int fd;
	uint32_t port, seq; /* ours, once known; and that of the latest request */
};

struct netlink_request {
	struct nlmsghdr head;
	union {
		struct rtmsg route;
		struct ifinfomsg link;
	} body;
	char attributes[64]; /* room for two addresses, a device and a mark */
};

/* Only what has a fixed place is kept; the attributes behind it are cut off. */
struct netlink_answer {
	struct nlmsghdr head;
	union {
		struct nlmsgerr error;
		struct rtmsg route;
		struct ifinfomsg link;
	} body;
};

/* Opens a socket. Returns 0 or -errno. */
int netlink_open(struct netlink *ret);
void netlink_close(struct netlink *l);

/* Begins a request of this type with a body of so many bytes, all zero; adds an attribute. */
void netlink_begin(struct netlink_request *ret, uint16_t type, size_t body);
void netlink_add(struct netlink_request *q, uint16_t type, const void *value, size_t len);

/*
 * Fills *ret with an answer of this type with such a body, or with one of NLMSG_ERROR: that the
 * kernel refuses is its word as well. Returns 0, or a negative errno if there is no answer; it is
 * waited for no longer than for some seconds, and with the errors of wait_poll().
 */
int netlink_ask(struct netlink *l, struct netlink_request *q, uint16_t type, size_t body,
		struct netlink_answer *ret);

#endif
