/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads lines at a terminal without echo, and one line from a pipe. If a signal asks the process to
 * end or to stop, the terminal gets its own settings back first.
 */
#ifndef CHECK_TERMINAL_H
#define CHECK_TERMINAL_H

#include <stddef.h>
#include <sys/types.h>
#include <termios.h>

/* A terminal whose echo is off. */
struct terminal {
	int in, out;
	struct termios saved; /* its settings before */
	sigset_t mask;	      /* the signal mask before */
};

/*
 * Turns the echo of the terminal off: of /dev/tty, or, if that can't be opened, of standard input,
 * with standard error for what is written. Drops what was typed before. From here on, signals that
 * end or stop the process wait for terminal_read() or terminal_close(). Returns 0; or a negative
 * errno, and then nothing has changed.
 */
int terminal_open(struct terminal *t);

/*
 * Writes the prompt and reads a line, as line_read() does. A signal that ends the process does so,
 * after the settings of the terminal are restored. After a signal that stops the process, or that
 * continues it, the prompt is written again and the line begins anew.
 */
ssize_t terminal_read(struct terminal *t, const char *prompt, char *buf, size_t size);

/* Restores the settings and the signals, and drops what was typed and not read. */
void terminal_close(struct terminal *t);

/*
 * Reads a line of at most size bytes from the descriptor, and nothing behind it. The line ends with
 * a newline, which may follow a CR, or at the end of the file. Returns its length without these; or
 * size + 1 for a longer line, whose rest is not read; or a negative errno, -ENODATA if the file
 * ends before the line begins. If mask is not NULL, it is the signal mask while the call waits, and
 * a signal ends it with -EINTR.
 */
ssize_t line_read(int fd, const sigset_t *mask, char *buf, size_t size);

#endif
