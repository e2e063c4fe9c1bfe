/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is known of a session, for the one line that is logged when it ends. The key-value
 * pairs are made in one place, for logfmt and for journal fields.
 */
#ifndef LOG_RECORD_H
#define LOG_RECORD_H

#include "client.h"
#include "base/text.h"
#include "wire/addr.h"

#include <stdint.h>

/* Why a session ended (INTERFACE section 6). */
enum record_end {
	END_EOF,
	END_RESET,
	END_IDLE,
	END_TIMEOUT,
	END_DENIED,
	END_AUTH,
	END_PROTOCOL,
	END_FAILED,
	END_LIFETIME,
	END_SIGNAL,
};

/* Values stay the owner's; NULL, AF_UNSPEC and -1 are left out of the line. */
struct record {
	const struct client *client;
	const char *user; /* authenticated, or a SOCKS4 user id; raw bytes, NUL-terminated */
	const char *command;
	const struct dest *dest;
	union endpoint peer;
	int reply;    /* as sent on the wire; -1: none was */
	bool relayed; /* sent and received mean something */
	uint64_t sent, received;
	int64_t start_ms;
	int64_t time_ms;
	enum record_end end;
	const char *rule;  /* the rule that denied, FILE:LINE */
	const char *error; /* what failed, in words */
};

/* Receives one pair; the value is escaped and NUL-terminated. */
typedef void record_emit(void *ctx, const char *key, const char *value);

/* Calls emit for each key that has a value, in the order of the line. */
void record_each(const struct record *rec, record_emit *emit, void *ctx);

/*
 * Appends the pairs as logfmt: values with a space, an equals sign or nothing in them are quoted.
 */
void record_line(const struct record *rec, struct text *line);

#endif
