/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the administrator's files, each as a whole. Reads regular files only, because a pipe could
 * be the client.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>

enum { FILE_MAX = 64 << 20 };

/*
 * Reads a regular file of at most FILE_MAX bytes. *text is writable, has *size bytes and a NUL
 * behind them, and lasts as long as the process. path must last as long. Returns 0, or a negative
 * errno: -EINVAL if it is not a regular file, -EFBIG if it is larger, -EBUSY if it changed
 * meanwhile, -ESTALE if there was more or less to read than its size says.
 */
int file_read(const char *path, char **text, size_t *size);

/* Frees the text of file_read(). Nothing may point into it any more. */
void file_forget(const char *text, size_t size);

/*
 * Returns the path as the file that names it means it: a relative path begins in the folder of that
 * file; for NULL (the command line) it stays as it is. Returns path itself or a new string, which
 * stays for the life of the process; or NULL without memory.
 */
const char *file_beside(const char *path, const char *file);

/* Returns an error of file_read() in words, a constant string. */
const char *file_error(int err);

/*
 * Returns the path of the i-th file read so far that somebody besides root and this user may write,
 * or NULL behind the last. For --check. Only the first few are remembered.
 */
const char *file_loose(size_t i);

#endif
