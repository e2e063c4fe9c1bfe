/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The reply that each failure gets (RFC 1928, section 6), in both versions of the protocol and in
 * HTTP, and its words in the log.
 */
#include "end/reply.h"

#include <errno.h>

#include "tap.h"

static const struct {
	int err;
	int rep;
} table[] = {
	{ ENETUNREACH, 3 },  { ENETDOWN, 3 },	   { EHOSTUNREACH, 4 }, { EHOSTDOWN, 4 },
	{ ENOENT, 4 },	     { ECONNREFUSED, 5 },  { ETIMEDOUT, 6 },	{ ETIME, 6 },
	{ EAFNOSUPPORT, 8 }, { EACCES, 2 },	   { EPERM, 2 },	{ EINVAL, 1 },
	{ EMFILE, 1 },	     { ENFILE, 1 },	   { ENOMEM, 1 },	{ ENOBUFS, 1 },
	{ EADDRINUSE, 1 },   { EADDRNOTAVAIL, 1 }, { ECONNRESET, 1 },	{ EINTR, 1 },
	{ EPROTO, 1 },	     { EIO, 1 },
};

/* The statuses of HTTP for the replies 1 to 8. */
static void test_statuses(void)
{
	static const unsigned status[] = { 500, 403, 502, 502, 502, 504, 405, 502 };

	for (unsigned rep = 1; rep <= 8; rep++)
		is_int(reply_status((enum socks5_rep)rep, END_FAILED), status[rep - 1],
		       "HTTP has status %u for reply %u", status[rep - 1], rep);
	is_int(reply_status(SOCKS5_REP_GENERAL_FAILURE, END_PROTOCOL), 400,
	       "  and 400 if the client is the cause");
	is_int(reply_status(SOCKS5_REP_ADDRESS_TYPE_NOT_SUPPORTED, END_PROTOCOL), 502,
	       "  but a family that is switched off is not its fault");
}

int main(void)
{
	uint8_t buf[REPLY_MAX];
	union endpoint bound;

	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		is_int(reply_from_errno(-table[i].err), table[i].rep, "%s", strerror(table[i].err));
	for (int rep = 1; rep <= 8; rep++) {
		const uint8_t five[] = { 5, (uint8_t)rep, 0, 1, 0, 0, 0, 0, 0, 0 };
		const uint8_t four[] = { 0, 91, 0, 0, 0, 0, 0, 0 };

		is_mem(buf, reply_encode(buf, SOCKS5_VERSION, (enum socks5_rep)rep, 0, NULL), five,
		       sizeof(five), "reply %d: a failure has no address", rep);
		is_mem(buf, reply_encode(buf, SOCKS4_VERSION, (enum socks5_rep)rep, 0, NULL), four,
		       sizeof(four), "reply %d: version 4 gives no reason", rep);
	}
	test_statuses();
	addr_parse("192.0.2.7", &bound);
	addr_set_port(&bound, 0x1234);
	is_mem(buf, reply_encode(buf, SOCKS5_VERSION, SOCKS5_REP_SUCCEEDED, 0, &bound),
	       "\5\0\0\1\xc0\0\2\7\x12\x34", 10, "version 5: success has the address");
	is_mem(buf, reply_encode(buf, SOCKS4_VERSION, SOCKS5_REP_SUCCEEDED, 0, &bound),
	       "\0\x5a\x12\x34\xc0\0\2\7", 8, "version 4: success has the address");
	is_mem(buf, reply_encode(buf, SOCKS5_VERSION, SOCKS5_REP_SUCCEEDED, 5, &bound),
	       "\5\0\5\1\xc0\0\2\7\x12\x34", 10, "version 5: success has the flags");
	is_mem(buf, reply_encode(buf, SOCKS4_VERSION, SOCKS5_REP_SUCCEEDED, 5, &bound),
	       "\0\x5a\x12\x34\xc0\0\2\7", 8, "version 4: has none");
	is_str(reply_words(-ENETUNREACH), "Network is unreachable", "the words of the manual");
	is_str(reply_words(-EHOSTUNREACH), "No route to host", "  with every C library");
	is_str(reply_words(-ETIMEDOUT), "Connection timed out", "  in the same way");
	is_str(reply_words(-ENOBUFS), strerror(ENOBUFS), "all other errors are strerror(3)'s");
	return done_testing();
}
