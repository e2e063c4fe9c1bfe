#compdef picosocks5
# SPDX-License-Identifier: GPL-3.0-or-later
# Completion of zsh for picosocks5(8). The build puts the options in: LETTER|NAME|ARG|KIND|GROUP|HELP|WORDS.

local row rows letter name arg kind group help list value before expl
local -a field modes names specs

rows=$(<<'END'
@options@
END
)

for row in ${(f)rows}; do
	field=("${(@s:|:)row}")
	[[ $field[5] == mode ]] && modes+=(${field[1]:+-$field[1]} --$field[2])
done
for row in ${(f)rows}; do
	field=("${(@s:|:)row}")
	letter=$field[1] name=$field[2] arg=$field[3] kind=$field[4] group=$field[5] list=$field[7]
	help=${${${field[6]//\\/\\\\}//\[/\\[}//\]/\\]}
	case $kind in
	file) value=_files ;;
	interface) value=_net_interfaces ;;
	user) value=_users ;;
	list) value="_sequence -s , _wanted words expl $arg compadd - $list" ;;
	*) value=${list:+($list)} ;;
	esac
	value=${arg:+:$arg:${value:- }}
	names=(--$name ${letter:+-$letter})
	case $group in
	adds) before='*' ;;
	mode) before="($modes)" ;;
	*) before="($names)" ;;
	esac
	specs+=("$before--$name${arg:+=}[$help]$value")
	[[ -z $letter ]] || specs+=("$before-$letter${arg:++}[$help]$value")
done

_arguments -s -S : $specs
