/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tokens of Kerberos: only those of RFC 4121 with the server's own key are new. */
#include "wire/krb5token.h"

#include "tap.h"
#include "guard.h"

static bool is_new(const void *p, size_t n)
{
	return krb5token_has_new_key(guard_copy(p, n), n);
}

int main(void)
{
	/* Of a session with MIT Kerberos 1.20: the level, and its answer. */
	static const char client[] = "\5\4\4\377\0\14\0\0\0\0\0\0\33\151\243\112\2\336\370";
	static const char server[] = "\5\4\5\377\0\14\0\0\0\0\0\0\4\106\367\225\2\352\354";
	static const char rc4[] = "\140\53\6\11\52\206\110\206\367\22\1\2\2\2\1\21\0\377\377";
	char changed[sizeof(client)];

	ok(is_new(client, sizeof(client) - 1), "the client's");
	ok(is_new(server, sizeof(server) - 1), "the server's");
	ok(krb5token_number((const uint8_t *)client) == 0x1b69a34a, "the number of a token");
	ok(!is_new(rc4, sizeof(rc4) - 1), "one of RC4");
	for (size_t n = 0; n < 16; n++)
		ok(!is_new(client, n), "cut after %zu bytes", n);
	memcpy(changed, client, sizeof(client));
	for (int flags = 0; flags < 8; flags++) {
		changed[2] = (char)flags;
		is_int(is_new(changed, sizeof(changed) - 1), flags >> 2, "flags %d", flags);
	}
	changed[1] = '\5';
	ok(!is_new(changed, sizeof(changed) - 1), "another token of RFC 4121");
	return done_testing();
}
