/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks at the header of a token of RFC 4121. The library verifies it. */
#include "wire/krb5token.h"

enum { SND_SEQ = 8, HEADER = 16, ACCEPTOR_SUBKEY = 4 };

bool krb5token_has_new_key(const uint8_t *p, size_t n)
{
	return n >= HEADER && p[0] == 5 && p[1] == 4 && (p[2] & ACCEPTOR_SUBKEY);
}

uint64_t krb5token_number(const uint8_t *p)
{
	uint64_t ret = 0;

	for (int i = SND_SEQ; i < HEADER; i++)
		ret = ret << 8 | p[i];
	return ret;
}
