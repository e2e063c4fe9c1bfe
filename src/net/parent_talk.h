/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the conversations with a parent share: sending, and reading no byte behind an answer. Only
 * net/parent*.c include this.
 */
#ifndef NET_PARENT_TALK_H
#define NET_PARENT_TALK_H

#include "net/parent.h"
#include "wire/userpass.h"

#include <stddef.h>
#include <sys/types.h>

/* One conversation: the arguments of parent_ask(). */
struct parent_talk {
	int fd, watch;
	int64_t deadline_ms;
	struct parent_answer *ret;
};

/* Sends n bytes. Returns 0, or an error of parent_ask(). */
int parent_tell(const struct parent_talk *t, const uint8_t *p, size_t n);

/*
 * Reads 1 to n bytes; flags may be MSG_PEEK. Returns their number, or an error of parent_ask();
 * the end of the stream is -ECONNRESET, because no answer is complete there.
 */
ssize_t parent_hear(const struct parent_talk *t, uint8_t *p, size_t n, int flags);

/* Returns -EPROTO, and -EREMOTEIO with this reply of SOCKS 5, and sets the words. */
int parent_malformed(const struct parent_talk *t, const char *why);
int parent_refused(const struct parent_talk *t, uint8_t rep, const char *why);

/* Ask for the destination. login is NULL if the parent needs none. Return as parent_ask() does. */
int parent_ask_socks5(const struct parent_talk *t, const struct dest *dest,
		      const struct userpass_request *login);
int parent_ask_http(const struct parent_talk *t, const struct dest *dest,
		    const struct userpass_request *login);

#endif
