#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The units as `make install` leaves them, under a systemd that is really booted.
# All in one machine, in this order.

load lib.bash

proxy=socks5h://127.0.0.1:1080

setup_file() {
	machine_start
	machine_install
	machine_origin
}

teardown_file() {
	machine_stop
}

@test "systemctl enable --now picosocks5.socket is all there is to do" {
	in_machine systemctl enable --now picosocks5.socket
	[ "$(fetch $proxy)" = "hello from the origin" ]
	[ "$(fetch 'socks5h://[::1]:1080')" = "hello from the origin" ]
}

@test "the socket listens on loopback alone" {
	run in_machine systemctl show -P Listen picosocks5.socket
	[ "$output" = $'127.0.0.1:1080 (Stream)\n[::1]:1080 (Stream)' ]
}
