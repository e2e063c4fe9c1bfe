/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads values more widely than the options do, to say what to write. Sets nothing. */
#include "options/remedy.h"
#include "base/hint.h"
#include "wire/addr.h"

#include <string.h>

static const char no_limit[] =
	"never infinite infinity inf forever unlimited none no off disabled -1";

/* A decimal number, perhaps with a fraction, in thousandths. */
struct number {
	uint64_t thousandths;
	const char *end; /* NULL: there is no number, or it is too large */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static struct number read_decimal(const char *p)
{
	struct number n = { 0 };
	unsigned places = 0;

	if (!is_digit(*p))
		return n;
	for (; is_digit(*p) && n.thousandths < UINT64_C(1) << 40; p++)
		n.thousandths = n.thousandths * 10 + (uint64_t)(*p - '0');
	if (*p == '.' || *p == ',')
		for (p++; is_digit(*p) && places < 3; p++, places++)
			n.thousandths = n.thousandths * 10 + (uint64_t)(*p - '0');
	for (; places < 3; places++)
		n.thousandths *= 10;
	n.end = is_digit(*p) ? NULL : p;
	return n;
}

/* Returns the length of the word at p, of letters. */
static size_t word_len(const char *p)
{
	const char *start = p;

	while ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z'))
		p++;
	return (size_t)(p - start);
}

/* Returns the unit in milliseconds, or 0. */
static uint64_t time_unit(const char *word, size_t len)
{
	static const struct {
		char names[40];
		uint64_t ms;
	} units[] = {
		{ "ms msec msecs millisecond milliseconds", 1 },
		{ "s sec secs second seconds", 1000 },
		{ "m min mins minute minutes", 60 * 1000 },
		{ "h hr hrs hour hours", 3600 * 1000 },
		{ "d day days", 86400 * 1000 },
		{ "w week weeks", 7 * 86400 * 1000 },
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++)
		if (hint_is_one(word, len, units[i].names))
			return units[i].ms;
	return 0;
}

void remedy_format_time(struct text *t, int64_t ms)
{
	static const struct {
		char suffix[3];
		int64_t ms;
	} units[] = {
		{ "d", 86400000 }, { "h", 3600000 }, { "m", 60000 }, { "s", 1000 }, { "ms", 1 }
	};

	if (!ms)
		text_str(t, "0");
	for (size_t i = 0; i < sizeof(units) / sizeof(*units); i++) {
		if (ms < units[i].ms)
			continue;
		text_uint(t, (uint64_t)(ms / units[i].ms));
		text_str(t, units[i].suffix);
		ms %= units[i].ms;
	}
}

void remedy_time(struct text *t, const char *value)
{
	const char *p = value;
	uint64_t sum = 0;

	if (hint_is_one(value, strlen(value), no_limit)) {
		text_str(t, "; write 0");
		return;
	}
	while (*p) {
		struct number n = read_decimal(p);
		uint64_t unit;
		size_t len;

		if (!n.end)
			return;
		p = n.end + strspn(n.end, " ");
		len = word_len(p);
		unit = len ? time_unit(p, len) : 1000;
		/* The product must fit, and a value of 100 years is refused anyway. */
		if (!unit || n.thousandths / 1000 > UINT64_C(36500) * 86400 * 1000 / unit)
			return;
		sum += n.thousandths * unit / 1000;
		p += len;
		p += strspn(p, " ");
	}
	if (!sum || sum > UINT64_C(36500) * 86400 * 1000)
		return;
	text_str(t, "; write ");
	remedy_format_time(t, (int64_t)sum);
}

/* Appends bytes per second with the largest unit that divides them. */
static void put_rate(struct text *t, uint64_t bytes)
{
	static const char units[] = "kMG";
	size_t i = 0;

	for (; i < 3 && bytes % 1000 == 0; i++)
		bytes /= 1000;
	text_uint(t, bytes);
	if (i)
		text_char(t, units[i - 1]);
}

void remedy_rate(struct text *t, const char *value)
{
	static const char prefixes[] = "kmg";
	struct number n = read_decimal(value);
	const char *p, *prefix;
	uint64_t base = 1000, rate;
	bool bits;
	size_t len;

	if (hint_is_one(value, strlen(value), no_limit) || strcmp(value, "0") == 0)
		text_str(t, "; leave the option out for no limit");
	if (!n.end)
		return;
	p = n.end + strspn(n.end, " ");
	rate = n.thousandths;
	prefix = *p ? strchr(prefixes, *p | 0x20) : NULL;
	if (prefix) {
		p++;
		if (*p == 'i' || *p == 'I') {
			base = 1024;
			p++;
		}
		/* At this bound the rate is too high, even in bits, and the product fits. */
		for (const char *c = prefixes; c <= prefix && rate < UINT64_C(1) << 53; c++)
			rate *= base;
	}
	len = word_len(p);
	bits = (len == 1 && *p == 'b') || hint_is_one(p, len, "bit bits bps bitps");
	if (len && !bits && !hint_is_one(p, len, "b byte bytes"))
		return;
	p += len;
	if (*p && strcmp(p, "/s") != 0 && strcmp(p, "ps") != 0)
		return;
	rate /= bits ? 8000 : 1000;
	if (!rate || rate > UINT64_C(1000000000000))
		return;
	text_str(t, bits ? "; the rate counts bytes, not bits: write " : "; write ");
	put_rate(t, rate);
}

void remedy_address(struct text *t, const char *value)
{
	char host[ADDR_TEXT_MAX];
	union endpoint addr;
	size_t len = strcspn(value, "/");

	if (*value == '[') {
		text_str(t, "; write the address without brackets and without a port");
	} else if (strpbrk(value, " ;")) {
		text_str(t, "; write a comma and no blank between two addresses");
	} else if (addr_parse(value, &addr) == 0 && addr_is_unspecified(&addr)) {
		text_str(t, "; leave the option out for any address");
	} else if (value[len] && len < sizeof(host)) {
		memcpy(host, value, len);
		host[len] = '\0';
		if (addr_parse(host, &addr) == 0)
			text_strs(t, "; write ", host, ", without the prefix length", NULL);
	} else if (strspn(value, "0123456789.") == (len = strcspn(value, ":")) && value[len] &&
		   strspn(value + len + 1, "0123456789") == strlen(value + len + 1) && len > 6) {
		text_str(t, "; write ");
		text_bytes(t, value, len);
		text_str(t, ", without a port");
	} else if (!strpbrk(value, ":,") && word_len(value)) {
		text_str(t, "; a name is not looked up here, and for a network interface there is "
			    "the option interface");
	}
}

void remedy_range(struct text *t, const char *value)
{
	unsigned long port[2] = { 0, 0 };
	const char *p = value;
	unsigned n = 0;

	while (*p && n < 2) {
		p += strcspn(p, "0123456789");
		if (!*p)
			break;
		for (; is_digit(*p) && port[n] <= UINT16_MAX; p++)
			port[n] = port[n] * 10 + (unsigned long)(*p - '0');
		if (!port[n] || port[n] > UINT16_MAX)
			return;
		n++;
	}
	if (!n || *p)
		return;
	if (n == 1) {
		/* 1024- and -1023 mean more than one port. */
		if (strspn(value, "0123456789") < strlen(value))
			return;
		port[1] = port[0];
	}
	text_str(t, "; write ");
	text_uint(t, port[0] < port[1] ? port[0] : port[1]);
	text_char(t, '-');
	text_uint(t, port[0] < port[1] ? port[1] : port[0]);
}
