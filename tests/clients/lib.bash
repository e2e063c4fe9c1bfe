# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by the bats files here. Not for sourcing elsewhere.
# shellcheck shell=bash

# fetched ARGUMENT...: see fetch; what it gets is in $abs_top_builddir/clients. A machine that can't
# reach those who have it skips; the project's own checks have to reach them.
fetched() {
	local said fetch=${abs_top_srcdir:?}/tests/clients/fetch
	if said=$("$fetch" "${abs_top_builddir:?}/clients" "$@" 2>&1); then
		return
	fi
	[ -z "${CI:-}" ] || { printf '%s\n' "$said"; return 1; }
	skip "could not fetch $*: ${said##*$'\n'}"
}

# python_needs MODULE...: or else the test, or all of the file's, is skipped.
python_needs() {
	local module
	for module; do
		/usr/bin/python3 -I -c "import $module" 2>/dev/null || skip "needs Python's $module"
	done
}
