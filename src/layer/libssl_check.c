/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Looks at the certificates that have been loaded, for --check: until when they are valid, and how
 * strong their keys are. A session never calls this, so it does not look these functions up.
 */
#include "layer/libssl_openssl.h"
#include "base/cold.h"

#include <errno.h>
#include <string.h>
#include <time.h>

/* clang-format off */
#define EACH_CHECK_FUNCTION(x)                                                                     \
	x(ASN1_TIME_to_tm) x(BIO_meth_free) x(EVP_PKEY_get_bits) x(EVP_PKEY_get_id)                \
	x(EVP_PKEY_get_security_bits) x(OPENSSL_sk_num) x(OPENSSL_sk_value) x(SSL_CTX_free)        \
	x(SSL_free) x(SSL_get_certificate) x(X509_NAME_oneline) x(X509_OBJECT_get0_X509)           \
	x(X509_STORE_get0_objects) x(X509_get0_notAfter) x(X509_get0_notBefore)                    \
	x(X509_get0_pubkey)
#define NAME(f) #f,
#define MEMBER(f) __typeof__(f) *f;
/* clang-format on */

/* What OpenSSL's security level 2 asks of a key. */
enum { LEVEL_2_BITS = 112 };

struct inspector {
	EACH_CHECK_FUNCTION(MEMBER)
};

COLD struct inspector libssl_inspector;

static const struct inspector *get(void)
{
	static const char name[][28] = { EACH_CHECK_FUNCTION(NAME) };
	void *found[sizeof(name) / sizeof(name[0])];

	_Static_assert(sizeof(found) == sizeof(libssl_inspector), "one name for each member");
	if (libssl_inspector.SSL_free)
		return &libssl_inspector;
	if (!libssl_find(name[0], sizeof(name[0]), found, sizeof(found) / sizeof(found[0])))
		return NULL;
	memcpy(&libssl_inspector, found, sizeof(found));
	return &libssl_inspector;
}

static int64_t seconds_of(const struct inspector *in, const ASN1_TIME *time)
{
	struct tm tm;

	return in->ASN1_TIME_to_tm(time, &tm) == 1 ? (int64_t)timegm(&tm) : 0;
}

static void inspect(const struct inspector *in, X509 *c, struct libssl_certificate *ret)
{
	EVP_PKEY *key = in->X509_get0_pubkey(c);

	in->X509_NAME_oneline(openssl.X509_get_subject_name(c), ret->subject, sizeof(ret->subject));
	ret->begins = seconds_of(in, in->X509_get0_notBefore(c));
	ret->ends = seconds_of(in, in->X509_get0_notAfter(c));
	ret->bits = key ? in->EVP_PKEY_get_bits(key) : 0;
	ret->rsa = key && in->EVP_PKEY_get_id(key) == EVP_PKEY_RSA;
	ret->weak = !key || in->EVP_PKEY_get_security_bits(key) < LEVEL_2_BITS;
}

/* Returns the i-th certificate of the server's file, or NULL. */
static X509 *of_server(const struct inspector *in, const struct libssl *l, int i)
{
	STACK_OF(X509) *chain = NULL;

	if (!i)
		return in->SSL_get_certificate(l->connection);
	openssl.SSL_ctrl(l->connection, SSL_CTRL_GET_CHAIN_CERTS, 0, &chain);
	return in->OPENSSL_sk_value((const OPENSSL_STACK *)chain, i - 1);
}

/* Returns the i-th of the CAs of clients, or NULL. */
static X509 *of_clients(const struct inspector *in, const struct libssl *l, int i)
{
	X509_STORE *store = openssl.SSL_CTX_get_cert_store(l->context);
	const OPENSSL_STACK *all = (const OPENSSL_STACK *)in->X509_STORE_get0_objects(store);

	return i < in->OPENSSL_sk_num(all) ?
		       in->X509_OBJECT_get0_X509(in->OPENSSL_sk_value(all, i)) :
		       NULL;
}

int libssl_inspect(const struct libssl *l, enum libssl_owner owner, int i,
		   struct libssl_certificate *ret)
{
	const struct inspector *in = get();
	X509 *c;

	if (!in)
		return -ELIBACC;
	c = owner == LIBSSL_SERVER ? of_server(in, l, i) : of_clients(in, l, i);
	if (!c)
		return -ENOENT;
	inspect(in, c, ret);
	return 0;
}

void libssl_close(struct libssl *l)
{
	const struct inspector *in = l->context ? get() : NULL;

	if (!in)
		return;
	in->SSL_free(l->connection);
	in->SSL_CTX_free(l->context);
	in->BIO_meth_free(l->method);
	l->connection = NULL;
	l->context = NULL;
	l->method = NULL;
}
