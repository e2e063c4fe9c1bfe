/* SPDX-License-Identifier: GPL-3.0-or-later */
/* In a build without TLS no client of the world speaks it: none of these functions does a thing. */
#include "world_tls.h"

bool world_tls_prepare(void)
{
	return false;
}

void tls_begin(uint8_t how)
{
	(void)how;
}

bool tls_is_on(void)
{
	return false;
}

void tls_hear(const uint8_t *p, size_t n)
{
	(void)p;
	(void)n;
}

void tls_say(const uint8_t *p, size_t n)
{
	(void)p;
	(void)n;
}

void tls_say_raw(const uint8_t *p, size_t n)
{
	(void)p;
	(void)n;
}

bool tls_end(void)
{
	return false;
}

void tls_flush(int fd)
{
	(void)fd;
}

bool tls_was_framed(void)
{
	return false;
}

bool tls_was_refused(void)
{
	return false;
}

bool tls_got_end(void)
{
	return false;
}

const char *tls_version(void)
{
	return "";
}

enum world_card tls_card(void)
{
	return WORLD_RAW;
}
