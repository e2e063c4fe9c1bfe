/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Wraps and unwraps single frames. Keeps nothing of them: a datagram may be lost, late, or in
 * another order, so none depends on another.
 */
#include "layer/gss_datagrams.h"
#include "wire/gssframe.h"

#include <errno.h>
#include <string.h>

ssize_t gss_make_frame(const struct gss_datagrams *d, const void *bytes, size_t n, void *frame,
		       size_t size)
{
	struct gssapi_bytes token;
	ssize_t len = gssapi_wrap(d->g, d->confidential, bytes, n, &token);

	if (len < 0)
		return len;
	if (token.len <= GSSFRAME_TOKEN_MAX && GSSFRAME_HEADER + token.len <= size) {
		len = (ssize_t)gssframe_encode(frame, GSSFRAME_DATA, token.len);
		memcpy((char *)frame + len, token.at, token.len);
		len += (ssize_t)token.len;
	} else {
		len = -EMSGSIZE;
	}
	gssapi_release(&token);
	return len;
}

static ssize_t wrap(struct datagram_layer *l, const void *in, size_t n, void *out, size_t size)
{
	return gss_make_frame((struct gss_datagrams *)l, in, n, out, size);
}

/* A datagram that comes twice may have been recorded and sent again. */
static bool is_refused(struct gss_datagrams *d, const struct gssapi_seen *seen)
{
	return seen->duplicate || (d->confidential && !seen->confidential) ||
	       !gss_order_datagram(&d->order, seen->number);
}

static ssize_t unwrap(struct datagram_layer *l, const void *in, size_t n, void *out, size_t size)
{
	struct gss_datagrams *d = (struct gss_datagrams *)l;
	const uint8_t *token = (const uint8_t *)in + GSSFRAME_HEADER;
	struct gssapi_bytes plain;
	struct gssapi_seen seen;
	struct gssframe frame;
	ssize_t len;

	if (gssframe_decode(in, n, &frame) != 0 || frame.mtyp != GSSFRAME_DATA ||
	    n != GSSFRAME_HEADER + (size_t)frame.len ||
	    gssapi_unwrap(d->g, token, frame.len, &plain, &seen) < 0)
		return -EBADMSG;
	if (is_refused(d, &seen))
		len = -EBADMSG;
	else
		len = plain.len <= size ? (ssize_t)plain.len : -EMSGSIZE;
	if (len > 0)
		memcpy(out, plain.at, plain.len);
	gssapi_release(&plain);
	return len;
}

void gss_datagrams(struct gss_datagrams *d, struct gssapi *g, bool confidential)
{
	*d = (struct gss_datagrams){
		.layer = { .wrap = wrap, .unwrap = unwrap },
		.g = g,
		.confidential = confidential,
	};
}
