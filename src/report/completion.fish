# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of fish for picosocks5-report(1). A test holds it to --help.

set -l forms json csv html metrics
set -l none "__fish_not_contain_opt $forms"

complete -c picosocks5-report -l since -x -a 'today yesterday now' -d 'count the sessions from TIME on'
complete -c picosocks5-report -l until -x -a 'today yesterday now' -d 'count the sessions before TIME'
complete -c picosocks5-report -l by -x -a 'user client dest rule end hour' -d 'the table that is shown'
complete -c picosocks5-report -l top -x -d 'rows of a table'
complete -c picosocks5-report -l json -n "$none" -d 'print an object of JSON'
complete -c picosocks5-report -l csv -n "$none" -d 'print a table as CSV'
complete -c picosocks5-report -l html -r -F -d 'write a page'
complete -c picosocks5-report -l metrics -r -F -d 'write counters for Prometheus'
complete -c picosocks5-report -l now -n '__fish_not_contain_opt now html metrics' -d 'list who is being served'
complete -c picosocks5-report -s h -l help -d 'print the options'
complete -c picosocks5-report -s V -l version -d 'print the version'
