#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Minutes of silence: a peer that is alive is not cut off. Only `make check-full` runs this; all
# sessions are silent at the same time, for nearly seven minutes.

load lib/promise

setup() {
	[ "${PICOSOCKS5_TEST_SCALE:-}" = full ] || skip "takes minutes: part of make check-full"
	[ -z "${PICOSOCKS5_TEST_KIND:-}" ] || skip "looked at in the ordinary build"
}

# The first keepalive probe is due after 300 seconds of silence (the kernel may be 16 seconds late:
# timers of this length are that coarse), the next ones after 30 seconds each. If TCP_USER_TIMEOUT is
# 300 s, a probe was lost, and the kernel's default of 75 seconds is not changed, the session ends
# after 375 to 393 seconds.
@test "sessions survive a reader's long pause, and the loss of one or two keepalive probes" {
	PICOSOCKS5_TEST_PATIENCE=600 play paused_and_lost_probes
}
