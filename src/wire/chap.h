/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The messages of CHAP (method 3, draft-ietf-aft-socks-chap-01): bytes to structs and back. Pure.
 */
#ifndef WIRE_CHAP_H
#define WIRE_CHAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The attributes that are known here. All others are read and ignored. */
enum chap_type {
	CHAP_STATUS = 0x00, /* one byte: 0 is success */
	CHAP_USER = 0x02,   /* USER-IDENTITY: the user name */
	CHAP_CHALLENGE = 0x03,
	CHAP_RESPONSE = 0x04,
	CHAP_ALGORITHMS = 0x11, /* one byte for each */
};

enum {
	CHAP_VERSION = 1,
	CHAP_HMAC_MD5 = 0x85, /* the algorithm that every client has to know */
	CHAP_VALUE_MAX = 255,
	CHAP_HEADER_LEN = 2,
	CHAP_ATTRIBUTE_MAX = 2 + CHAP_VALUE_MAX,
	/* the longest message that chap_encode() makes: four values and the status */
	CHAP_MESSAGE_MAX = CHAP_HEADER_LEN + 4 * CHAP_ATTRIBUTE_MAX + 3,
};

/*
 * A message. The sides take turns in sending them; either may send more than one.
 *
 *     +-------+-------+-----+-----+----------+-----+-----+----------+
 *     |  VER  | NAVAS | ATT | LEN |   VAL    | ATT | LEN |   VAL    |
 *     +-------+-------+-----+-----+----------+-----+-----+----------+
 *     | X'01' |   1   |  1  |  1  | 0 to 255 |  1  |  1  | 0 to 255 |    NAVAS times
 *     +-------+-------+-----+-----+----------+-----+-----+----------+
 *
 * A message may have 65537 bytes, of which few matter, so it is decoded in parts: the first two
 * bytes, then each attribute.
 */
struct chap_header {
	uint8_t attributes; /* NAVAS: how many follow */
};

/* An attribute of any type. */
struct chap_attribute {
	uint8_t type, len;
	uint8_t value[CHAP_VALUE_MAX];
};

/* The value of an attribute, raw bytes. */
struct chap_value {
	uint8_t len;
	uint8_t byte[CHAP_VALUE_MAX];
};

/* The known attributes of a message. Begins as all zero. */
struct chap_message {
	uint32_t types; /* the attributes that it has: chap_has() reads it */
	uint8_t status;
	struct chap_value user, challenge, response, algorithms;
};

/*
 * Decodes the first two bytes of a message. Need-more contract (wire/wire.h). -EPROTO: the first
 * byte is not 1.
 */
int chap_header_decode(const uint8_t *p, size_t n, struct chap_header *ret);

/* Decodes an attribute. Need-more contract. -EPROTO: a STATUS whose length is not 1. */
int chap_attribute_decode(const uint8_t *p, size_t n, struct chap_attribute *ret);

/*
 * Adds an attribute to the message, in place of an earlier one of that type. Ignores one that is
 * not known.
 */
void chap_add(struct chap_message *m, const struct chap_attribute *attribute);

/* Returns true if the message has this attribute. */
bool chap_has(const struct chap_message *m, enum chap_type type);

/*
 * Encodes a message. buf is CHAP_MESSAGE_MAX bytes. STATUS comes last, because common clients act
 * on it at once and read no further. Returns the length.
 */
size_t chap_encode(const struct chap_message *m, uint8_t *buf);

#endif
