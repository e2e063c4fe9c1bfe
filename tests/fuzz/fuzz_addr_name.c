/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names: what is accepted for a lookup is a host name that libc does not read as a number; a
 * literal is an address whose text gives the same address again.
 */
#include <arpa/inet.h>
#include <errno.h>

#include "wire/addr.h"

#include "../unit/guard.h"
#include "fuzz.h"

static void must_be_literal(const union endpoint *e, const char *text)
{
	char written[ADDR_TEXT_MAX], whole[ADDR_TEXT_MAX];
	union endpoint again, unmapped = *e;

	MUST(addr_len(e) > 0);
	addr_unmap(&unmapped);
	MUST(addr_same(e, &unmapped));
	MUST(addr_parse(text, &again) == 0 && addr_same_host(e, &again));
	MUST(addr_format_host(e, written) == strlen(written));
	MUST(addr_parse(written, &again) == 0 && addr_same_host(e, &again));
	MUST(addr_format(e, whole) == strlen(whole) && strlen(whole) < ADDR_TEXT_MAX);
}

static void must_be_name(const char *name, const uint8_t *data, size_t size)
{
	static const char allowed[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
	struct in6_addr number;

	MUST(strlen(name) == size && memcmp(name, data, size) == 0);
	MUST(size - (name[size - 1] == '.') <= 253);
	MUST(name[strspn(name, allowed)] == '\0');
	MUST(!strstr(name, "..") && name[0] != '.');
	MUST(!inet_aton(name, (struct in_addr *)(void *)&number));
	MUST(inet_pton(AF_INET6, name, &number) != 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct dest d, fill;
	uint16_t port = 0;
	int r;

	if (size > 512)
		return -1;
	memset(&d, 0xa5, sizeof(d));
	fill = d;
	r = addr_from_name(guard_copy(data, size), size, 443, &d);
	MUST(r == 0 || r == -EINVAL || r == -ENOENT);
	MUST((r == -EINVAL) == (size == 0 || memchr(data, '\0', size) != NULL));
	MUST(r == 0 ? d.port == 443 : !memcmp(&d, &fill, sizeof(d)));
	if (r == 0 && d.name[0]) {
		MUST(d.addr.sa.sa_family == AF_UNSPEC);
		must_be_name(d.name, data, size);
	} else if (r == 0) {
		char text[sizeof(d.name)] = "";

		memcpy(text, data, size);
		MUST(addr_port(&d.addr) == 443);
		must_be_literal(&d.addr, text);
	}
	/* The same bytes, read as a port. */
	if (size < sizeof(d.name)) {
		char *text = (char *)guard_copy("", 1) - size;

		memcpy(text, data, size);
		if (addr_parse_port(text, &port) == 0)
			MUST(strtoul(text, NULL, 10) == port &&
			     text[strspn(text, "0123456789")] == '\0');
	}
	return 0;
}
