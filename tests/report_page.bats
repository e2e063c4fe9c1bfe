#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The page of picosocks5-report --html, as programs read it and as Chromium shows it.

load lib/promise

setup() {
	needs_report
}

@test "the page is well-formed, as HTML and as XML" {
	play well_formed
}

@test "the figures of the page are those of the log" {
	play figures
}

@test "the bars of the charts are as high, and those of the tables as long, as their numbers say" {
	play bars
}

@test "a chart has hours, days if there are more than 72 hours, and months if more than 366 days" {
	play units_of_time
}

@test "an hour or a day without sessions is in the chart, with zeros" {
	play gaps
}

@test "the chart covers the time that was asked for" {
	play asked_time
}

@test "the hour that the clock repeats has two bars, and the one that it skips has none" {
	play summer_time
}

@test "the title and the heading name the time: a day, days, or from when to when, with the zone" {
	play period
}

@test "the page says which rows are left out, how many, and what they add up to" {
	play rows_left_out
}

@test "a table is named by how many users it has, of which those without a name are none" {
	play captions
}

@test "the page says that a table was full, and that its rows may lack something" {
	play full_table
}

@test "the page says that there was no session, or lines that can't be read, or have no time" {
	play notes
}

@test "names that look like HTML, a script or an address stand there as text" {
	play hostile_names
}

@test "the page runs no script, loads nothing and allows no style but its own" {
	needs chromium-headless-shell
	play loads_nothing
}

@test "a screen reader finds a name for every picture and table, and the headings in order" {
	needs chromium-headless-shell
	play screen_reader
}

@test "a narrow page is still made of tables, for a screen reader" {
	needs chromium-headless-shell
	play narrow_tables
}

@test "all text has a contrast of 4.5 and all drawings one of 3: light, dark and printed" {
	needs chromium-headless-shell
	play contrast
}

@test "the page needs no horizontal scrolling at a width of 320, 360, 800 or 1440, whatever is logged" {
	needs chromium-headless-shell
	play widths
}

@test "labels of a chart do not overlap at any width" {
	needs chromium-headless-shell
	play labels
}

@test "the page of a month of 300 users has less than 100 KB" {
	play size
}

@test "the picture in units/ is a PNG of less than 60 KB" {
	play picture
}
