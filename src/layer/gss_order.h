/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tells tokens that come twice from those that come late, by their numbers. The library does so
 * only if the client has asked it to, and for the last 64 tokens. Used by gss.c and
 * gss_datagrams.c alone.
 */
#ifndef LAYER_GSS_ORDER_H
#define LAYER_GSS_ORDER_H

#include <stdbool.h>
#include <stdint.h>

/* The tokens that have come, which all have one count of numbers. Begins as all zero. */
struct gss_order {
	bool begun;
	uint64_t next; /* the number after the highest one */
	uint64_t seen; /* bit i: the token of the number next - 1 - i has come */
	uint64_t last; /* the number of the last frame of the stream */
};

/*
 * Notes the token of a frame of the stream. Returns false if it has come before, or was sent before
 * the last frame.
 */
bool gss_order_frame(struct gss_order *o, uint64_t number);

/*
 * Notes the token of a datagram. Returns false if it has come before, if it is more than 64 tokens
 * late, so that nobody knows whether it has, or if it is older than the first frame.
 */
bool gss_order_datagram(struct gss_order *o, uint64_t number);

#endif
