#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What README.md, units/README.md and inetd/README.md tell administrators to type, typed as printed on
# a booted machine: each indented block below a heading. Some blocks are typed a second time, when the
# program and its files are where the Debian package has them.

load lib.bash

proxy=socks5h://127.0.0.1:1080

setup_file() {
	machine_possible || return 0
	[ "$(make_value pkgdatadir) $(make_value sysconfdir)" = "/usr/local/share/picosocks5 /etc" ] || {
		skip_file "the pages speak of a program below /usr/local"
		return 0
	}
	machine_start
	sh_machine 'rm -rf /usr/share/picosocks5'
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

listening() {
	typed units 'Start it' 2
	[ "$(in_machine systemctl show -P Listen picosocks5.socket)" = "[::]:1080 (Stream)" ]
	serves $proxy
	in_machine rm -r /etc/systemd/system/picosocks5.socket.d
	in_machine systemctl daemon-reload
}

@test "README blocks: systemd, listening on other addresses" {
	listening
}

@test "README blocks: systemd, checking the configuration, and watching for mistakes that are made later" {
	in_machine systemctl start picosocks5.socket
	typed units 'Mistakes in the configuration'
	serves $proxy
	began=$(date +%s)
	sh_machine 'cp /etc/picosocks5.conf /run/; echo nonsense >>/etc/picosocks5.conf'
	run fetch $proxy
	[ "$status" -ne 0 ]
	run typed units 'Mistakes in the configuration'
	[ "$status" -eq 78 ]
	[ "$(in_machine systemctl is-active picosocks5.socket)" = active ]
	# Until it has shown the message.
	sh_machine "$(block units 'Mistakes in the configuration' 2) | grep -m 1 nonsense"
	in_machine mv /run/picosocks5.conf /etc/
	serves $proxy
}

fortress() {
	in_machine systemctl start picosocks5.socket
	typed units Fortress < <(echo secret)
	serves $proxy --proxy-user alice:secret
	run fetch $proxy --proxy-user alice:wrong
	[ "$status" -eq 97 ] # curl: the proxy turns it away
	run fetch $proxy
	[ "$status" -eq 97 ]
	typed units Fortress 2
	serves $proxy --proxy-user alice:secret
	run fetch $proxy
	[ "$status" -eq 97 ]
	sh_machine 'rm /etc/picosocks5.users; sed -i "/^users /d" /etc/picosocks5.conf'
}

@test "README blocks: systemd, fortress, and out of it again" {
	fortress
}

# Sessions: alice 2 of 22 bytes, and one from another address; without a user 1; by SOCKS 4 1. Failures: a
# wrong password, a denied port, no SOCKS at all, a closed port.
known_sessions() {
	sh_machine 'install -m 640 -g picosocks5 /dev/null /etc/picosocks5.users
		htpasswd -b -B -C 4 /etc/picosocks5.users alice secret
		printf "%s\n" "users /etc/picosocks5.users" "auth password,none" socks4 "deny \"port 25\"" \
			"allow \"from any to 127.0.0.0/8\"" >>/etc/picosocks5.conf
		systemctl start picosocks5.socket' 2>/dev/null
	serves $proxy --proxy-user alice:secret
	serves $proxy --proxy-user alice:secret
	serves $proxy --proxy-user alice:secret --interface 127.0.0.2
	serves $proxy
	[ "$(in_machine curl -sS --proxy socks4a://127.0.0.1:1080 http://web.example:8000/hello)" = \
		"hello from the origin" ]
	run fetch $proxy --proxy-user alice:wrong
	client say 127.0.0.1:1080 050100050100017f0000010019
	client say 127.0.0.1:1080 474554202f
	client say 127.0.0.1:1080 050100050100017f0000010001
	until_true 60 no_sessions
	journal_says 'end=failed' -t picosocks5 --since "@$began"
}

@test "README blocks: the journal: who used the proxy and how much, from where, where to, and what failed" {
	in_machine systemctl stop picosocks5.socket
	until_true 60 no_sessions
	began=$(date +%s.%N)
	known_sessions
	each=$(sed -n 's/.*user=alice .* sent=\([0-9]*\) received=\([0-9]*\) .*/\1+\2/p' \
		< <(in_machine journalctl -q -t picosocks5 --since "@$began") | head -n 1)
	[ "$(typed_says 1)" = "3 sessions, $((3 * (each))) bytes: alice
2 sessions, $((2 * (each))) bytes: -" ]
	[ "$(typed_says 2)" = "      4 127.0.0.1
      1 127.0.0.2" ]
	[ "$(typed_says 3)" = "      5 web.example:8000" ]
	run typed_says 4
	echo "$output"
	[ "$(grep -c ' end=' <<<"$output")" -eq 4 ]
	for what in 'user=alice .*end=auth' 'dest=127.0.0.1:25 .*end=denied' 'end=protocol' 'reply=5 .*end=failed'; do
		grep "$what" <<<"$output"
	done
	run typed_says 5
	[[ $output == *'127.0.0.1:1 refused the connection'* ]]
	sh_machine 'rm /etc/picosocks5.users
		sed -i -e "/^users /,\$d" /etc/picosocks5.conf'
}

# typed_says N: prints the output of the Nth recipe
typed_says() {
	typed units 'The journal' "$1" 2>/dev/null
}

# The client is on the machine itself: from 127.0.0.1 it is local, from 192.168.1.2 it is not.
@test "README blocks: at home, users of a local network, with a drop-in as systemctl edit makes it" {
	sh_machine 'ip address add 192.168.1.2/24 dev lo
		cp /etc/picosocks5.conf /run/'
	lan=socks5h://192.168.1.2:1080
	typed . 'At home, for a phone or a browser' < <(echo secret)
	edited . 'At home, for a phone or a browser' 2
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

@test "README blocks: systemd, a limit for each user" {
	in_machine cp /etc/picosocks5.conf /run/
	in_machine systemctl start picosocks5.socket
	typed units Limits
	serves $proxy
	[ "$(in_machine picosocks5 --config /etc/picosocks5.conf --check 2>/dev/null | grep -c '^limit-user 64$')" = 1 ]
	in_machine mv /run/picosocks5.conf /etc/
}

@test "README blocks: tcpserver as in a container" {
	there '' sh -c "exec $(block . 'For tests and CI' | grep ^tcpserver)"
	until_true 60 serves $proxy
}

# reported N PATTERN: the matching line of the Nth block makes a report that has the session
reported() {
	in_machine sh -c 'command -v picosocks5-report' >/dev/null || return 0
	sh_machine "$(block inetd 'Who used it' "$1" | grep "$2")" | grep '^web.example:8000 '
}

@test "README blocks: inetd (openbsd-inetd), and who used it" {
	unpacked openbsd-inetd
	in_machine systemctl daemon-reload
	sh_machine 'test -e /etc/inetd.conf || : >/etc/inetd.conf'
	in_machine systemctl start inetd
	typed inetd inetd
	until_true 60 serves $proxy
	until_true 60 reported 1 .
}

@test "README blocks: xinetd" {
	unpacked xinetd
	there '' /usr/sbin/xinetd -dontfork
	typed inetd xinetd
	until_true 60 serves $proxy
}

@test "README blocks: tcpserver under daemontools, and who used it" {
	there '' svscan /etc/service
	typed inetd tcpserver
	until_true 60 serves $proxy
	until_true 60 reported 2 tcpserver
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

# The files that make install has put below /usr/local, as they are in the Debian package.
packaged() {
	sh_machine 'mv /usr/local/share/picosocks5 /usr/share/
		mv /usr/local/sbin/picosocks5 /usr/sbin/
		mv /usr/local/lib/systemd/system/picosocks5* /lib/systemd/system/
		find /usr/share/picosocks5 /lib/systemd/system/picosocks5* -type f \
			-exec sed -i s,/usr/local/sbin,/usr/sbin, {} +
		systemctl daemon-reload'
}

@test "README blocks, with the paths of the Debian package: systemd, listening elsewhere, fortress, busy" {
	packaged
	typed units 'Start it'
	serves $proxy
	listening
	fortress
	typed units Busy
	until_true 60 serves $proxy
}

@test "README blocks, with the paths of the Debian package: inetd" {
	unpacked openbsd-inetd
	in_machine systemctl daemon-reload
	sh_machine ': >/etc/inetd.conf'
	in_machine systemctl start inetd
	typed inetd inetd
	until_true 60 serves $proxy
}

@test "README blocks, with the paths of the Debian package: tcpserver under daemontools" {
	sh_machine 'rm -r /etc/picosocks5-tcpserver'
	there '' svscan /etc/service
	typed inetd tcpserver
	until_true 60 serves $proxy
}

@test "README blocks, with the paths of the Debian package: socat alone" {
	there '' sh -c "exec $(block inetd socat 2)"
	until_true 60 serves $proxy
}

@test "README blocks, with the paths of the Debian package: s6, then s6 on a unix socket" {
	there '' s6-svscan /run/service
	typed inetd s6
	until_true 60 serves $proxy
	sh_machine 's6-svc -wD -d /run/service/picosocks5; rm -r /run/service/picosocks5; s6-svscanctl -an /run/service'
	typed inetd 's6 on a unix socket'
	until_true 60 serves socks5h://localhost/run/picosocks5/socket
}
