/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For builds without libsystemd: there are no structured entries, and log.c writes lines. */
#include "log/libsystemd.h"

#include <errno.h>

bool libsystemd_is_built(void)
{
	return false;
}

bool libsystemd_load(void)
{
	return false;
}

int libsystemd_send(const struct iovec *fields, int n)
{
	(void)fields;
	(void)n;
	return -ENOSYS;
}
