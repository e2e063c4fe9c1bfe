/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says why the file of limits can't be used, and what to do. Changes nothing. */
#include "net/limits.h"
#include "base/cold.h"
#include "base/text.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

/* Appends the folder of the file, or nothing if its path is longer than paths can be. */
static COLD_CODE void put_folder(struct text *t, const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) : 0;
	char folder[PATH_MAX] = ".";

	if (len >= sizeof(folder))
		return;
	if (slash)
		memcpy(folder, len ? path : "/", len ? len : 1);
	text_escaped(t, folder, strlen(folder));
}

COLD_CODE void limits_remedy(struct text *t, const char *path, int err)
{
	struct stat st;

	switch (-err) {
	case ENOENT:
	case ENOTDIR:
		text_str(t, "; make the folder ");
		put_folder(t, path);
		text_str(t,
			 " for the user of the service (chown); in /run, have it made at each boot "
			 "(tmpfiles.d(5))");
		return;
	case EACCES:
	case EPERM:
		text_str(t, "; the user of the service needs the right to ");
		if (lstat(path, &st) == 0) {
			text_str(t, "read and write it (chown, chmod 600)");
			return;
		}
		text_str(t, "make files in ");
		put_folder(t, path);
		text_str(t, " (chown)");
		return;
	case EISDIR:
		text_str(t, "; write ");
		text_escaped(t, path, strlen(path));
		text_str(t, "/limits");
		return;
	case ELOOP:
		text_str(t, "; links are not followed: name the file itself");
		return;
	case EMEDIUMTYPE:
		text_str(t, "; name a file that is not there yet");
		return;
	case EROFS:
		text_str(t, "; name a file on a file system that can be written (with systemd, "
			    "ReadWritePaths= in picosocks5@.service)");
		return;
	case ENOSPC:
	case EDQUOT:
	case EFBIG:
		text_str(t, "; make room, or name a file on another file system");
		return;
	case ENOLCK:
	case EINVAL:
	case EOPNOTSUPP:
		text_str(t, "; the file can't be locked: name one on a local file system, like "
			    "/run");
		return;
	}
}

COLD_CODE void limits_explain(struct text *t, const char *path, int err)
{
	text_escaped(t, path, strlen(path));
	text_str(t, ": ");
	if (err == -EMEDIUMTYPE)
		text_str(t, "it is not a file of limits");
	else if (err == -ELOOP)
		text_str(t, "it is a symbolic link");
	else if (err == -EBUSY)
		text_str(t, "another process has locked it, and writes no key");
	else
		text_str(t, strerror(-err));
}
