# SPDX-License-Identifier: GPL-3.0-or-later
# Checks of files that no compiler sees.

cd "$abs_top_srcdir"

@test "shellcheck finds nothing wrong with the shell scripts and bats files" {
	command -v shellcheck || skip "no shellcheck"
	# The codes left out for bats files are about bats's preprocessing and the idioms of its tests.
	shellcheck -s sh bootstrap tests/variant tests/clients/fetch tests/clients/standin/3proxy \
		tests/clients/standin/socksd debian/*.p* units/picosocks5-quota debian/tests/package debian/tests/superservers
	shellcheck -s bash src/options/completion.bash src/report/completion.bash
	if [ -e .ci/run ]; then shellcheck .ci/run; fi
	find tests -name "*.bats" -exec shellcheck -x -S warning \
		-e SC1090,SC1091,SC2030,SC2031,SC2034,SC2046,SC2154,SC2164 {} +
}

@test "clang-format finds nothing to change in the C files" {
	command -v clang-format || skip "no clang-format"
	# Version 14 is Debian 12's; other versions lay out a few things differently.
	clang-format --version | grep -q 'version 14\.' || skip "clang-format is not version 14"
	find src tests -name '*.[ch]' -exec clang-format --dry-run -Werror {} +
}

@test "pyflakes finds nothing wrong with the Python files" {
	command -v pyflakes3 || skip "no pyflakes3"
	find tests -name '*.py' -exec pyflakes3 {} +
}

# Counts the lines of a heredoc, and those between the quotes of -c.
@test "no test in a .bats file has more than 8 lines of Python" {
	awk 'FNR == 1 || /^@test/ { lines = 0; end = "" }
		end != "" && $0 ~ end { end = "" }
		end != "" && ++lines == 9 { print FILENAME ":" FNR; bad = 1 }
		/(play|python3|\.py).*<[<]/ { end = "^\t*END$" }
		/python3 .*-c \047[^\047]*$/ { end = "\047" }
		END { exit bad }' tests/*.bats tests/*/*.bats
	run grep -rn 'exec(open' tests --include='*.bats' --include='*.py' --exclude=lint.bats
	echo "$output"
	[ "$status" -eq 1 ]
}

# A function that no @test plays is a lost promise. One with a decorator need not be named elsewhere.
@test "every function beside a .bats file is played or called" {
	for py in tests/*.py tests/*/*.py; do
		bats=${py%.py}.bats
		[ -e "$bats" ] || continue
		module=$(basename "$py" .py)
		awk '/^def / && before !~ /^@/ { sub(/\(.*/, ""); print $2 } { before = $0 }' "$py" |
			while read -r function; do
				[ "$(cat "$py" "$bats" | grep -cw -- "$function")" -gt 1 ] ||
					grep -qw "$module\.$function" tests/*/*.py || echo "$py: $function"
			done
	done >"$BATS_TEST_TMPDIR/unused"
	cat "$BATS_TEST_TMPDIR/unused"
	[ ! -s "$BATS_TEST_TMPDIR/unused" ]
}

@test "mandoc finds nothing wrong with the manual pages" {
	command -v mandoc || skip "no mandoc"
	find src -name '*.[158]' >"$BATS_TEST_TMPDIR/pages"
	[ -s "$BATS_TEST_TMPDIR/pages" ] || skip "no man page yet"
	while read -r page; do
		mandoc -T lint -W warning "$page"
	done <"$BATS_TEST_TMPDIR/pages"
}

@test "README.md stays under 150 lines" {
	[ "$(wc -l <README.md)" -lt 150 ]
}

# links PAGE: prints the relative links, without their anchors
links() {
	grep -o ']([^)]*)' "$1" | sed -e 's/^](//' -e 's/[#)].*//' -e '/:\/\//d' -e '/^$/d'
}

@test "links between Markdown files lead to existing files" {
	find . \( -path ./variants -o -path ./clients -o -path './build*' \) -prune -o -name '*.md' -print |
		while read -r page; do
			for link in $(links "$page"); do
				[ -e "${page%/*}/$link" ] || echo "$page: $link"
			done
		done >"$BATS_TEST_TMPDIR/dead"
	cat "$BATS_TEST_TMPDIR/dead"
	[ ! -s "$BATS_TEST_TMPDIR/dead" ]
}

@test "README.md quotes the log as the program writes it" {
	sed -n '/^## Troubleshooting/,/^## More/p' README.md | grep -oE '(end|error)=([a-z]+|"[^"]*")' |
		sed -e 's/.*=//' -e 's/"//g' | sort -u >"$BATS_TEST_TMPDIR/quoted"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/quoted")" -ge 8 ]
	while read -r words; do
		grep -rqF --include='*.c' "\"$words\"" src || { echo "not in src: $words"; false; }
	done <"$BATS_TEST_TMPDIR/quoted"
}

@test "comments and documents name only files and sections that exist" {
	/usr/bin/python3 tests/lint.py
}

@test "the commits that git blame shall leave out exist" {
	[ "$(git rev-parse --is-shallow-repository 2>/dev/null)" = false ] || skip "no git repository, or a shallow one"
	grep -v '^#' .git-blame-ignore-revs | while read -r commit; do
		git merge-base --is-ancestor "$commit" HEAD
	done
}

@test "no TODO, FIXME or XXX is left in the source" {
	run grep -rnE '\b(TODO|FIXME|XXX)\b' src tests/unit tests/fuzz --include='*.[ch]'
	echo "$output"
	[ "$status" -eq 1 ]
}

# The rooms of src/: its folders that hold C files, and src/ itself for the files at its top.
rooms() {
	find src -name '*.[ch]' | sed 's,[^/]*$,,; s,^src/\(.\),\1,' | sort -u
}

audit_rows() {
	sed -n '/^## Audit table/,$s/^| `/&/p' SECURITY.md
}

@test "SECURITY.md has one row for each room of src/, one for the files at its top, and no other" {
	audit_rows | cut -d '`' -f 2 | sort | diff <(rooms) -
}

@test "the files and tests that SECURITY.md names exist" {
	audit_rows | while read -r row; do
		room=$(cut -d '`' -f 2 <<<"$row")
		for name in $(grep -o '`[^` ]*`' <<<"$row" | tr -d '`'); do
			case $name in
			test_*) file=tests/unit/$name.c ;;
			fuzz_*) file=tests/fuzz/$name.c ;;
			*.bats) file=tests/$name ;;
			*.[ch]) file=src/${room#src/}/$name ;;
			*) continue ;;
			esac
			compgen -G "$file" >/dev/null || { echo "$room: no $name"; false; }
		done
	done
}
