/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the parent of a route: //[USER:PASSWORD@]HOST:PORT, or /PATH. A mistake quotes only what
 * follows the last @, so that no password gets into the log.
 */
#include "rules/route_parser.h"
#include "rules/chars.h"

#include <errno.h>
#include <string.h>

/* Of the path of a unix socket (unix(7)), without its NUL. */
enum { PATH_MAX_BYTES = 107 };

int route_mistake(const struct route_parser *p, const char *word, size_t len, const char *expected)
{
	*p->mistake = (struct rules_error){
		.file = p->file,
		.line = p->line,
		.word = word,
		.word_len = len,
		.column = (size_t)(word - p->base),
		.expected = expected,
		.err = -EINVAL,
		.part = RULES_PART_VIA,
	};
	return -EINVAL;
}

int route_secret(const struct route_parser *p, const char *word, size_t len, const char *expected)
{
	route_mistake(p, word, 0, expected);
	p->mistake->secret = true;
	p->mistake->hidden = len;
	return -EINVAL;
}

static int set_kind(struct route_parser *p, enum parent_kind kind, const char *v)
{
	if (p->ret->parent.kind != PARENT_UNSAID)
		return route_secret(p, v, 0, "one parent at most, or direct");
	p->ret->parent.kind = kind;
	return 0;
}

int route_read_direct(struct route_parser *p, const char *v, size_t len)
{
	(void)len;
	return set_kind(p, PARENT_NONE, v);
}

int route_decode(struct route_text text, char *ret, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		if (c == '%') {
			int high = i + 2 < text.len ? char_hex(text.at[i + 1]) : -1;
			int low = high >= 0 ? char_hex(text.at[i + 2]) : -1;

			if (low < 0)
				return -EINVAL;
			c = (char)(high << 4 | low);
			i += 2;
		}
		if (n == size)
			return -EINVAL;
		ret[n++] = c;
	}
	return (int)n;
}

/* Reads USER:PASSWORD: len bytes at v. */
static int read_login(struct route_parser *p, const char *v, size_t len)
{
	static const char expected[] =
		"USER:PASSWORD before the @, 1 to 255 bytes each; write % as %25, a comma as %2C, "
		"a colon as %3A and @ as %40";
	static const char no_colon[] =
		"USER:PASSWORD whose user has no colon, because HTTP takes all behind the first "
		"colon for the password (RFC 7617)";
	struct parent *to = &p->ret->parent;
	const char *colon = memchr(v, ':', len);
	char decoded[255];
	int user, password;

	if (!colon || memchr(colon + 1, ':', (size_t)(v + len - colon - 1)))
		return route_secret(p, v, len, expected);
	to->user = (struct route_text){ v, (size_t)(colon - v) };
	to->password = (struct route_text){ colon + 1, (size_t)(v + len - colon - 1) };
	user = route_decode(to->user, decoded, sizeof(decoded));
	if (user > 0 && to->kind == PARENT_HTTP && memchr(decoded, ':', (size_t)user))
		return route_secret(p, v, len, no_colon);
	password = route_decode(to->password, decoded, sizeof(decoded));
	explicit_bzero(decoded, sizeof(decoded));
	return user > 0 && password > 0 ? 0 : route_secret(p, v, len, expected);
}

/* Returns true if the text is a name that may be looked up, or an address. */
static bool is_host(struct route_text host, bool brackets)
{
	struct dest dest;

	if (!host.len || host.len > 255 ||
	    addr_from_name((const uint8_t *)host.at, host.len, 0, &dest) < 0)
		return false;
	return brackets == (dest.addr.sa.sa_family == AF_INET6);
}

static bool read_port(const char *p, size_t len, uint16_t *ret)
{
	char port[6];

	if (!len || len >= sizeof(port))
		return false;
	memcpy(port, p, len);
	port[len] = '\0';
	return addr_parse_port(port, ret) == 0 && *ret;
}

/* Without a login before it, HOST:PORT may be USER:PASSWORD that lacks its @HOST:PORT. */
static COLD_CODE int wrong_host(const struct route_parser *p, const char *word, size_t len,
				const char *expected)
{
	bool colon = word[-1] == ':' || memchr(word, ':', len);

	return colon && !p->ret->parent.user.at ? route_secret(p, word, len, expected) :
						  route_mistake(p, word, len, expected);
}

/* Reads HOST:PORT: len bytes at v. */
static int read_host(struct route_parser *p, const char *v, size_t len)
{
	struct parent *to = &p->ret->parent;
	const char *colon = memrchr(v, ':', len);
	size_t host = colon ? (size_t)(colon - v) : 0;
	bool brackets = host > 2 && v[0] == '[' && v[host - 1] == ']';

	to->host =
		brackets ? (struct route_text){ v + 1, host - 2 } : (struct route_text){ v, host };
	if (!is_host(to->host, brackets))
		return wrong_host(p, v, len,
				  "HOST:PORT, with a name or an address (IPv6 in brackets)");
	if (!read_port(colon + 1, len - host - 1, &to->port))
		return wrong_host(p, colon + 1, len - host - 1,
				  "the port of the parent, from 1 to 65535");
	return 0;
}

/* Reads what follows "//". */
static int read_authority(struct route_parser *p, const char *v, size_t len)
{
	const char *at = memrchr(v, '@', len);
	int err = at ? read_login(p, v, (size_t)(at - v)) : 0;

	if (err)
		return err;
	return at ? read_host(p, at + 1, (size_t)(v + len - at - 1)) : read_host(p, v, len);
}

/* Reads a path, len bytes at v, with its first slash. */
static int read_path(struct route_parser *p, const char *v, size_t len)
{
	const char *at = memrchr(v, '@', len);

	if (at && memchr(v, ':', (size_t)(at - v)) && !memchr(v + 1, '/', len - 1))
		return route_secret(p, v, len, "two slashes before USER:PASSWORD@HOST:PORT");
	if (len < 2 || len > PATH_MAX_BYTES)
		return route_secret(p, v, len, "the path of a unix socket, with at most 107 bytes");
	p->ret->parent.path = (struct route_text){ v, len };
	return 0;
}

static bool has_slashes(const char *v, size_t len)
{
	return len >= 2 && v[0] == '/' && v[1] == '/';
}

int route_read_socks5(struct route_parser *p, const char *v, size_t len)
{
	int err = set_kind(p, PARENT_SOCKS5, v);

	if (err)
		return err;
	if (has_slashes(v, len))
		return read_authority(p, v + 2, len - 2);
	if (len && v[0] == '/')
		return read_path(p, v, len);
	return route_secret(p, v, len, "socks5://HOST:PORT, or socks5:/PATH for a unix socket");
}

int route_read_http(struct route_parser *p, const char *v, size_t len)
{
	int err = set_kind(p, PARENT_HTTP, v);

	if (err)
		return err;
	if (!has_slashes(v, len))
		return route_secret(p, v, len, "http://HOST:PORT");
	return read_authority(p, v + 2, len - 2);
}
