/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * GSS-API (RFC 2743) as far as a server needs it, in words of our own. Two files implement it:
 * gssapi_dlopen.c, which loads MIT Kerberos' library when it is needed, and gssapi_none.c, for
 * builds without it. Knows nothing of SOCKS.
 */
#ifndef LAYER_GSSAPI_H
#define LAYER_GSSAPI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The security context of the client. Begins as all zero. */
struct gssapi {
	struct gss_cred_id_struct *credentials; /* the library's, as the next two; or NULL */
	struct gss_ctx_id_struct *context;
	struct gss_name_struct *initiator;
	bool mutual;	 /* the client has asked this server to prove who it is */
	char words[400]; /* why the last call has failed */
};

/* Bytes that the library has allocated. gssapi_release() frees them. */
struct gssapi_bytes {
	void *at;
	size_t len;
};

/* What the library says about a token that verifies. */
struct gssapi_seen {
	bool confidential; /* it was encrypted */
	bool duplicate;	   /* it is the same as one before */
	bool disordered;   /* it is old, or others are missing before it */
	uint64_t number;   /* of the token: the client counts all that it makes */
};

/* Returns false in a build without GSS-API. */
bool gssapi_is_built(void);

/*
 * Loads the library, and the credentials of a server from the keytab at this path: a client may ask
 * for any service that has a key there. No replay cache is written. Returns 0; -ENOSYS in a build
 * without GSS-API; -ELIBACC if the library can't be loaded; or -ENOKEY if the keytab has no key
 * that can be used. May read files and take long.
 */
int gssapi_open(struct gssapi *g, const char *keytab);

/*
 * Takes the next token of the client, and makes the answer, which may be empty. Returns 1 if the
 * client has to send another token, 0 if the context is established, or -EACCES if the client is
 * refused. May read files and take long.
 */
int gssapi_accept(struct gssapi *g, const void *token, size_t n, struct gssapi_bytes *answer);

/*
 * Fills in the name of the client, once the context is established; no NUL ends it. Returns 0, or
 * -EACCES if the client is anonymous or its name can't be read.
 */
int gssapi_user(struct gssapi *g, struct gssapi_bytes *name);

/* Frees the credentials, when the context is established. */
void gssapi_forget_credentials(struct gssapi *g);

/* Wraps n bytes, encrypted if confidential. Returns 0, or -EIO. */
int gssapi_wrap(struct gssapi *g, bool confidential, const void *bytes, size_t n,
		struct gssapi_bytes *token);

/*
 * Unwraps a token of n bytes, and may overwrite it. Returns 0; or -EBADMSG if it does not verify,
 * or if it is not protected with a key that this server has made for this context, so that it may
 * have been recorded before.
 */
int gssapi_unwrap(struct gssapi *g, const void *token, size_t n, struct gssapi_bytes *bytes,
		  struct gssapi_seen *seen);

/* Returns how many bytes fit into a token of this size; 0 if none do. */
size_t gssapi_room(struct gssapi *g, bool confidential, size_t size);

/* Frees the bytes, if there are any. */
void gssapi_release(struct gssapi_bytes *b);

/* Deletes the context and frees everything that *g holds, except the words. */
void gssapi_close(struct gssapi *g);

#endif
