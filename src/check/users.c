/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reports the lines of the users file: FILE:LINE, what is wrong, what to do. Prints names, but
 * never a hash: a bad one may be a password.
 */
#include "check/findings.h"
#include "check/scan.h"
#include "base/text.h"
#include "wire/socks5.h"

#include <string.h>
#include <sysexits.h>

struct job {
	const struct options *o;
	options_report *report;
	void *ctx;
	int status;
	long cram_md5; /* users that can log in by CHAP */
};

static void place(struct text *t, const struct job *job, const struct htpasswd_line *line)
{
	text_escaped(t, job->o->users, strlen(job->o->users));
	text_char(t, ':');
	text_uint(t, line->number);
	text_str(t, ": ");
	if (!line->namelen)
		return;
	text_str(t, "user \"");
	text_escaped(t, line->name, line->namelen);
	text_str(t, "\": ");
}

static void mistake(struct job *job, const struct scan_remark *r)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	place(&t, job, &r->line);
	text_str(&t, htpasswd_explain(r->fault));
	if (r->fault == HTPASSWD_MALFORMED || r->fault == HTPASSWD_UNSUPPORTED)
		text_strs(&t, " (", pwhash_name(r->scheme), ")", NULL);
	if (r->fault == HTPASSWD_DUPLICATE) {
		text_str(&t, " (line ");
		text_uint(&t, r->first);
		text_char(&t, ')');
	}
	text_str(&t, "; ");
	if (r->library)
		text_strs(&t, "install ", r->library, ", or ", NULL);
	text_str(&t, htpasswd_remedy(r->fault));
	job->report(job->ctx, job->o, buf);
	job->status = EX_CONFIG;
}

static void warn_line(struct job *job, const struct scan_remark *r, const char *what)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	text_str(&t, "warning: ");
	place(&t, job, &r->line);
	text_str(&t, what);
	job->report(job->ctx, job->o, buf);
}

/* CHAP needs the scheme {CRAM-MD5}, so a better hash is no remedy. warn_chap() speaks of it. */
static bool is_for_chap(const struct job *job, const struct scan_remark *r)
{
	return r->scheme == PWHASH_CRAM_MD5 && options_accept(job->o, SOCKS5_METHOD_CHAP);
}

static void remark(void *ctx, const struct scan_remark *r)
{
	struct job *job = ctx;
	char buf[100];
	struct text t = TEXT_OF(buf);

	if (r->fault) {
		mistake(job, r);
		return;
	}
	text_str(&t, pwhash_name(r->scheme));
	text_str(&t, r->weak ? " is a weak hash; `picosocks5 --hash NAME` makes a better one" :
			       " at this cost takes a second or more at every login");
	if (r->scheme == PWHASH_CRAM_MD5)
		job->cram_md5++;
	if ((r->weak && !is_for_chap(job, r)) || r->slow)
		warn_line(job, r, buf);
	if (r->blank)
		warn_line(job, r,
			  "the name begins or ends with a blank, which is part of the name");
}

static void report_file(struct job *job, const char *kind, const char *what, const char *why)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	text_str(&t, kind);
	text_escaped(&t, job->o->users, strlen(job->o->users));
	text_strs(&t, ": ", what, why, NULL);
	job->report(job->ctx, job->o, buf);
}

static void warn_file(struct job *job, const char *what)
{
	report_file(job, "warning: ", what, "");
}

/* Warns of users that can't log in by CHAP, and that others could. */
static void warn_chap(struct job *job, long usable)
{
	const uint8_t *methods = job->o->methods;
	const uint8_t *chap = memchr(methods, SOCKS5_METHOD_CHAP, job->o->n_methods);
	const uint8_t *password = memchr(methods, SOCKS5_METHOD_PASSWORD, job->o->n_methods);
	char buf[300];
	struct text t = TEXT_OF(buf);

	if (!chap || !usable)
		return;
	if (!job->cram_md5) {
		warn_file(job,
			  "nobody can log in by CHAP, because no line is {CRAM-MD5}; make some "
			  "with `picosocks5 --hash NAME --scheme cram-md5`");
		return;
	}
	warn_file(job, "whoever can read the file can log in by CHAP as a user whose line is "
		       "{CRAM-MD5}; let nobody but the proxy read it");
	if (job->cram_md5 == usable || (password && password < chap))
		return;
	text_uint(&t, (uint64_t)(usable - job->cram_md5));
	text_str(&t, " of ");
	text_uint(&t, (uint64_t)usable);
	text_str(&t, password ? " users can't log in with PuTTY, which uses chap because auth "
				"lists it before password: their lines are not {CRAM-MD5}" :
				" users can't log in, because their lines are not {CRAM-MD5}");
	text_str(&t, password ? "; list password first, or make" : "; make");
	text_str(&t, " new lines with `picosocks5 --hash NAME --scheme cram-md5`");
	warn_file(job, buf);
}

int check_users(const struct options *o, long *users, options_report *report, void *ctx)
{
	struct job job = { .o = o, .report = report, .ctx = ctx };
	long usable;

	*users = -1;
	if (!o->users)
		return 0;
	if (!options_accept(o, SOCKS5_METHOD_PASSWORD) && !options_accept(o, SOCKS5_METHOD_CHAP))
		warn_file(&job,
			  "nobody is asked for a password, because auth lists neither password "
			  "nor chap");
	if (o->users_fd < 0)
		return 0;
	if (o->users_fault == USERS_OTHERS_READ)
		warn_file(&job,
			  "every local user may read it and guess passwords offline (chmod o-r)");
	usable = scan_users(o->users_fd, remark, &job);
	if (usable < 0) {
		report_file(&job, "", "can't read the whole file: ", strerror((int)-usable));
		return EX_CONFIG;
	}
	*users = usable;
	if (!usable)
		warn_file(&job, "the file lets nobody in: it has no line that can be used");
	warn_chap(&job, usable);
	return job.status;
}
