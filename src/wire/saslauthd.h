/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The messages of saslauthd(8), the daemon of Cyrus SASL that checks passwords: structs to bytes,
 * and bytes to structs. Pure.
 */
#ifndef WIRE_SASLAUTHD_H
#define WIRE_SASLAUTHD_H

#include "wire/userpass.h"

#include <stdbool.h>

/* The name of this service in the request; PAM takes its rules from the file of that name. */
#define SASLAUTHD_SERVICE "picosocks5"

enum {
	SASLAUTHD_REQUEST_MAX = 4 * 2 + 255 + 255 + sizeof(SASLAUTHD_SERVICE) - 1,
	SASLAUTHD_WORDS_MAX = 1024, /* more than any mechanism of the daemon has to say */
	SASLAUTHD_ANSWER_MAX = 2 + SASLAUTHD_WORDS_MAX,
};

/*
 * Encodes the request, which is four counted strings; the realm is empty. buf has room for
 * SASLAUTHD_REQUEST_MAX bytes. Returns the length. The caller wipes buf.
 *
 *     +------+------+------+--------+------+--------------+-------+
 *     | ULEN | USER | PLEN | PASSWD | SLEN | "picosocks5" | RLEN  |
 *     +------+------+------+--------+------+--------------+-------+
 *     |  2   | ULEN |  2   |  PLEN  |  2   |      10      | X'00' |  (two of them)
 *     +------+------+------+--------+------+--------------+-------+
 */
size_t saslauthd_request_encode(uint8_t *buf, const struct userpass_request *login);

/*
 * The answer: one counted string, which begins with OK if the password is right.
 *
 *     +-----+----------------------+
 *     | LEN |        WORDS         |
 *     +-----+----------------------+
 *     |  2  | 2 to 1024: "OK", ... |
 *     +-----+----------------------+
 */
struct saslauthd_answer {
	bool ok; /* the words begin with OK */
};

/*
 * Decodes that message. Need-more contract (wire/wire.h). -EPROTO: LEN is below 2 or above
 * SASLAUTHD_WORDS_MAX.
 */
int saslauthd_answer_decode(const uint8_t *p, size_t n, struct saslauthd_answer *ret);

#endif
