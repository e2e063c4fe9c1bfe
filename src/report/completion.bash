# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
# Completion of bash for picosocks5-report(1). A test holds it to --help.

_picosocks5_report() {
	local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD - 1]}
	local forms=(--json --csv --html --metrics) others=(--since --until --by --top --now)
	local letters=(-h --help -V --version) words=() before='' word used

	COMPREPLY=()
	# Usually bash has split --name=value at the equals sign.
	if [[ $cur == = ]]; then
		cur=''
	elif [[ $prev == = ]] && ((COMP_CWORD > 2)); then
		prev=${COMP_WORDS[COMP_CWORD - 2]}
	elif [[ $cur == --*=* ]]; then
		prev=${cur%%=*} before=${cur%%=*}= cur=${cur#*=}
	fi

	used=" ${COMP_WORDS[*]:1:COMP_CWORD-1} "
	case $prev in
	--by) words=(user client dest rule end hour) ;;
	--since | --until) words=(today yesterday now) ;;
	--top) ;;
	--html | --metrics)
		compopt -o default
		return
		;;
	*)
		if [[ $cur != -* ]]; then
			compopt -o default
			return
		fi
		for word in "${others[@]}"; do
			[[ $used == *" $word "* ]] || words+=("$word")
		done
		# A report has one form.
		for word in "${forms[@]}"; do
			[[ $used != *" $word "* ]] || forms=()
		done
		words+=("${forms[@]}" "${letters[@]}")
		;;
	esac
	for word in "${words[@]}"; do
		[[ $word != "$cur"* ]] || COMPREPLY+=("$before$word")
	done
}

complete -F _picosocks5_report picosocks5-report
