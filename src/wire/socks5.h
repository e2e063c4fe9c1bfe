/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SOCKS version 5 (RFC 1928), and the flags of UDP ASSOCIATE (draft-ietf-aft-socks-pro-v5-05):
 * bytes to structs and back. Pure. The decoders keep the need-more contract (wire/wire.h). The
 * drawings give the length of each field in bytes, or its value.
 */
#ifndef WIRE_SOCKS5_H
#define WIRE_SOCKS5_H

#include "wire/addr.h"

enum {
	SOCKS5_VERSION = 5,
	SOCKS5_METHODS_MAX = 2 + 255,
	SOCKS5_REQUEST_MAX = 4 + 1 + 255 + 2,
	SOCKS5_REPLY_MAX = 4 + 1 + 255 + 2,
};

enum socks5_method {
	SOCKS5_METHOD_NONE = 0x00,
	SOCKS5_METHOD_GSSAPI = 0x01,
	SOCKS5_METHOD_PASSWORD = 0x02,
	SOCKS5_METHOD_CHAP = 0x03,
	SOCKS5_METHOD_SSL = 0x06,
	SOCKS5_METHOD_SSL_DRAFT = 0x86, /* the same, by the draft's own number */
	SOCKS5_METHOD_UNACCEPTABLE = 0xff,
};

enum socks5_cmd {
	SOCKS5_CMD_CONNECT = 0x01,
	SOCKS5_CMD_BIND = 0x02,
	SOCKS5_CMD_UDP_ASSOCIATE = 0x03,
	SOCKS5_CMD_RESOLVE = 0xf0, /* Tor's extensions */
	SOCKS5_CMD_RESOLVE_PTR = 0xf1,
};

enum socks5_rep {
	SOCKS5_REP_SUCCEEDED = 0,
	SOCKS5_REP_GENERAL_FAILURE = 1,
	SOCKS5_REP_NOT_ALLOWED = 2,
	SOCKS5_REP_NETWORK_UNREACHABLE = 3,
	SOCKS5_REP_HOST_UNREACHABLE = 4,
	SOCKS5_REP_CONNECTION_REFUSED = 5,
	SOCKS5_REP_TTL_EXPIRED = 6,
	SOCKS5_REP_COMMAND_NOT_SUPPORTED = 7,
	SOCKS5_REP_ADDRESS_TYPE_NOT_SUPPORTED = 8,
};

enum socks5_atyp { SOCKS5_ATYP_IPV4 = 1, SOCKS5_ATYP_NAME = 3, SOCKS5_ATYP_IPV6 = 4 };

/* The draft's flags of UDP ASSOCIATE, in the request, and in the reply if they are granted. */
enum socks5_flag {
	SOCKS5_FLAG_INTERFACE_REQUEST = 0x01, /* the client may send queries */
	SOCKS5_FLAG_USECLIENTSPORT = 0x04,    /* send from the port that the request names */
};

/*
 * The client's greeting (section 3): the methods that it offers, in its order.
 *
 *     +-------+----------+----------+
 *     |  VER  | NMETHODS | METHODS  |
 *     +-------+----------+----------+
 *     | X'05' |    1     | 0 to 255 |    (the RFC says 1 to 255)
 *     +-------+----------+----------+
 */
struct socks5_methods {
	uint8_t n;
	uint8_t method[255];
};

/*
 * A request (section 4):
 *
 *     +-------+-----+------+------+----------+----------+
 *     |  VER  | CMD | FLAG | ATYP | DST.ADDR | DST.PORT |
 *     +-------+-----+------+------+----------+----------+
 *     | X'05' |  1  |  1   |  1   | Variable |    2     |
 *     +-------+-----+------+------+----------+----------+
 *
 * FLAG is the RFC's RSV, X'00'. It has a meaning for UDP ASSOCIATE alone. ATYP says what an address
 * is, here and in all messages below (section 5):
 *
 *            +--------------+            +-----+----------+            +--------------+
 *     X'01': | IPv4 address |     X'03': | LEN |   name   |     X'04': | IPv6 address |
 *            +--------------+            +-----+----------+            +--------------+
 *            |      4       |            |  1  | 0 to 255 |            |      16      |
 *            +--------------+            +-----+----------+            +--------------+
 *
 * So a request has 10, 7 to 262, or 22 bytes. The name is raw here, namelen bytes of any value:
 * addr_from_name() judges it.
 */
