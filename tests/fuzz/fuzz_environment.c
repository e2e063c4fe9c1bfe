/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What superservers say in the environment: who the client is, which descriptor is handed over,
 * whether descriptor 2 leads to the journal. No variable may give a client more rights than it
 * says.
 *
 * The input: a byte, 's' if the client is on a unix socket, and lines NAME=VALUE.
 */
#include "activate.h"
#include "log/log.h"
#include "remote.h"

#include "fuzz.h"

#include <sys/stat.h>
#include <unistd.h>

/* Variables that name the client. SSH_CONNECTION may, and *REMOTEIP of another PROTO. */
static const char *const speaker[] = { "TCPREMOTEIP",	  "TCP6REMOTEIP", "SSLREMOTEIP",
				       "REMOTE_ADDR",	  "REMOTE_HOST",  "SOCAT_PEERADDR",
				       "NCAT_REMOTE_ADDR" };

enum { SPEAKERS = sizeof(speaker) / sizeof(*speaker) };

static bool is_ours(const char *name)
{
	static const char *const ours[] = { "PROTO",	      "LISTEN_PID",	"LISTEN_FDS",
					    "LISTEN_PIDFDID", "JOURNAL_STREAM", "SERVER_ADDR",
					    "SSH_CONNECTION" };
	size_t len = strlen(name);

	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		if (strcmp(name, ours[i]) == 0)
			return true;
	return name[strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0' &&
	       ((len > 2 && strcmp(name + len - 2, "IP") == 0) ||
		(len > 4 && strcmp(name + len - 4, "ADDR") == 0) ||
		(len > 4 && strcmp(name + len - 4, "HOST") == 0) ||
		(len > 4 && strcmp(name + len - 4, "PORT") == 0));
}

/* Sets a variable for each line of text, but only those that the program reads. */
static void set_variables(char *text)
{
	clearenv();
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
		char *value = strchr(line, '=');

		if (!value)
			continue;
		*value++ = '\0';
		/* The fuzzer could not guess the process id. */
		if (strcmp(line, "LISTEN_PID") == 0 && strcmp(value, "self") == 0) {
			char pid[24];

			snprintf(pid, sizeof(pid), "%d", getpid());
			setenv(line, pid, 1);
		} else if (is_ours(line)) {
			setenv(line, value, 1);
		}
	}
}

static const char *first_speaker(void)
{
	for (size_t i = 0; i < SPEAKERS; i++)
		if (getenv(speaker[i]))
			return getenv(speaker[i]);
	return NULL;
}

/* True if any variable could be about the client. */
static bool is_spoken_of(void)
{
	for (char **var = environ; var && *var; var++)
		if (strstr(*var, "REMOTE") || strstr(*var, "PEERADDR") ||
		    strncmp(*var, "SSH_CONNECTION", 14) == 0)
			return true;
	return false;
}

static void must_be_said(const struct client *c, const char *said, bool is_socket)
{
	union endpoint addr;

	MUST((c->kind == CLIENT_INTERNET) == (c->addr.sa.sa_family != AF_UNSPEC));
	MUST(!addr_len(&c->addr) || !IN6_IS_ADDR_V4MAPPED(&c->addr.in6.sin6_addr) ||
	     c->addr.sa.sa_family == AF_INET);
	if (said && addr_parse(said, &addr) == 0)
		MUST(c->kind == CLIENT_INTERNET && addr_same_host(&c->addr, &addr));
	else if (said && !(is_socket && (*said == '/' || *said == '@')) && strcmp(said, "<anon>"))
		MUST(c->kind == CLIENT_UNKNOWN && !client_is_local(c));
	else if (!said && !is_spoken_of())
		MUST(c->kind == CLIENT_LOCAL && client_is_local(c));
}

/* Descriptor 3 must not be taken for the client unless it was handed over. */
static void must_be_handed_over(void)
{
	const char *pid = getenv("LISTEN_PID"), *fds = getenv("LISTEN_FDS");

	if (activate_by_environment())
		MUST(pid && fds && strtol(pid, NULL, 10) == getpid() && strcmp(fds, "0") != 0);
}

static void must_be_journal(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char id[64] = "";
	struct log log;
	struct stat st;

	if (fstat(STDERR_FILENO, &st) == 0)
		snprintf(id, sizeof(id), "%ju:%ju", (uintmax_t)st.st_dev, (uintmax_t)st.st_ino);
	log_open(&log, LOG_SINK_AUTO, LOG_INFO, false);
	MUST((log.sink == LOG_SINK_JOURNAL) == (stream && *id && strcmp(stream, id) == 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct client client = { .stream = { .in = -1, .out = -1 } };
	char text[2048];

	if (size < 1 || size > sizeof(text))
		return -1;
	client.stream.is_socket = *data == 's';
	memcpy(text, data + 1, size - 1);
	text[size - 1] = '\0';
	set_variables(text);
	remote_from_environment(&client);
	must_be_said(&client, first_speaker(), client.stream.is_socket);
	must_be_handed_over();
	must_be_journal();
	return 0;
}
