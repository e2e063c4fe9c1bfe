/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the administrator's files, each as a whole. Reads regular files only, because a pipe could
 * be the client's.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/cold.h"
#include "base/text.h"

#include <stddef.h>
#include <sys/types.h>

enum { FILE_MAX = 64 << 20 };

/* Whose a file is, and the bits of its mode, as they were when it was read. */
struct file_rights {
	uid_t uid;
	gid_t gid;
	mode_t mode;
};

/*
 * Reads a regular file of at most FILE_MAX bytes. *text is writable, has *size bytes and a NUL
 * behind them, and lasts until file_forget(). path must last as long as the process, because
 * file_loose() may return it. Fills *rights, unless that is NULL. Returns 0, or a negative errno:
 * -EINVAL if it is not a regular file, -EFBIG if it is larger, -EBUSY if it changed while it was
 * read, -ESTALE if there was more or less to read than its size says.
 */
int file_read(const char *path, char **text, size_t *size, struct file_rights *rights);

/* Frees the text of file_read(). Nothing may point into it afterwards. */
void file_forget(const char *text, size_t size);

/*
 * Resolves a path that was read from `file`: a relative path begins in the folder of that file. If
 * file is NULL (the command line), the path stays as it is. Returns path itself or a new string,
 * which lasts as long as the process; or NULL if there is no memory.
 */
const char *file_beside(const char *path, const char *file);

/* Returns an error of file_read() in words, a constant string. */
const char *file_error(int err);

/*
 * Appends that a file can't be opened, and why: "cannot open /etc/x: Permission denied". err is
 * what file_read() or open(2) returned, negative.
 */
COLD_CODE void file_explain(struct text *t, const char *path, int err);

/*
 * Appends what stands in the way and what to do, if that is known: "; user 998 needs the right to
 * read it". Looks at the folders on the way to the file, with the rights of this process.
 */
COLD_CODE void file_remedy(struct text *t, const char *path, int err);

/*
 * Returns the path of the i-th file read so far that users other than root and the user of this
 * process may write to, or NULL if there are no more. Remembers the first 8. For --check.
 */
const char *file_loose(size_t i);

#endif
