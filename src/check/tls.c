/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tries the certificate, its key and the CAs of clients for --check, as a session does whose client
 * begins with TLS; other sessions read none of them. Performs no handshake, and prints no key.
 */
#include "check/findings.h"
#include "base/text.h"
#include "layer/libssl.h"
#include "options/reader.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

enum { DAY = 24 * 60 * 60, SOON = 14 * DAY };

struct job {
	const struct options *o;
	options_report *report;
	void *ctx;
	time_t now;
};

/* Appends "FILE:LINE: OPTION: ", and the file if there is one. */
static void put_place(const struct job *job, const char *option, const char *file, struct text *t)
{
	options_place(job->o, option, t);
	if (!file)
		return;
	text_escaped(t, file, strlen(file));
	text_str(t, ": ");
}

void check_put_time(int64_t seconds, struct text *t)
{
	time_t time = (time_t)seconds;
	char buf[40];
	struct tm tm;

	gmtime_r(&time, &tm);
	strftime(buf, sizeof(buf), "%F %T UTC", &tm);
	text_str(t, buf);
}

/* Reports a file that can't be opened. Returns its descriptor, or -1. */
static int open_file(const struct job *job, const char *path)
{
	int fd = as_open_file(job->o, path);
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	if (fd >= 0)
		return fd;
	put_place(job, options_tls_name(&job->o->tls, path), NULL, &t);
	as_cannot_open(job->o, path, fd, &t);
	if (fd == -EACCES && job->o->check.switched)
		text_str(&t, "; if systemd hands the file over, as in tls.conf, check with "
			     "--as root");
	job->report(job->ctx, job->o, buf);
	return -1;
}

static void warn_key(const struct job *job, const char *path)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	text_str(&t, "warning: ");
	put_place(job, options_tls_name(&job->o->tls, path), path, &t);
	text_str(&t, "others may read or write it, and whoever has the key can pose as this proxy "
		     "(chmod 640)");
	job->report(job->ctx, job->o, buf);
}

/* Returns false, and reports why, if one of the files can't be opened. */
static bool try_files(const struct job *job)
{
	const struct libssl_files *files = &job->o->tls.files;
	const char *paths[] = { files->certificate, files->key, files->clients };
	const char *holds_key = libssl_key_file(files);
	bool good = true;

	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct stat st = { 0 };
		int fd = paths[i] ? open_file(job, paths[i]) : -1;

		good = good && (!paths[i] || fd >= 0);
		if (fd < 0)
			continue;
		fstat(fd, &st);
		close(fd);
		if (paths[i] == holds_key && st.st_mode & (S_IWGRP | S_IRWXO))
			warn_key(job, paths[i]);
	}
	return good;
}

/* Opens a credential among the files with the rights that it needs. The others have been tried. */
static int open_library(const struct options *o, struct libssl *l)
{
	const struct libssl_files *files = &o->tls.files;
	uid_t user = as_step_back(o, files->certificate);
	int err;

	if (user == geteuid())
		as_step_back(o, libssl_key_file(files));
	if (user == geteuid() && files->clients)
		as_step_back(o, files->clients);
	err = libssl_open(l, files);
	as_return_to(user);
	return err;
}

/* Returns the exit status. */
static int report_failure(const struct job *job, const struct libssl *l)
{
	static const char no_key[] = "no private key";
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	put_place(job, l->file ? options_tls_name(&job->o->tls, l->file) : "tls-certificate",
		  l->file, &t);
	if (!l->file)
		text_str(&t, "no client can use TLS, because ");
	text_escaped(&t, l->words, strlen(l->words));
	if (!l->file)
		text_str(&t, "; install it (Debian: libssl3)");
	else if (!job->o->tls.files.key && strncmp(l->words, no_key, sizeof(no_key) - 1) == 0)
		text_str(&t, "; name the file of the key with the option tls-key");
	job->report(job->ctx, job->o, buf);
	return EX_CONFIG;
}

/* Appends that the certificate is not valid, or not for long. Returns false if there is no need. */
static bool put_validity(const struct job *job, const struct libssl_certificate *c, struct text *t)
{
	int64_t now = job->now;

	if (c->begins > now) {
		text_str(t, " is not valid before ");
		check_put_time(c->begins, t);
		text_str(t, "; is the clock of this host right?");
	} else if (c->ends < now) {
		text_str(t, " has expired: it was valid until ");
		check_put_time(c->ends, t);
		text_str(t, "; renew it");
	} else if (c->ends < now + SOON) {
		text_str(t, " expires soon: it is valid until ");
		check_put_time(c->ends, t);
		text_str(t, "; renew it");
	} else {
		return false;
	}
	return true;
}

static void put_subject(const struct libssl_certificate *c, struct text *t)
{
	text_quoted_bytes(t, c->subject, strlen(c->subject), sizeof(c->subject));
}

static void warn_validity(const struct job *job, const char *file, int i,
			  const struct libssl_certificate *c)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	text_str(&t, "warning: ");
	put_place(job, options_tls_name(&job->o->tls, file), file, &t);
	if (file == job->o->tls.files.clients) {
		text_str(&t, "the CA ");
		put_subject(c, &t);
	} else if (i) {
		text_str(&t, "the certificate of ");
		put_subject(c, &t);
		text_str(&t, " in its chain");
	} else {
		text_str(&t, "the certificate");
	}
	if (put_validity(job, c, &t))
		job->report(job->ctx, job->o, buf);
}

/* OpenSSL itself refuses such a key in the server's file. */
static void warn_weak(const struct job *job, const struct libssl_certificate *c)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	text_str(&t, "warning: ");
	put_place(job, "tls-clients", job->o->tls.files.clients, &t);
	text_str(&t, "the key of the CA ");
	put_subject(c, &t);
	text_strs(&t, " is too weak", c->rsa ? ", RSA with " : ", ", NULL);
	text_uint(&t, (uint64_t)c->bits);
	text_str(&t, " bits, so the certificates of its clients are refused; make a new CA (RSA "
		     "with 2048 bits or more, or EC with 256)");
	job->report(job->ctx, job->o, buf);
}

static void check_certificates(const struct job *job, const struct libssl *l, int64_t *ends)
{
	const struct libssl_files *files = &job->o->tls.files;
	struct libssl_certificate c;

	for (int i = 0; libssl_inspect(l, LIBSSL_SERVER, i, &c) == 0; i++) {
		warn_validity(job, files->certificate, i, &c);
		if (!i)
			*ends = c.ends;
	}
	for (int i = 0; files->clients && libssl_inspect(l, LIBSSL_CLIENTS, i, &c) == 0; i++) {
		warn_validity(job, files->clients, i, &c);
		if (c.weak)
			warn_weak(job, &c);
	}
}

int check_tls(const struct options *o, int64_t *ends, options_report *report, void *ctx)
{
	const struct job job = { .o = o, .report = report, .ctx = ctx, .now = time(NULL) };
	struct libssl l = { .file = NULL };
	int status = 0;

	*ends = 0;
	/* The options have reported a build without TLS. */
	if (!o->tls.files.certificate || !libssl_is_built())
		return 0;
	if (!try_files(&job))
		return EX_CONFIG;
	if (open_library(o, &l) < 0)
		status = report_failure(&job, &l);
	else
		check_certificates(&job, &l, ends);
	libssl_close(&l);
	return status;
}
