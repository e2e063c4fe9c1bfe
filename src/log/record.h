/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The record of a session: the contents of the one line that is logged when the session ends. The
 * pairs of key and value are made in one place, for logfmt and for the fields of the journal.
 */
#ifndef LOG_RECORD_H
#define LOG_RECORD_H

#include "client.h"
#include "base/text.h"
#include "wire/addr.h"

#include <stdint.h>

/* Why a session ended: the words of `end` in picosocks5(8), LOG. */
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
	END_LIMIT,
};

/* Pointers are borrowed. NULL, AF_UNSPEC and -1 mean no value: the line leaves the key out. */
struct record {
	const struct client *client;
	const char *protocol; /* that the client speaks, unless it is SOCKS 5: "socks4", "http" */
	const char *tls;      /* the version of TLS around it: "TLSv1.3" */
	const char *user;     /* the user who logs in, or SOCKS4's user id, unescaped */
	const char *auth;     /* the method by which the user has logged in, unless by password */
	const char *command;
	const struct dest *dest;
	const char *via; /* the parent's URL, without user and password */
	union endpoint peer;
	int reply;    /* as sent on the wire; -1: none was sent */
	bool relayed; /* sent and received have been counted */
	uint64_t sent, received;
	int64_t start_ms;
	int64_t time_ms;
	enum record_end end;
	const char *rule;  /* the rule that denied, FILE:LINE */
	const char *error; /* the failure in words */
};

/* Takes one pair. The value is escaped. */
typedef void record_emit(void *ctx, const char *key, const char *value);

/* Calls emit() for each key that has a value, in the order of the line. */
void record_each(const struct record *rec, record_emit *emit, void *ctx);

/* Appends the pairs as logfmt. Values that are empty or hold a space or "=" stand in quotes. */
void record_line(const struct record *rec, struct text *line);

#endif
