/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files of the administrator's, read whole. Only regular ones: a pipe could be the client. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>

enum { FILE_MAX = 64 << 20 };

/*
 * Reads a regular file of at most FILE_MAX bytes. *text is writable, has *size bytes and one NUL
 * behind them, and stays for the life of the process, as path must.
 * Returns 0 or -errno: -EINVAL for what is no regular file, -EFBIG for a larger one, -EBUSY for
 * one that changed meanwhile, -ESTALE for one whose size is not how much there is to read.
 */
int file_read(const char *path, char **text, size_t *size);

/* Gives back what file_read() brought, for files that nothing points into any more. */
void file_forget(const char *text, size_t size);

/*
 * Returns the path as it is meant inside the file that names it: a relative path begins in the
 * folder of that file (NULL: the command line, where it stays as it is). Returns path itself, or a
 * new string that stays for the life of the process; NULL without memory.
 */
const char *file_beside(const char *path, const char *file);

/* The error in words; a constant string. */
const char *file_error(int err);

/*
 * The path of the i-th file read so far that somebody beside root and ourselves may write; NULL
 * behind the last. For --check; of more than a few the first ones.
 */
const char *file_loose(size_t i);

#endif
