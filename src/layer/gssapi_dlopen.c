/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls MIT Kerberos' libgssapi_krb5, which it loads when a client has chosen GSS-API. No other
 * file includes its headers. Nothing is ever unloaded.
 */
#include "layer/gssapi.h"
#include "base/cold.h"
#include "base/dlopen_note.h"
#include "base/text.h"
#include "wire/krb5token.h"

#include <dlfcn.h>
#include <errno.h>
#include <gssapi/gssapi.h>
#include <gssapi/gssapi_ext.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define SONAME "libgssapi_krb5.so.2"

DLOPEN_NOTE(note_libgssapi, "gssapi", "Logins by GSS-API, with Kerberos", "suggested", SONAME);

/* clang-format off */
#define EACH_FUNCTION(x)                                                                           \
	x(acquire_cred_from) x(accept_sec_context) x(display_name) x(display_status) x(wrap)       \
	x(unwrap) x(wrap_size_limit) x(delete_sec_context) x(release_buffer) x(release_name)       \
	x(release_cred)
#define MEMBER(f) __typeof__(gss_##f) *f;
#define NAME(f) "gss_" #f,
/* clang-format on */

struct gssapi_functions {
	EACH_FUNCTION(MEMBER)
};

COLD struct gssapi_functions gssapi_functions;

bool gssapi_is_built(void)
{
	return true;
}

/* Returns true if the library has all functions. */
static bool find_functions(void *lib)
{
	static const char name[][24] = { EACH_FUNCTION(NAME) };
	void *found[sizeof(name) / sizeof(name[0])];

	_Static_assert(sizeof(found) == sizeof(gssapi_functions), "one name for each member");
	for (size_t i = 0; i < sizeof(found) / sizeof(found[0]); i++) {
		found[i] = dlsym(lib, name[i]);
		if (!found[i])
			return false;
	}
	/* ISO C has no cast from void * to a function; in POSIX both have one representation. */
	memcpy(&gssapi_functions, found, sizeof(found));
	return true;
}

