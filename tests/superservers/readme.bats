#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What README.md, units/README.md and inetd/README.md tell administrators to type, typed as printed on
# a booted machine: each indented block below a heading.

load lib.bash

proxy=socks5h://127.0.0.1:1080

setup_file() {
	machine_possible || return 0
	[ "$(make_value pkgdatadir) $(make_value sysconfdir)" = "/usr/local/share/picosocks5 /etc" ] || {
		skip_file "the pages speak of a program below /usr/local"
		return 0
	}
	machine_start
	machine_install
	machine_origin
	"$here/fetch" "$build/superservers" >/dev/null
	in_machine ln -s "$build/superservers" /run/unpacked
	# As the packages of runit and daemontools do.
	in_machine mkdir -p /etc/service /run/service
}

teardown_file() {
	machine_stop
}

teardown() {
	[ -n "${box:-}" ] || return 0
	# It complains about units that do not exist.
	in_machine systemctl stop 'under-test*' 'picosocks5*' inetd stunnel@picosocks5 2>/dev/null || :
	in_machine systemctl reset-failed
	sh_machine 'rm -rf /etc/service/* /run/service/*'
}

# block FOLDER HEADING [N]: prints the Nth indented block below "## HEADING" in FOLDER's README.md
block() {
	awk -v want="## $2" -v nth="${3:-1}" '
		/^## / { section = $0 == want }
		!section { next }
		/^    / && !inside { n++ }
		{ inside = /^    / }
		inside && n == nth { print substr($0, 5); found = 1 }
		END { exit !found }' "$abs_top_srcdir/$1/README.md"
}

# typed FOLDER HEADING [N]: runs the block on the machine, as root, without its sudo
typed() {
	block "$@" | sed -e 's/\bsudo -u \([a-z0-9]*\) /runuser -u \1 -- /' -e 's/\bsudo //' \
		>"$BATS_TEST_TMPDIR/typed"
	cat "$BATS_TEST_TMPDIR/typed"
	sh_machine "$(cat "$BATS_TEST_TMPDIR/typed")"
}

# there UNIT-SUFFIX COMMAND...: starts a superserver that the host is supposed to have already
there() {
	in_machine systemd-run --quiet --unit="under-test$1" --property=TimeoutStopSec=2 "${@:2}"
}

# unpacked PACKAGE: puts the package's files in place, as if it were installed
unpacked() {
	sh_machine 'tar -C "/run/unpacked/$1" -c . | tar -C / -x --keep-directory-symlink' "$1"
}

serves() {
	[ "$(fetch "$@")" = "hello from the origin" ]
}

@test "README blocks: start it under systemd" {
	typed units 'Start it'
	serves $proxy
	serves $proxy
}

@test "README blocks: systemd, listening on other addresses" {
	typed units 'Start it' 2
	[ "$(in_machine systemctl show -P Listen picosocks5.socket)" = "[::]:1080 (Stream)" ]
	serves $proxy
	in_machine rm -r /etc/systemd/system/picosocks5.socket.d
	in_machine systemctl daemon-reload
}

@test "README blocks: systemd, fortress" {
	in_machine systemctl start picosocks5.socket
	typed units Fortress < <(printf 'secret\nsecret\n')
	serves $proxy --proxy-user alice:secret
	run fetch $proxy --proxy-user alice:wrong
	[ "$status" -ne 0 ]
	in_machine rm -r /etc/systemd/system/picosocks5@.service.d
	in_machine systemctl daemon-reload
}

# In the three tests above 4 sessions were served, one of them alice's; one had a wrong password.
@test "README blocks: the journal" {
	until_true 60 no_sessions
	journal_says 'end=auth' -t picosocks5
	run typed units 'The journal'
	echo "$output"
	[ "$status" -eq 0 ]
	grep -E '^ +1 alice$' <<<"$output"
	grep -E '^ +4 (127.0.0.1|\[::1\])$' <<<"$output"
	[[ $output == *'user=alice'*'end=auth'* ]]
	grep -E '^ +4 web.example:8000$' <<<"$output"
	[[ $output == *'The proxy has served the client 127.0.0.1:'* ]]
}

