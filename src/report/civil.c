/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Computes with calendars. Reads no text, and asks for no time but what it gets. */
#include "report/civil.h"

#include <string.h>

enum { DAY_S = 24 * 60 * 60 };

static bool is_leap(int64_t year)
{
	return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

bool civil_is_valid(const struct civil *c)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

	if (c->year < 1970 || c->year > 9999 || c->month < 1 || c->month > 12 || c->day < 1)
		return false;
	if (c->day > days[c->month - 1] + (c->month == 2 && is_leap(c->year)))
		return false;
	/* A second 60 is a leap second. */
	return c->hour >= 0 && c->hour < 24 && c->minute >= 0 && c->minute < 60 && c->second >= 0 &&
	       c->second <= 60;
}

int64_t civil_utc(const struct civil *c)
{
	/* Years that begin in March have the leap day at their end. */
	int64_t y = c->month > 2 ? c->year : c->year - 1;
	int64_t m = (c->month + 9) % 12;
	int64_t days = 365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + c->day - 1;

	return ((days - 719468) * 24 + c->hour) * 3600 + c->minute * 60 + c->second;
}

/* The offset of the local zone from UTC, in seconds. */
static int64_t offset_at(int64_t t)
{
	time_t when = (time_t)t;
	struct tm tm = { .tm_gmtoff = 0 };

	localtime_r(&when, &tm);
	return tm.tm_gmtoff;
}

/*
 * Takes the later time if the clock shows it twice, or skips it. mktime(3) leaves this open, and C
 * libraries differ.
 */
static int64_t local_time(const struct civil *c)
{
	int64_t utc = civil_utc(c);
	int64_t early = utc - offset_at(utc - DAY_S), late = utc - offset_at(utc + DAY_S);
	bool is_early, is_late;

	if (early == late)
		return early;
	is_early = utc - offset_at(early) == early;
	is_late = utc - offset_at(late) == late;
	if (is_early != is_late)
		return is_early ? early : late;
	return early > late ? early : late;
}

int64_t civil_local(const struct civil *c)
{
	struct tm tm = {
		.tm_year = (int)c->year - 1900,
		.tm_mon = (int)c->month - 1,
		.tm_mday = (int)c->day,
		.tm_hour = (int)c->hour,
		.tm_min = (int)c->minute,
		.tm_sec = (int)c->second,
		.tm_isdst = c->isdst,
	};

	return c->isdst < 0 ? local_time(c) : mktime(&tm);
}

struct civil civil_of(int64_t t, bool utc)
{
	time_t when = (time_t)t;
	struct tm tm = { .tm_year = 70, .tm_mday = 1 };

	if (utc)
		gmtime_r(&when, &tm);
	else
		localtime_r(&when, &tm);
	return (struct civil){
		.year = tm.tm_year + 1900,
		.month = tm.tm_mon + 1,
		.day = tm.tm_mday,
		.hour = tm.tm_hour,
		.minute = tm.tm_min,
		.second = tm.tm_sec,
		.isdst = -1,
	};
}

int64_t civil_seconds(int64_t us)
{
	return us / 1000000 - (us % 1000000 < 0);
}

bool civil_tm(int64_t us, struct tm *ret)
{
	time_t t = (time_t)civil_seconds(us);

	return localtime_r(&t, ret) != NULL;
}

size_t civil_iso(char *buf, size_t cap, const struct tm *tm, bool hour)
{
	size_t n = hour ? strftime(buf, cap - 1, "%Y-%m-%dT%H:00%z", tm) :
			  strftime(buf, cap - 1, "%Y-%m-%dT%H:%M:%S%z", tm);

	if (n < 5) {
		buf[0] = '\0';
		return 0;
	}
	/* strftime() writes the zone as +0100. */
	memmove(buf + n - 1, buf + n - 2, 3);
	buf[n - 2] = ':';
	return n + 1;
}
