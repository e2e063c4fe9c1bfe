/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reassembly of fragments: each sequence is a list of steps, each step has its expected result. */
#include <errno.h>

#include "wire/frag.h"

#include "tap.h"
#include "guard.h"

enum { SIZE = 16 };

/* Destinations: addresses and names, and the same ones with another port. */
enum { A, A_PORT, B, NAME, NAME_PORT, NAME_LONGER, NAME_OTHER };

struct step {
	int64_t at_ms;
	uint8_t frag;
	int to;
	const char *data;
	int r;
	const char *whole; /* the datagram, if r is 0 */
};

static struct socks5_request dest(int which)
{
	static const char *const texts[] = {
		[A] = "192.0.2.7",	[A_PORT] = "192.0.2.7", [B] = "2001:db8::1",
		[NAME] = "x.org",	[NAME_PORT] = "x.org",	[NAME_LONGER] = "x.orgy",
		[NAME_OTHER] = "y.org",
	};
	struct socks5_request to = { .atyp = SOCKS5_ATYP_NAME, .port = 53 };

	if (which == A_PORT || which == NAME_PORT)
		to.port = 54;
	if (addr_parse(texts[which], &to.addr) == 0) {
		to.atyp = which == B ? SOCKS5_ATYP_IPV6 : SOCKS5_ATYP_IPV4;
		addr_set_port(&to.addr, to.port);
	} else {
		to.namelen = (uint8_t)strlen(texts[which]);
		memcpy(to.name, texts[which], to.namelen);
	}
	return to;
}

static void play(const char *name, const struct step *steps)
{
	uint8_t *buf = guard_copy("################", SIZE);
	struct frag f;

	frag_init(&f, buf, SIZE);
	for (size_t i = 0; steps[i].data; i++) {
		const struct step *s = &steps[i];
		struct socks5_udp hdr = { .frag = s->frag, .to = dest(s->to) };
		int r = frag_add(&f, &hdr, (const uint8_t *)s->data, strlen(s->data), s->at_ms);

		is_int(r, s->r, "%s: the result of step %zu", name, i);
		if (r != 0 || s->r != 0)
			continue;
		is_mem(f.data, f.len, s->whole, strlen(s->whole), "%s: the bytes after step %zu",
		       name, i);
		ok(memcmp(f.to, &hdr.to, sizeof(hdr.to)) == 0, "%s: the destination after step %zu",
		   name, i);
	}
}

#define PLAY(name, ...) play(name, (const struct step[]){ __VA_ARGS__, { 0 } })
#define MORE		-EAGAIN, NULL
#define DROP		-EINVAL, NULL

static void test_order(void)
{
	PLAY("no fragments", { 0, 0, A, "one", 0, "one" }, { 0, 0, NAME, "", 0, "" });
	PLAY("three fragments", { 0, 1, A, "on", MORE }, { 1, 2, A, "et", MORE },
	     { 2, 0x83, A, "wo", 0, "onetwo" }, { 3, 0x83, A, "wo", DROP });
	PLAY("a sequence of one", { 0, 0x81, A, "one", 0, "one" }, { 0, 2, A, "x", DROP });
	PLAY("two sequences", { 0, 1, A, "a", MORE }, { 0, 0x82, A, "b", 0, "ab" },
	     { 0, 1, B, "c", MORE }, { 0, 0x82, B, "d", 0, "cd" });
	PLAY("empty pieces", { 0, 1, A, "", MORE }, { 0, 2, A, "", MORE },
	     { 0, 0x83, A, "", 0, "" });
	PLAY("the first one is missing", { 0, 2, A, "b", DROP }, { 0, 0x83, A, "c", DROP });
	PLAY("a gap in the middle", { 0, 1, A, "a", MORE }, { 0, 3, A, "c", DROP },
	     { 0, 2, A, "b", DROP }, { 0, 0x83, A, "c", DROP });
	PLAY("a gap before the last", { 0, 1, A, "a", MORE }, { 0, 0x83, A, "c", DROP },
	     { 0, 0x82, A, "b", DROP });
	PLAY("position 1 begins a new sequence", { 0, 1, A, "a", MORE }, { 0, 2, A, "b", MORE },
	     { 0, 1, B, "c", MORE }, { 0, 0x82, B, "d", 0, "cd" });
	PLAY("a lower position, but not 1, ends the sequence", { 0, 1, A, "a", MORE },
	     { 0, 2, A, "b", MORE }, { 0, 3, A, "c", MORE }, { 0, 2, A, "b", DROP },
	     { 0, 0x84, A, "d", DROP });
	PLAY("position 1 twice", { 0, 1, A, "a", MORE }, { 0, 1, A, "c", MORE },
	     { 0, 0x82, A, "d", 0, "cd" });
	PLAY("a repeated fragment", { 0, 1, A, "a", MORE }, { 0, 2, A, "b", MORE },
	     { 0, 2, A, "b", DROP }, { 0, 0x83, A, "c", 0, "abc" });
	PLAY("other bytes at the same position", { 0, 1, A, "a", MORE }, { 0, 2, A, "b", MORE },
	     { 0, 2, A, "x", DROP }, { 0, 0x83, A, "c", DROP });
	PLAY("more bytes at the same position", { 0, 1, A, "a", MORE }, { 0, 2, A, "b", MORE },
	     { 0, 2, A, "bc", DROP }, { 0, 0x83, A, "c", DROP });
	PLAY("a whole datagram empties the queue", { 0, 1, A, "a", MORE }, { 0, 0, B, "x", 0, "x" },
	     { 0, 0x82, A, "b", DROP });
	PLAY("the end mark without a position", { 0, 1, A, "a", MORE }, { 0, 0x80, A, "x", DROP },
	     { 0, 0x82, A, "b", 0, "ab" });
}

