/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the password of a parent in a route, and writes *** in its place. */
#include "rules/route.h"
#include "base/text.h"

#include <string.h>

struct route_text route_password(const char *text, size_t len)
{
	struct route route;

	if (!text || !memchr(text, '@', len))
		return (struct route_text){ 0 };
	route_again(text, len, &route);
	return route.parent.password;
}

void route_mask(struct text *t, const char *text, size_t len, struct route_text password)
{
	const char *end = text + len, *rest = password.at ? password.at + password.len : end;

	if (!password.at) {
		text_bytes(t, text, len);
		return;
	}
	text_bytes(t, text, (size_t)(password.at - text));
	text_str(t, "***");
	text_bytes(t, rest, (size_t)(end - rest));
}
