/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads addresses from text, writes them to text (RFC 5952), and judges names. The only spelling of
 * an IPv4 address that it reads is four decimal numbers. No stdio, no locale, no resolver.
 */
#include "wire/addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

int addr_parse(const char *text, union endpoint *ret)
{
	char inner[INET6_ADDRSTRLEN];
	bool brackets = text[0] == '[';
	uint8_t bytes[16];
	size_t len;

	if (brackets) {
		len = strlen(++text);
		if (len < 1 || len > sizeof(inner) || text[len - 1] != ']')
			return -EINVAL;
		memcpy(inner, text, len - 1);
		inner[len - 1] = '\0';
		text = inner;
	}
	if (!brackets && inet_pton(AF_INET, text, bytes) == 1) {
		addr_set_ipv4(ret, bytes, 0);
	} else if (inet_pton(AF_INET6, text, bytes) == 1) {
		addr_set_ipv6(ret, bytes, 0);
		addr_unmap(ret);
	} else {
		return -EINVAL;
	}
	return 0;
}

int addr_parse_port(const char *text, uint16_t *ret)
{
	unsigned port = 0;

	if (!*text)
		return -EINVAL;
	for (; *text; text++) {
		if (*text < '0' || *text > '9')
			return -EINVAL;
		port = port * 10 + (unsigned)(*text - '0');
		if (port > UINT16_MAX)
			return -EINVAL;
	}
	*ret = (uint16_t)port;
	return 0;
}

/* Writes v in this base, without leading zeros. Returns the end. */
static char *put_number(char *out, unsigned v, unsigned base)
{
	if (v >= base)
		out = put_number(out, v / base, base);
	*out++ = "0123456789abcdef"[v % base];
	return out;
}

static char *put_ipv4(char *out, const uint8_t *b)
{
	for (size_t i = 0; i < 4; i++) {
		if (i)
			*out++ = '.';
		out = put_number(out, b[i], 10);
	}
	return out;
}

/* Returns the first of the longest runs of two or more zero groups; *len is 0 if there is none. */
static size_t longest_zeros(const uint8_t *b, size_t *len)
{
	size_t best = 0, run = 0;

	*len = 0;
	for (size_t i = 0; i < 8; i++) {
		run = b[2 * i] || b[2 * i + 1] ? 0 : run + 1;
		if (run > 1 && run > *len) {
			*len = run;
			best = i + 1 - run;
		}
	}
	return best;
}

static char *put_ipv6(char *out, const uint8_t *b)
{
	static const uint8_t mapped[12] = { [10] = 0xff, [11] = 0xff };
	size_t len, start = longest_zeros(b, &len);
	bool colon = false;

	if (memcmp(b, mapped, 12) == 0) {
		memcpy(out, "::ffff:", 7);
		return put_ipv4(out + 7, b + 12);
	}
	for (size_t i = 0; i < 8; i++) {
		if (len && i == start) {
			*out++ = ':';
			*out++ = ':';
			colon = false;
			i += len - 1;
			continue;
		}
		if (colon)
			*out++ = ':';
		out = put_number(out, (unsigned)b[2 * i] << 8 | b[2 * i + 1], 16);
		colon = true;
	}
	return out;
}

static char *put_host(char *out, const union endpoint *addr)
{
	uint8_t bytes[16];

	if (addr->sa.sa_family == AF_INET) {
		memcpy(bytes, &addr->in.sin_addr, 4);
		out = put_ipv4(out, bytes);
	} else if (addr->sa.sa_family == AF_INET6) {
		memcpy(bytes, &addr->in6.sin6_addr, 16);
		out = put_ipv6(out, bytes);
	}
	return out;
}

size_t addr_format_host(const union endpoint *addr, char *buf)
{
	char *end = put_host(buf, addr);

	*end = '\0';
	return (size_t)(end - buf);
}

size_t addr_format(const union endpoint *addr, char *buf)
{
	bool v6 = addr->sa.sa_family == AF_INET6;
	char *end = buf;

	if (v6)
		*end++ = '[';
	end = put_host(end, addr);
	if (v6)
		*end++ = ']';
	if (end > buf) {
		*end++ = ':';
		end = put_number(end, addr_port(addr), 10);
	}
	*end = '\0';
	return (size_t)(end - buf);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_hex(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_host_byte(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' ||
	       c == '_';
}

/*
 * Returns true for digits, and for 0x with any hexadecimal digits or none: inet_aton() may accept
 * them.
 */
static bool is_number(const char *label, size_t len)
{
	bool hex = len >= 2 && label[0] == '0' && (label[1] == 'x' || label[1] == 'X');

	for (size_t i = hex ? 2 : 0; i < len; i++)
		if (hex ? !is_hex(label[i]) : !is_digit(label[i]))
			return false;
	return true;
}

/*
 * Returns true for labels of host bytes between single dots, a final dot allowed, if at least one
 * label is not a number: getaddrinfo() would turn numbers alone into an address that no rule has
 * judged.
 */
static bool may_be_looked_up(const char *name, size_t len)
{
	bool word = false;
	size_t n;

	for (; len; name += n, len -= n) {
		for (n = 0; n < len && is_host_byte(name[n]); n++)
			;
		if (n == 0 || (n < len && name[n] != '.'))
			return false;
		word |= !is_number(name, n);
		n += n < len;
	}
	return word;
}

int addr_from_name(const uint8_t *p, size_t len, uint16_t port, struct dest *ret)
{
	char text[sizeof(ret->name)];
	union endpoint addr;

	if (len == 0 || memchr(p, '\0', len))
		return -EINVAL;
	if (len >= sizeof(text))
		return -ENOENT;
	memcpy(text, p, len);
	text[len] = '\0';
	if (addr_parse(text, &addr) == 0) {
		memset(ret, 0, sizeof(*ret));
		ret->addr = addr;
		addr_set_port(&ret->addr, port);
		ret->port = port;
		return 0;
	}
	if (len - (text[len - 1] == '.') > 253 || !may_be_looked_up(text, len))
		return -ENOENT;
	memset(ret, 0, sizeof(*ret));
	ret->addr.sa.sa_family = AF_UNSPEC;
	ret->port = port;
	memcpy(ret->name, text, len);
	return 0;
}
