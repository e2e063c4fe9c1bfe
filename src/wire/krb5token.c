/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks at the header of a token of RFC 4121. The library verifies it. */
#include "wire/krb5token.h"

enum { HEADER = 16, ACCEPTOR_SUBKEY = 4 };

bool krb5token_has_new_key(const uint8_t *p, size_t n)
{
	return n >= HEADER && p[0] == 5 && p[1] == 4 && (p[2] & ACCEPTOR_SUBKEY);
}
