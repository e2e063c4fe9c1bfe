/* SPDX-License-Identifier: GPL-3.0-or-later */
/* users_kit.h - what the tests of the users file share: a file in memory, and a good hash. */
#ifndef USERS_KIT_H
#define USERS_KIT_H

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

/* bcrypt's hash of "secret". */
#define BC "$2y$05$8kgq3YhSk/T0F2sUPKKnQuubA9lCMjKZ3Gkbkejw729m0Qh46yuju"

/* Returns a descriptor of a file with these bytes. */
static inline int kit_file(const void *bytes, size_t n)
{
	int fd = memfd_create("users", MFD_CLOEXEC);

	if (fd < 0 || write(fd, bytes, n) != (ssize_t)n)
		abort();
	return fd;
}

#endif
