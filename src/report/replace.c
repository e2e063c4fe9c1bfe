/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes a file beside another and renames it. Never follows a link, never writes into the old. */
#include "report/replace.h"
#include "report/asked.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

static int fail(const char *path, const char *why, int status)
{
	char buf[600];
	struct text t = TEXT_OF(buf);

	text_str(&t, "can't write ");
	text_quoted(&t, path);
	text_strs(&t, ": ", why, NULL);
	asked_mistake(buf, NULL);
	return status;
}

/* Returns why a regular file that is not empty must not be replaced, or NULL. */
static const char *foreign(const char *path, const char *beginning)
{
	char buf[64];
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	ssize_t n = fd < 0 ? -1 : read(fd, buf, strlen(beginning));
	int err = errno;

	if (fd >= 0)
		close(fd);
	if (n < 0)
		return strerror(err);
	if ((size_t)n == strlen(beginning) && memcmp(buf, beginning, (size_t)n) == 0)
		return NULL;
	return "it is no report of this form, maybe it is a log; name another file, or remove "
	       "this one";
}

/* Returns why path can't be replaced, or NULL. */
static const char *obstacle(const char *path, const char *beginning)
{
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? NULL : strerror(errno);
	if (S_ISLNK(st.st_mode))
		return "it is a symbolic link; name the file that it leads to, or - for standard "
		       "output";
	if (S_ISDIR(st.st_mode))
		return "it is a folder; name a file in it";
	if (!S_ISREG(st.st_mode))
		return "it is not a regular file; name another, or - for standard output";
	return st.st_size ? foreign(path, beginning) : NULL;
}

static void hold_signals(struct replace *r)
{
	sigset_t ends;

	sigemptyset(&ends);
	sigaddset(&ends, SIGHUP);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	/* Over the limit of file sizes, write(2) then fails. */
	signal(SIGXFSZ, SIG_IGN);
	sigprocmask(SIG_BLOCK, &ends, &r->mask);
}

/* Ends with a last message if there is one to tell. */
static int give_up(struct replace *r, const char *why, int status)
{
	if (r->temp)
		unlink(r->temp);
	free(r->temp);
	status = fail(r->path, why, status);
	sigprocmask(SIG_SETMASK, &r->mask, NULL);
	return status;
}

/* Opens the file beside path. The mode of mkostemp(3) is 0600. */
static FILE *open_temp(char *temp)
{
	int fd = mkostemp(temp, O_CLOEXEC);
	mode_t mask = umask(0);
	FILE *f;

	umask(mask);
	if (fd < 0) {
		*temp = '\0';
		return NULL;
	}
	f = fchmod(fd, 0644 & ~mask) == 0 ? fdopen(fd, "w") : NULL;
	if (!f)
		close(fd);
	return f;
}

int replace_begin(struct replace *r, const char *path, const char *beginning)
{
	static const char ending[] = ".XXXXXX";
	const char *why = obstacle(path, beginning);
	size_t n = strlen(path);

	*r = (struct replace){ .path = path };
	if (why)
		return fail(path, why, EX_CANTCREAT);
	hold_signals(r);
	r->temp = malloc(n + sizeof(ending));
	if (!r->temp)
		return give_up(r, strerror(ENOMEM), EX_OSERR);
	memcpy(r->temp, path, n);
	memcpy(r->temp + n, ending, sizeof(ending));
	r->out = open_temp(r->temp);
	return r->out ? 0 : give_up(r, strerror(errno), EX_CANTCREAT);
}

int replace_end(struct replace *r)
{
	bool failed = fflush(r->out) != 0 || ferror(r->out) || fsync(fileno(r->out)) != 0;
	int err = errno;

	if (fclose(r->out) != 0 && !failed) {
		failed = true;
		err = errno;
	}
	if (failed)
		return give_up(r, strerror(err), EX_IOERR);
	if (rename(r->temp, r->path) != 0)
		return give_up(r, strerror(errno), EX_CANTCREAT);
	free(r->temp);
	sigprocmask(SIG_SETMASK, &r->mask, NULL);
	return 0;
}
