/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads whole files while another process writes them: half a list must not pass for a list.
 * read() is wrapped, so that the write happens at the worst moment.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "tap.h"

static char dir[] = "/tmp/test_file.XXXXXX", path[64];

/* Called once, before the next read(). */
static void (*writer)(void);

ssize_t __real_read(int fd, void *buf, size_t n);
ssize_t __wrap_read(int fd, void *buf, size_t n);
ssize_t __wrap_read(int fd, void *buf, size_t n)
{
	void (*w)(void) = writer;

	writer = NULL;
	if (w)
		w();
	return __real_read(fd, buf, n);
}

static void put(const char *text, int flags)
{
	int fd = open(path, O_WRONLY | O_CREAT | flags, 0600);
	ssize_t n = write(fd, text, strlen(text));

	ok(fd >= 0 && n == (ssize_t)strlen(text), "the test's own file is written");
	close(fd);
}

static void starts_again(void)
{
	put("", O_TRUNC);
}

static void is_half_written(void)
{
	put("deny", O_TRUNC);
}

static void appends(void)
{
	put("more", O_APPEND);
}

/* The size stays. The time is set because a coarse clock may not move between two writes. */
static void writes_over(void)
{
	const struct timespec then[2] = { { 1, 0 }, { 1, 0 } };

	put("xxxx", 0);
	utimensat(AT_FDCWD, path, then, 0);
}

/* The right way: the old file stays whole for a process that reads it. */
static void renames_into_place(void)
{
	char other[80];

	snprintf(other, sizeof(other), "%s.new", path);
	rename(path, other);
	put("new", O_TRUNC);
}

static int reads(void (*w)(void), char **text, size_t *size)
{
	int err;

	put("deny private\n", O_TRUNC);
	writer = w;
	err = file_read(path, text, size, NULL);
	writer = NULL;
	return err;
}

static void while_it_is_written(void)
{
	static const struct {
		void (*write)(void);
		const char *name;
	} writers[] = {
		{ starts_again, "a file that is emptied while it is read is busy" },
		{ is_half_written, "a file that gets shorter while it is read is busy" },
		{ appends, "a file that grows while it is read is busy" },
		{ writes_over, "a file that is written over while it is read is busy" },
	};
	size_t size;
	char *text;

	if (is_int(reads(NULL, &text, &size), 0, "a file that nobody writes is read"))
		is_mem(text, size, "deny private\n", 13, "the whole file is there");
	is_int(text[size], 0, "one NUL follows");
	file_forget(text, size);
	for (size_t i = 0; i < sizeof(writers) / sizeof(*writers); i++)
		is_int(reads(writers[i].write, &text, &size), -EBUSY, "%s", writers[i].name);
	if (is_int(reads(renames_into_place, &text, &size), 0,
		   "a file that is replaced while it is read is read"))
		is_mem(text, size, "deny private\n", 13, "the old file is read whole");
	ok(strstr(file_error(-EBUSY), "rename it into place"),
	   "the message for a busy file says what to do");
}

static void what_is_no_file(void)
{
	static const struct {
		const char *path, *name;
		int want;
	} cases[] = {
		{ dir, "a directory is refused", -EINVAL },
		{ "/dev/null", "a device is refused", -EINVAL },
		{ "/proc/self/status", "a file without a size is refused", -ESTALE },
		{ "/nowhere", "a file that does not exist is an error", -ENOENT },
	};
	size_t size;
	char *text;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		is_int(file_read(cases[i].path, &text, &size, NULL), cases[i].want, "%s",
		       cases[i].name);
	put("", O_TRUNC);
	is_int(truncate(path, FILE_MAX + 1L), 0, "a file one byte too large is made");
	is_int(file_read(path, &text, &size, NULL), -EFBIG, "a file that is too large is refused");
	put("", O_TRUNC);
	is_int(file_read(path, &text, &size, NULL), 0, "an empty file is read");
	is_int(size, 0, "an empty file has 0 bytes");
}

static void explains(const char *name, int err, const char *want)
{
	char buf[300], at[120];
	struct text t = TEXT_OF(buf);

	snprintf(at, sizeof(at), "%s%s", dir, name);
	file_explain(&t, at, err);
	file_remedy(&t, at, err);
	/* Every message begins the same, with the path. */
	snprintf(at, sizeof(at), "cannot open %s%s: ", dir, name);
	if (ok(!strncmp(buf, at, strlen(at)), "%s: the file is named", want))
		is_str(buf + strlen(at), want, "%s", want);
}

static void in_words(void)
{
	char want[200], link[80];

	put("", O_TRUNC);
	explains("/no", -ENOENT, "No such file or directory");
	snprintf(want, sizeof(want), "No such file or directory; there is no folder %s/a", dir);
	explains("/a/b/c", -ENOENT, want);
	snprintf(want, sizeof(want), "No such file or directory; there is no folder %s//a", dir);
	explains("//a//b", -ENOENT, want);
	snprintf(want, sizeof(want), "Not a directory; this is not a folder: %s/list", dir);
	explains("/list/x/y", -ENOTDIR, want);
	explains("", -EINVAL, "it is not a regular file");
	explains("/list", -EFBIG, "it is larger than 64 MiB");
	snprintf(link, sizeof(link), "%s/link", dir);
	if (symlink("nowhere", link) == 0)
		explains("/link", -ENOENT,
			 "No such file or directory; it is a link to a file that does not exist");
	unlink(link);
}

/* A child without root's rights is told which right it lacks. */
static void without_rights(void)
{
	char want[200];
	unsigned user = geteuid() ? geteuid() : 65534;

	put("", O_TRUNC);
	if (chmod(dir, 0711) < 0 || (geteuid() == 0 && seteuid(user) < 0)) {
		skip("this process can't give up its rights");
		return;
	}
	snprintf(want, sizeof(want), "Permission denied; user %u needs the right to read it", user);
	explains("/list", -EACCES, want);
	if (getuid() == 0 && seteuid(0) == 0 && chmod(dir, 0700) == 0 && seteuid(user) == 0) {
		snprintf(want, sizeof(want),
			 "Permission denied; user %u needs the right to enter the folder %s", user,
			 dir);
		explains("/list", -EACCES, want);
		explains("/a/b", -EACCES, want);
	}
	if (getuid() == 0 && seteuid(0) == 0)
		explains("/list", -EACCES, "Permission denied");
	chmod(dir, 0700);
}

int main(void)
{
	if (!mkdtemp(dir))
		return 1;
	snprintf(path, sizeof(path), "%s/list", dir);
	while_it_is_written();
	what_is_no_file();
	in_words();
	without_rights();
	snprintf(path, sizeof(path), "%s/list.new", dir);
	unlink(path);
	snprintf(path, sizeof(path), "%s/list", dir);
	unlink(path);
	rmdir(dir);
	return done_testing();
}
