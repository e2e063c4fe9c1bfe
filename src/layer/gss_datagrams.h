/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Single frames of RFC 1961, section 5: each is a piece of the stream, or a whole datagram. Used by
 * gss.c alone.
 */
#ifndef LAYER_GSS_DATAGRAMS_H
#define LAYER_GSS_DATAGRAMS_H

#include "base/layer.h"
#include "layer/gss_order.h"
#include "layer/gssapi.h"

/* The protection that was agreed on, and the layer of datagrams. */
struct gss_datagrams {
	struct datagram_layer layer;
	struct gssapi *g;
	bool confidential;
	struct gss_order order; /* of the frames and the datagrams of the client */
};

/*
 * Wraps n bytes into a frame, at most size bytes at `frame`. Returns its length; -EMSGSIZE if it is
 * longer; or -EIO if they can't be wrapped.
 */
ssize_t gss_make_frame(const struct gss_datagrams *d, const void *bytes, size_t n, void *frame,
		       size_t size);

/* Fills in the layer. g must last as long as *d. */
void gss_datagrams(struct gss_datagrams *d, struct gssapi *g, bool confidential);

#endif
