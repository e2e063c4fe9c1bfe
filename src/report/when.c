/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads times. */
#include "report/when.h"

int64_t when_today(int64_t now_us)
{
	return now_us;
}
