/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Decodes and encodes the messages of draft-ietf-aft-socks-chap-01, part by part. Keeps the
 * attributes that are known, each once; never computes or compares a response.
 */
#include "wire/chap.h"

#include <errno.h>
#include <string.h>

static uint32_t bit(unsigned type)
{
	return type < 32 ? UINT32_C(1) << type : 0;
}

int chap_header_decode(const uint8_t *p, size_t n, struct chap_header *ret)
{
	if (n >= 1 && p[0] != CHAP_VERSION)
		return -EPROTO;
	if (n < CHAP_HEADER_LEN)
		return (int)(CHAP_HEADER_LEN - n);
	ret->attributes = p[1];
	return 0;
}

int chap_attribute_decode(const uint8_t *p, size_t n, struct chap_attribute *ret)
{
	size_t need = 2;

	if (n >= 2) {
		if (p[0] == CHAP_STATUS && p[1] != 1)
			return -EPROTO;
		need += p[1];
	}
	if (n < need)
		return (int)(need - n);
	memset(ret, 0, sizeof(*ret));
	ret->type = p[0];
	ret->len = p[1];
	memcpy(ret->value, p + 2, ret->len);
	return 0;
}

static struct chap_value *value_of(struct chap_message *m, unsigned type)
{
	switch (type) {
	case CHAP_USER:
		return &m->user;
	case CHAP_CHALLENGE:
		return &m->challenge;
	case CHAP_RESPONSE:
		return &m->response;
	case CHAP_ALGORITHMS:
		return &m->algorithms;
	default:
		return NULL;
	}
}

void chap_add(struct chap_message *m, const struct chap_attribute *attribute)
{
	struct chap_value *value = value_of(m, attribute->type);

	if (value) {
		value->len = attribute->len;
		memcpy(value->byte, attribute->value, sizeof(value->byte));
	} else if (attribute->type == CHAP_STATUS) {
		m->status = attribute->value[0];
	} else {
		return;
	}
	m->types |= bit(attribute->type);
}

bool chap_has(const struct chap_message *m, enum chap_type type)
{
	return m->types & bit(type);
}

/* Appends the attribute, if the message has it. */
static void put(const struct chap_message *m, enum chap_type type, const struct chap_value *value,
		uint8_t *buf, size_t *n)
{
	if (!chap_has(m, type))
		return;
	buf[1]++;
	buf[(*n)++] = (uint8_t)type;
	buf[(*n)++] = value->len;
	memcpy(buf + *n, value->byte, value->len);
	*n += value->len;
}

size_t chap_encode(const struct chap_message *m, uint8_t *buf)
{
	const struct chap_value status = { 1, { m->status } };
	size_t n = CHAP_HEADER_LEN;

	buf[0] = CHAP_VERSION;
	buf[1] = 0;
	put(m, CHAP_ALGORITHMS, &m->algorithms, buf, &n);
	put(m, CHAP_USER, &m->user, buf, &n);
	put(m, CHAP_CHALLENGE, &m->challenge, buf, &n);
	put(m, CHAP_RESPONSE, &m->response, buf, &n);
	put(m, CHAP_STATUS, &status, buf, &n);
	return n;
}
