#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# picosocks5-report at a terminal, and through a pipe: what people read.

load lib/promise

setup() {
	needs_report
}

@test "the first line has the totals and their time" {
	play totals
}

@test "the tables are those of users, destinations, failures with their reason, and hours" {
	play all_tables
}

@test "--by shows one table alone" {
	play one_table
}

@test "a table has 10 rows and one of all others, or as many as --top says" {
	play rows_of_tables
}

@test "no line is wider than the terminal, from 20 columns to 250, and the columns stay" {
	play widths
}

@test "a long name is cut in its middle, so that its port can be read" {
	play long_names
}

@test "sizes are in powers of 1000, counts have commas, and shares are never 0 or all by rounding" {
	play figures
}

@test "bars are as long as the bytes of their hour, in blocks of an eighth or in #" {
	play bars
}

@test "more than 48 hours are shown as days, and more than 62 days as months" {
	play long_times
}

@test "an hour that the clock shows twice has two lines" {
	play summer_time
}

@test "colours are for terminals, not for pipes, TERM=dumb or NO_COLOR" {
	play colours
}

@test "a pipe gets 80 columns of ASCII, or as many as COLUMNS says" {
	play pipes
}

@test "the report says what its tables lack" {
	play lacks
}

@test "a name in the log can't move the cursor or change colours" {
	play hostile
}
