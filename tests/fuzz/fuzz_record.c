/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The session's line in the log, from strings that clients choose: it has printable bytes only,
 * and a reader of logfmt gets the very same strings back.
 *
 * The input: 4 bytes that choose the settings, then strings, each behind its length: user,
 * destination, error.
 */
#include "log/log.h"
#include "log/record.h"

#include "fuzz.h"

/* What is left of the input. */
struct rest {
	const uint8_t *p;
	size_t n;
};

/* Takes the next string, of at most 255 bytes, and ends it with a NUL. */
static const char *take(struct rest *r, char *buf)
{
	size_t n = r->n ? *r->p++ : 0;

	r->n -= r->n > 0;
	if (n > r->n)
		n = r->n;
	memcpy(buf, r->p, n);
	buf[n] = '\0';
	r->p += n;
	r->n -= n;
	return buf;
}

/* Undoes the escapes of a value. Returns the length. */
static size_t unescape(const char *p, size_t n, char *ret)
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		char hex[3] = "";

		if (p[i] == '\\') {
			MUST(i + 3 < n && p[i + 1] == 'x');
			memcpy(hex, p + i + 2, 2);
			MUST(strspn(hex, "0123456789abcdef") == 2);
			i += 3;
		}
		ret[len++] = *hex ? (char)strtol(hex, NULL, 16) : p[i];
	}
	ret[len] = '\0';
	return len;
}

struct reader {
	const char *line;
	bool last; /* the key was the last one */
};

/* The next key and value of the line must be these. */
static void must_be_next(void *ctx, const char *key, const char *value)
{
	struct reader *r = ctx;
	size_t len = strlen(key);

	MUST(!r->last && strncmp(r->line, key, len) == 0 && r->line[len] == '=');
	r->line += len + 1;
	len = *r->line == '"' ? strcspn(r->line + 1, "\"") : strcspn(r->line, " =\"");
	r->line += *r->line == '"';
	MUST(len == strlen(value) && strncmp(r->line, value, len) == 0);
	r->line += len;
	r->line += *r->line == '"';
	r->last = !*r->line;
	MUST(r->last || *r->line++ == ' ');
}

struct wanted {
	const char *user, *name;
};

static void must_be_meant(void *ctx, const char *key, const char *value)
{
	const struct wanted *w = ctx;
	char text[LOG_LINE_MAX];
	size_t n = strlen(value);

	if (strcmp(key, "user") == 0)
		MUST(unescape(value, n, text) == strlen(w->user) && strcmp(text, w->user) == 0);
	if (strcmp(key, "dest") == 0 && *w->name) {
		const char *port = strrchr(value, ':');

		MUST(port);
		unescape(value, (size_t)(port - value), text);
		MUST(strcmp(text, w->name) == 0);
	}
}

/* With less room: no byte too many, and no half of an escape. */
static void must_fit(const char *s, size_t room)
{
	char buf[LOG_LINE_MAX], back[LOG_LINE_MAX];
	struct text t = { .buf = buf, .cap = room };
	size_t n;

	memset(buf, '~', sizeof(buf));
	buf[0] = '\0';
	text_escaped(&t, s, strlen(s));
	MUST(t.len < room && buf[t.len] == '\0' && buf[room] == '~');
	n = unescape(buf, t.len, back);
	MUST(n <= strlen(s) && memcmp(back, s, n) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char user[256], error[256], line[LOG_LINE_MAX];
	struct client client = { .kind = CLIENT_LOCAL };
	struct dest dest = { .port = 443 };
	struct record rec = { .client = &client, .dest = &dest, .user = user, .error = error };
	struct text t = TEXT_OF(line);
	struct reader reader = { .line = line };
	struct rest rest = { data + 4, size - 4 };

	if (size < 4)
		return -1;
	client.kind = data[0] % 3;
	if (client.kind == CLIENT_INTERNET)
		addr_set_ipv4(&client.addr, data, 1080);
	rec.end = data[1] % (END_SIGNAL + 1);
	rec.reply = data[2] % 10 - 1;
	rec.relayed = data[3] & 1;
	rec.command = "connect";
	take(&rest, user);
	take(&rest, dest.name);
	take(&rest, error);
	record_line(&rec, &t);
	MUST(t.len == strlen(line) && line[t.len] == '\0');
	for (size_t i = 0; i < t.len; i++)
		MUST(line[i] >= 0x20 && line[i] <= 0x7e);
	record_each(&rec, must_be_next, &reader);
	MUST(reader.last);
	record_each(&rec, must_be_meant, &(struct wanted){ user, dest.name });
	must_fit(user, 1 + data[0]);
	return 0;
}
