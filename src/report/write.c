/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chooses the form of a report and what it is written to, and sees that all of it arrives. */
#include "report/write.h"
#include "report/now.h"
#include "report/output.h"
#include "report/replace.h"

#include <errno.h>
#include <inttypes.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sysexits.h>
#include <unistd.h>

/* Columns, where none are known. */
enum { WIDTH = 80, WIDTH_MIN = 20, WIDTH_MAX = 1000 };

int write_finish(FILE *out)
{
	if (fflush(out) == 0 && !ferror(out))
		return EX_OK;
	asked_mistake("can't write to standard output: ", strerror(errno), NULL);
	return EX_IOERR;
}

/* A terminal knows its width; for a pipe, COLUMNS may tell one. */
static unsigned width_of(int fd)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	unsigned long width = 0;

	if (ioctl(fd, TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	if (!width && columns)
		width = strtoul(columns, NULL, 10);
	if (!width)
		width = WIDTH;
	return width < WIDTH_MIN ? WIDTH_MIN : width > WIDTH_MAX ? WIDTH_MAX : (unsigned)width;
}

/* What goes to a pipe or a file has no colours and no blocks, whatever the locale. */
static struct output_terminal terminal_of(int fd)
{
	const char *term = getenv("TERM"), *no_colour = getenv("NO_COLOR");
	bool tty = isatty(fd);

	return (struct output_terminal){
		.width = width_of(fd),
		.colour = tty && term && *term && strcmp(term, "dumb") != 0 &&
			  !(no_colour && *no_colour),
		.utf8 = tty && strcmp(nl_langinfo(CODESET), "UTF-8") == 0,
	};
}

/* Writes the form that is asked for. */
static void put(FILE *out, const struct book *b, const struct asked *a)
{
	struct output_terminal t;

	switch (a->output) {
	case OUTPUT_TERMINAL:
		t = terminal_of(fileno(out));
		output_terminal(out, b, a, &t);
		break;
	case OUTPUT_JSON:
		output_json(out, b, a);
		break;
	case OUTPUT_CSV:
		output_csv(out, b, a);
		break;
	case OUTPUT_HTML:
		output_html(out, b, a);
		break;
	case OUTPUT_METRICS:
		output_metrics(out, b, a);
		break;
	}
}

/* Says on standard error what CSV and metrics have no place for. */
static void say_skipped(const struct book *b, const struct asked *a)
{
	bool one = b->skipped == 1;

	if (b->skipped && (a->output == OUTPUT_CSV || a->output == OUTPUT_METRICS))
		fprintf(stderr,
			"picosocks5-report: %" PRIu64 " line%s like %s, but can't be read: not "
			"counted\n",
			b->skipped, one ? " looks" : "s look", one ? "a session" : "sessions");
}

int write_report(const struct book *b, const struct asked *a)
{
	struct replace r;
	int status;

	say_skipped(b, a);
	if (!a->file || strcmp(a->file, "-") == 0) {
		put(stdout, b, a);
		return write_finish(stdout);
	}
	status = replace_begin(&r, a->file,
			       a->output == OUTPUT_HTML ? "<!DOCTYPE html>" : "# HELP picosocks5_");
	if (status)
		return status;
	put(r.out, b, a);
	return replace_end(&r);
}

int write_now(const struct asked *a)
{
	struct output_terminal t = terminal_of(STDOUT_FILENO);
	int status = now_list(stdout, a->output, &t);

	return status ? status : write_finish(stdout);
}
