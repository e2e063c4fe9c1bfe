/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loads the server's certificate, its key and the CAs of clients from PEM files, and reads the name
 * in a client's certificate. The key belongs to the connection alone, so that it can be freed while
 * the connection lasts. Never asks for a passphrase.
 */
#include "layer/libssl_openssl.h"
#include "base/file.h"
#include "base/text.h"

#include <errno.h>
#include <string.h>

/* A file in memory. */
struct pem {
	char *text;
	size_t size;
	BIO *bio;
};

/* OpenSSL asks for a passphrase: there is none. Notes that it has asked. */
static int refuse_passphrase(char *buf, int size, int writing, void *asked)
{
	(void)buf;
	(void)size;
	(void)writing;
	*(bool *)asked = true;
	return -1;
}

static bool open_pem(struct libssl *l, struct pem *p, const char *path)
{
	struct text t = TEXT_OF(l->words);
	int err;

	*p = (struct pem){ 0 };
	l->file = path;
	err = file_read(path, &p->text, &p->size, NULL);
	if (err < 0) {
		text_strs(&t, "cannot open it: ", file_error(err), NULL);
		file_remedy(&t, path, err);
		return false;
	}
	p->bio = openssl.BIO_new_mem_buf(p->text, (int)p->size);
	if (!p->bio)
		strcpy(l->words, "out of memory");
	return p->bio;
}

static void close_pem(struct pem *p)
{
	if (p->bio)
		openssl.BIO_free(p->bio);
	if (!p->text)
		return;
	explicit_bzero(p->text, p->size);
	file_forget(p->text, p->size);
}

/* Reads the next certificate, or NULL. Other things in the file are passed over. */
static X509 *next_certificate(struct pem *p)
{
	bool asked;

	return openssl.PEM_read_bio_X509(p->bio, NULL, refuse_passphrase, &asked);
}

/* Returns true if the last certificate was missing because the file is over. */
static bool is_over(void)
{
	unsigned long code = openssl.ERR_peek_last_error();

	return ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}

/* OpenSSL's security level decides which keys are too weak, and which digests. */
static void refuse_certificate(struct libssl *l, const char *prefix)
{
	int reason = ERR_GET_REASON(openssl.ERR_peek_last_error());
	struct text t = { .buf = l->words, .cap = sizeof(l->words) };

	libssl_fail(l, prefix);
	if (reason != SSL_R_EE_KEY_TOO_SMALL && reason != SSL_R_CA_KEY_TOO_SMALL)
		return;
	t.len = strlen(l->words);
	text_str(&t, "; make a key for RSA with 2048 bits or more, or for EC with 256");
}

/* The first certificate is the server's, the others are its chain. */
static bool load_certificate(struct libssl *l, struct pem *p)
{
	X509 *c = next_certificate(p);
	int used;

	if (!c) {
		libssl_fail(l, is_over() ? "no certificate in PEM form is in it" :
					   "its certificate can't be read");
		return false;
	}
	used = openssl.SSL_use_certificate(l->connection, c);
	openssl.X509_free(c);
	if (used != 1) {
		refuse_certificate(l, "its certificate can't be used");
		return false;
	}
	while ((c = next_certificate(p)))
		if (openssl.SSL_ctrl(l->connection, SSL_CTRL_CHAIN_CERT, 0, c) != 1) {
			openssl.X509_free(c);
			refuse_certificate(l, "the chain of its certificate can't be used");
			return false;
		}
	if (!is_over()) {
		libssl_fail(l, "the chain of its certificate can't be read");
		return false;
	}
	openssl.ERR_clear_error();
	return true;
}

/*
 * OpenSSL keeps one certificate for each kind of key, and compares a key with that one alone.
 * Without memory it finds no kind either.
 */
static bool refuse_kind(struct libssl *l)
{
	if (libssl_out_of_memory) {
		libssl_fail(l, "its key can't be used");
		return false;
	}
	openssl.ERR_clear_error();
	strcpy(l->words, "its key is of another kind than the certificate's, such as RSA in place "
			 "of EC");
	return false;
}

static bool load_key(struct libssl *l, struct pem *p)
{
	bool asked = false;
	EVP_PKEY *key = openssl.PEM_read_bio_PrivateKey(p->bio, NULL, refuse_passphrase, &asked);
	int used;

	if (!key && asked)
		strcpy(l->words, "its key has a passphrase; write a file without one: "
				 "openssl pkey -in FILE -out NEW");
	else if (!key)
		libssl_fail(l, "no private key in PEM form can be read from it");
	if (!key)
		return false;
	used = openssl.SSL_use_PrivateKey(l->connection, key);
	openssl.EVP_PKEY_free(key);
	if (used != 1)
		libssl_fail(l, "its key is not the certificate's");
	else if (openssl.SSL_check_private_key(l->connection) != 1)
		return refuse_kind(l);
	return used == 1;
}

/*
 * Each certificate in the file is trusted by itself, also an intermediate CA without its root. A CA
 * that is in the file twice does no harm.
 */
static bool load_clients(struct libssl *l, struct pem *p)
{
	X509_STORE *store = openssl.SSL_CTX_get_cert_store(l->context);
	size_t n = 0;
	X509 *c;

	for (; (c = next_certificate(p)); n++) {
		bool added = openssl.X509_STORE_add_cert(store, c) == 1 &&
			     openssl.SSL_CTX_add_client_CA(l->context, c) == 1;

		openssl.X509_free(c);
		if (!added) {
			libssl_fail(l, "a certificate in it can't be used");
			return false;
		}
	}
	openssl.X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
	if (!n || !is_over()) {
		libssl_fail(l, n ? "a certificate in it can't be read" :
				   "no certificate in PEM form is in it");
		return false;
	}
	openssl.ERR_clear_error();
	openssl.SSL_set_verify(l->connection, SSL_VERIFY_PEER, NULL);
	return true;
}

static bool load_file(struct libssl *l, const char *path,
		      bool (*parse)(struct libssl *l, struct pem *p))
{
	struct pem p;
	bool ok = open_pem(l, &p, path) && parse(l, &p);

	close_pem(&p);
	return ok;
}

int libssl_load_files(struct libssl *l, const struct libssl_files *files)
{
	if (!load_file(l, files->certificate, load_certificate) ||
	    !load_file(l, libssl_key_file(files), load_key) ||
	    (files->clients && !load_file(l, files->clients, load_clients)))
		return -ENOKEY;
	l->file = NULL;
	return 0;
}

void libssl_forget_key(struct libssl *l)
{
	openssl.SSL_certs_clear(l->connection);
	libssl_wipes = false;
}

ssize_t libssl_peer_name(const struct libssl *l, char *name, size_t size)
{
	X509 *peer = openssl.SSL_get0_peer_certificate(l->connection);
	unsigned char *utf8 = NULL;
	X509_NAME *subject;
	int at, n;

	if (!peer || openssl.SSL_get_verify_result(l->connection) != X509_V_OK)
		return -ENOENT;
	subject = openssl.X509_get_subject_name(peer);
	at = openssl.X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	if (at < 0 || openssl.X509_NAME_get_index_by_NID(subject, NID_commonName, at) >= 0)
		return 0;
	n = openssl.ASN1_STRING_to_UTF8(
		&utf8, openssl.X509_NAME_ENTRY_get_data(openssl.X509_NAME_get_entry(subject, at)));
	if (n < 0)
		return 0;
	memcpy(name, utf8, (size_t)n < size ? (size_t)n : size);
	openssl.CRYPTO_free(utf8, "", 0);
	return n;
}
