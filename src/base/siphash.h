/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SipHash-2-4 (Aumasson and Bernstein, 2012): a hash with a secret key. Nobody without the key can
 * find two messages with the same hash.
 */
#ifndef BASE_SIPHASH_H
#define BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

enum { SIPHASH_KEY_LEN = 16 };

/* Returns the hash of n bytes at p. The same on every machine. */
uint64_t siphash(const uint8_t key[SIPHASH_KEY_LEN], const void *p, size_t n);

#endif
