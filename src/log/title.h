/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The process title: the command line that ps(1), pgrep(1) and `systemctl status` show. It says who
 * is being served now, as picosocks5(8), PROCESS TITLE, describes.
 */
#ifndef LOG_TITLE_H
#define LOG_TITLE_H

#include "client.h"
#include "wire/addr.h"

/*
 * Makes room for titles. The kernel shows the memory that holds the arguments and the environment,
 * so their strings are copied, and argv and environ then point to the copies. Call it before
 * anything keeps a pointer to one of the strings.
 *
 * There is no room if argc is 0, if the strings of argv do not stand one behind the other, or if
 * they take more than 16 KiB. The room then stays empty, and title_show() does nothing.
 */
void title_prepare(int argc, char **argv);

/*
 * Shows the client, and whichever of the others are known; NULL: not known. user must be
 * authenticated. A title that does not fit into the room is cut off. Makes no system call.
 */
void title_show(const struct client *client, const char *user, const char *command,
		const struct dest *dest);

#endif
