/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The quick readers of addresses, compared with wire/addr.h's: both must read the same. */
#include <stdlib.h>

#include "rules/words.h"
#include "tap.h"

/* Our own generator: every run and every libc gets the same numbers. */
static uint32_t state = 1;

static uint32_t next(uint32_t below)
{
	state = state * 1664525 + 1013904223;
	return (state >> 8) % below;
}

/* Makes text that is often an address, and never far from one. */
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

static bool scan6(const char *p, const char *end, uint32_t ret[4])
{
	return net6_scan(p, end, ret);
}

static bool scan4(const char *p, const char *end, uint32_t ret[4])
{
	const char *stop = NULL;

	return net4_scan(p, end, ret, &stop) && stop == end;
}

static void words6(const union endpoint *addr, uint32_t ret[4])
{
	if (addr->sa.sa_family == AF_INET6)
		net6_words(addr, ret);
}

static void words4(const union endpoint *addr, uint32_t ret[4])
{
	ret[0] = ntohl(addr->in.sin_addr.s_addr);
}

/* The quick reader leaves IPv4-mapped addresses, and those with dots, to the other reader. */
static bool is_read6(const char *text, const union endpoint *addr)
{
	return addr->sa.sa_family == AF_INET6 && !strchr(text, '.');
}

static bool is_read4(const char *text, const union endpoint *addr)
{
	(void)text;
	(void)addr;
	return true;
}

enum { PIECES = 13 };

static const struct family {
	const char *name, *alphabet, *pieces[PIECES];
	/* The quick reader; the words that it should read; whether it has to read this address. */
	bool (*scan)(const char *p, const char *end, uint32_t ret[4]);
	void (*words)(const union endpoint *addr, uint32_t ret[4]);
	bool (*is_read)(const char *text, const union endpoint *addr);
} families[] = {
	{ "IPv6",
	  "g./%0123456789abcdefABCDEF:",
	  { ":", ":", ":", "::", "0", "1", "f", "ffff", "12ab",
	    "0db8:", "1:2:", "a:b:c:d:", "::1" },
	  scan6,
	  words6,
	  is_read6 },
	{ "IPv4",
	  "0123456789.x",
	  { ".", ".", "0.", "10.", "255.", "256.", "01.", "1", "192.0.2.", "99", "0", "1.2.3.4",
	    "7." },
	  scan4,
	  words4,
	  is_read4 },
};

/* Reads one text with both. True if the quick reader took it; *wrong counts where they differ. */
static bool compare(const struct family *f, const char *text, size_t len, unsigned *wrong)
{
	uint32_t quick[4] = { 0 }, slow[4] = { 0 };
	union endpoint addr;
	bool good = addr_parse(text, &addr) == 0, read;
	/* A block of exactly its size, so that a sanitizer sees a read past it. */
	char *exact = malloc(len);

	memcpy(exact, text, len);
	read = f->scan(exact, exact + len, quick);
	free(exact);
	if (good)
		f->words(&addr, slow);
	if (read ? !good || memcmp(quick, slow, sizeof(quick)) != 0 :
		   good && f->is_read(text, &addr)) {
		printf("# %s: %d, %d\n", text, read, good);
		++*wrong;
	}
	return read;
}

static void test_family(const struct family *f)
{
	unsigned taken = 0, wrong = 0;

	for (unsigned i = 0; i < 200000; i++) {
		char text[64];
		size_t len = make(text, f->alphabet, f->pieces, PIECES);

		taken += compare(f, text, len, &wrong);
	}
	is_int(wrong, 0, "%s: both readers agree", f->name);
	ok(taken > 2000, "%s: the quick reader read %u addresses", f->name, taken);
}

int main(void)
{
	for (size_t i = 0; i < sizeof(families) / sizeof(*families); i++)
		test_family(&families[i]);
	return done_testing();
}
