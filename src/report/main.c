/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picosocks5-report: reads sessions from the journal or from logs, and says who used the proxy. */
#include "report/asked.h"
#include "report/input.h"
#include "report/write.h"

#include <locale.h>
#include <stdlib.h>
#include <sysexits.h>
#include <time.h>

static int64_t present_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int main(int argc, char **argv)
{
	struct asked a;
	struct book b;
	int status;

	setlocale(LC_CTYPE, "");
	/* Without TZ, the C library looks at the file for each time that it converts. */
	setenv("TZ", ":/etc/localtime", 0);
	tzset();
	status = asked_read(&a, argc, argv, present_us());
	if (status)
		return status < 0 ? EX_OK : status;
	if (a.now)
		return write_now(&a);
	book_init(&b);
	status = input_read(&b, &a);
	if (!status) {
		book_close(&b);
		status = write_report(&b, &a);
	}
	book_free(&b);
	return status;
}
