/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The frames of draft-ietf-aft-socks-ssl-00 as a layer of a stream: payload is what the client and
 * the layer above, TLS, send each other. Protects nothing, and never looks at the payload.
 */
#ifndef LAYER_SSLFRAMES_H
#define LAYER_SSLFRAMES_H

#include "base/stream.h"
#include "wire/sslframe.h"

/*
 * Makes the layer of a stream, over the stream's own layer if it has one. Frames that are sent are
 * of the state SSLFRAME_HANDSHAKE at first.
 *
 * Frames that are read may be empty and of any state; after the first one of SSLFRAME_CLOSING no
 * other state may come. A header that is none, and an end of the stream within a frame, are
 * -EBADMSG for ever after. The end of the stream between two frames is 0: the layer above knows
 * whether it is in order.
 *
 * end() does not end the output: bytes that are written afterwards go into frames of
 * SSLFRAME_CLOSING.
 *
 * Returns NULL if there is no memory. The layer is never freed.
 */
struct layer *sslframes_layer(const struct stream *stream);

/* Sends frames of this state from now on. What is kept for flush() has its state already. */
void sslframes_enter(struct layer *layer, enum sslframe_state state);

#endif
