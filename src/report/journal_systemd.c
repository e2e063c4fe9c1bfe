/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads sessions from systemd's journal of this machine. Whoever may write to the journal can write
 * in the name of picosocks5; picosocks5-report(1) says so.
 */
#include "report/input.h"
#include "report/prefix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <systemd/sd-id128.h>
#include <systemd/sd-journal.h>
#include <unistd.h>

/* Of the journal, between two times that it is closed. */
enum { SOME = 20000 };

static const char name[] = "the journal";

static int complain(struct progress *p, int err)
{
	return input_complain(p, name, strerror(-err), err);
}

static int try_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

/*
 * Returns 0 if the system's own file of the journal in this folder can be read, or -errno. While
 * the journal is being rotated, there is no such file, but the folder of this machine.
 */
static int try_folder(const char *folder)
{
	char id[SD_ID128_STRING_MAX], path[128];
	sd_id128_t machine;
	int err = sd_id128_get_machine(&machine), n;

	if (err < 0)
		return err;
	n = snprintf(path, sizeof(path), "%s/%s", folder, sd_id128_to_string(machine, id));
	snprintf(path + n, sizeof(path) - (size_t)n, "/system.journal");
	err = try_open(path);
	if (err != -ENOENT)
		return err;
	path[n] = '\0';
	return try_open(path);
}

/* The library passes over files that it may not read. So look first. Returns an exit status. */
static int check_access(struct progress *p)
{
	int disk = try_folder("/var/log/journal"), memory = try_folder("/run/log/journal");

	if (disk == -EACCES || disk == -EPERM || memory == -EACCES || memory == -EPERM)
		return input_complain(p, name,
				      "permission denied: be root, or a member of the group "
				      "systemd-journal or adm",
				      0);
	if (disk < 0 && memory < 0)
		return input_complain(p, name,
				      "this system has none. To read a log, name it: "
				      "picosocks5-report FILE",
				      0);
	return EX_OK;
}

/* Counts the entry at which the journal stands. Returns 0 or -ENOMEM. */
static int count(sd_journal *j, struct book *b, uint64_t time_us)
{
	static const char field[] = "MESSAGE=";
	struct prefix prefix;
	const void *data;
	const char *text;
	size_t n;
	int err = sd_journal_get_data(j, "MESSAGE", &data, &n);

	if (err == -ENOENT)
		return 0;
	if (err == -ENOMEM)
		return err;
	if (err < 0 || n < strlen(field)) {
		b->skipped++;
		return 0;
	}
	text = (const char *)data + strlen(field);
	n -= strlen(field);
	/* A line of standard error has the tag once more, if the program saw no journal. */
	if (!prefix_read(text, n, (int64_t)time_us, &prefix))
		return 0;
	return input_text(b, text + prefix.len, n - prefix.len, true, (int64_t)time_us);
}

/* Opens the journal in front of the session at the cursor, or of the time if there is no cursor. */
static int open_journal(sd_journal **ret, int64_t since_us, const char *cursor)
{
	int err = sd_journal_open(ret, SD_JOURNAL_LOCAL_ONLY);

	if (err >= 0)
		err = sd_journal_add_match(*ret, "SYSLOG_IDENTIFIER=picosocks5", 0);
	if (err < 0)
		return err;
	if (cursor)
		return sd_journal_seek_cursor(*ret, cursor);
	return sd_journal_seek_realtime_usec(*ret, (uint64_t)since_us);
}

/* Reads at most SOME sessions. Returns 1 if there may be more, 0 at the end, or -errno. */
static int read_some(sd_journal *j, struct book *b, const struct asked *a, const char *cursor)
{
	uint64_t t;
	int n, err;

	for (n = 0; n < SOME; n++) {
		err = sd_journal_next(j);
		if (err <= 0)
			return err;
		/* The entry at the cursor has been counted, unless it is gone. */
		if (n == 0 && cursor && sd_journal_test_cursor(j, cursor) > 0)
			continue;
		if (sd_journal_get_realtime_usec(j, &t) < 0 || t > INT64_MAX)
			continue;
		if (a->has_until && (int64_t)t >= a->until_us)
			return 0;
		/* Times go back where the clock was set. */
		if ((int64_t)t < a->since_us)
			continue;
		err = count(j, b, t);
		if (err < 0)
			return err;
	}
	return 1;
}

/*
 * The library maps what it reads into memory until the journal is closed. So the journal is closed
 * now and then, and opened where it was.
 */
int input_journal(struct book *b, const struct asked *a, struct progress *p)
{
	int64_t entries = 0;
	char *cursor = NULL;
	int more, status = check_access(p);

	if (status)
		return status;
	do {
		sd_journal *j = NULL;

		more = open_journal(&j, a->since_us, cursor);
		if (more >= 0)
			more = read_some(j, b, a, cursor);
		free(cursor);
		cursor = NULL;
		if (more > 0 && sd_journal_get_cursor(j, &cursor) < 0)
			more = -ENOMEM;
		sd_journal_close(j);
		progress_show(p, name, entries += SOME, 0, "lines");
	} while (more > 0);
	free(cursor);
	return more < 0 ? complain(p, more) : EX_OK;
}
