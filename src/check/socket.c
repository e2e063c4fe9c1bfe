/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Says why a unix socket can't be reached. Connects to none. */
#include "check/socket.h"

#include <errno.h>
#include <string.h>

bool socket_is_absent(int err)
{
	return err == -ENOENT || err == -ECONNREFUSED;
}

void socket_put_no_right(const struct options *o, const char *what, const char *example,
			 const char *group, struct text *t)
{
	const char *user = o->check.user;

	text_str(t, strerror(EACCES));
	if (user)
		text_strs(t, " for user ", user, "; add this user to the group of ", what, " (",
			  example, ": adduser ", user, " ", group, ")", NULL);
	else
		text_str(t, " (run --check as root: it tries files as user picosocks5)");
}
