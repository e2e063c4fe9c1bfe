/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of the schemes that a hash can have, for users/pwhash.c alone. Nothing is computed. */
#ifndef USERS_SCHEME_H
#define USERS_SCHEME_H

#include "users/pwhash.h"

/* A walk through the bytes of a hash. */
struct cursor {
	const char *p, *end;
};

struct scheme {
	const char *prefix, *name, *cheapest;
	enum pwhash_scheme scheme;
	bool weak;
	/* Walks over the rest after the prefix. Returns false if it is malformed. Sets h->slow. */
	bool (*rest)(struct cursor *c, struct pwhash *h);
};

/* A hash is compared with the prefixes in this order. */
extern const struct scheme schemes[];
extern const size_t n_schemes;

#endif
