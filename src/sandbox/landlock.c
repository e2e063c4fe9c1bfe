/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Makes Landlock domains, best effort: asks every ABI for all the rights that it knows. */
#include "sandbox/landlock.h"
#include "sandbox/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int landlock_abi(void)
{
	long abi = syscall(NR_LANDLOCK_CREATE, NULL, 0, LANDLOCK_ABI);

	return abi > 0 ? (int)abi : 0;
}

static uint64_t fs_rights(int abi)
{
	static const uint32_t known[] = { 0, FS_ABI_1, FS_ABI_2, FS_ABI_3, FS_ABI_3 };

	return abi < 5 ? known[abi] : FS_ABI_5;
}

/* Returns a descriptor or -errno. Older kernels accept unknown members if they are 0. */
static int create(const struct landlock_ruleset *set)
{
	long fd = syscall(NR_LANDLOCK_CREATE, set, sizeof(*set), 0);

	return fd < 0 ? -errno : (int)fd;
}

/* Puts the rules in force and closes their descriptor. */
static int restrict_self(int set)
{
	int err = syscall(NR_LANDLOCK_RESTRICT, set, 0) < 0 ? -errno : 0;

	close(set);
	return err;
}

static int allow_reading(int set)
{
	struct landlock_under root = {
		.allowed = FS_READ_FILE | FS_READ_DIR,
		.fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC),
	};
	int err = 0;

	if (root.fd < 0)
		return -errno;
	if (syscall(NR_LANDLOCK_ADD, set, LANDLOCK_PATH, &root, 0) < 0)
		err = -errno;
	close(root.fd);
	return err;
}

int landlock_read_only(void)
{
	int abi = landlock_abi(), fd, err;
	const struct landlock_ruleset set = {
		.fs = fs_rights(abi),
		.scoped = abi >= 6 ? SCOPE_ABSTRACT | SCOPE_SIGNAL : 0,
	};

	if (!abi)
		return 0;
	fd = create(&set);
	if (fd < 0)
		return fd;
	err = allow_reading(fd);
	if (!err)
		return restrict_self(fd);
	close(fd);
	return err;
}

static int allow_port(int set, uint64_t access, uint16_t number)
{
	const struct landlock_port port = { .allowed = access, .port = number };

	return syscall(NR_LANDLOCK_ADD, set, LANDLOCK_PORT, &port, 0) < 0 ? -errno : 0;
}

int landlock_ports(landlock_next *next, void *ctx, uint16_t more)
{
	const struct landlock_ruleset set = { .net = NET_BIND | NET_CONNECT };
	uint16_t port;
	int fd, err;

	if (landlock_abi() < 4)
		return 0;
	fd = create(&set);
	if (fd < 0)
		return fd;
	err = allow_port(fd, NET_BIND, 0);
	while (!err && (port = next(ctx)))
		err = allow_port(fd, NET_CONNECT, port);
	if (!err && more)
		err = allow_port(fd, NET_CONNECT, more);
	if (!err)
		return restrict_self(fd);
	close(fd);
	return err;
}

int landlock_nothing(void)
{
	int abi = landlock_abi(), fd;
	const struct landlock_ruleset set = {
		.fs = fs_rights(abi),
		.net = abi >= 4 ? NET_BIND | NET_CONNECT : 0,
	};

	if (!abi)
		return 0;
	fd = create(&set);
	return fd < 0 ? fd : restrict_self(fd);
}
