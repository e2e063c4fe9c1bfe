/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Types of options for the network: addresses, an interface, ports. No I/O. */
#include "options/value.h"
#include "options/remedy.h"

#include <string.h>

static bool set_pair(const struct setting *s, const struct option_row *row)
{
	static const char expected[] = "an address, or one IPv4 and one IPv6 address with a comma "
				       "between them, but not 0.0.0.0 or ::";
	struct address_pair pair = { 0 };
	const char *p = s->value;

	for (;;) {
		size_t len = strcspn(p, ",");

		if (!route_source(p, len, &pair))
			return option_remedy(s, expected, remedy_address);
		if (!p[len])
			break;
		p += len + 1;
	}
	*FIELD(s, row, struct address_pair) = pair;
	if (FIELD(s, row, struct address_pair) == &s->o->own.source)
		s->o->source_origin = s->origin;
	return true;
}

static void show_pair(const struct options *o, const struct option_row *row, struct text *t)
{
	const struct address_pair *pair = CFIELD(o, row, struct address_pair);
	char buf[ADDR_TEXT_MAX];

	if (addr_format_host(&pair->ipv4, buf))
		text_str(t, buf);
	if (addr_format_host(&pair->ipv6, buf))
		text_strs(t, t->len ? "," : "", buf, NULL);
}

const struct option_type type_pair = { .set = set_pair, .show = show_pair };

static bool set_interface(const struct setting *s, const struct option_row *row)
{
	(void)row;
	if (route_interface(s->value, strlen(s->value), s->o->own.interface))
		return true;
	return option_expected(s, ROUTE_INTERFACE);
}

static void show_interface(const struct options *o, const struct option_row *row, struct text *t)
{
	(void)row;
	text_str(t, o->own.interface);
}

const struct option_type type_interface = { .set = set_interface,
					    .show = show_interface,
					    .kind = KIND_INTERFACE };

static bool set_range(const struct setting *s, const struct option_row *row)
{
	static const char expected[] =
		"two ports from 1 to 65535, the lower one first, like 40000-40999";
	const char *dash = strchr(s->value, '-');
	uint16_t lo, hi;
	char first[6];

	(void)row;
	if (!dash || (size_t)(dash - s->value) >= sizeof(first))
		return option_remedy(s, expected, remedy_range);
	memcpy(first, s->value, (size_t)(dash - s->value));
	first[dash - s->value] = '\0';
	if (addr_parse_port(first, &lo) < 0 || addr_parse_port(dash + 1, &hi) < 0 || !lo || lo > hi)
		return option_remedy(s, expected, remedy_range);
	s->o->net.port_lo = lo;
	s->o->net.port_hi = hi;
	return true;
}

static void show_range(const struct options *o, const struct option_row *row, struct text *t)
{
	(void)row;
	if (!o->net.port_hi)
		return;
	text_uint(t, o->net.port_lo);
	text_char(t, '-');
	text_uint(t, o->net.port_hi);
}

const struct option_type type_range = { .set = set_range, .show = show_range };
