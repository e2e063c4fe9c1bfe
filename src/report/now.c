/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists the sessions of this moment as JSON or CSV, or has the table written. */
#include "report/now.h"
#include "report/period.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

static void since(char buf[PERIOD_MAX], const struct now *now, const struct now_session *s)
{
	period_iso(buf, now->time_us - (int64_t)s->age_s * 1000000);
}

static void put_member(FILE *out, const char *name, struct word w)
{
	fprintf(out, ",\"%s\":", name);
	if (w.n)
		output_json_string(out, w.p, w.n);
	else
		fputs("null", out);
}

static void put_json(FILE *out, const struct now *now)
{
	char buf[PERIOD_MAX];
	size_t i;

	period_iso(buf, now->time_us);
	fprintf(out, "{\"time\":\"%s\",\"sessions\":[", buf);
	for (i = 0; i < now->n; i++) {
		const struct now_session *s = &now->sessions[i];

		since(buf, now, s);
		fprintf(out, "%s\n{\"pid\":%ld,\"since\":\"%s\",\"seconds\":%" PRIu64, i ? "," : "",
			(long)s->pid, buf, s->age_s);
		put_member(out, "user", s->user);
		put_member(out, "client", s->client);
		put_member(out, "command", s->command);
		put_member(out, "dest", s->dest);
		fputc('}', out);
	}
	fputs("]}\n", out);
}

static void put_csv(FILE *out, const struct now *now)
{
	char buf[PERIOD_MAX];
	size_t i, k;

	fputs("pid,since,seconds,user,client,command,dest\n", out);
	for (i = 0; i < now->n; i++) {
		const struct now_session *s = &now->sessions[i];
		const struct word words[] = { s->user, s->client, s->command, s->dest };

		since(buf, now, s);
		fprintf(out, "%ld,%s,%" PRIu64, (long)s->pid, buf, s->age_s);
		for (k = 0; k < 4; k++) {
			fputc(',', out);
			output_csv_field(out, words[k].p, words[k].n);
		}
		fputc('\n', out);
	}
}

/* On a /proc with hidepid=, only root and a group see the processes of others, such as the first.
 */
static void say_hidden(void)
{
	int fd = open("/proc/1/cmdline", O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	else
		asked_mistake("/proc hides the processes of other users here (hidepid), and maybe "
			      "sessions: run this as root to see all",
			      NULL);
}

int now_list(FILE *out, enum asked_output form, const struct output_terminal *t)
{
	struct now now;
	int err = now_find(&now);

	if (err) {
		asked_mistake("can't list processes: ", strerror(-err),
			      "; --now needs /proc to be mounted", NULL);
	} else {
		say_hidden();
		if (form == OUTPUT_JSON)
			put_json(out, &now);
		else if (form == OUTPUT_CSV)
			put_csv(out, &now);
		else
			now_put_table(out, &now, t);
	}
	now_free(&now);
	return err ? EX_OSERR : EX_OK;
}
