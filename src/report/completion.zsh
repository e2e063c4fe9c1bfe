#compdef picosocks5-report
# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of zsh for picosocks5-report(1). A test holds it to --help.

local forms='(--json --csv --html --metrics)'
local times='(today yesterday now)'

_arguments -s -S : \
	"(--since)--since=[count the sessions from TIME on]:TIME:$times" \
	"(--until)--until=[count the sessions before TIME]:TIME:$times" \
	'(--by)--by=[the table that is shown]:TABLE:(user client dest rule end hour)' \
	'(--top)--top=[rows of a table]:N: ' \
	"$forms--json[print an object of JSON]" \
	"$forms--csv[print a table as CSV]" \
	"$forms--html=[write a page]:FILE:_files" \
	"$forms--metrics=[write counters for Prometheus]:FILE:_files" \
	'(--now --html --metrics)--now[list who is being served]' \
	'(- *)'{-h,--help}'[print the options]' \
	'(- *)'{-V,--version}'[print the version]' \
	'*:log:_files'