struct socks5_request {
	uint8_t cmd;
	uint8_t flag; /* any value */
	uint8_t atyp;
	uint8_t namelen; /* 0 for a literal, and for an empty name */
	uint8_t name[255];
	union endpoint addr; /* IPv4 if it was IPv4-mapped; AF_UNSPEC for a name */
	uint16_t port;
};

/*
 * The header of a relayed datagram (section 7), to the client and from it:
 *
 *     +---------+------+------+----------+----------+----------+
 *     |   RSV   | FRAG | ATYP | DST.ADDR | DST.PORT |   DATA   |
 *     +---------+------+------+----------+----------+----------+
 *     | X'0000' |  1   |  1   | Variable |    2     | Variable |
 *     +---------+------+------+----------+----------+----------+
 *
 * The data begins at header_len: 10, 7 to 262, or 22. frag.h draws FRAG.
 */
struct socks5_udp {
	uint8_t frag;
	struct socks5_request to; /* cmd and flag are 0 */
	size_t header_len;
};

/*
 * A query on the control connection of UDP ASSOCIATE, if INTERFACE REQUEST was granted: as which
 * address does this destination see the client's datagrams? A reply answers it.
 *
 *     +-------+-------+-------+------+----------+----------+
 *     |  RSV  |  SUB  | FLAG  | ATYP | DST.ADDR | DST.PORT |
 *     +-------+-------+-------+------+----------+----------+
 *     | X'00' | X'01' | X'00' |  1   | Variable |    2     |
 *     +-------+-------+-------+------+----------+----------+
 */
struct socks5_query {
	struct socks5_request to; /* cmd and flag are 0 */
	size_t len;
};

/* Decodes a greeting. -EPROTO: the first byte is not 5. */
int socks5_methods_decode(const uint8_t *p, size_t n, struct socks5_methods *ret);

/*
 * Decodes a request with any CMD. -EPROTO: the first byte is not 5; -EAFNOSUPPORT: unknown address
 * type.
 */
int socks5_request_decode(const uint8_t *p, size_t n, struct socks5_request *ret);

/*
 * Decodes the header of a whole datagram, so > 0 means that it is truncated. RSV is ignored.
 * -EAFNOSUPPORT: unknown address type.
 */
int socks5_udp_decode(const uint8_t *p, size_t n, struct socks5_udp *ret);

/*
 * Decodes a query. -EPROTO: none begins with these bytes, the first three of which have fixed
 * values; -EAFNOSUPPORT: unknown address type.
 */
int socks5_query_decode(const uint8_t *p, size_t n, struct socks5_query *ret);

/*
 * Encodes the answer to the greeting (section 3). Returns its length, 2.
 *
 *     +-------+--------+
 *     |  VER  | METHOD |
 *     +-------+--------+
 *     | X'05' |   1    |
 *     +-------+--------+
 */
size_t socks5_method_encode(uint8_t *buf, uint8_t method);

/*
 * Encodes a reply (section 6).
 *
 *     +-------+-----+------+------+----------+----------+
 *     |  VER  | REP | FLAG | ATYP | BND.ADDR | BND.PORT |
 *     +-------+-----+------+------+----------+----------+
 *     | X'05' |  1  |  1   |  1   | Variable |    2     |
 *     +-------+-----+------+------+----------+----------+
 *
 * FLAG is the RFC's RSV, and must be 0 unless the client has asked for flags. Writes a bound
 * address of NULL or AF_UNSPEC as 0.0.0.0:0, and an IPv4-mapped one as IPv4. buf has room for
 * SOCKS5_REPLY_MAX bytes. Returns the length.
 */
size_t socks5_reply_encode(uint8_t *buf, enum socks5_rep rep, uint8_t flag,
			   const union endpoint *bound);

/* Encodes the reply to RESOLVE_PTR: a name of 1 to 255 bytes, port 0. Returns the length. */
size_t socks5_reply_name_encode(uint8_t *buf, const char *name);

/*
 * Encodes the header of a datagram to the client: FRAG is 0, the address is the sender's. Returns
 * the length.
 */
size_t socks5_udp_encode(uint8_t *buf, const union endpoint *from);

#endif
