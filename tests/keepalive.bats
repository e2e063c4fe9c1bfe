#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Minutes of silence: who is alive is not cut off. Part of `make check-full` alone; all sessions are
# silent at the same time, for nearly seven minutes.

load lib/promise

setup() {
	[ "${PICOSOCKS5_TEST_SCALE:-}" = full ] || skip "takes minutes: part of make check-full"
	[ -z "${PICOSOCKS5_TEST_KIND:-}" ] || skip "looked at in the ordinary build"
}

# The first keepalive probe is due after 300 seconds of silence (the kernel may be 16 seconds late: so
# coarse are timers of this length), the next ones after 30 seconds each. Where TCP_USER_TIMEOUT is
# 300 s, a probe was lost, and the kernel's own 75 seconds are left as they are, the end comes after
# 375 to 393 seconds.
@test "a reader that pauses, and hosts that lose one or two keepalive probes, are served on" {
	PICOSOCKS5_TEST_PATIENCE=600 play <<-'END'
	import time
	PAUSE, SILENCE = 320, 400
	OUTAGES = (290, 325), (290, 350)  # of 35 and of 60 seconds
	isolate()
	aways = [Elsewhere(n) for n in range(1 + len(OUTAGES))]

	def over_wire(away):
	    """A session whose client and destination are both over there."""
	    with away:
	        up = Listener(away.THERE[0])
	    with Listener(away.HERE[0]).sock as door:
	        with away:
	            client = socket.create_connection(door.getsockname())
	        server, _ = door.accept()
	    s = inetd("--allow", "from any", pair=(client, server))
	    return s, s.connect(up)

	def clog(a):
	    taken = 0
	    while a.room(2):
	        taken += a.write(bytes(64 * KIB))
	    assert taken > 4 * MIB, taken
	    return taken

	import socket
	readers = [over_wire(aways[0]) for _ in range(2)]
	(s, far), (s2, far2) = readers
	pending = [(b, clog(a)) for a, b in ((far, s), (s2, far2))]  # the reader pauses: the client, the destination
	silent = [over_wire(away) for away in aways[1:]]
	for a, b in silent:
	    a.send(b"hello"); b.expect(b"hello").send(b"well?"); a.expect(b"well?")
	began = time.monotonic()
	steps = [(PAUSE, lambda: [check(b.recv(n), bytes(n), "what was pending") for b, n in pending])]
	for away, (gone, back) in zip(aways[1:], OUTAGES):
	    steps += [(gone, lambda w=away: w.black_hole(w.THERE[0])),
	              (back, lambda w=away: ip(f"neigh del {w.THERE[0]} dev {w.near}"))]
	for when, step in sorted(steps, key=lambda s: s[0]) + [(SILENCE, lambda: None)]:
	    pause(max(0, began + when - time.monotonic()))
	    step()
	for a, b in silent + readers:
	    a.send(b"still"); b.expect(b"still").send(b"here"); a.expect(b"here")
	    a.shut(); b.expect_end(); b.close(); a.expect_end(); a.ended("eof")
	END
}
