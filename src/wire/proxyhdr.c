/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decodes the header of the PROXY protocol, in text (version 1) or binary (version 2). Refuses any
 * deviation from the specification. Whether its sender may be trusted is decided elsewhere.
 */
#include "wire/proxyhdr.h"
#include "wire/wire.h"

#include <errno.h>
#include <string.h>

static const uint8_t text_start[6] = { 'P', 'R', 'O', 'X', 'Y', ' ' };
static const uint8_t binary_start[12] = { 0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d,
					  0x0a, 'Q',  'U',  'I',  'T',	0x0a };

enum {
	TEXT_MIN = 15,	/* PROXY UNKNOWN\r\n */
	TEXT_MAX = 107, /* its CRLF included */
	BINARY_MIN = 16,
};

static void nowhere(struct proxyhdr *h)
{
	memset(h, 0, sizeof(*h));
	h->src.sa.sa_family = h->dst.sa.sa_family = AF_UNSPEC;
}

/* Returns the field at *p, and moves *p past the one space behind it. */
static char *next_field(char **p)
{
	char *field = *p, *space = strchr(field, ' ');

	if (space) {
		*space = '\0';
		*p = space + 1;
	} else {
		*p = field + strlen(field);
	}
	return field;
}

static int text_addr(const char *text, bool v6, union endpoint *ret)
{
	if (!v6 != !strchr(text, ':') || text[0] == '[')
		return -EINVAL;
	return addr_parse(text, ret);
}

static int text_port(const char *text, union endpoint *ret)
{
	uint16_t port;

	if ((text[0] == '0' && text[1]) || addr_parse_port(text, &port) < 0)
		return -EINVAL;
	addr_set_port(ret, port);
	return 0;
}

/* Reads a line without its CRLF, and writes NULs into it. */
static int parse_line(char *line, struct proxyhdr *ret)
{
	char *at = line + sizeof(text_start), *field = next_field(&at);
	bool v6 = strcmp(field, "TCP6") == 0;
	struct proxyhdr h;

	nowhere(&h);
	if (strcmp(field, "UNKNOWN") == 0) {
		h.local = true;
		*ret = h;
		return 0;
	}
	if (!v6 && strcmp(field, "TCP4") != 0)
		return -EINVAL;
	if (text_addr(next_field(&at), v6, &h.src) < 0 ||
	    text_addr(next_field(&at), v6, &h.dst) < 0 || text_port(next_field(&at), &h.src) < 0 ||
	    text_port(at, &h.dst) < 0)
		return -EINVAL;
	*ret = h;
	return 0;
}

static int decode_text(const uint8_t *p, size_t n, struct proxyhdr *ret)
{
	char line[TEXT_MAX];
	size_t len = 0, need;

	while (len < n && len < TEXT_MAX && p[len] != '\r' && p[len] != '\n')
		len++;
	if (len + 1 < n && len < TEXT_MAX - 1 && p[len] == '\r' && p[len + 1] == '\n') {
		memcpy(line, p, len);
		line[len] = '\0';
		return strlen(line) == len ? parse_line(line, ret) : -EINVAL;
	}
	if (len + 2 > TEXT_MAX)
		return -EMSGSIZE;
	/* A lone CR or LF is no end of line; after a CR as the last byte the LF may still come. */
	if (len < n && (p[len] == '\n' || len + 1 < n))
		return -EINVAL;
	need = len < n ? 1 : 2;
	return (int)(n + need < TEXT_MIN ? TEXT_MIN - n : need);
}

static void set_addr(union endpoint *ret, bool v6, const uint8_t *bytes, const uint8_t *port)
{
	if (!v6)
		addr_set_ipv4(ret, bytes, get_u16(port));
	else
		addr_set_ipv6(ret, bytes, get_u16(port));
	addr_unmap(ret);
}

/* Returns the size of one address of this family and protocol, 0 for none, or -EINVAL. */
static int addr_size(uint8_t family_protocol)
{
	switch (family_protocol) {
	case 0x00: /* unspecified */
	case 0x01:
		return 0;
	case 0x11: /* TCP over IPv4 */
		return 4;
	case 0x21: /* TCP over IPv6 */
		return 16;
	case 0x31: /* Unix stream */
		return 108;
	default:
		return -EINVAL;
	}
}

static int decode_binary(const uint8_t *p, size_t n, struct proxyhdr *ret)
{
	struct proxyhdr h;
	size_t len, want;
	int size;

	if (n > 12 && p[12] != 0x20 && p[12] != 0x21)
		return -EINVAL;
	if (n < BINARY_MIN)
		return (int)(BINARY_MIN - n);
	len = get_u16(p + 14);
	size = p[12] == 0x20 ? 0 : addr_size(p[13]);
	if (size < 0)
		return size;
	want = 2 * (size_t)size;
	if (size == 4 || size == 16)
		want += 4; /* two ports */
	if (len < want)
		return -EINVAL;
	if (n < BINARY_MIN + want)
		return (int)(BINARY_MIN + want - n);

	nowhere(&h);
	h.local = size == 0;
	if (size == 4 || size == 16) {
		const uint8_t *ports = p + BINARY_MIN + 2 * size;

		set_addr(&h.src, size == 16, p + BINARY_MIN, ports);
		set_addr(&h.dst, size == 16, p + BINARY_MIN + size, ports + 2);
	}
	h.skip = len - want;
	*ret = h;
	return 0;
}

static bool begins(const uint8_t *p, size_t n, const uint8_t *with, size_t len)
{
	return memcmp(p, with, n < len ? n : len) == 0;
}

int proxyhdr_decode(const uint8_t *p, size_t n, struct proxyhdr *ret)
{
	if (n == 0)
		return TEXT_MIN;
	if (begins(p, n, text_start, sizeof(text_start)))
		return decode_text(p, n, ret);
	if (begins(p, n, binary_start, sizeof(binary_start)))
		return decode_binary(p, n, ret);
	return -EPROTO;
}
