/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Entries with fields for systemd's journal. The library sends without a deadline, so we poll a
 * socket of our own first, to learn whether the daemon has room.
 */
#include "log/sinks.h"
#include "log/libsystemd.h"
#include "log/log.h"
#include "base/text.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The MESSAGE_ID of a session's line: `journalctl MESSAGE_ID=...` finds all of them. */
#define MESSAGE_ID_SESSION "7c5a3d0c9a4e4f6bb9d2f1c4e86a0b35"

/* The fields of one entry. Their texts stand in one buffer, one behind the other. */
struct entry {
	struct iovec field[24];
	int n;
	struct text text;
};

int journal_open(void)
{
	const struct sockaddr_un to = { .sun_family = AF_UNIX,
					.sun_path = "/run/systemd/journal/socket" };
	int err, fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	if (connect(fd, (const struct sockaddr *)&to, sizeof(to)) < 0)
		err = -errno;
	else if (libsystemd_load())
		return fd;
	else
		err = -ELIBACC;
	close(fd);
	return err;
}

static bool has_room(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	const struct timespec patience = { .tv_sec = SINK_PATIENCE_MS / 1000 };

	return ppoll(&p, 1, &patience, NULL) > 0;
}

static void add_field(struct entry *e, const char *name, const char *value)
{
	size_t start = e->text.len;

	if (e->n == (int)(sizeof(e->field) / sizeof(e->field[0])))
		return;
	text_strs(&e->text, name, "=", value, NULL);
	e->field[e->n++] = (struct iovec){ e->text.buf + start, e->text.len - start };
}

static void add_pair(void *ctx, const char *key, const char *value)
{
	char name[24];
	struct text t = TEXT_OF(name);

	text_str(&t, "SOCKS_");
	for (; *key; key++)
		text_char(&t, (char)(*key & ~0x20));
	add_field(ctx, name, value);
}

bool journal_write(int fd, int level, const char *line, const struct record *rec)
{
	char buf[2 * LOG_LINE_MAX];
	struct entry e = { .text = TEXT_OF(buf) };
	char priority[2] = { (char)('0' + level), '\0' };

	add_field(&e, "MESSAGE", line);
	add_field(&e, "PRIORITY", priority);
	add_field(&e, "SYSLOG_IDENTIFIER", "picosocks5");
	if (rec) {
		add_field(&e, "MESSAGE_ID", MESSAGE_ID_SESSION);
		record_each(rec, add_pair, &e);
	}
	return has_room(fd) && libsystemd_send(e.field, e.n) >= 0;
}
