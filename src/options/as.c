/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Whose rights --check tries files with. A check by root becomes the service's user, so that the
 * kernel itself says whether that user may read a file, with the folders above it and with ACLs.
 * Only --check looks a user up or changes its own; a session never does.
 */
#include "base/file.h"
#include "base/keep.h"
#include "options/account.h"
#include "options/reader.h"
#include "options/value.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

/* The user of the units that are shipped. */
static const char service_user[] = "picosocks5";

static bool set_as(const struct setting *s, const struct option_row *row)
{
	(void)row;
	if (!*s->value)
		return option_expected(s, "the name of a user");
	s->o->check.as = s->value;
	return true;
}

const struct option_type type_as = { .set = set_as, .kind = KIND_USER };

/* A mistake if --as names the user. Otherwise --check goes on as root, and warns. */
static void cannot(struct option_reader *r, const char *why, const char *name, const char *more)
{
	struct check_options *check = &r->o->check;
	char buf[LOG_LINE_MAX / 2], *kept;
	struct text t = TEXT_OF(buf);

	text_strs(&t, check->as ? "" : "files were tried as root, because ", why, " user ", NULL);
	text_escaped(&t, name, strlen(name));
	text_str(&t, more);
	if (check->as) {
		option_mistake(r, (struct origin){ 0 }, "as", buf);
		return;
	}
	kept = keep(t.len + 1);
	check->not_tried = kept ? strcpy(kept, buf) : "files were tried as root";
}

/* Only the effective ids change: root can open a credential later. */
static void become(struct option_reader *r, const char *name, const struct account *account)
{
	char buf[100];
	struct text t = TEXT_OF(buf);
	int err = account_take_groups(name, account);

	if (!err && (setegid(account->gid) < 0 || seteuid(account->uid) < 0))
		err = -errno;
	if (err) {
		text_strs(&t, ": ", strerror(-err), NULL);
		cannot(r, "this process can't become", name, buf);
		return;
	}
	r->o->check.switched = true;
	r->o->check.user = name;
	r->o->check.group = account->group;
}

static void try_as(struct option_reader *r, const char *name)
{
	const char *make = " (systemd-sysusers makes the user, and --as names another)";
	struct check_options *check = &r->o->check;
	uid_t me = geteuid();
	struct account account;
	int err = account_find(name, &account);

	if (err && me != 0 && !check->as)
		return;
	if (err == -ENOENT) {
		cannot(r, "there is no", name, check->as ? "" : make);
	} else if (err) {
		cannot(r, "there is no memory for", name, "");
	} else if (account.uid == me && me != 0) {
		check->user = name;
		check->group = account.group;
	} else if (account.uid != me && me == 0) {
		become(r, name, &account);
	} else if (account.uid != me && check->as) {
		cannot(r, "only root can try files as", name, "");
	}
}

void as_take_rights(struct option_reader *r)
{
	const char *as = r->o->check.as;

	if (r->o->mode == MODE_CHECK)
		try_as(r, as ? as : service_user);
	else if (as)
		option_mistake(r, (struct origin){ 0 }, "as", "only --check uses this option");
}

/* A credential is a file in the folder: a path that leads out of it names another file. */
static bool is_credential(const char *path)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");
	size_t len = folder ? strlen(folder) : 0;

	return len && strncmp(path, folder, len) == 0 && path[len] == '/' &&
	       !strchr(path + len + 1, '/');
}

uid_t as_step_back(const struct options *o, const char *path)
{
	uid_t user = geteuid();

	if (o->check.switched && is_credential(path) && seteuid(0) < 0)
		return (uid_t)-1;
	return user;
}

void as_return_to(uid_t user)
{
	if (geteuid() != user && seteuid(user) < 0)
		_exit(EX_OSERR); /* the next files would be tried as root */
}

int as_open_users(struct options *o)
{
	uid_t user = as_step_back(o, o->users);
	int fd;

	if (user == (uid_t)-1)
		return -errno;
	fd = users_open(o->users, &o->users_fault);
	as_return_to(user);
	return fd;
}

int as_open_file(const struct options *o, const char *path)
{
	uid_t user = as_step_back(o, path);
	struct stat st;
	int fd;

	if (user == (uid_t)-1)
		return -errno;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0)
		fd = -errno;
	as_return_to(user);
	if (fd < 0 || (fstat(fd, &st) == 0 && S_ISREG(st.st_mode)))
		return fd;
	close(fd);
	return -EINVAL;
}

static bool is_closed(const char *folder)
{
	int fd = open(folder, O_PATH | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
	return fd < 0 && errno == EACCES;
}

/*
 * Puts the first folder on the way to the file that this process may not enter into ret. False:
 * there is none. A relative path begins in the current folder.
 */
static bool closed_folder(const char *path, char ret[PATH_MAX])
{
	strcpy(ret, ".");
	if (*path != '/' && is_closed(ret))
		return true;
	for (const char *p = path; (p = strchr(p, '/')); p++) {
		size_t len = (size_t)(p - path) + 1;

		if (len + sizeof(".") > PATH_MAX)
			return false;
		memcpy(ret, path, len);
		strcpy(ret + len, ".");
		if (is_closed(ret)) {
			ret[len - 1] = '\0';
			return true;
		}
	}
	return false;
}

bool as_cannot_open(const struct options *o, const char *path, int err, struct text *t)
{
	bool check = o->mode == MODE_CHECK && err == -EACCES;
	char folder[PATH_MAX];

	file_explain(t, path, err);
	if (!check) {
		file_remedy(t, path, err);
		return false;
	}
	if (!o->check.user) {
		if (geteuid() != 0)
			text_strs(t, " (run --check as root: it tries files as user ", service_user,
				  ")", NULL);
		return false;
	}
	text_strs(t, " for user ", o->check.user, NULL);
	if (closed_folder(path, folder)) {
		text_str(t, ", who may not enter the folder ");
		text_quoted_bytes(t, folder, strlen(folder), strlen(folder));
		text_str(t, " (chmod o+x)");
		return false;
	}
	text_strs(t, " (chgrp ", o->check.group, ", chmod 640)", NULL);
	return true;
}
