# SPDX-License-Identifier: GPL-3.0-or-later
# For bats files whose tests need the KDC of kdc.py. Load promise.bash and once.bash first.
# shellcheck shell=bash

# Starts it, or skips the file.
kdc_start() {
	local realm=$BATS_FILE_TMPDIR/realm tool

	"${PICOSOCKS5:?}" --version | grep -q +gssapi ||
		{ skip_file "this build has no gssapi"; return 0; }
	for tool in krb5kdc kdb5_util kadmin.local kinit setpriv; do
		PATH=/usr/sbin:/usr/bin:/sbin:/bin command -v $tool >/dev/null ||
			{ skip_file "needs $tool"; return 0; }
	done
	setpriv --pdeathsig TERM /usr/bin/python3 -IS "$BATS_TEST_DIRNAME/lib/kdc.py" "$realm" \
		>"$realm.out" 2>&1 3>&- &
	kdc_pid=$!
	export kdc_pid PICOSOCKS5_TEST_REALM=$realm
	until [ -e "$realm/up" ]; do
		kill -0 "$kdc_pid" || { cat "$realm.out" >&2; return 1; }
		sleep 0.05
	done
}

kdc_stop() {
	[ -z "${kdc_pid:-}" ] || kill "$kdc_pid"
}
