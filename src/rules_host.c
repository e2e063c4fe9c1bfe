/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The outside world of the access rules. Everything here happens only if a rule asks for it. */
#include "rules_host.h"
#include "file.h"
#include "keep.h"
#include "net.h"
#include "options_read.h"

#include <errno.h>
#include <netdb.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* Linux 5.14; older C libraries don't know it, and older kernels refuse it. */
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

static void *grow(void *context, void *old, size_t old_size, size_t new_size)
{
	void *p;

	(void)context;
	if (!new_size) {
		if (old)
			munmap(old, old_size);
		return NULL;
	}
	if (old)
		p = mremap(old, old_size, new_size, MREMAP_MAYMOVE);
	else
		p = mmap(NULL, new_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			 0);
	if (p == MAP_FAILED)
		return NULL;
	/* Who needs more than a little needs most of what follows: spare him the page faults. */
	if (old)
		madvise((char *)p + old_size, new_size - old_size, MADV_POPULATE_WRITE);
	return p;
}

static int service(void *context, const char *name, size_t len, uint16_t *ret)
{
	struct servent room, *found;
	char buf[64], strings[1024];
	int err;

	(void)context;
	if (len >= sizeof(buf))
		return -ENOENT;
	memcpy(buf, name, len);
	buf[len] = '\0';
	err = getservbyname_r(buf, NULL, &room, strings, sizeof(strings), &found);
	if (!found)
		return err ? -err : -ENOENT;
	*ret = ntohs((uint16_t)found->s_port);
	return 0;
}

static int list(void *context, const char *path, size_t len, const char *near,
		struct rules_list *ret)
{
	char *asked = keep(len + 1);
	size_t size;
	char *text;
	int err;

	(void)context;
	if (!asked)
		return -ENOMEM;
	memcpy(asked, path, len);
	ret->file = config_path(asked, near);
	if (!ret->file)
		return -ENOMEM;
	err = file_read(ret->file, &text, &size);
	if (err < 0)
		return err;
	ret->text = text;
	ret->len = size;
	return 0;
}

static void release(void *context, const struct rules_list *list)
{
	(void)context;
	file_forget(list->text, list->len);
}

const struct rules_host rules_host = {
	.grow = grow,
	.service = service,
	.list = list,
	.release = release,
};

/* Connects a datagram socket; a port is needed, any will do. Nothing is sent. */
static int leads_to(int fd, const union endpoint *addr)
{
	union endpoint to = *addr;

	addr_set_port(&to, 9);
	if (connect(fd, &to.sa, addr_len(&to)) == 0)
		return 1;
	return net_leads_nowhere(errno) ? 0 : -errno;
}

/* What is sent to an address of our own comes from it. (But IPv4: from the first of its subnet.) */
static int is_own_source(int fd, const union endpoint *addr)
{
	union endpoint from = { 0 };
	socklen_t len = sizeof(from);
	int way = leads_to(fd, addr);

	if (way <= 0)
		return way;
	return getsockname(fd, &from.sa, &len) < 0 ? -errno : addr_same_host(addr, &from);
}

/*
 * A socket can be bound to no other's address; or, with ip_nonlocal_bind, it can, but then it
 * leads nowhere. Some units forbid bind().
 */
static int is_own_ipv4(int fd, const union endpoint *addr)
{
	union endpoint own = *addr;

	addr_set_port(&own, 0);
	if (bind(fd, &own.sa, addr_len(&own)) == 0)
		return leads_to(fd, addr);
	if (errno == EPERM || errno == EACCES)
		return is_own_source(fd, addr);
	return errno == EADDRNOTAVAIL ? 0 : -errno;
}

/*
 * Whole prefixes can be routed to this host, without an address of it; they lead to lo. Kernels
 * before 5.7 let root alone ask for that.
 */
static int is_own_ipv6(int fd, const union endpoint *addr)
{
	int own = is_own_source(fd, addr);

	if (own)
		return own;
	if (setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", sizeof("lo")) < 0)
		return errno == EPERM || errno == ENODEV ? 0 : -errno;
	return leads_to(fd, addr);
}

int rules_host_is_self(const union endpoint *addr)
{
	int fd = socket(addr->sa.sa_family, SOCK_DGRAM | SOCK_CLOEXEC, 0), self;

	if (fd < 0)
		return errno == EAFNOSUPPORT ? 0 : -errno;
	self = addr->sa.sa_family == AF_INET ? is_own_ipv4(fd, addr) : is_own_ipv6(fd, addr);
	close(fd);
	return self;
}
