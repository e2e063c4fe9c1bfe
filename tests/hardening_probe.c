/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes on purpose the mistakes that the build's hardening must detect. It is compiled with the
 * program's own flags, and tests/hardening.bats checks how it ends. No part of the program.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Values that the compiler can't know. */
static volatile size_t sixteen = 16, two = 2;

/* The size of an allocation is known only at run time: level 3 of _FORTIFY_SOURCE. */
__attribute__((noinline)) static void fortify(void)
{
	char *p = malloc(sixteen);

	if (p)
		memset(p, 1, sixteen * two);
	puts("written beyond the allocation");
	if (p)
		fwrite(p, 1, 1, stderr);
	free(p);
}

/* The size of an array is known to level 2. */
__attribute__((noinline)) static void fortify_array(void)
{
	char a[16];

	memset(a, 1, sixteen * two);
	puts("written beyond the array");
	fwrite(a, 1, 1, stderr);
}

/* Writes byte by byte, so that only the stack protector can detect it. */
__attribute__((noinline)) static void smash(void)
{
	char a[16];
	volatile char *p = a;

	for (size_t i = 0; i < sixteen * two * two; i++)
		p[i] = 'x';
}

__attribute__((noinline)) static void dirty(void)
{
	uint8_t a[512];
	volatile uint8_t *p = a;

	for (size_t i = 0; i < sizeof(a); i++)
		p[i] = 0xa5;
}

__attribute__((noinline)) static int stale(void)
{
	uint8_t a[256];
	volatile uint8_t *p = a;
	int n = 0;

	for (size_t i = 0; i < sizeof(a); i++)
		n += p[i] != 0;
	return n;
}

/* A frame larger than the guard page below the stack: every page of it must be touched. */
__attribute__((noinline)) static void large_frame(void)
{
	uint8_t a[1 << 16];
	volatile uint8_t *p = a;

	p[0] = (uint8_t)sixteen;
	printf("%d\n", p[0]);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "fortify")) {
		fortify();
	} else if (!strcmp(what, "fortify-array")) {
		fortify_array();
	} else if (!strcmp(what, "smash")) {
		smash();
		puts("returned over a smashed frame");
	} else if (!strcmp(what, "stale")) {
		dirty();
		printf("%d bytes of an older frame\n", stale());
	} else if (!strcmp(what, "large-frame")) {
		large_frame();
	} else {
		return 64;
	}
	return 0;
}
