/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads users and groups from /etc/passwd and /etc/group alone, for a static program: there,
 * getpwnam(3) of glibc would load libraries that crash it.
 */
#include "options/account.h"
#include "base/keep.h"
#include "base/text.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum { GROUPS_MAX = 256 };

static const char *name_of(gid_t gid)
{
	FILE *f = fopen("/etc/group", "re");
	const struct group *group = NULL;
	char number[24], *kept;
	struct text t = TEXT_OF(number);
	const char *name = number;

	text_uint(&t, gid);
	while (f && (group = fgetgrent(f)) && group->gr_gid != gid)
		;
	if (group)
		name = group->gr_name;
	kept = keep(strlen(name) + 1);
	if (kept)
		strcpy(kept, name);
	if (f)
		fclose(f);
	return kept;
}

int account_find(const char *name, struct account *ret)
{
	FILE *f = fopen("/etc/passwd", "re");
	const struct passwd *user = NULL;

	while (f && (user = fgetpwent(f)) && strcmp(user->pw_name, name) != 0)
		;
	if (user)
		*ret = (struct account){ .uid = user->pw_uid, .gid = user->pw_gid };
	if (f)
		fclose(f);
	if (!user)
		return -ENOENT;
	ret->group = name_of(ret->gid);
	return ret->group ? 0 : -ENOMEM;
}

static bool has_member(const struct group *group, const char *name)
{
	for (char **member = group->gr_mem; *member; member++)
		if (strcmp(*member, name) == 0)
			return true;
	return false;
}

int account_take_groups(const char *name, const struct account *account)
{
	FILE *f = fopen("/etc/group", "re");
	gid_t gids[GROUPS_MAX] = { account->gid };
	const struct group *group;
	size_t n = 1;

	while (f && n < GROUPS_MAX && (group = fgetgrent(f)))
		if (has_member(group, name))
			gids[n++] = group->gr_gid;
	if (f)
		fclose(f);
	return setgroups(n, gids) < 0 ? -errno : 0;
}
