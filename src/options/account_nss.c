/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Asks the C library for users and groups, which may come from a directory service. A static
 * program can't: glibc would load libraries into it that crash it.
 */
#include "options/account.h"
#include "base/keep.h"
#include "base/text.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <string.h>

static const char *name_of(gid_t gid)
{
	const struct group *group = getgrgid(gid);
	char number[24];
	struct text t = TEXT_OF(number);
	const char *name = group ? group->gr_name : number;
	char *kept;

	text_uint(&t, gid);
	kept = keep(strlen(name) + 1);
	return kept ? strcpy(kept, name) : NULL;
}

int account_find(const char *name, struct account *ret)
{
	const struct passwd *user = getpwnam(name);

	if (!user)
		return -ENOENT;
	*ret = (struct account){ .uid = user->pw_uid, .gid = user->pw_gid };
	ret->group = name_of(ret->gid);
	return ret->group ? 0 : -ENOMEM;
}

int account_take_groups(const char *name, const struct account *account)
{
	return initgroups(name, account->gid) < 0 ? -errno : 0;
}
