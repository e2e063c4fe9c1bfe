# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Completion of bash for picosocks5(8). The build puts the options in: LETTER|NAME|ARG|KIND|GROUP|HELP|WORDS.

_picosocks5() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local letter name arg kind group list word seen before='' mode=''
	local used=" ${COMP_WORDS[*]:1:COMP_CWORD-1} " words=() modes=()

	COMPREPLY=()
	# Usually bash has split --name=value at the equals sign.
	if [[ $cur == = ]]; then
		cur=''
	elif [[ $prev == = ]] && ((COMP_CWORD > 2)); then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ $cur == --*=* ]]; then
		prev=${cur%%=*} before=${cur%%=*}= cur=${cur#*=}
	fi

	while IFS='|' read -r letter name arg kind group _ list; do
		if [[ $arg && ($prev == "--$name" || ($letter && $prev == "-$letter")) ]]; then
			words=()
			modes=()
			case $kind in
			file)
				compopt -o default
				return
				;;
			interface) words=(/sys/class/net/*) words=("${words[@]##*/}") ;;
			user) mapfile -t words < <(compgen -u) ;;
			list)
				compopt -o nospace
				[[ $cur != *,* ]] || before+=${cur%,*},
				seen=,${cur%"${cur##*,}"}
				cur=${cur##*,}
				for word in $list; do
					[[ $seen == *,"$word",* ]] || words+=("$word")
				done
				;;
			*) read -ra words <<<"$list" ;;
			esac
			break
		fi
		seen=''
		if [[ $used == *" --$name "* || ($letter && $used == *" -$letter "*) ]]; then
			seen=yes
		fi
		case $group,$seen in
		mode,*)
			modes+=(${letter:+"-$letter"} "--$name")
			mode+=$seen
			;;
		adds,* | ,) words+=(${letter:+"-$letter"} "--$name") ;;
		esac
	done <<'END'
@options@
END

	[[ $mode ]] || words+=("${modes[@]}")
	for word in "${words[@]}"; do
		[[ $word != "$cur"* ]] || COMPREPLY+=("$before$word")
	done
}

complete -F _picosocks5 picosocks5
