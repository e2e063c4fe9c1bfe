/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Chooses where a mistake or a warning is written. Formats nothing. */
#include "options/options.h"
#include "client.h"
#include "log/log.h"

#include <string.h>

bool options_is_warning(const char *message)
{
	return strncmp(message, "warning: ", 9) == 0;
}

void options_report_to_log(void *ctx, const struct options *o, const char *message)
{
	const struct client *client = ctx;
	bool serving = o->mode == MODE_SERVE;
	int level = options_is_warning(message) ? LOG_WARNING : LOG_ERR;
	struct log log;

	log_open(&log, serving ? o->log : LOG_SINK_STDERR, LOG_WARNING,
		 serving ? client->owns_fd2 : client->stream.is_socket && client->owns_fd2);
	if (serving)
		log_for_terminal(&log);
	else
		log.plain = true;
	log_line(&log, level, message);
}
