/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The functions of OpenSSL that are called, for the files libssl_*.c beside this
 * one. No other file includes OpenSSL's headers.
 */
#ifndef LAYER_LIBSSL_OPENSSL_H
#define LAYER_LIBSSL_OPENSSL_H

#include "layer/libssl.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

/* clang-format off */
#define EACH_FUNCTION(x)                                                                           \
	x(ASN1_STRING_to_UTF8) x(BIO_clear_flags) x(BIO_free) x(BIO_get_data)                      \
	x(BIO_meth_new) x(BIO_meth_set_ctrl) x(BIO_meth_set_read) x(BIO_meth_set_write)            \
	x(BIO_new) x(BIO_new_mem_buf) x(BIO_set_data) x(BIO_set_flags) x(CRYPTO_free)              \
	x(CRYPTO_set_mem_functions) x(ERR_clear_error) x(ERR_peek_last_error)                      \
	x(ERR_reason_error_string) x(EVP_PKEY_free) x(OPENSSL_init_ssl)                            \
	x(PEM_read_bio_PrivateKey) x(PEM_read_bio_X509) x(SSL_CTX_add_client_CA)                   \
	x(SSL_CTX_ctrl) x(SSL_CTX_get_cert_store) x(SSL_CTX_new)                                   \
	x(SSL_CTX_set_alpn_select_cb) x(SSL_CTX_set_cipher_list)                                   \
	x(SSL_CTX_set_default_read_buffer_len) x(SSL_CTX_set_num_tickets)                          \
	x(SSL_CTX_set_options) x(SSL_CTX_set_security_level) x(SSL_accept)                         \
	x(SSL_certs_clear) x(SSL_check_private_key) x(SSL_clear_options) x(SSL_ctrl)               \
	x(SSL_get0_peer_certificate) x(SSL_get_error) x(SSL_get_verify_result)                     \
	x(SSL_get_version) x(SSL_has_pending) x(SSL_is_init_finished) x(SSL_new)                   \
	x(SSL_read_ex) x(SSL_set_bio) x(SSL_set_verify) x(SSL_shutdown)                            \
	x(SSL_use_PrivateKey) x(SSL_use_certificate) x(SSL_write_ex) x(TLS_server_method)          \
	x(X509_NAME_ENTRY_get_data) x(X509_NAME_get_entry) x(X509_NAME_get_index_by_NID)           \
	x(X509_STORE_add_cert) x(X509_STORE_set_flags) x(X509_free) x(X509_get_subject_name)       \
	x(X509_verify_cert_error_string)
#define MEMBER(f) __typeof__(f) *f;
/* clang-format on */

struct openssl {
	EACH_FUNCTION(MEMBER)
};

/* Filled in once the library has been loaded. */
extern struct openssl openssl;

/*
 * While it is true, memory that the library frees is wiped: it may have held the private key, of
 * which the library leaves copies.
 */
extern bool libssl_wipes;

/* An allocation of the library has failed, for which its own words are often wrong. */
extern bool libssl_out_of_memory;

/* Fills l->words with the prefix, and with the library's reason behind it, if it has one. */
void libssl_fail(struct libssl *l, const char *prefix);

/*
 * After libssl_load(): finds n functions, whose names stand one behind the other in arrays of this
 * size, and puts their addresses into found. Returns false if the library lacks one.
 */
bool libssl_find(const char *names, size_t size, void **found, size_t n);

/*
 * Loads the library, unless an earlier call has. Its configuration is not read. Returns 0, or
 * -ELIBACC with words.
 */
int libssl_load(struct libssl *l);

/* Gives l->connection its transport. Returns false if there is no memory. */
bool libssl_connect_transport(struct libssl *l);

/* Loads the files into l->context and l->connection. Returns 0 or -ENOKEY. */
int libssl_load_files(struct libssl *l, const struct libssl_files *files);

#endif
