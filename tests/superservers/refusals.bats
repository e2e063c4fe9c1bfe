#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The table of picosocks5(8), REFUSALS: what the client sees, what the log says.

load lib.bash

page=${abs_top_srcdir:?}/src/man/picosocks5.8

setup_file() {
	local tool
	machine_possible || return 0
	for tool in curl haproxy kadmin.local krb5kdc ncat openssl ss tor-resolve torsocks; do
		PATH=$bare command -v "$tool" >/dev/null || { skip_file "needs $tool"; return 0; }
	done
	/usr/bin/python3 -c 'import gssapi' 2>/dev/null || { skip_file "needs python3-gssapi"; return 0; }
	[[ $("${PICOSOCKS5:?}" --version) == *+journal*+crypt*+digest*+gssapi*+tls*dynamic* ]] || {
		skip_file "needs a build that loads libraries"
		return 0
	}
	machine_start
	machine_install
}

teardown_file() {
	machine_stop
}

# Needs no machine.
setup() {
	[[ $BATS_TEST_DESCRIPTION == *machine* ]] || return 0
	skip_if_told
}

@test "each row of REFUSALS is provoked by a test, and each cause that is provoked has a row" {
	/usr/bin/python3 -B "$here/refusals.py" compare "$page"
}

@test "each row of REFUSALS, on a booted machine: real clients see it, and the journal says it" {
	in_machine cp "$here/refusals.py" "$here/refusals_tls.py" "$here/../lib/kdc.py" \
		"$here/../lib/x509.py" "$page" /run/
	in_machine /usr/bin/python3 /run/refusals.py provoke /run/picosocks5.8
}
