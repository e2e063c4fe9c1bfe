/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loads OpenSSL's library when it does not start at first. dlsym() is wrapped, so that the
 * library's first function fails. No connection is made.
 */
#include <errno.h>
#include <stdint.h>

#include "layer/libssl.h"
#include "tap.h"

void *__real_dlsym(void *lib, const char *name);
void *__wrap_dlsym(void *lib, const char *name);

/* False until main(), because a sanitizer calls dlsym() before strcmp() works. */
static bool fails;

/* Stands for OPENSSL_init_ssl(). */
static int fail(uint64_t options, const void *settings)
{
	(void)options;
	(void)settings;
	return 0;
}

void *__wrap_dlsym(void *lib, const char *name)
{
	int (*const f)(uint64_t options, const void *settings) = fail;
	void *ret;

	if (!fails || strcmp(name, "OPENSSL_init_ssl") != 0)
		return __real_dlsym(lib, name);
	memcpy(&ret, &f, sizeof(ret));
	return ret;
}

/* Opens files that do not exist. */
static int open_none(struct libssl *l)
{
	const struct libssl_files files = { .certificate = "/nonexistent/c.pem" };

	*l = (struct libssl){ .file = NULL };
	return libssl_open(l, &files);
}

int main(void)
{
	struct libssl l;

	if (!libssl_is_built()) {
		skip("this build has no TLS");
		return done_testing();
	}
	fails = true;
	for (int i = 0; i < 2; i++) {
		is_int(open_none(&l), -ELIBACC, "a library that does not start is refused");
		is_str(l.words, "libssl.so.3 is too old, or damaged", NULL);
		ok(!l.context, "and is not used");
		libssl_close(&l);
	}
	fails = false;
	is_int(open_none(&l), -ENOKEY, "a library that starts later is used");
	is_str(l.file, "/nonexistent/c.pem", "as far as its files can be");
	libssl_close(&l);
	is_int(open_none(&l), -ENOKEY, "and once more");
	libssl_close(&l);
	return done_testing();
}
