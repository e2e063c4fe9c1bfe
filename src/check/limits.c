/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tries the file of limits for --check, with the rights of the service's user. Makes no file, and
 * takes no slot. Warns of limits that have no effect.
 */
#include "check/findings.h"
#include "net/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

/* Returns 0 if the service's user may make the file that is not there, or a negative errno. */
static int try_folder(const char *path)
{
	const char *slash = strrchr(path, '/');
	size_t len = slash ? (size_t)(slash - path) + 1 : 0;
	char folder[PATH_MAX];

	if (len + sizeof(".") > sizeof(folder))
		return -ENAMETOOLONG;
	if (slash)
		memcpy(folder, path, len);
	strcpy(folder + len, ".");
	return faccessat(AT_FDCWD, folder, W_OK | X_OK, AT_EACCESS) < 0 ? -errno : 0;
}

/* Why the file is needed: by the option that names it, or by the first limit that is set. */
static const char *needed_by(const struct limit_options *l)
{
	if (l->file)
		return "limit-file";
	if (l->all)
		return "limit";
	return l->client ? "limit-client" : "limit-user";
}

static void warn_of_others(const struct options *o, options_report *report, void *ctx)
{
	const char *path = options_limit_file(&o->limits);
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);

	text_escaped(&t, path, strlen(path));
	text_str(&t, ": other users may write the file, and so take all slots or free them (chown, "
		     "chmod 600)");
	check_warn(o, report, ctx, needed_by(&o->limits), buf);
}

static void warn_settings(const struct options *o, options_report *report, void *ctx)
{
	const struct limit_options *l = &o->limits;
	uint8_t login[OPTIONS_METHODS_MAX];

	if (l->file && !options_has_limit(l))
		check_warn(o, report, ctx, "limit-file",
			   "it has no effect, because no limit is set (limit, limit-client, "
			   "limit-user)");
	if (l->user && !options_logins(o, login))
		check_warn(o, report, ctx, "limit-user",
			   "it has no effect, because auth lists no method by which a client has a "
			   "user name; limit-client counts by address");
	if (l->all && l->client > l->all)
		check_warn(o, report, ctx, "limit-client",
			   "it is never reached, because limit is less");
	if (l->all && l->user > l->all)
		check_warn(o, report, ctx, "limit-user",
			   "it is never reached, because limit is less");
}

/* Appends the remedy, and for whom the file was tried. */
static int report_mistake(const struct options *o, int err, options_report *report, void *ctx)
{
	char buf[LOG_LINE_MAX];
	struct text t = TEXT_OF(buf);
	int status = options_place(o, needed_by(&o->limits), &t);

	limits_explain(&t, options_limit_file(&o->limits), err);
	limits_remedy(&t, options_limit_file(&o->limits), err);
	if (err == -EACCES && o->check.user)
		text_strs(&t, "; tried as user ", o->check.user, NULL);
	else if (err == -EACCES && geteuid() != 0)
		text_str(&t, "; run --check as root: it tries files as user picosocks5");
	report(ctx, o, buf);
	return status;
}

int check_limits(const struct options *o, options_report *report, void *ctx)
{
	const char *path = options_limit_file(&o->limits);
	bool others = false;
	int err;

	warn_settings(o, report, ctx);
	if (!options_has_limit(&o->limits))
		return 0;
	err = limits_try(path, &others);
	if (err == -ENOENT)
		err = try_folder(path);
	if (err < 0)
		return report_mistake(o, err, report, ctx);
	if (others)
		warn_of_others(o, report, ctx);
	return 0;
}
