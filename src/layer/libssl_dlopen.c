/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loads OpenSSL's libssl for a client that begins with TLS, and settles what it may do.
 * libssl_files.c loads the certificates and the key, libssl_stream.c moves the bytes. Never waits,
 * and nothing is ever unloaded.
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

/* Of TLS 1.2, suites with forward secrecy that encrypt and authenticate in one; 1.3 has no others.
 */
#define CIPHERS "ECDHE+AESGCM:ECDHE+CHACHA20"

/* Four records of the largest size in one read. */
enum { READ_AHEAD = 4 * (16384 + 256 + 5) };

COLD struct openssl openssl;

/* clang-format off */
#define NAME(f) #f,
/* clang-format on */

bool libssl_is_built(void)
{
	return true;
}

/* Returns true if the library, or the one below it, has all functions. */
static bool find_functions(void *lib)
{
	static const char name[][40] = { EACH_FUNCTION(NAME) };
	void *found[sizeof(name) / sizeof(name[0])];

	_Static_assert(sizeof(found) == sizeof(openssl), "one name for each member");
	for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
		found[i] = dlsym(lib, name[i]);
		if (!found[i])
			return false;
	}
	/* ISO C has no cast from void * to a function; in POSIX both have one representation. */
	memcpy(&openssl, found, sizeof(found));
	return true;
}

bool libssl_wipes = true;

static void *get(size_t n, const char *file, int line)
{
	(void)file;
	(void)line;
	return malloc(n);
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

	if (!libssl_wipes || !p)
		return realloc(p, n);
	q = n ? malloc(n) : NULL;
	if (q)
		memcpy(q, p, old < n ? old : n);
	if (q || !n)
		wipe_and_free(p, file, line);
	return q;
}

/*
 * The configuration of OpenSSL could load modules into this process, and weaken what is set here,
 * so it is not read, whatever the environment says.
 */
static int load(struct libssl *l)
{
	void *lib;

	if (openssl.SSL_new)
		return 0;
	lib = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (lib && find_functions(lib) &&
	    openssl.CRYPTO_set_mem_functions(get, resize, wipe_and_free) == 1 &&
	    openssl.OPENSSL_init_ssl(OPENSSL_INIT_NO_LOAD_CONFIG, NULL) == 1)
		return 0;
	strcpy(l->words, lib ? SONAME " is too old, or damaged" : SONAME " can't be loaded");
	return -ELIBACC;
}

void libssl_fail(struct libssl *l, const char *prefix)
{
	unsigned long code = openssl.ERR_peek_last_error();
	const char *reason = code ? openssl.ERR_reason_error_string(code) : NULL;
	struct text t = TEXT_OF(l->words);

	text_strs(&t, prefix, reason ? ": " : "", reason ? reason : "", NULL);
	openssl.ERR_clear_error();
}

/* Chooses http/1.1, if the client offers it; goes on without a protocol if not. */
static int choose_alpn(SSL *ssl, const unsigned char **out, unsigned char *out_len,
		       const unsigned char *in, unsigned in_len, void *arg)
{
	static const unsigned char http[] = "http/1.1";

	(void)ssl;
	(void)arg;
	for (unsigned i = 0; i < in_len; i += in[i] + 1U) {
		if (in[i] != sizeof(http) - 1 || in_len - i <= in[i] ||
		    memcmp(in + i + 1, http, in[i]) != 0)
			continue;
		*out = http;
		*out_len = sizeof(http) - 1;
		return SSL_TLSEXT_ERR_OK;
	}
	return SSL_TLSEXT_ERR_NOACK;
}

/*
 * Each session is a process of its own, so none could resume what another one has begun: there are
 * no tickets. Without AUTO_RETRY a client that sends no payload keeps no call busy.
 */
static bool make_context(struct libssl *l)
{
	SSL_CTX *c = openssl.SSL_CTX_new(openssl.TLS_server_method());

	l->context = c;
	if (!c)
		return false;
	openssl.SSL_CTX_set_security_level(c, 2);
	openssl.SSL_CTX_set_options(c, SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION |
					       SSL_OP_NO_TICKET);
	openssl.SSL_CTX_ctrl(c, SSL_CTRL_CLEAR_MODE, SSL_MODE_AUTO_RETRY, NULL);
	openssl.SSL_CTX_ctrl(c, SSL_CTRL_MODE,
			     SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
				     SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER,
			     NULL);
	openssl.SSL_CTX_ctrl(c, SSL_CTRL_SET_SESS_CACHE_MODE, SSL_SESS_CACHE_OFF, NULL);
	openssl.SSL_CTX_ctrl(c, SSL_CTRL_SET_READ_AHEAD, 1, NULL);
	openssl.SSL_CTX_set_default_read_buffer_len(c, READ_AHEAD);
	openssl.SSL_CTX_set_alpn_select_cb(c, choose_alpn, NULL);
	return openssl.SSL_CTX_ctrl(c, SSL_CTRL_SET_MIN_PROTO_VERSION, TLS1_2_VERSION, NULL) == 1 &&
	       openssl.SSL_CTX_set_num_tickets(c, 0) == 1 &&
	       openssl.SSL_CTX_set_cipher_list(c, CIPHERS) == 1;
}

int libssl_open(struct libssl *l, const struct libssl_files *files)
{
	int err = load(l);

	if (err)
		return err;
	if (!make_context(l) || !(l->connection = openssl.SSL_new(l->context)) ||
	    !libssl_connect_transport(l)) {
		libssl_fail(l, SONAME " fails");
		return -ELIBACC;
	}
	return libssl_load_files(l, files);
}
