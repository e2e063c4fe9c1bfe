#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The first minutes of a new user, on a Debian that is made for this test and has nothing but sudo.

load lib/promise

export abs_top_builddir=${abs_top_builddir:-${PICOSOCKS5%/*}}

@test "on a fresh Debian, a user with a password types ./bootstrap run at a terminal, and is served" {
	play fresh_debian
	sed 's/^/# /' "$BATS_TEST_TMPDIR/figures" >&3
}
