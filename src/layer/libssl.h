/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TLS as far as a server needs it, in words of our own. libssl_check.c, libssl_context.c,
 * libssl_files.c and libssl_stream.c implement it by OpenSSL's library, which is loaded when it is
 * needed; libssl_none.c is for builds without it. Knows nothing of sockets and of SOCKS.
 */
#ifndef LAYER_LIBSSL_H
#define LAYER_LIBSSL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The files of the server, all in PEM. */
struct libssl_files {
	const char *certificate; /* with the chain behind it */
	const char *key;	 /* NULL: in the certificate's file */
	const char *clients;	 /* CAs that sign clients' certificates; NULL: none is asked for */
};

/* Returns the file that has the key. */
static inline const char *libssl_key_file(const struct libssl_files *files)
{
	return files->key ? files->key : files->certificate;
}

/* Moves the bytes of TLS. Both functions never wait, and get ctx. */
struct libssl_transport {
	/* Reads 1 to n bytes. Returns their number, 0 at the end, -EAGAIN, or another -errno. */
	ssize_t (*take)(void *ctx, void *buf, size_t n);
	/* Takes up to n bytes. Returns their number, or 0 if there is no room now. */
	size_t (*keep)(void *ctx, const void *buf, size_t n);
	void *ctx;
};

/* The one connection. Begins as all zero. */
struct libssl {
	struct ssl_ctx_st *context; /* the library's, as the next one; or NULL */
	struct ssl_st *connection;
	struct bio_method_st *method; /* of the transport */
	struct libssl_transport transport;
	const char *file; /* the file that can't be used, after libssl_open(); NULL: the library */
	int failed;	  /* the -errno that ended the connection; 0: none */
	bool ended;	  /* the client has sent close_notify */
	bool end_sent;	  /* we have */
	bool dry;	  /* all that the transport had has been looked at */
	bool end_seen;	  /* the transport has ended */
	int broken;	  /* the transport's last -errno; 0: none */
	char words[300];  /* why the last call has failed */
};

/* Whose certificates: those of the server's file, its own first, or the CAs of clients. */
enum libssl_owner { LIBSSL_SERVER, LIBSSL_CLIENTS };

/* What --check wants to know of a certificate. */
struct libssl_certificate {
	char subject[256];    /* "/C=DE/CN=proxy.example.org" */
	int64_t begins, ends; /* the time for which it is valid, in seconds since 1970 */
	int bits;	      /* the size of its key */
	bool rsa;	      /* the key is RSA's */
	bool weak; /* a certificate with this key is refused, and one that it has signed */
};

/* Returns false in a build without TLS. */
bool libssl_is_built(void);

/*
 * Loads the library and the files, and prepares a connection. Reads no configuration of OpenSSL,
 * and never asks for a passphrase. Returns 0; -ENOSYS in a build without TLS; -ELIBACC if the
 * library can't be loaded; or -ENOKEY if a file can't be used: then l->file is it, and l->words
 * tell why and what to do.
 */
int libssl_open(struct libssl *l, const struct libssl_files *files);

/*
 * Goes on with the handshake, over l->transport. Returns 0 when it is over; -EAGAIN: call again
 * when the transport can go on; -EKEYREJECTED if the client's certificate is refused; -EBADMSG if
 * the handshake fails for another reason; -ENOMEM; or the transport's -errno, -ECONNRESET at its
 * end.
 */
int libssl_handshake(struct libssl *l);

/* Frees the private key, once the handshake is over. */
void libssl_forget_key(struct libssl *l);

/*
 * Until this call, payload is wiped from the library's memory as soon as it has been read, because
 * it may hold a password. Call it when the login is over, because wiping costs time.
 */
void libssl_stop_wiping(struct libssl *l);

/* Returns the version of the protocol, a constant string: "TLSv1.3". */
const char *libssl_version(const struct libssl *l);

/*
 * Copies the common name (CN) of the subject of the client's certificate, which has been verified:
 * at most size bytes, in UTF-8, of which any may be NUL. Returns the length of the name; 0 if there
 * is none, or more than one; or -ENOENT if the client has sent no certificate.
 */
ssize_t libssl_peer_name(const struct libssl *l, char *name, size_t size);

/*
 * Reads 1 to n bytes of payload. Returns their number; 0 after the client's close_notify; -EAGAIN;
 * -EBADMSG if the client's bytes are refused; -ENOMEM; or the transport's -errno, -ECONNRESET if it
 * ends without close_notify.
 */
ssize_t libssl_read(struct libssl *l, void *buf, size_t n);

/* Returns true if libssl_read() would do something without a byte from the transport. */
bool libssl_has_input(const struct libssl *l);

/* Wraps n bytes, at least 1. Returns the number of bytes that were wrapped, -EAGAIN, or -EIO. */
ssize_t libssl_write(struct libssl *l, const void *buf, size_t n);

/* Gives back the memory that the library no longer uses. For a connection at rest. */
void libssl_rest(void);

/* Wraps close_notify, once. Does nothing if the connection is not up. */
void libssl_end(struct libssl *l);

/*
 * For --check, after libssl_open(): fills *ret with the owner's i-th certificate. Returns 0;
 * -ENOENT if there are no more; or -ELIBACC if the library is too old for it.
 */
int libssl_inspect(const struct libssl *l, enum libssl_owner owner, int i,
		   struct libssl_certificate *ret);

/* For --check: frees all that libssl_open() has made, also if it has failed. */
void libssl_close(struct libssl *l);

#endif
