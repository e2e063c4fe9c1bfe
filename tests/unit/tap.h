/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * tap.h - prints TAP (the Test Anything Protocol) for the unit tests.
 *
 * A test program calls ok() and its sisters as often as it likes and ends with
 * `return done_testing();`: the plan is printed last, and the exit status is
 * nonzero if a point failed or if there was none. With a NULL format the
 * expression is the point's name. Standard output has nothing but TAP; details
 * of a failure follow as # comments.
 */
#ifndef TAP_H
#define TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct {
	unsigned run;
	unsigned failed;
} tap;

/* Each is true if the point passed, so that a test can skip what depends on it. */
#define ok(cond, ...) tap_ok(!!(cond), __FILE__, __LINE__, #cond, __VA_ARGS__)
#define is_int(got, want, ...)                                                                     \
	tap_int((long long)(got), (long long)(want), __FILE__, __LINE__, #got, __VA_ARGS__)
#define is_str(got, want, ...) tap_str((got), (want), __FILE__, __LINE__, #got, __VA_ARGS__)
/* Compares the lengths as well as the bytes. */
#define is_mem(got, got_len, want, want_len, ...)                                                  \
	tap_mem((got), (got_len), (want), (want_len), __FILE__, __LINE__, #got, __VA_ARGS__)
/* Reports one point as skipped; the text is the reason. */
#define skip(...) tap_skip(__VA_ARGS__)

/* The compiler checks the arguments from number args on against the format. */
#define TAP_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

TAP_PRINTF(5, 0)
static inline bool tap_point(bool pass, const char *file, int line, const char *expr,
			     const char *fmt, va_list ap)
{
	tap.run++;
	tap.failed += !pass;
	printf("%s %u - ", pass ? "ok" : "not ok", tap.run);
	if (fmt)
		vprintf(fmt, ap);
	else
		fputs(expr, stdout);
	putchar('\n');
	if (!pass)
		printf("# %s:%d: %s\n", file, line, expr);
	fflush(stdout);
	return pass;
}

TAP_PRINTF(5, 6)
static inline bool tap_ok(bool pass, const char *file, int line, const char *expr, const char *fmt,
			  ...)
{
	va_list ap;

	va_start(ap, fmt);
	tap_point(pass, file, line, expr, fmt, ap);
	va_end(ap);
	return pass;
}

TAP_PRINTF(6, 7)
static inline bool tap_int(long long got, long long want, const char *file, int line,
			   const char *expr, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	tap_point(got == want, file, line, expr, fmt, ap);
	va_end(ap);
	if (got != want)
		printf("#   got %lld (0x%llx), want %lld (0x%llx)\n", got, (unsigned long long)got,
		       want, (unsigned long long)want);
	return got == want;
}

static inline void tap_quote(const char *label, const char *s)
{
	printf("#   %s ", label);
	if (!s) {
		puts("NULL");
		return;
	}
	putchar('"');
	for (; *s; s++) {
		unsigned char c = (unsigned char)*s;

		if (c < 0x20 || c > 0x7e || c == '"' || c == '\\')
			printf("\\x%02x", c);
		else
			putchar(c);
	}
	puts("\"");
}

TAP_PRINTF(6, 7)
static inline bool tap_str(const char *got, const char *want, const char *file, int line,
			   const char *expr, const char *fmt, ...)
{
	bool pass = got && want ? strcmp(got, want) == 0 : got == want;
	va_list ap;

	va_start(ap, fmt);
	tap_point(pass, file, line, expr, fmt, ap);
	va_end(ap);
	if (!pass) {
		tap_quote("got ", got);
		tap_quote("want", want);
	}
	return pass;
}

static inline void tap_hex(const char *label, const void *p, size_t n)
{
	const unsigned char *b = p;

	printf("#   %s %zu:", label, n);
	for (size_t i = 0; b && i < n && i < 600; i++)
		printf(" %02x", b[i]);
	putchar('\n');
}

TAP_PRINTF(8, 9)
static inline bool tap_mem(const void *got, size_t got_len, const void *want, size_t want_len,
			   const char *file, int line, const char *expr, const char *fmt, ...)
{
	bool pass =
		got_len == want_len && (!got_len || (got && want && !memcmp(got, want, got_len)));
	va_list ap;

	va_start(ap, fmt);
	tap_point(pass, file, line, expr, fmt, ap);
	va_end(ap);
	if (!pass) {
		tap_hex("got ", got, got_len);
		tap_hex("want", want, want_len);
	}
	return pass;
}

TAP_PRINTF(1, 2)
static inline void tap_skip(const char *fmt, ...)
{
	va_list ap;

	printf("ok %u # SKIP ", ++tap.run);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
	fflush(stdout);
}

/* True under valgrind, where everything takes many times as long; tests/variant tells us. */
static inline bool is_valgrind(void)
{
	const char *kind = getenv("PICOSOCKS5_TEST_KIND");

	return kind && strcmp(kind, "valgrind") == 0;
}

/* Prints the plan. Returns main()'s exit status. */
static inline int done_testing(void)
{
	printf("1..%u\n", tap.run);
	if (tap.failed)
		printf("# %u of %u failed\n", tap.failed, tap.run);
	return tap.failed || !tap.run || fflush(stdout) || ferror(stdout);
}

#endif
