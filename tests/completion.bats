#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What bash, zsh and fish complete on a command line of picosocks5, and of picosocks5-report. Each is
# really run, with the files that `make install` installs.

load lib/promise

# shell SHELL FUNCTION: plays a function with one of the shells.
in_shell() {
	needs "$1"
	play "$2" "$1"
}

@test "bash completes options, also short ones" {
	in_shell bash options
}

@test "zsh completes options, also short ones" {
	in_shell zsh options
}

@test "fish completes options, also short ones" {
	in_shell fish options
}

@test "bash completes values: words, lists of words, files, interfaces, users" {
	in_shell bash values
}

@test "zsh completes values: words, lists of words, files, interfaces, users" {
	in_shell zsh values
}

@test "fish completes values: words, lists of words, files, interfaces, users" {
	in_shell fish values
}

@test "bash offers no option twice that counts once, and no second mode" {
	in_shell bash once
}

@test "zsh offers no option twice that counts once, and no second mode" {
	in_shell zsh once
}

@test "fish offers no option twice that counts once, and no second mode" {
	in_shell fish once
}

@test "bash offers every option of --help, and no other" {
	in_shell bash every_option
}

@test "zsh offers every option of --help, and no other" {
	in_shell zsh every_option
}

@test "fish offers every option of --help, and no other" {
	in_shell fish every_option
}

@test "bash completes options, tables, times and files for picosocks5-report, and offers no second form" {
	in_shell bash report
}

@test "zsh completes options, tables, times and files for picosocks5-report, and offers no second form" {
	in_shell zsh report
}

@test "fish completes options, tables, times and files for picosocks5-report, and offers no second form" {
	in_shell fish report
}

@test "bash offers every option of picosocks5-report --help, and no other" {
	in_shell bash report_every_option
}

@test "zsh offers every option of picosocks5-report --help, and no other" {
	in_shell zsh report_every_option
}

@test "fish offers every option of picosocks5-report --help, and no other" {
	in_shell fish report_every_option
}
