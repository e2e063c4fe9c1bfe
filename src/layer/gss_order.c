/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A window of 64 numbers below the highest one. Nothing is read from the tokens here. */
#include "layer/gss_order.h"

enum { WINDOW = 64 };

/* What was sent before the first token that is noted here counts as seen. */
static void begin(struct gss_order *o, uint64_t number)
{
	if (o->begun)
		return;
	o->begun = true;
	o->next = number;
	o->seen = UINT64_MAX;
}

static bool is_too_old(const struct gss_order *o, uint64_t number)
{
	return number < o->next && o->next - number > WINDOW;
}

/* Returns false if the token has come before. Takes one that is too old as one that has not. */
static bool note(struct gss_order *o, uint64_t number)
{
	uint64_t ahead, bit;

	begin(o, number);
	if (is_too_old(o, number))
		return true;
	if (number >= o->next) {
		ahead = number - o->next + 1;
		o->seen = (ahead < WINDOW ? o->seen << ahead : 0) | 1;
		o->next = number + 1;
		return true;
	}
	bit = UINT64_C(1) << (o->next - 1 - number);
	if (o->seen & bit)
		return false;
	o->seen |= bit;
	return true;
}

bool gss_order_frame(struct gss_order *o, uint64_t number)
{
	bool later = !o->begun || number > o->last;

	if (!note(o, number) || !later)
		return false;
	o->last = number;
	return true;
}

bool gss_order_datagram(struct gss_order *o, uint64_t number)
{
	return !(o->begun && is_too_old(o, number)) && note(o, number);
}
