/* SPDX-License-Identifier: GPL-3.0-or-later */
/* SipHash-2-4 against the vectors of its authors: key 00 01 02..., messages "", 00, 00 01... */
#include "base/siphash.h"

#include "tap.h"

static const uint64_t vector[] = {
	0x726fdb47dd0e0e31, 0x74f839c593dc67fd, 0x0d6c8009d9a94f5a, 0x85676696d7fb7e2d,
	0xcf2794e0277187b7, 0x18765564cd99a68d, 0xcbc9466e58fee3ce, 0xab0200f58b01d137,
	0x93f5f5799a932462, 0x9e0082df0ba9e4b0, 0x7a5dbbc594ddb9f3, 0xf4b32f46226bada7,
	0x751e8fbc860ee5fb, 0x14ea5627c0843d90, 0xf723ca908e7af2ee, 0xa129ca6149be45e5,
};

int main(void)
{
	uint8_t key[SIPHASH_KEY_LEN], message[16];

	for (uint8_t i = 0; i < 16; i++)
		key[i] = message[i] = i;
	for (unsigned n = 0; n < sizeof(vector) / sizeof(*vector); n++)
		is_int(siphash(key, message, n), vector[n], "%u bytes", n);
	key[15] ^= 1;
	ok(siphash(key, message, 15) != vector[15], "another key, another hash");
	return done_testing();
}
