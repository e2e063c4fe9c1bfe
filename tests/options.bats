#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Options: the command line, the config file, what is said of mistakes, and that table,
# help text and manual pages tell the same story.

load lib/promise

@test "--version and --help answer on standard output with status 0" {
	play version_and_help
}

@test "every option is in the help text, in picosocks5(8), and in no other spelling" {
	play every_option_documented
}

@test "the READMEs speak of no option that does not exist" {
	play readme_options
}

@test "every option of the help text does something with its value" {
	play every_option_works
}

@test "a mistake on the command line names the option, what was found and what is expected" {
	play mistake_on_command_line
}

@test "a mistake of any length leaves room for what is expected" {
	play long_mistakes
}

@test "a mistake in a file names the file and the line, with status 78" {
	play mistake_in_file
}

@test "a file that can't be read is named, with status 78" {
	play unreadable_file
}

@test "an unreadable file is no reason to serve" {
	play unreadable_file_serves_nobody
}

@test "--check reports every mistake at once" {
	play check_reports_all
}

@test "--check prints the settings in force and serves nobody" {
	play check_prints_settings
}

@test "--check tells of mistakes on descriptor 2, wherever the log goes" {
	play check_on_stderr
}

@test "--check warns of settings that do nothing, or more than they seem to" {
	play check_warns
}

@test "options apply in the order they appear, from files too" {
	play order_of_options
}

@test "config files include others, relative to themselves, 8 deep" {
	play nested_files
}

@test "config files: comments, blank lines, quotes" {
	play file_syntax
}

@test "flags stand alone in a config file" {
	play flags_in_file
}

@test "times: units, several in a row, bare seconds, 0 is off" {
	play times
}

@test "values at their limits, and just beyond" {
	play limits_of_values
}

@test "rates count in powers of 1000" {
	play rates
}

@test "no file is read unless it is named" {
	play no_file_by_default
}
