/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For builds without libsystemd: nothing can be sent, so log.c writes lines without fields. */
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
