# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of fish for picosocks5(8). The build puts the options in: LETTER|NAME|ARG|KIND|GROUP|HELP|WORDS.

set -l rows (string split -n \n '
@options@
')

# The arguments of __fish_not_contain_opt that stand for all modes.
set -l modes
for row in $rows
    set -l field (string split '|' $row)
    if test $field[5] = mode
        test -z $field[1]; or set -a modes -s $field[1]
        set -a modes $field[2]
    end
end

complete -c picosocks5 -f
for row in $rows
    string split '|' $row | read -l -L letter name arg kind group help list
    set -l args -l $name -d $help
    set -l own $name
    if test -n "$letter"
        set -a args -s $letter
        set own -s $letter $name
    end
    test $group = mode; and set own $modes
    switch "$kind"
        case file
            set -a args -r -F
        case interface
            set -a args -x -a '(__fish_print_interfaces)'
        case user
            set -a args -x -a '(__fish_complete_users)'
        case list
            set -a args -x -a "(__fish_complete_list , 'string split \" \" \"$list\"')"
        case '*'
            # A condition would forbid the value, too: only options without words have one.
            if test -n "$list"
                set -a args -x -a "$list"
            else
                test -z "$arg"; or set -a args -x
                test "$group" = adds; or set -a args -n "__fish_not_contain_opt $own"
            end
    end
    complete -c picosocks5 $args
end
