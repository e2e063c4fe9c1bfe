/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The protection of RFC 1961, section 5: all that the client sends and gets stands in frames, whose
 * tokens only the two sides can make. As a layer of a stream, and of datagrams. Never negotiates.
 */
#ifndef LAYER_GSS_H
#define LAYER_GSS_H

#include "base/stream.h"
#include "layer/gssapi.h"

/*
 * Makes the layer of a stream, over the stream's own layer if it has one. g has an established
 * context, and must last as long as the layer. If confidential, everything is encrypted, and a
 * frame that is not is refused; else frames prove only that they have not been changed, and may be
 * encrypted.
 *
 * A frame that is refused, or that the end of the stream cuts off, is -EBADMSG for ever after, and
 * so is one that is old, that comes twice, or before which others are missing. A datagram may
 * arrive late or after others are lost, so only one that comes twice is refused, or so late that it
 * may have come before. Once datagrams are in use, frames may be missing before a frame.
 *
 * Returns NULL if there is no memory, or if g can't wrap. The layer is never freed.
 */
struct layer *gss_layer(const struct stream *stream, struct gssapi *g, bool confidential);

#endif
