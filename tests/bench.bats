# SPDX-License-Identifier: GPL-3.0-or-later
# Tests that the benchmark runs, and that it gives no figure for a wrong transfer.

load lib/once.bash

setup_file() {
	possible || return 0
	make_here tests/bench/load tests/bench/nothing
}

possible() {
	if [ "$(id -u)" -ne 0 ]; then
		skip_file "needs root, for control groups"
	elif ! command -v tcpserver >/dev/null; then
		skip_file "no tcpserver"
	elif ! control_group /sys/fs/cgroup/cpuacct && ! control_group /sys/fs/cgroup; then
		skip_file "no control groups here"
	fi
	[ -z "${skip_reason:-}" ]
}

control_group() {
	[ -e "$1/cgroup.procs" ] && mkdir "$1/bench-$$" 2>/dev/null && rmdir "$1/bench-$$"
}

bench() {
	python3 "$abs_top_srcdir/tests/bench/bench.py" --nothing "$builddir/tests/bench/nothing" --peers= \
		--rounds 1 --sessions 3 --bulk 2000000 --pings 20 --datagrams 50 --idle 0,3 --held 3 "$@"
}

@test "the benchmark prints a figure for everything it measures" {
	run bench --load "$builddir/tests/bench/load" --json "$BATS_TEST_TMPDIR/json" "it=$PICOSOCKS5"
	echo "$output"
	[ "$status" -eq 0 ]
	for what in "CPU per session, 16 at a time" "time to first byte" "CPU per GB, upload" \
		"8 downloads" "ping-pong of 64 B, p99" "CPU per datagram, 1200 B" \
		"PSS per idle session of 3" "CPU per session beside 3 idle" "download beside 0 idle" \
		"CPU per session without limits (ms)" "CPU per session with limits beside 3 idle" \
		"CPU per session with limits, 3 of 512 places taken" "| CPU per session with limits (ms) |" \
		"| CPU per GB, both ways (s) |" "| CPU per session by HTTP (ms) |"; do
		grep -F "$what" <<<"$output"
	done
	if [[ $("$PICOSOCKS5" --version) == *+tls* ]]; then
		for what in "| CPU per TLS session (ms) |" "| TLS upload (GB/s) |" \
			"| private dirty per idle TLS session (KiB) |"; do
			grep -F "$what" <<<"$output"
		done
	fi
	table=$(grep "^|" <<<"$output")
	run python3 "$abs_top_srcdir/tests/bench/report.py" "$BATS_TEST_TMPDIR/json"
	[ "$(grep "^|" <<<"$output")" = "$table" ]
}

@test "the benchmark writes no table if a load fails" {
	run bench --load "$builddir/tests/bench/load" "it=$PICOSOCKS5 --deny ''"
	echo "$output"
	[ "$status" -ne 0 ]
	[[ $output != *median* ]]
}

@test "the benchmark writes no table if its idle sessions find no place" {
	run bench --load "$builddir/tests/bench/load" --only limits --held 513 "it=$PICOSOCKS5"
	echo "$output"
	[ "$status" -ne 0 ]
	[[ $output == *"513 idle sessions failed"* ]]
	[[ $output != *median* ]]
}

@test "the benchmark writes no table if a transferred byte is wrong" {
	cat >"$BATS_TEST_TMPDIR/liar" <<-'END'
		#!/bin/sh
		cat | "$PICOSOCKS5" | python3 -c '
		import os
		while (b := os.read(0, 65536)):
		    os.write(1, b.replace(b"\x81", b"\x83"))'
	END
	chmod +x "$BATS_TEST_TMPDIR/liar"
	run bench --load "$builddir/tests/bench/load" --only bulk "it=$BATS_TEST_TMPDIR/liar"
	echo "$output"
	[ "$status" -ne 0 ]
	[[ $output == *"content is wrong"* ]]
	[[ $output != *median* ]]
}
