# SPDX-License-Identifier: GPL-3.0-or-later
# What is not compiled is looked at by programs that know it.

cd "$abs_top_srcdir"

@test "shell scripts: shellcheck" {
	command -v shellcheck || skip "no shellcheck"
	# In bats files: what bats preprocesses, and the idioms of its tests.
	shellcheck -s sh bootstrap tests/variant tests/clients/fetch tests/clients/standin/3proxy \
		tests/clients/standin/socksd
	if [ -e .ci/run ]; then shellcheck .ci/run; fi
	find tests -name "*.bats" -exec shellcheck -x -S warning \
		-e SC1090,SC1091,SC2030,SC2031,SC2034,SC2046,SC2154,SC2164 {} +
}

@test "man pages: mandoc" {
	command -v mandoc || skip "no mandoc"
	find . -path ./variants -prune -o -name '*.[58]' -print -o -name '*.[58].in' -print >"$BATS_TEST_TMPDIR/pages"
	[ -s "$BATS_TEST_TMPDIR/pages" ] || skip "no man page yet"
	while read -r page; do
		mandoc -T lint -W warning "$page"
	done <"$BATS_TEST_TMPDIR/pages"
}

@test "nothing is left to be done later" {
	run grep -rnE '\b(TODO|FIXME|XXX)\b' src tests/unit tests/fuzz --include='*.[ch]'
	echo "$output"
	[ "$status" -eq 1 ]
}

# The files that the rows of the audit table name, `x.[ch]` being two.
audited() {
	sed -n '/^## Audit table/,$s/^| `\([^`]*\)` .*/\1/p' SECURITY.md |
		sed 's/^\(.*\)\.\[ch\]$/\1.c\n\1.h/' | sort
}

@test "SECURITY.md audits every source file, and no other" {
	audited >"$BATS_TEST_TMPDIR/audited"
	[ -z "$(uniq -d "$BATS_TEST_TMPDIR/audited")" ]
	(cd src && find . -name '*.[ch]' | sed 's,^\./,,' | sort) |
		diff - "$BATS_TEST_TMPDIR/audited"
}
