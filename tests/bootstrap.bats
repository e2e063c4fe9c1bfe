#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# ./bootstrap: what it installs and how it asks, and the proxy that it runs. Most tests play it in a
# folder that has nothing to build, with apt-get, dpkg-query and sudo replaced; the last one is real.

load lib/promise

export abs_top_builddir=${abs_top_builddir:-${PICOSOCKS5%/*}}

@test "./bootstrap help prints the usage on standard output; an unknown word is named, with status 64" {
	play usage
}

@test "run refuses an address that is not ADDRESS:PORT before it installs or builds anything" {
	play addresses
}

@test "run says that the address is taken, or not of this host, before it installs or builds anything" {
	play taken
}

@test "run names a mistake in its options instead of serving" {
	play mistakes
}

@test "run prints what --help, --version, --check, --explain and --hash ask for, and ends" {
	play printed
}

@test "run prints the address and the lines of its sessions, and nothing else; port 0 is one that is free" {
	play quiet
}

@test "Ctrl-C, SIGTERM and SIGHUP end run and its sessions in order, with status 0" {
	play stopped
}

@test "run takes file names relative to the folder in which it was typed" {
	play from_elsewhere
}

@test "missing packages are named, with their size, before root installs them; what another one provides is not missing" {
	play named
}

@test "sudo may ask for a password at a terminal, and is not asked to without one" {
	play asked
}

@test "without sudo, without a terminal or without apt, the message says what to type or to install" {
	play by_hand
}

@test "tests that need a booted machine are skipped with the reason where none can be booted" {
	[ "$(id -u)" -eq 0 ] || skip "needs root"
	unshare --mount true || skip "needs a mount namespace of its own"
	for cgroup in "mount -t tmpfs tmpfs /sys/fs/cgroup && mkdir /sys/fs/cgroup/unified" \
		"umount -R /sys/fs/cgroup"; do
		run env -i PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin abs_top_srcdir="$abs_top_srcdir" \
			abs_top_builddir="$abs_top_builddir" PICOSOCKS5="$PICOSOCKS5" unshare --mount sh -c \
			"$cgroup && exec bats --tap -f 'enable --now' \"\$abs_top_srcdir/tests/superservers/systemd.bats\""
		echo "$output"
		[ "$status" -eq 0 ]
		[[ $output == *"# skip machine: booting a machine needs a cgroup2 hierarchy"* ]]
	done
}

@test "a user with a password, at a terminal: sudo installs what is missing, and starts no daemon; run builds and serves" {
	play with_password
}
