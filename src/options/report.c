/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chooses where a mistake or a warning is written. Formats nothing. */
#include "options/options.h"
#include "client.h"
#include "log/log.h"

void options_report_to_log(void *ctx, const struct options *o, const char *message)
{
	const struct client *client = ctx;
	bool serving = o->mode == MODE_SERVE;
	struct log log;

	log_open(&log, serving ? o->log : LOG_SINK_STDERR, LOG_ERR,
		 serving ? client->owns_fd2 : client->stream.is_socket && client->owns_fd2);
	log_line(&log, LOG_ERR, message);
}
