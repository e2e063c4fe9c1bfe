#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Options: the command line, the configuration file, messages about mistakes; and the table of
# options, the help text and the manual pages agree.

load lib/promise

@test "--version and --help answer on standard output with status 0" {
	play version_and_help
}

@test "every option is in the help text and in picosocks5(8), in the same spelling" {
	play every_option_documented
}

@test "the READMEs name no option that does not exist" {
	play readme_options
}

@test "every option in the help text exists: it refuses a missing value, or one that it does not take" {
	play every_option_works
}

@test "a mistake on the command line names the option, what was found and what is expected" {
	play mistake_on_command_line
}

@test "options are never abbreviated" {
	play no_abbreviations
}

@test "a message about an unknown option names the nearest one, or says where to look" {
	play nearest_options
}

@test "options of other servers get the answer that belongs to them" {
	play other_servers
}

@test "every mistake on the command line is reported, and the value of an unknown option is none" {
	play mistakes_all_reported
}

@test "a message about a value says what to write instead, if that is known" {
	play values_with_remedies
}

@test "a source address that the family rules out is a mistake" {
	play source_of_no_family
}

@test "lines in the form of other configuration files get the form of ours" {
	play other_file_formats
}

@test "a message about a long value still says what is expected" {
	play long_mistakes
}

@test "a mistake in a file names the file and the line, with status 78" {
	play mistake_in_file
}

@test "a file that can't be read is named, with status 78" {
	play unreadable_file
}

@test "a user who may not read a file is told which right is missing" {
	play closed_to_user
}

@test "a configuration file that can't be read, or has a mistake, serves nobody" {
	play unreadable_file_serves_nobody
}

@test "--check reports every mistake at once" {
	play check_reports_all
}

@test "--check prints the settings in force and serves nobody" {
	play check_prints_settings
}

@test "--check reports mistakes on descriptor 2, wherever the log goes" {
	play check_on_stderr
}

@test "--check warns of settings that have no effect, or more effect than they seem to" {
	play check_warns
}

@test "options apply in the order in which they appear, also those from files" {
	play order_of_options
}

@test "configuration files include others, relative to their own folder, at most 8 deep" {
	play nested_files
}

@test "configuration files may have comments, blank lines and quotes" {
	play file_syntax
}

@test "in a configuration file, an option without a value stands alone on its line" {
	play flags_in_file
}

@test "times have units, several in a row; a bare number is seconds, and 0 is no limit" {
	play times
}

@test "values at their limits are accepted, and values just beyond are refused" {
	play limits_of_values
}

@test "rates count in powers of 1000" {
	play rates
}

@test "no configuration file is read unless --config names it" {
	play no_file_by_default
}
