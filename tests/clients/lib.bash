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
	skip "could not fetch $*: $(grep -m 1 -iE '^E:|error|denied' <<<"$said")"
}

# python_needs MODULE...: as needs() says of tools.
python_needs() {
	local module
	for module; do
		/usr/bin/python3 -I -c "import $module" 2>/dev/null || skip "needs Python's $module"
	done
}
