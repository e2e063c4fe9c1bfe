#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The manual is true: its examples work as printed, and its lists are complete.

load lib/promise

setup() {
	command -v mandoc >/dev/null || skip "no mandoc"
}

@test "the examples of picosocks5(8) do what they say" {
	play examples_of_program
}

@test "the examples of picosocks5.conf(5) have no mistake, and decide as the page says" {
	play examples_of_config
}

@test "the rules in README.md decide as it says, and HAProxy accepts the example in units/README.md" {
	play examples_of_readme
}

@test "picosocks5.conf(5) has an entry for every option that may stand in a file, and no other" {
	play every_option_described
}

@test "defaults are the same in the manual, in the help text and in what --check prints" {
	play defaults_everywhere
}

@test "picosocks5(8) explains every key, end and reply in the log, and lists every environment variable" {
	play log_and_environment
}

@test "picosocks5-report(1) has an entry for every option of the help text, and no other" {
	[ -x "$PICOSOCKS5-report" ] || skip "configured without the report"
	play report_options
}

@test "picosocks5-report(1) names the tables, members, metrics, statuses and bounds of the program" {
	play report_words
}

@test "the examples of picosocks5-report(1) do what they say" {
	[ -x "$PICOSOCKS5-report" ] || skip "configured without the report"
	play examples_of_report
}
