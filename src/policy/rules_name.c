/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Names in rules: what may be one, and how one is found among a hundred thousand. Each has a key,
 * made from its end to its beginning, so that one walk over the name asked for gives the keys of
 * all domains above it. Keys sort out; the bytes decide.
 */
#include <errno.h>

#include "policy/rules_words.h"

enum { LABEL_MAX = 63, NAME_MAX_LEN = 253 };

/* Letters, digits, hyphen and underscore, a bit each. */
static inline bool is_name_byte(char c)
{
	static const uint32_t bytes[8] = {0, 0x03ff2000, 0x87fffffe, 0x07fffffe};

	return bytes[(unsigned char)c >> 5] >> ((unsigned char)c & 31) & 1;
}

/* Lower case; what else a name may hold keeps apart as well. */
static inline uint32_t fold(char c)
{
	return (uint32_t)(unsigned char)c | 0x20;
}

static inline uint32_t step(uint32_t hash, char c)
{
	return (hash << 5 | hash >> 27) ^ fold(c);
}

static inline uint32_t finish(uint32_t hash)
{
	return hash * 0x9e3779b1u;
}

static inline uint64_t key_bit(uint32_t key)
{
	return (uint64_t)1 << (key >> 26);
}

/* Something getaddrinfo() would take for a part of a number. */
static bool is_number(const char *p, const char *end)
{
	bool hex = end - p >= 2 && p[0] == '0' && fold(p[1]) == 'x';

	for (p += hex ? 2 : 0; p < end; p++)
		if ((*p < '0' || *p > '9') && !(hex && fold(*p) >= 'a' && fold(*p) <= 'f'))
			return false;
	return true;
}

int name_key(const char *word, size_t len, uint32_t *ret)
{
	const char *first = word + (len && *word == '.'), *end = word + len, *p, *label_end;
	uint32_t hash = 0;

	if (end > first && end[-1] == '.')
		end--;
	if (end == first || end - first > NAME_MAX_LEN)
		return -EINVAL;
	label_end = end;
	for (p = end; p > first; p--) {
		hash = step(hash, p[-1]);
		if (is_name_byte(p[-1]))
			continue;
		if (p[-1] != '.' || p == label_end || label_end - p > LABEL_MAX ||
			(label_end == end && is_number(p, label_end)))
			return -EINVAL;
		label_end = p - 1;
	}
	if (p == label_end || label_end - p > LABEL_MAX ||
		(label_end == end && is_number(p, label_end)))
		return -EINVAL;
	*ret = finish(first > word ? step(hash, '.') : hash);
	return 0;
}

static void add_key(struct name_keys *keys, uint32_t hash, size_t at)
{
	uint32_t key = finish(hash);

	if (keys->count == NAME_KEYS_MAX)
		return;
	keys->bits |= key_bit(key);
	keys->key[keys->count] = key;
	keys->at[keys->count++] = (uint8_t)at;
}

void name_keys(const char *name, struct name_keys *ret)
{
	uint32_t hash = 0;
	size_t len = 0;

	while (name[len] && len < 255)
		len++;
	len -= len && name[len - 1] == '.';
	ret->name = name;
	ret->len = len;
	ret->bits = 0;
	ret->count = 1;
	for (size_t i = len; i; i--) {
		hash = step(hash, name[i - 1]);
		if (name[i - 1] == '.')
			add_key(ret, hash, i - 1);
	}
	ret->key[0] = finish(hash);
	ret->at[0] = 0;
	ret->bits |= key_bit(ret->key[0]);
	add_key(ret, step(hash, '.'), 0);
}

/* Does the text begin with the n bytes at name, and end there? */
static bool is_same(const char *name, size_t n, const char *text, const char *end)
{
	for (; n; n--, name++, text++)
		if (text == end || fold(*text) != fold(*name))
			return false;
	if (text < end && *text == '.')
		text++;
	return text == end || !is_name_byte(*text);
}

bool name_is_one(const struct name_keys *keys, uint32_t key, const char *text, const char *end)
{
	bool domain = *text == '.';

	if (!(keys->bits & key_bit(key)))
		return false;
	for (unsigned i = domain; i < (domain ? keys->count : 1); i++) {
		size_t at = keys->at[i];

		/* A domain is compared behind its dot, which the whole name does not have. */
		if (domain && keys->name[at] == '.')
			at++;
		if (keys->key[i] == key &&
			is_same(keys->name + at, keys->len - at, text + domain, end))
			return true;
	}
	return false;
}
