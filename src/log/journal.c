/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Entries with fields for systemd's journal. The library sends without a deadline, so we poll a
 * socket of our own first, to learn whether the daemon has room.
 */
#include "log/sinks.h"
#include "log/libsystemd.h"
#include "log/log.h"
#include "base/text.h"
#include "wire/socks4.h"
#include "wire/socks5.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The MESSAGE_ID of a session's line, without its last digit; see message_digit(). */
#define MESSAGE_ID_SESSION "4e7a29d461b840b2bbb52157e94ee0a"

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

/*
 * Returns the last digit of the MESSAGE_ID: the number of a reply, or another digit. For each,
 * units/picosocks5.catalog has a text, which names only fields that such a record has.
 */
static char message_digit(const struct record *rec)
{
	bool answered = rec->reply >= 0;

	if (rec->reply == SOCKS5_REP_SUCCEEDED || rec->reply == SOCKS4_GRANTED)
		return '0';
	if (rec->end == END_DENIED && rec->rule)
		return rec->command && rec->dest ? '2' : 'd';
	if (!rec->error)
		return answered ? 'f' : 'e';
	if (!answered)
		return rec->end == END_AUTH ? 'a' : rec->end == END_PROTOCOL ? 'b' : 'e';
	if (rec->reply == SOCKS4_REJECTED)
		return 'c';
	if (rec->reply == SOCKS5_REP_NOT_ALLOWED)
		return rec->end == END_AUTH ? 'a' : '9';
	return (char)('0' + rec->reply);
}

bool journal_write(int fd, int level, const char *line, const struct record *rec)
{
	char buf[2 * LOG_LINE_MAX];
	struct entry e = { .text = TEXT_OF(buf) };
	char priority[2] = { (char)('0' + level), '\0' };
	char id[] = MESSAGE_ID_SESSION "x";

	add_field(&e, "MESSAGE", line);
	add_field(&e, "PRIORITY", priority);
	add_field(&e, "SYSLOG_IDENTIFIER", "picosocks5");
	if (rec) {
		id[sizeof(id) - 2] = message_digit(rec);
		add_field(&e, "MESSAGE_ID", id);
		record_each(rec, add_pair, &e);
	}
	return has_room(fd) && libsystemd_send(e.field, e.n) >= 0;
}
