/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TLS 1.2 and 1.3 (RFC 5246, RFC 8446) as a layer of a stream: the side of the server. Moves bytes
 * for libssl.h, which makes and reads the records. Never waits.
 */
#ifndef LAYER_TLS_H
#define LAYER_TLS_H

#include "base/stream.h"
#include "layer/libssl.h"

/*
 * Makes the layer of a stream, over the stream's own layer if it has one, whose end() is called
 * when only close_notify is left to be written. l is fresh, is opened by
 * libssl_open() before the first byte moves, and lasts as long as the layer. The first n bytes of
 * the client's, at most two, are at head. The handshake is over when tls_handshake() returns 0;
 * nothing else is read before.
 *
 * close_notify is the end of one direction. An end of the stream without it is -ECONNRESET.
 * Records that are refused are -EBADMSG for ever after.
 *
 * Returns NULL if there is no memory. The layer is never freed.
 */
struct layer *tls_layer(const struct stream *stream, struct libssl *l, const void *head, size_t n);

/*
 * Goes on with the handshake. Returns what libssl_handshake() returns. Keeps bytes for flush(),
 * even when it fails: an alert, which tells the client why.
 */
int tls_handshake(struct layer *layer);

#endif
