#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# picosocks5-report: its options, and what it writes for other programs.

load lib/promise

setup() {
	needs_report
}

# Sets $promtool to Prometheus' own tool: that of the machine, or that of Debian's package, unpacked
# into the build folder. A machine that can't get it skips; the project's own checks have to.
find_promtool() {
	local build=${abs_top_builddir:-$BATS_FILE_TMPDIR} said
	promtool=$(command -v promtool) && return
	promtool=$build/prometheus/prometheus/usr/bin/promtool
	said=$("$abs_top_srcdir/tests/superservers/fetch" "$build/prometheus" prometheus 2>&1) && return
	[ -z "${CI:-}" ] || { printf '%s\n' "$said"; return 1; }
	skip "could not fetch Debian's package prometheus: $(tail -n 1 <<<"$said")"
}

@test "--help names every option, in 80 columns, and --version tells the version" {
	play help
}

@test "an option is written out: an abbreviation or one dash is a mistake, with the right name" {
	play unknown_options
}

@test "a value that an option can't have is quoted, with what was expected" {
	play bad_values
}

@test "an option without its value, or with one that it does not take, is a mistake" {
	play missing_values
}

@test "all mistakes are reported at once, and nothing is read" {
	play all_mistakes
}

@test "two outputs, or an option that would be ignored, are a mistake" {
	play options_that_clash
}

@test "files stand before, between or behind options, and behind --" {
	play files_anywhere
}

@test "JSON has the totals, every row of every table, what is left out, and the time" {
	play json_whole
}

@test "JSON with --top has the first rows, and the sums of the others beside them" {
	play json_top
}

@test "since and until of JSON are what was asked for, or the first and last session, or null" {
	play json_times
}

@test "CSV is the table of --by, with a row for all others" {
	play csv_tables
}

@test "a key in CSV that a spreadsheet would run begins with an escape, and means the same" {
	play csv_formulas
}

@test "metrics keep every rule of Prometheus' text format, and their sums are exact" {
	play metrics_format
}

@test "promtool finds nothing to complain about in the metrics" {
	find_promtool
	play metrics_promtool "$promtool"
}

@test "metrics have the first 100 users, or those of --top, and one series of the others" {
	play metrics_top
}

@test "a user with the name of the others makes no series twice" {
	play metrics_others
}

@test "no byte of a hostile log comes through as anything but text, in any form" {
	play hostile_names
}

@test "lines that can't be read are told in every form" {
	play skipped_lines
}

@test "a log without sessions gives an empty report of every form" {
	play empty_forms
}

@test "a file is replaced in one step: a new file with the mode 0644, less the umask" {
	play file_replaced
}

@test "a link, a device, a folder, a log and a file in a missing folder are never written to" {
	play file_refused
}

@test "if a report can't be written to the end, the old file stays, and no other is left" {
	play file_stays
}

@test "output that can't be written ends with status 74 and a message; a closed pipe ends quietly" {
	play output_fails
}

@test "- as the file of a page or of metrics is standard output" {
	play dash_is_stdout
}
