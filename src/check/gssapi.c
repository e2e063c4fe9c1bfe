/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tries GSS-API for --check: the library, the keys in the keytab, and settings that keep clients
 * out although they are legal. A session loads the library only when a client has chosen the
 * method.
 */
#include "check/findings.h"
#include "base/text.h"
#include "layer/gssapi.h"
#include "wire/gssframe.h"
#include "wire/socks5.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

struct job {
	const struct options *o;
	options_report *report;
	void *ctx;
};

static void say_keytab(const struct job *job, const char *kind, const char *words, const char *more)
{
	const char *path = job->o->gssapi.keytab;
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	text_str(&t, kind);
	text_escaped(&t, path, strlen(path));
	text_str(&t, ": ");
	text_escaped(&t, words, strlen(words));
	text_str(&t, more);
	job->report(job->ctx, job->o, buf);
}

/* Reports the mistakes of the library and the keytab. Returns 0 or 78 (EX_CONFIG). */
static int try_keys(const struct job *job)
{
	struct gssapi g = { .credentials = NULL };
	int err = gssapi_open(&g, job->o->gssapi.keytab);

	if (err == -ELIBACC) {
		char buf[200];
		struct text t = TEXT_OF(buf);

		options_place(job->o, "auth", &t);
		text_strs(&t, "no client can log in by gssapi, because ", g.words,
			  "; install it (Debian: libgssapi-krb5-2)", NULL);
		job->report(job->ctx, job->o, buf);
	} else if (err) {
		say_keytab(job, "", g.words,
			   "; write the keys of a service into it with `ktadd -k` of kadmin");
	}
	gssapi_close(&g);
	return err ? EX_CONFIG : 0;
}

/*
 * A keytab that can't be opened now is a credential, which root's check has opened before with
 * other rights: its keys can't be tried.
 */
static int check_keytab(const struct job *job)
{
	int fd = open(job->o->gssapi.keytab, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	struct stat st = { 0 };

	if (fd < 0)
		return 0;
	fstat(fd, &st);
	close(fd);
	/* The options have reported anything else. */
	if (!S_ISREG(st.st_mode))
		return 0;
	if (st.st_mode & (S_IWGRP | S_IRWXO))
		say_keytab(
			job, "warning: ",
			"others may read or write it, and whoever has its keys can log in as any "
			"user (chmod 640)",
			"");
	return try_keys(job);
}

/* Returns true if gssapi stands before a method that curl offers as well. */
static bool is_before_others(const struct options *o)
{
	const uint8_t *gssapi = memchr(o->methods, SOCKS5_METHOD_GSSAPI, o->n_methods);
	const uint8_t *none = memchr(o->methods, SOCKS5_METHOD_NONE, o->n_methods);
	const uint8_t *password = memchr(o->methods, SOCKS5_METHOD_PASSWORD, o->n_methods);

	return (none && gssapi < none) || (password && gssapi < password);
}

/* curl that gets the method and has no ticket tries no other method, whatever the level. */
static void warn_order(const struct job *job, bool unprotected)
{
	if (unprotected)
		check_warn(job->o, job->report, job->ctx, "auth",
			   "curl offers gssapi without being asked to, and can't go on without a "
			   "ticket; list gssapi last");
	else
		check_warn(job->o, job->report, job->ctx, "auth",
			   "curl offers gssapi without being asked to, and can't go on unless "
			   "gssapi-levels is 0 and there is a ticket; list gssapi last");
}

int check_gssapi(const struct options *o, options_report *report, void *ctx)
{
	const struct job job = { .o = o, .report = report, .ctx = ctx };
	const struct gssapi_options *g = &o->gssapi;

	if (!options_accept(o, SOCKS5_METHOD_GSSAPI)) {
		if (g->keytab)
			check_warn(o, report, ctx, "gssapi-keytab",
				   "it has no effect, because auth does not list the method "
				   "gssapi");
		if (g->levels_given)
			check_warn(o, report, ctx, "gssapi-levels",
				   "it has no effect, because auth does not list the method "
				   "gssapi");
		return 0;
	}
	if (is_before_others(o))
		warn_order(&job, g->n_levels == 1 && g->level[0] == GSSFRAME_LEVEL_NONE);
	return g->keytab ? check_keytab(&job) : 0;
}
