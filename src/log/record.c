/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Formats the record of a session as pairs of key and value. Writes them nowhere. */
#include "log/record.h"

#include <string.h>

static const char end_word[][9] = {
	[END_EOF] = "eof",	     [END_RESET] = "reset",   [END_IDLE] = "idle",
	[END_TIMEOUT] = "timeout",   [END_DENIED] = "denied", [END_AUTH] = "auth",
	[END_PROTOCOL] = "protocol", [END_FAILED] = "failed", [END_LIFETIME] = "lifetime",
	[END_SIGNAL] = "signal",     [END_LIMIT] = "limit",
};

/* Room for a name of 255 bytes, all escaped as \xNN, with a port. */
enum { VALUE_MAX = 255 * 4 + 16 };

static void emit_endpoint(const char *key, const union endpoint *addr, record_emit *emit, void *ctx)
{
	char value[ADDR_TEXT_MAX];

	if (addr_format(addr, value))
		emit(ctx, key, value);
}

static void emit_escaped(const char *key, const char *s, record_emit *emit, void *ctx)
{
	char value[VALUE_MAX];
	struct text t = TEXT_OF(value);

	if (!s)
		return;
	text_escaped(&t, s, strlen(s));
	emit(ctx, key, value);
}

static void emit_uint(const char *key, uint64_t v, record_emit *emit, void *ctx)
{
	char value[24];
	struct text t = TEXT_OF(value);

	text_uint(&t, v);
	emit(ctx, key, value);
}

static void emit_dest(const struct dest *dest, record_emit *emit, void *ctx)
{
	char value[VALUE_MAX];
	struct text t = TEXT_OF(value);

	if (!dest)
		return;
	if (!dest->name[0]) {
		emit_endpoint("dest", &dest->addr, emit, ctx);
		return;
	}
	text_escaped(&t, dest->name, strlen(dest->name));
	text_char(&t, ':');
	text_uint(&t, dest->port);
	emit(ctx, "dest", value);
}

static void emit_time(int64_t ms, record_emit *emit, void *ctx)
{
	char value[32];
	struct text t = TEXT_OF(value);

	text_uint(&t, (uint64_t)ms / 1000);
	text_char(&t, '.');
	text_uint_pad(&t, (uint64_t)ms % 1000, 3);
	emit(ctx, "time", value);
}

static void emit_client(const struct client *c, record_emit *emit, void *ctx)
{
	if (c->addr.sa.sa_family != AF_UNSPEC)
		emit_endpoint("client", &c->addr, emit, ctx);
	else
		emit(ctx, "client", c->kind == CLIENT_LOCAL ? "local" : "unknown");
}

void record_each(const struct record *rec, record_emit *emit, void *ctx)
{
	emit_client(rec->client, emit, ctx);
	emit_escaped("protocol", rec->protocol, emit, ctx);
	emit_escaped("tls", rec->tls, emit, ctx);
	emit_escaped("user", rec->user, emit, ctx);
	emit_escaped("auth", rec->auth, emit, ctx);
	emit_escaped("command", rec->command, emit, ctx);
	emit_dest(rec->dest, emit, ctx);
	emit_escaped("via", rec->via, emit, ctx);
	emit_endpoint("peer", &rec->peer, emit, ctx);
	if (rec->reply >= 0)
		emit_uint("reply", (uint64_t)rec->reply, emit, ctx);
	if (rec->relayed) {
		emit_uint("sent", rec->sent, emit, ctx);
		emit_uint("received", rec->received, emit, ctx);
	}
	emit_time(rec->time_ms, emit, ctx);
	emit(ctx, "end", end_word[rec->end]);
	emit_escaped("rule", rec->rule, emit, ctx);
	emit_escaped("error", rec->error, emit, ctx);
}

static void append(void *ctx, const char *key, const char *value)
{
	struct text *line = ctx;
	const char *quote = value[0] && !strpbrk(value, " =") ? "" : "\"";

	text_strs(line, line->len ? " " : "", key, "=", quote, value, quote, NULL);
}

void record_line(const struct record *rec, struct text *line)
{
	record_each(rec, append, line);
}
