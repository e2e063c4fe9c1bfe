/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outgoing sockets as the options want them, and the settings that both sides of a relay get. */
#ifndef NET_SOCKET_H
#define NET_SOCKET_H

#include "wire/addr.h"

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

/* Which addresses of a name are used, and which come first (--family). */
enum net_family {
	FAMILY_ANY,
	FAMILY_IPV4,
	FAMILY_IPV6,
	FAMILY_PREFER_IPV4,
	FAMILY_PREFER_IPV6,
};

/* One address per family; AF_UNSPEC where none was given. */
struct address_pair {
	union endpoint ipv4, ipv6;
};

/* What the administrator set for the network. */
struct net_options {
	struct address_pair source;   /* local addresses of outgoing sockets */
	struct address_pair external; /* what clients are told for BIND and UDP */
	char interface[IFNAMSIZ];     /* of outgoing sockets; empty: any */
	uint32_t mark;		      /* their fwmark, if has_mark */
	bool has_mark;
	enum net_family family;
	uint64_t rate;		   /* bytes per second each way; 0: unlimited */
	uint16_t port_lo, port_hi; /* for BIND and UDP, both included; 0: the kernel chooses */
};

/*
 * A non-blocking socket of this type (SOCK_STREAM, SOCK_DGRAM) for destinations of this family,
 * with --interface, --mark and --source applied, and a stream tuned as below (what it accepts
 * inherits that). Returns it, or -errno and *step: what failed.
 */
int net_socket(const struct net_options *o, int family, int type, const char **step);

/*
 * The local address that outgoing sockets have towards to, port 0; with NULL for options, the one
 * that the kernel chooses. Nothing is sent. Returns 0 or -errno.
 */
int net_local(const struct net_options *o, const union endpoint *to, union endpoint *ret);

/* Is this errno of connect() the kernel's word that nothing leads there, and no failure of ours? */
bool net_leads_nowhere(int err);

/*
 * TCP_NODELAY, keepalive, urgent data in the stream, --rate. To be called before anything can have
 * arrived: a byte that is urgent then would be lost. Best effort: a socket that lacks one of them
 * still serves.
 *
 * Never TCP_USER_TIMEOUT: since Linux 5.11 it also resets a peer that is alive and does not read,
 * and one lost probe is enough for it. Keepalive finds a dead peer, the idle timeout a silent one.
 */
void net_tune(int fd, const struct net_options *o);

/* Urgent data in the stream, and nothing else: for an AF_UNIX client (MSG_OOB, Linux 5.15). */
void net_keep_urgent(int fd);

#endif