static void test_time(void)
{
	PLAY("just in time", { 1000, 1, A, "a", MORE }, { 5999, 0x82, A, "b", 0, "ab" });
	PLAY("too late", { 1000, 1, A, "a", MORE }, { 6000, 0x82, A, "b", DROP },
	     { 6000, 1, A, "c", MORE }, { 10999, 0x82, A, "d", 0, "cd" });
	PLAY("the time counts from the first fragment", { 0, 1, A, "a", MORE },
	     { 4000, 2, A, "b", MORE }, { 5000, 0x83, A, "c", DROP });
	PLAY("the time counts from the new first fragment", { 0, 1, A, "a", MORE },
	     { 4000, 1, A, "b", MORE }, { 8000, 0x82, A, "c", 0, "bc" });
}

static void test_dest(void)
{
	PLAY("to a name", { 0, 1, NAME, "a", MORE }, { 0, 0x82, NAME, "b", 0, "ab" });
	PLAY("to another port", { 0, 1, A, "a", MORE }, { 0, 0x82, A_PORT, "b", DROP },
	     { 0, 0x82, A, "b", DROP });
	PLAY("to another address", { 0, 1, A, "a", MORE }, { 0, 0x82, B, "b", DROP });
	PLAY("to a name after an address", { 0, 1, A, "a", MORE }, { 0, 0x82, NAME, "b", DROP });
	PLAY("to an address after a name", { 0, 1, NAME, "a", MORE }, { 0, 0x82, A, "b", DROP });
	PLAY("to another port of a name", { 0, 1, NAME, "a", MORE },
	     { 0, 0x82, NAME_PORT, "b", DROP });
	PLAY("to a longer name", { 0, 1, NAME, "a", MORE }, { 0, 0x82, NAME_LONGER, "b", DROP });
	PLAY("to another name", { 0, 1, NAME, "a", MORE }, { 0, 0x82, NAME_OTHER, "b", DROP });
	PLAY("a repeated fragment to another destination", { 0, 1, A, "a", MORE },
	     { 0, 2, A, "b", MORE }, { 0, 2, B, "b", DROP }, { 0, 0x83, A, "c", DROP });
}

static void test_size(void)
{
	PLAY("a full buffer", { 0, 1, A, "0123456789", MORE }, { 0, 2, A, "abcdef", MORE },
	     { 0, 0x83, A, "", 0, "0123456789abcdef" });
	PLAY("one byte over", { 0, 1, A, "0123456789", MORE }, { 0, 0x82, A, "abcdefg", DROP },
	     { 0, 0x82, A, "abcdef", DROP });
	PLAY("too long at once", { 0, 1, A, "0123456789abcdefg", DROP }, { 0, 0x82, A, "", DROP });
	PLAY("a datagram that needs no queue may be longer",
	     { 0, 0, A, "0123456789abcdefg", 0, "0123456789abcdefg" },
	     { 0, 0x81, A, "0123456789abcdefg", 0, "0123456789abcdefg" });
}

/* All 127 positions, of which the last has the end mark. */
static void test_longest(void)
{
	static uint8_t buf[127];
	struct socks5_udp hdr = { .to = dest(A) };
	struct frag f;
	int r = -EAGAIN;

	frag_init(&f, buf, sizeof(buf));
	for (uint8_t i = 1; i < 127 && r == -EAGAIN; i++) {
		hdr.frag = i;
		r = frag_add(&f, &hdr, &i, 1, 0);
	}
	is_int(r, -EAGAIN, "126 fragments wait for more");
	hdr.frag = 0xff;
	is_int(frag_add(&f, &hdr, (const uint8_t *)"\x7f", 1, 0), 0,
	       "127 fragments make a datagram");
	ok(f.len == 127 && f.data[0] == 1 && f.data[125] == 126 && f.data[126] == 127,
	   "127 fragments are put in order");
}

int main(void)
{
	test_order();
	test_time();
	test_dest();
	test_size();
	test_longest();
	return done_testing();
}
