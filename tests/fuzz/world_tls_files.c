/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Makes the certificates and keys of the world by OpenSSL's library, and loads it as the program
 * does. Each is signed by itself. Never plays a session.
 */
#include "layer/libssl.h"
#include "world_tls.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/mman.h>
#include <unistd.h>

enum { DAY = 24 * 60 * 60 };

struct card {
	X509 *certificate;
	EVP_PKEY *key;
};

static struct card server, alice, mallory;

static void make(struct card *ret, const char *name)
{
	X509 *c = X509_new();
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509_NAME *subject;

	MUST(c && key && X509_set_version(c, 2) == 1);
	MUST(ASN1_INTEGER_set(X509_get_serialNumber(c), 1) == 1);
	MUST(X509_gmtime_adj(X509_getm_notBefore(c), -DAY));
	MUST(X509_gmtime_adj(X509_getm_notAfter(c), 365L * DAY));
	subject = X509_get_subject_name(c);
	MUST(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const uint8_t *)name, -1, -1,
					0) == 1);
	MUST(X509_set_issuer_name(c, subject) == 1 && X509_set_pubkey(c, key) == 1);
	MUST(X509_sign(c, key, EVP_sha256()) > 0);
	*ret = (struct card){ c, key };
}

/* Makes a file in memory of the certificate, and its key if there is one. */
static void place(int number, X509 *certificate, EVP_PKEY *key)
{
	BIO *bio = BIO_new(BIO_s_mem());
	int fd = memfd_create("pem", 0);
	char *text;
	long n;

	MUST(bio && fd >= 0 && PEM_write_bio_X509(bio, certificate) == 1);
	if (key)
		MUST(PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL) == 1);
	n = BIO_get_mem_data(bio, &text);
	MUST(n > 0 && write(fd, text, (size_t)n) == n);
	MUST(dup2(fd, number) == number && close(fd) == 0);
	BIO_free(bio);
}

bool world_tls_prepare(void)
{
	const struct libssl_files none = { .certificate = "/nonexistent" };
	const struct libssl_files files = { .certificate = "/proc/self/fd/401",
					    .clients = "/proc/self/fd/402" };
	struct libssl l = { .file = NULL };

	/* First of all, because the library takes no memory functions once it is in use. */
	MUST(libssl_open(&l, &none) < 0);
	libssl_close(&l);
	make(&server, "proxy");
	make(&alice, "alice");
	make(&mallory, "alice");
	place(CERTIFICATE_FD, server.certificate, server.key);
	place(CLIENTS_FD, alice.certificate, NULL);
	l = (struct libssl){ .file = NULL };
	MUST(libssl_open(&l, &files) == 0);
	libssl_close(&l);
	return true;
}

void world_tls_show(struct ssl_st *ssl, enum world_card card)
{
	const struct card *c = card == WORLD_ALICE ? &alice : &mallory;

	MUST(SSL_use_certificate(ssl, c->certificate) == 1 && SSL_use_PrivateKey(ssl, c->key) == 1);
}
