/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * sd_journal_sendv(3), from a libsystemd that is loaded when it is first needed: linking it would
 * more than double the cost of starting the process. Nothing is ever unloaded.
 */
#include "log/libsystemd.h"
#include "base/dlopen_note.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>
#include <systemd/sd-journal.h>

DLOPEN_NOTE(journal_note, "journal", "Structured journal entries", "suggested", "libsystemd.so.0");

static __typeof__(sd_journal_sendv) *sendv;

bool libsystemd_is_built(void)
{
	return true;
}

bool libsystemd_load(void)
{
	void *lib;

	if (sendv)
		return true;
	lib = dlopen("libsystemd.so.0", RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (lib)
		*(void **)&sendv = dlsym(lib, "sd_journal_sendv");
	return sendv;
}

int libsystemd_send(const struct iovec *fields, int n)
{
	return libsystemd_load() ? sendv(fields, n) : -ENOSYS;
}
