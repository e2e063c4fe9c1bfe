/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * decoder.h - checks the need-more contract of a decoder on one input, for unit tests and fuzz
 * targets alike. Every prefix of the input is laid in front of a guard page and decoded. Then:
 *
 *   - once the verdict is 0 or an error, more bytes change neither the verdict nor the result;
 *   - until then, the end of what the decoder asks for never moves back, and never lies beyond the
 *     end of the message;
 *   - the result is written when the verdict is 0, and not before;
 *   - a reader that starts at any split and reads what is asked for ends with the same verdict.
 */
#ifndef DECODER_H
#define DECODER_H

#include <stdalign.h>
#include <stdbool.h>
#include <stdio.h>

#include "guard.h"

enum { DECODER_MAX = 2048 };

struct decoder {
	int (*decode)(const uint8_t *p, size_t n, void *ret);
	size_t size; /* of the struct that it fills */
};

/* Defines x_decoder, for `int x_decode(const uint8_t *p, size_t n, struct x *ret)`. */
#define DECODER(x)                                                                                 \
	static int x##_decode_any(const uint8_t *p, size_t n, void *ret)                           \
	{                                                                                          \
		return x##_decode(p, n, ret);                                                      \
	}                                                                                          \
	static const struct decoder x##_decoder = { x##_decode_any, sizeof(struct x) }

/* What the decoder says of one input. */
struct verdict {
	int r;		   /* 0, -errno, or > 0: the input ended too early */
	size_t at;	   /* length of the first prefix with this verdict; of the input if r > 0 */
	const void *value; /* the decoded struct, until the next call */
	const char *fault; /* the broken promise, or NULL */
	size_t fault_at;
};

/* Decodes the prefix of n bytes over a fill pattern, which stays wherever nothing is written. */
static inline int decoder_run(const struct decoder *d, const uint8_t *p, size_t n, uint8_t *ret)
{
	memset(ret, 0xa5, d->size);
	return d->decode(guard_copy(p, n), n, ret);
}

static inline bool decoder_untouched(const struct decoder *d, const uint8_t *ret)
{
	for (size_t i = 0; i < d->size; i++)
		if (ret[i] != 0xa5)
			return false;
	return true;
}

/* Reads as a driver does that has k bytes at first. True if it ends with the right verdict. */
static inline bool decoder_drives(const int *r, size_t k, size_t len, const struct verdict *v)
{
	while (k < len && r[k] > 0)
		k = (size_t)r[k] < len - k ? k + (size_t)r[k] : len;
	return v->r ? (r[k] == v->r || v->r > 0) : r[k] == 0;
}

static inline struct verdict decoder_check(const struct decoder *d, const uint8_t *p, size_t len)
{
	static alignas(max_align_t) uint8_t first[DECODER_MAX], ret[DECODER_MAX];
	static int r[DECODER_MAX + 1];
	struct verdict v = { .r = 1, .at = len, .value = first };
	size_t asked = 0;

	if (d->size > DECODER_MAX || len > DECODER_MAX)
		abort();
	for (size_t n = 0; n <= len; n++) {
		bool decided = v.r <= 0;

		r[n] = decoder_run(d, p, n, ret);
		v.fault_at = n;
		if (decided && r[n] != v.r)
			v.fault = "the verdict changed";
		else if (r[n] != 0 && !decoder_untouched(d, ret))
			v.fault = "the result was written before the verdict";
		else if (decided && r[n] == 0 && memcmp(ret, first, d->size) != 0)
			v.fault = "the result changed";
		else if (r[n] > 0 && n + (size_t)r[n] < asked)
			v.fault = "the end of what was asked for moved back";
		else if (!decided && r[n] == 0 && n < asked)
			v.fault = "a byte beyond the message was asked for";
		if (v.fault)
			return v;
		if (r[n] > 0)
			asked = n + (size_t)r[n];
		if (!decided && r[n] <= 0) {
			v.r = r[n];
			v.at = n;
			memcpy(first, ret, d->size);
		}
	}
	if (v.r > 0)
		v.r = r[len];
	for (size_t k = 0; k <= len; k++) {
		if (!decoder_drives(r, k, len, &v)) {
			v.fault = "a split makes a difference";
			v.fault_at = k;
			return v;
		}
	}
	return v;
}

/* For fuzz targets: ends the process if a promise is broken. */
static inline struct verdict decoder_must(const struct decoder *d, const uint8_t *p, size_t len)
{
	struct verdict v = decoder_check(d, p, len);

	if (v.fault) {
		fprintf(stderr, "prefix of %zu bytes: %s\n", v.fault_at, v.fault);
		abort();
	}
	return v;
}

#ifdef TAP_H
/* A string literal and its length, without the last NUL; other NULs may be inside. */
#define BYTES(s) (s), sizeof(s) - 1

/* For unit tests: checks promises, verdict and length. True if all are right; v has the value. */
static inline bool decodes(const struct decoder *d, const void *p, size_t len, int want, size_t at,
			   const char *name, struct verdict *v)
{
	*v = decoder_check(d, p, len);
	if (!ok(!v->fault && v->r == want && v->at == at, "%s", name)) {
		printf("#   verdict %d after %zu bytes, want %d after %zu\n", v->r, v->at, want,
		       at);
		if (v->fault)
			printf("#   prefix of %zu bytes: %s\n", v->fault_at, v->fault);
		return false;
	}
	return true;
}
#endif

#endif
