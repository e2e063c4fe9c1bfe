# SPDX-License-Identifier: GPL-3.0-or-later
# The Debian package: built from the files that make dist would pack, checked by lintian, and
# installed on a booted machine. Needs debhelper, dpkg-dev and lintian, which the other tests do not
# need.

load superservers/lib.bash

setup_file() {
	machine_possible || return 0
	for tool in dh dpkg-buildpackage lintian; do
		command -v "$tool" >/dev/null || { skip_file "no $tool"; return 0; }
	done
	debs=$BATS_FILE_TMPDIR/debs
	export debs
	mkdir "$debs"
	make_here distdir distdir="$debs/src"
	(cd "$debs/src" && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL dpkg-buildpackage -b -us -uc) >"$debs/log" 2>&1 || {
		tail -n 40 "$debs/log" >&2
		return 1
	}
	machine_start
}

teardown_file() {
	machine_stop
}

@test "lintian finds nothing wrong with the Debian package" {
	run lintian --pedantic --display-info --tag-display-limit 0 "$debs"/*.changes
	echo "$output"
	! grep -E '^[EWIP]: ' <<<"$output"
}

@test "the Debian package installs a disabled socket unit, and makes the user" {
	in_machine tee /run/p.deb <"$(echo "$debs"/picosocks5_*.deb)" >/dev/null
	in_machine env DEBIAN_FRONTEND=noninteractive dpkg --force-depends -i /run/p.deb
	[ "$(sh_machine 'systemctl is-enabled picosocks5.socket || :')" = disabled ]
	[ "$(sh_machine 'systemctl is-active picosocks5.socket || :')" = inactive ]
	in_machine getent passwd picosocks5
	in_machine dpkg-query -W -f '${Conffiles}' picosocks5 | grep -q /etc/picosocks5.conf
	in_machine picosocks5 --config /etc/picosocks5.conf --check
}

@test "after the Debian package, enabling the socket is enough to be served" {
	sysconfdir=/etc
	machine_origin
	in_machine systemctl enable --now picosocks5.socket
	[ "$(fetch socks5h://127.0.0.1:1080)" = "hello from the origin" ]
}

@test "the administrator's configuration survives an upgrade, and purging the package leaves nothing" {
	in_machine sh -c 'echo log-level debug >>/etc/picosocks5.conf'
	in_machine env DEBIAN_FRONTEND=noninteractive dpkg --force-depends -i /run/p.deb
	in_machine grep -qx 'log-level debug' /etc/picosocks5.conf
	[ "$(in_machine systemctl is-enabled picosocks5.socket)" = enabled ]
	in_machine systemctl stop picosocks5.socket
	in_machine dpkg --purge picosocks5
	in_machine sh -c '! test -e /etc/picosocks5.conf'
	[ -z "$(sh_machine 'ls /etc/systemd/system/sockets.target.wants | grep picosocks5 || :')" ]
}
