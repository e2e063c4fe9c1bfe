/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names in rules: which words are names of hosts, and how a name is found among a hundred thousand.
 * Each name has a key, and so has the name in a question and each domain that it is in. If two keys
 * are equal, the bytes are compared.
 */
#include "rules/chars.h"
#include "rules/words.h"

#include <errno.h>
#include <string.h>

enum { LABEL_MAX = 63, NAME_MAX_LEN = 253 };

/* Makes a letter lower case. All other bytes of a name stay distinct. */
static inline uint32_t fold(char c)
{
	return (uint32_t)(unsigned char)c | 0x20;
}

static inline uint64_t load(const char *p)
{
	uint64_t bytes;

	memcpy(&bytes, p, sizeof(bytes));
	return bytes;
}

/*
 * Makes a key of the length, the first eight bytes and the last eight, without regard to case. That
 * is quick, and names that differ only in the middle are rare.
 */
static inline uint32_t make_key(const char *name, size_t len, bool domain)
{
	static const uint64_t lower = 0x2020202020202020, odd = 0x9e3779b97f4a7c15;
	uint64_t head = 0, tail = 0, key;

	if (len >= 8) {
		head = load(name) | lower;
		tail = load(name + len - 8) | lower;
	} else {
		while (len--)
			head = head << 8 | fold(name[len]);
	}
	key = (head ^ (uint64_t)domain) * odd;
	key = (key ^ key >> 29 ^ tail) * odd + len;
	return (uint32_t)((key * odd) >> 32);
}

static inline uint64_t key_bit(uint32_t key)
{
	return (uint64_t)1 << (key >> 26);
}

/* Returns true if getaddrinfo() would take it for a part of a number. */
static bool is_number(const char *p, const char *end)
{
	bool hex = end - p >= 2 && p[0] == '0' && fold(p[1]) == 'x';

	for (p += hex ? 2 : 0; p < end; p++)
		if ((*p < '0' || *p > '9') && !(hex && fold(*p) >= 'a' && fold(*p) <= 'f'))
			return false;
	return true;
}

/* A label has 1 to 63 bytes, and the last one of a name is not a number. */
static inline bool is_label(const char *p, const char *label_end, bool last)
{
	return p < label_end && label_end - p <= LABEL_MAX &&
	       !(last && char_is(*p, CHAR_DIGIT) && is_number(p, label_end));
}

int name_key(const char *word, size_t len, uint32_t *ret)
{
	const char *first = word + (len && *word == '.'), *end = word + len, *p, *label_end;

	if (end > first && end[-1] == '.')
		end--;
	if (end - first > NAME_MAX_LEN)
		return -EINVAL;
	for (p = first;; p = label_end + 1) {
		label_end = memchr(p, '.', (size_t)(end - p));
		if (!is_label(p, label_end ? label_end : end, !label_end))
			return -EINVAL;
		if (!label_end)
			break;
	}
	*ret = make_key(first, (size_t)(end - first), first > word);
	return 0;
}

uint32_t user_key(const char *name, size_t len)
{
	return (make_key(name, len, false) & ~(uint32_t)USER_MAX) | (uint32_t)len;
}

static void add_key(struct name_keys *keys, size_t at, bool domain)
{
	uint32_t key = make_key(keys->name + at, keys->len - at, domain);

	if (keys->count == NAME_KEYS_MAX)
		return;
	keys->bits |= key_bit(key);
	keys->key[keys->count] = key;
	keys->at[keys->count++] = (uint8_t)at;
}

void name_keys(const char *name, struct name_keys *ret)
{
	size_t len = 0;

	while (name[len] && len < 255)
		len++;
	len -= len && name[len - 1] == '.';
	ret->name = name;
	ret->len = len;
	ret->bits = 0;
	ret->count = 0;
	add_key(ret, 0, false);
	add_key(ret, 0, true);
	for (size_t i = 1; i < len; i++)
		if (name[i - 1] == '.')
			add_key(ret, i, true);
}

/* Returns true if the text is the n bytes at name, perhaps with a final dot. */
static bool is_same(const char *name, size_t n, const char *text, const char *end)
{
	for (; n; n--, name++, text++)
		if (text == end || fold(*text) != fold(*name))
			return false;
	if (text < end && *text == '.')
		text++;
	return text == end || !char_is(*text, CHARS_NAME);
}

bool name_is_one(const struct name_keys *keys, uint32_t key, const char *text, const char *end)
{
	bool domain = *text == '.';

	if (!(keys->bits & key_bit(key)))
		return false;
	for (unsigned i = domain; i < (domain ? keys->count : 1); i++)
		if (keys->key[i] == key &&
		    is_same(keys->name + keys->at[i], keys->len - keys->at[i], text + domain, end))
			return true;
	return false;
}
