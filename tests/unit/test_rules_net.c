/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The quick readers of addresses against wire/addr.h's: they take what it takes, and as it does. */
#include <stdlib.h>

#include "rules/words.h"
#include "tap.h"

/* A generator of our own, so that every run and every libc sees the same. */
static uint32_t state = 1;

static uint32_t next(uint32_t below)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % below;
}

/* Text that is often an address and seldom far from one. */
static size_t make(char *text, const char *alphabet, const char *const *pieces, unsigned n)
{
	size_t len = 0;

	for (unsigned i = next(12) + 1; i && len < 48; i--) {
		const char *piece = pieces[next(n)];

		if (next(30) == 0)
			text[len++] = alphabet[next((uint32_t)strlen(alphabet))];
		len += (size_t)sprintf(text + len, "%s", piece);
	}
	return len;
}

static void test_ipv6(void)
{
	static const char *const pieces[] = {
		":", ":", ":", "::", "0", "1", "f", "ffff", "12ab", "0db8:", "1:2:", "a:b:c:d:", "::1" };
	unsigned taken = 0, wrong = 0;

	for (unsigned i = 0; i < 200000; i++) {
		char text[64], *exact;
		size_t len = make(text, "g./%0123456789abcdefABCDEF:", pieces, 13);
		uint32_t quick[4], slow[4];
		union endpoint addr;
		bool good = addr_parse(text, &addr) == 0, read;

		exact = malloc(len);
		memcpy(exact, text, len);
		read = net6_scan(exact, exact + len, quick);
		free(exact);
		taken += read;
		if (good && addr.sa.sa_family == AF_INET6)
			net6_words(&addr, slow);
		/* What it leaves alone is read by the other one: dots, and IPv4-mapped addresses. */
		if (read ? !good || memcmp(quick, slow, sizeof(quick)) != 0
			 : good && addr.sa.sa_family == AF_INET6 && !strchr(text, '.')) {
			printf("# %s: %d, %d\n", text, read, good);
			wrong++;
		}
	}
	is_int(wrong, 0, "IPv6: both agree");
	ok(taken > 2000, "on many: %u", taken);
}

static void test_ipv4(void)
{
	static const char *const pieces[] = {
		".", ".", "0.", "10.", "255.", "256.", "01.", "1", "192.0.2.", "99", "0", "1.2.3.4", "7." };
	unsigned taken = 0, wrong = 0;

	for (unsigned i = 0; i < 200000; i++) {
		char text[64], *exact;
		size_t len = make(text, "0123456789.x", pieces, 13);
		const char *stop = NULL;
		uint32_t quick = 0;
		union endpoint addr;
		bool good = addr_parse(text, &addr) == 0, read;

		exact = malloc(len);
		memcpy(exact, text, len);
		read = net4_scan(exact, exact + len, &quick, &stop) && stop == exact + len;
		free(exact);
		taken += read;
		if (read != good || (read && quick != ntohl(addr.in.sin_addr.s_addr))) {
			printf("# %s: %d, %d\n", text, read, good);
			wrong++;
		}
	}
	is_int(wrong, 0, "IPv4: both agree");
	ok(taken > 2000, "on many: %u", taken);
}

int main(void)
{
	test_ipv6();
	test_ipv4();
	return done_testing();
}
