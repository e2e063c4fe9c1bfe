#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What picosocks5-report reads: the journal, files, and what loggers write in front of a line. All
# forms of a line and of a time are in unit/test_prefix.c and unit/test_when.c.

load lib/promise

setup() {
	needs_report
}

@test "a session counts, and at its time, in the log that multilog, s6-log, svlogd or logger writes" {
	play by_loggers
}

@test "a session counts, and at its time, in every output of journalctl that has lines" {
	play by_journalctl
}

@test "a line of another program that quotes a session is no session" {
	play quoted
}

@test "a line that is too long is skipped, and counts as skipped only if it looks like a session" {
	play long_lines
}

@test "lines with NULs, carriage returns, or without an end do no harm" {
	play odd_lines
}

@test "gzip is recognised by its bytes, in files and from a pipe, and of many members" {
	play gzip_files
}

@test "a file of gzip that is damaged or cut off is named, and there is no report" {
	play gzip_damaged
}

@test "what gzip unpacks takes no memory, however much it is" {
	play gzip_bomb
}

@test "a file that something else has packed is refused with the command that reads it" {
	play other_packers
}

@test "a missing file or a directory is named with the reason, and there is no report" {
	play no_file
}

@test "without a file, the journal is read from midnight on, or between two times" {
	play journal
}

@test "of a long journal, no entry is lost or counted twice" {
	play journal_long
}

@test "a journal that is being rotated is read, and a damaged one does no harm" {
	play journal_odd
}

@test "who may not read the journal is told so, with the remedy" {
	play journal_forbidden
}

@test "where there is no journal, the message says how to read a log" {
	play journal_none
}

@test "times are those of systemd.time(7), as systemd-analyze computes them" {
	play times
}

@test "at a terminal, the report says how far it is after a second, and erases that" {
	play progress
}

@test "a build without zlib and libsystemd says what to pipe" {
	play without_libraries
}