static int load(struct gssapi *g)
{
	void *lib;

	if (gssapi_functions.wrap)
		return 0;
	lib = dlopen(SONAME, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
	if (lib && find_functions(lib))
		return 0;
	strcpy(g->words, lib ? SONAME " is too old" : SONAME " can't be loaded");
	return -ELIBACC;
}

/* Appends the library's text about a code, which may have several lines, unless it is "Success". */
static void put_status(struct text *t, OM_uint32 code, int type)
{
	OM_uint32 minor, more = 0;

	do {
		gss_buffer_desc line = GSS_C_EMPTY_BUFFER;

		if (GSS_ERROR(gssapi_functions.display_status(&minor, code, type, GSS_C_NO_OID,
							      &more, &line)))
			return;
		if (line.length != 7 || memcmp(line.value, "Success", 7) != 0) {
			text_str(t, ": ");
			text_bytes(t, line.value, line.length);
		}
		gssapi_functions.release_buffer(&minor, &line);
	} while (more);
}

/*
 * Keeps the library's words about a failure. The library remembers details for each thread, so the
 * thread that failed has to ask. The text of GSS_S_FAILURE only says that the minor code tells
 * more, so it is left out.
 */
static int fail(struct gssapi *g, OM_uint32 major, OM_uint32 minor, int err)
{
	struct text t = TEXT_OF(g->words);

	text_str(&t, "GSS-API");
	if (GSS_ROUTINE_ERROR(major) != GSS_S_FAILURE)
		put_status(&t, major, GSS_C_GSS_CODE);
	if (minor)
		put_status(&t, minor, GSS_C_MECH_CODE);
	if (!strchr(g->words, ':'))
		text_str(&t, ": the library does not say why");
	return err;
}

int gssapi_open(struct gssapi *g, const char *keytab)
{
	char krb5[] = "\x2a\x86\x48\x86\xf7\x12\1\2\2", spnego[] = "\x2b\6\1\5\5\2", path[4200];
	struct text t = TEXT_OF(path);
	gss_key_value_element_desc element = { "keytab", path };
	const gss_key_value_set_desc store = { 1, &element };
	gss_OID_desc mech[] = { { sizeof(krb5) - 1, krb5 }, { sizeof(spnego) - 1, spnego } };
	gss_OID_set_desc mechs = { 2, mech };
	OM_uint32 major, minor;
	int err = load(g);

	if (err)
		return err;
	text_strs(&t, "FILE:", keytab, NULL);
	/* Not IAKERB, by which a client could have requests sent to KDCs. */
	setenv("KRB5RCACHENAME", "none:", 1); /* auth/gssapi.c says why no cache is needed */
	major = gssapi_functions.acquire_cred_from(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE, &mechs,
						   GSS_C_ACCEPT, &store, &g->credentials, NULL,
						   NULL);
	return GSS_ERROR(major) ? fail(g, major, minor, -ENOKEY) : 0;
}

int gssapi_accept(struct gssapi *g, const void *token, size_t n, struct gssapi_bytes *answer)
{
	gss_buffer_desc in = { n, (void *)(uintptr_t)token }, out = GSS_C_EMPTY_BUFFER;
	OM_uint32 major, minor, flags = 0;

	major = gssapi_functions.accept_sec_context(&minor, &g->context, g->credentials, &in,
						    GSS_C_NO_CHANNEL_BINDINGS, &g->initiator, NULL,
						    &out, &flags, NULL, NULL);
	*answer = (struct gssapi_bytes){ out.value, out.length };
	if (!GSS_ERROR(major)) {
		g->mutual = flags & GSS_C_MUTUAL_FLAG;
		return major & GSS_S_CONTINUE_NEEDED ? 1 : 0;
	}
	gssapi_release(answer);
	return fail(g, major, minor, -EACCES);
}

/* Is it GSS_C_NT_ANONYMOUS of RFC 2743? */
static bool is_anonymous(gss_OID type)
{
	return type && type->length == 6 && memcmp(type->elements, "\x2b\6\1\5\6\3", 6) == 0;
}

int gssapi_user(struct gssapi *g, struct gssapi_bytes *name)
{
	gss_buffer_desc out = GSS_C_EMPTY_BUFFER;
	gss_OID type = GSS_C_NO_OID;
	OM_uint32 major, minor;

	major = gssapi_functions.display_name(&minor, g->initiator, &out, &type);
	*name = (struct gssapi_bytes){ out.value, out.length };
	if (GSS_ERROR(major))
		return fail(g, major, minor, -EACCES);
	if (!is_anonymous(type))
		return 0;
	strcpy(g->words, "GSS-API: the client is anonymous");
	gssapi_release(name);
	return -EACCES;
}

void gssapi_forget_credentials(struct gssapi *g)
{
	OM_uint32 minor;

	if (g->credentials)
		gssapi_functions.release_cred(&minor, &g->credentials);
	if (g->initiator)
		gssapi_functions.release_name(&minor, &g->initiator);
}

int gssapi_wrap(struct gssapi *g, bool confidential, const void *bytes, size_t n,
		struct gssapi_bytes *token)
{
	gss_buffer_desc in = { n, (void *)(uintptr_t)bytes }, out = GSS_C_EMPTY_BUFFER;
	OM_uint32 major, minor;
	int encrypted = 0;

	major = gssapi_functions.wrap(&minor, g->context, confidential, GSS_C_QOP_DEFAULT, &in,
				      &encrypted, &out);
	*token = (struct gssapi_bytes){ out.value, out.length };
	if (!GSS_ERROR(major) && (encrypted || !confidential))
		return 0;
	gssapi_release(token);
	return fail(g, major, minor, -EIO);
}

int gssapi_unwrap(struct gssapi *g, const void *token, size_t n, struct gssapi_bytes *bytes,
		  struct gssapi_seen *seen)
{
	gss_buffer_desc in = { n, (void *)(uintptr_t)token }, out = GSS_C_EMPTY_BUFFER;
	OM_uint32 major, minor;
	int encrypted = 0;

	if (!krb5token_has_new_key(token, n)) {
		strcpy(g->words, "GSS-API: damaged, or of an old type of keys (RC4, DES)");
		return -EBADMSG;
	}
	/* The library may overwrite the token. */
	*seen = (struct gssapi_seen){ .number = krb5token_number(token) };
	major = gssapi_functions.unwrap(&minor, g->context, &in, &out, &encrypted, NULL);
	*bytes = (struct gssapi_bytes){ out.value, out.length };
	seen->confidential = encrypted;
	seen->duplicate = major & GSS_S_DUPLICATE_TOKEN;
	seen->disordered = major & (GSS_S_OLD_TOKEN | GSS_S_UNSEQ_TOKEN | GSS_S_GAP_TOKEN);
	if (!GSS_ERROR(major))
		return 0;
	gssapi_release(bytes);
	return fail(g, major, minor, -EBADMSG);
}

size_t gssapi_room(struct gssapi *g, bool confidential, size_t size)
{
	OM_uint32 minor, most = 0; /* which it stays after an error */

	gssapi_functions.wrap_size_limit(&minor, g->context, confidential, GSS_C_QOP_DEFAULT,
					 (OM_uint32)size, &most);
	return most < size ? most : 0;
}

void gssapi_release(struct gssapi_bytes *b)
{
	gss_buffer_desc buffer = { b->len, b->at };
	OM_uint32 minor;

	if (b->at)
		gssapi_functions.release_buffer(&minor, &buffer);
	*b = (struct gssapi_bytes){ 0 };
}

void gssapi_close(struct gssapi *g)
{
	OM_uint32 minor;

	gssapi_forget_credentials(g);
	if (g->context)
		gssapi_functions.delete_sec_context(&minor, &g->context, NULL);
}
