/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loads OpenSSL's libssl when a client begins with TLS, and gives it memory. libssl_context.c
 * settles what it may do. Nothing is ever unloaded.
 */
#include "layer/libssl_openssl.h"
#include "base/cold.h"
#include "base/dlopen_note.h"
#include "base/text.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#define SONAME "libssl.so.3"

DLOPEN_NOTE(note_libssl, "tls", "Clients that speak TLS, by OpenSSL", "suggested", SONAME);

COLD struct openssl openssl;

/* clang-format off */
#define NAME(f) #f,
/* clang-format on */

bool libssl_is_built(void)
{
	return true;
}

/* dlsym() finds the functions of the library below, libcrypto, too. */
static bool find(void *lib, const char *names, size_t size, void **found, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		found[i] = dlsym(lib, names + i * size);
		if (!found[i])
			return false;
	}
	return true;
}

bool libssl_find(const char *names, size_t size, void **found, size_t n)
{
	void *lib = dlopen(SONAME, RTLD_NOW | RTLD_NOLOAD);

	return lib && find(lib, names, size, found, n);
}

static bool find_functions(void *lib)
{
	static const char name[][40] = { EACH_FUNCTION(NAME) };
	void *found[sizeof(name) / sizeof(name[0])];

	_Static_assert(sizeof(found) == sizeof(openssl), "one name for each member");
	if (!find(lib, name[0], sizeof(name[0]), found, sizeof(found) / sizeof(found[0])))
		return false;
	/* ISO C has no cast from void * to a function; in POSIX both have one representation. */
	memcpy(&openssl, found, sizeof(found));
	return true;
}

bool libssl_wipes = true;

bool libssl_out_of_memory;

static void *get(size_t n, const char *file, int line)
{
	void *p = malloc(n);

	(void)file;
	(void)line;
	libssl_out_of_memory |= !p;
	return p;
}

static void wipe_and_free(void *p, const char *file, int line)
{
	(void)file;
	(void)line;
	if (p && libssl_wipes)
		explicit_bzero(p, malloc_usable_size(p));
	free(p);
}

static void *resize(void *p, size_t n, const char *file, int line)
{
	size_t old = p ? malloc_usable_size(p) : 0;
	void *q;

	q = !libssl_wipes || !p ? realloc(p, n) : n ? malloc(n) : NULL;
	libssl_out_of_memory |= n && !q;
	if (!libssl_wipes || !p)
		return q;
	if (q)
		memcpy(q, p, old < n ? old : n);
	if (q || !n)
		wipe_and_free(p, file, line);
	return q;
}

/*
 * Whoever has used the library in this process before keeps its own memory functions: then what is
 * freed is not wiped, and TLS works as well. In Debian no library comes before.
 *
 * The configuration of OpenSSL could load modules into this process, and weaken what is set here,
 * so it is not read, whatever the environment says.
 */
int libssl_load(struct libssl *l)
{
	static bool loaded;
	void *lib;

	if (loaded)
		return 0;
	lib = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (lib && find_functions(lib)) {
		openssl.CRYPTO_set_mem_functions(get, resize, wipe_and_free);
		loaded = openssl.OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) == 1;
	}
	if (loaded)
		return 0;
	strcpy(l->words, libssl_out_of_memory ? "OpenSSL fails: out of memory" :
			 lib		      ? SONAME " is too old, or damaged" :
						SONAME " can't be loaded");
	return -ELIBACC;
}

#ifdef __GLIBC__
void libssl_rest(void)
{
	malloc_trim(0);
}
#else
/* Other C libraries have no such function. */
void libssl_rest(void)
{
}
#endif

void libssl_fail(struct libssl *l, const char *prefix)
{
	unsigned long code = openssl.ERR_peek_last_error();
	const char *reason = libssl_out_of_memory ? "out of memory" :
			     code		  ? openssl.ERR_reason_error_string(code) :
						    NULL;
	struct text t = TEXT_OF(l->words);

	text_strs(&t, prefix, reason ? ": " : "", reason ? reason : "", NULL);
	openssl.ERR_clear_error();
}
