/* SPDX-License-Identifier: GPL-3.0-or-later */
/* world_tls.h - a client of the world that speaks TLS, and the certificates of both sides. */
#ifndef FUZZ_WORLD_TLS_H
#define FUZZ_WORLD_TLS_H

#include "world.h"

/* Which certificate the client shows; WORLD_RAW: it does not speak TLS, and the script does. */
enum world_card { WORLD_RAW, WORLD_NO_CARD, WORLD_ALICE, WORLD_MALLORY };

/* The descriptors of the files that world_tls_prepare() makes. */
enum { CERTIFICATE_FD = 401, CLIENTS_FD = 402 };

/*
 * Makes the server's file and the file of clients, which has alice's certificate and not mallory's,
 * and loads the library, so that each session need not. Returns false in a build without TLS. Once
 * a process.
 */
bool world_tls_prepare(void);

/* Lets the client show a certificate. */
struct ssl_st;
void world_tls_show(struct ssl_st *ssl, enum world_card card);

/*
 * Begins TLS on the client's side. Bits of how: 1: TLS 1.3 and not 1.2; 2 and 4: the certificate;
 * 8: TLS stands in the frames of the SSL draft.
 */
void tls_begin(uint8_t how);

/* Returns true if the client speaks TLS. The functions below need that. */
bool tls_is_on(void);

/* Hears bytes that the proxy wrote, and adds the payload to world.client_got. */
void tls_hear(const uint8_t *p, size_t n);

/* Says payload, and adds it to world.client_sent, once the handshake is over. */
void tls_say(const uint8_t *p, size_t n);

/* Says bytes that are no TLS; none at all: asks for new keys. */
void tls_say_raw(const uint8_t *p, size_t n);

/* Says close_notify. Returns false if it was said before, or if the client does not speak TLS. */
bool tls_end(void);

/* Writes what has been said, as far as the client's socket takes it. */
void tls_flush(int fd);

/* How it went: the proxy was asked for frames; and did not want any; it sent close_notify. */
bool tls_was_framed(void);
bool tls_was_refused(void);
bool tls_got_end(void);

/* Returns the version of TLS that the client speaks, as the log has it. */
const char *tls_version(void);

enum world_card tls_card(void);

#endif
