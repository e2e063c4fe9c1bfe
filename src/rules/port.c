/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads the ports of rules. The services that rules name most are in a table here, so that a
 * session opens no database for them, and they work on a system without one. host->service() knows
 * the others.
 */
#include "rules/parser.h"

#include <errno.h>
#include <string.h>

static const struct {
	char name[16];
	uint16_t port;
} services[] = {
	{ "http", 80 },	     { "https", 443 },	 { "ssh", 22 },		  { "domain", 53 },
	{ "domain-s", 853 }, { "smtp", 25 },	 { "submission", 587 },	  { "submissions", 465 },
	{ "imap2", 143 },    { "imaps", 993 },	 { "pop3", 110 },	  { "pop3s", 995 },
	{ "ftp", 21 },	     { "ftp-data", 20 }, { "telnet", 23 },	  { "ntp", 123 },
	{ "ldap", 389 },     { "ldaps", 636 },	 { "xmpp-client", 5222 }, { "http-alt", 8080 },
};

const char *rules_service_name(size_t i)
{
	return i < sizeof(services) / sizeof(*services) ? services[i].name : NULL;
}

/* Reads a decimal number of 1 to 65535. 0: something else. */
static uint16_t parse_number(const char *p, size_t len)
{
	unsigned long number = 0;

	if (len == 0 || len > 5 || *p == '0')
		return 0;
	for (; len; p++, len--) {
		if (*p < '0' || *p > '9')
			return 0;
		number = number * 10 + (unsigned long)(*p - '0');
	}
	return number <= UINT16_MAX ? (uint16_t)number : 0;
}

/* Digits and hyphens alone mean a number or a range, not a service. */
static bool is_numeric(const char *p, size_t len)
{
	for (; len; p++, len--)
		if (*p != '-' && !char_is(*p, CHAR_DIGIT))
			return false;
	return true;
}

int rules_port(const struct rules_host *host, const char *word, size_t len, uint16_t *ret)
{
	uint16_t port = parse_number(word, len);
	int err = 0;

	for (size_t i = 0; !port && len && i < sizeof(services) / sizeof(*services); i++)
		if (services[i].name[0] == *word && strlen(services[i].name) == len &&
		    memcmp(services[i].name, word, len) == 0)
			port = services[i].port;
	if (!port && host && host->service && !is_numeric(word, len))
		err = host->service(host->ctx, word, len, &port);
	if (!port || err)
		return err && err != -ENOENT ? err : -EINVAL;
	*ret = port;
	return 0;
}

int parser_ports(struct parser *parser, const char *word, size_t len)
{
	const char *dash = memchr(word, '-', len);
	uint16_t low, high;
	struct ports *ports;
	int err;

	if (dash && is_numeric(word, len)) {
		low = parse_number(word, (size_t)(dash - word));
		high = parse_number(dash + 1, len - (size_t)(dash - word) - 1);
		if (!low || !high || low > high)
			return parser_mistake(
				parser, word, len,
				"a range of ports like 8000-8100, the lower port first");
	} else {
		err = rules_port(parser->host, word, len, &low);
		if (err)
			return parser_error(parser, word, len,
					    "a port of 1 to 65535, a range or a known service name",
					    err);
		high = low;
	}
	ports = parser_item(parser, RUN_PORT, sizeof(*ports));
	if (!ports)
		return parser_no_memory(parser, word, len);
	ports->low = low;
	ports->high = high;
	return 0;
}