# The client is on the machine itself: from 127.0.0.1 it is local, from 192.168.1.2 it is not.
@test "README blocks: at home, users of a local network, with a drop-in as systemctl edit makes it" {
	sh_machine 'ip address add 192.168.1.2/24 dev lo
		cp /etc/picosocks5.conf /run/'
	lan=socks5h://192.168.1.2:1080
	typed . 'At home, for a phone or a browser' < <(printf 'secret\nsecret\n')
	block . 'At home, for a phone or a browser' 2 | sh_machine '
		mkdir -p /etc/systemd/system/picosocks5.socket.d
		cat >/etc/systemd/system/picosocks5.socket.d/override.conf
		systemctl daemon-reload
		systemctl restart picosocks5.socket'
	serves $lan --interface 127.0.0.1 --proxy-user alice:secret
	serves $proxy --proxy-user alice:secret
	run fetch $lan --proxy-user alice:secret
	[[ $output == *"(2)"* ]] # the web server is on loopback
	run fetch $lan --proxy-user alice:wrong
	[ "$status" -ne 0 ]
	run fetch $lan --interface 127.0.0.1
	[ "$status" -ne 0 ]
	sh_machine 'echo auth password,none >>/etc/picosocks5.conf'
	serves $proxy
	sh_machine 'rm -r /etc/systemd/system/picosocks5.socket.d /etc/picosocks5.users
		mv /run/picosocks5.conf /etc/
		systemctl daemon-reload'
}

@test "README blocks: systemd, busy" {
	typed units Busy
	until_true 60 serves $proxy
	in_machine systemctl disable --now picosocks5-busy@127.0.0.1.service
}

@test "README blocks: tcpserver as in a container" {
	there '' sh -c "exec $(block . 'For tests and CI' | grep ^tcpserver)"
	until_true 60 serves $proxy
}

@test "README blocks: inetd (openbsd-inetd)" {
	unpacked openbsd-inetd
	in_machine systemctl daemon-reload
	sh_machine 'test -e /etc/inetd.conf || : >/etc/inetd.conf'
	in_machine systemctl start inetd
	typed inetd inetd
	until_true 60 serves $proxy
}

@test "README blocks: xinetd" {
	unpacked xinetd
	there '' /usr/sbin/xinetd -dontfork
	typed inetd xinetd
	until_true 60 serves $proxy
}

@test "README blocks: tcpserver under daemontools" {
	there '' svscan /etc/service
	typed inetd tcpserver
	until_true 60 serves $proxy
}

@test "README blocks: ipsvd under runit" {
	in_machine cp -a /run/unpacked/runit/usr/bin/. /usr/bin
	there '' runsvdir /etc/service
	typed inetd ipsvd
	until_true 60 serves $proxy
}

@test "README blocks: socat under runit" {
	in_machine cp -a /run/unpacked/runit/usr/bin/. /usr/bin
	there '' runsvdir /etc/service
	typed inetd socat
	until_true 60 serves $proxy
}

@test "README blocks: socat alone" {
	there '' sh -c "exec $(block inetd socat 2)"
	until_true 60 serves $proxy
}

@test "README blocks: s6" {
	there '' s6-svscan /run/service
	typed inetd s6
	until_true 60 serves $proxy
}

@test "README blocks: s6 on a unix socket" {
	there '' s6-svscan /run/service
	typed inetd 's6 on a unix socket'
	until_true 60 serves socks5h://localhost/run/picosocks5/socket
}

@test "README blocks: TLS in front, by stunnel, then by tcpserver and tlswrapper" {
	unpacked stunnel4
	in_machine systemctl daemon-reload
	tls_files
	typed inetd 'TLS in front'
	there -client stunnel4 /run/client.conf
	until_true 60 serves $proxy
	in_machine systemctl stop stunnel@picosocks5
	there '' svscan /etc/service
	typed inetd 'TLS in front' 2
	until_true 60 serves $proxy
}
