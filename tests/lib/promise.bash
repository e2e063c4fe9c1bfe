# SPDX-License-Identifier: GPL-3.0-or-later
#
# Loaded by every .bats file. A @test is a promise in words; the Python function that holds the
# program to it stands in the .py file beside the .bats file:
#
#	@test "a greeting may arrive byte by byte" {
#		play greeting_split
#	}
#
# Code that several of these functions share is in the other files of this folder.

: "${PICOSOCKS5:=${builddir:-$BATS_TEST_DIRNAME/..}/picosocks5}"
PICOSOCKS5=$(realpath -m "$PICOSOCKS5")
: "${abs_top_srcdir:=$(realpath "$BATS_TEST_DIRNAME/..")}"
export PICOSOCKS5 abs_top_srcdir BATS_TEST_TMPDIR BATS_TEST_NAME BATS_TEST_DIRNAME
lib=$(dirname "${BASH_SOURCE[0]}")

# needs TOOL...: skips the test if a tool is missing; in setup() it skips every test of the file.
needs() {
	local tool
	for tool; do
		PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v "$tool" >/dev/null || skip "needs $tool"
	done
}

# needs_report: skips the test if the build has no picosocks5-report.
needs_report() {
	[ -x "$(dirname "$PICOSOCKS5")/picosocks5-report" ] || skip "this build has no picosocks5-report"
}

# play FUNCTION [ARGUMENT...]: runs it; status 77 is a skip, with its reason in a file. A command in
# $inside runs it elsewhere.
play() {
	local status=0

	${inside-} /usr/bin/python3 -IS -X pycache_prefix="$BATS_RUN_TMPDIR/pycache" \
		"$lib/play.py" "${BATS_TEST_FILENAME%.bats}.py" "$@" 3>&- || status=$?
	[ "$status" -ne 77 ] || skip "$(cat "$BATS_TEST_TMPDIR/skip")"
	return "$status"
}
