#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# However busy a session is, it hears SIGTERM, and its time is up when it is up: within 100 ms.

load lib/promise

setup() {
	case ${PICOSOCKS5_TEST_KIND:-} in
	sanitize | valgrind | coverage) skip "this build is slow" ;;
	esac
}

@test "a flood of bytes, up, down or both ways, hides neither SIGTERM nor the lifetime" {
	play <<-'END'
	import flood
	up = Listener()
	for start in inetd, unix, pipes:
	    for ways in ("up",), ("down",), ("up", "down"):
	        flood.hears(f"{start.__name__} {ways}", flood.stream(start, ways, up))
	END
}

@test "a flood of datagrams, from the client or from a host, hides neither" {
	play <<-'END'
	import flood
	for start in inetd, unix, pipes:
	    for up in True, False:
	        flood.hears(f"{start.__name__} {up}", flood.datagrams(start, up))
	END
}

@test "a side that reads nothing does not keep the end from the side that reads" {
	play <<-'END'
	import flood
	up = Listener()
	for start in inetd, pipes:
	    for way in "up", "down":
	        flood.hears(f"{start.__name__} {way}", flood.stream(start, (way,), up, clogged=True), 2500)
	END
}

@test "a reset reaches a reader who takes little within 10 seconds in all" {
	play <<-'END'
	import flood
	together(*(lambda args=args: flood.reset_in_time(*args) for args in
	           ((inetd, 0, RESET), (inetd, 1, RESET), (pipes, 1, None), (unix, 1, None))))
	END
}

@test "while a reset is passed on, SIGTERM and the lifetime end the session, and it stays a reset" {
	play <<-'END'
	import flood
	for start, turn in (inetd, 0), (inetd, 1), (pipes, 1), (unix, 1):
	    for by_signal in True, False:
	        flood.reset_hastened(start, turn, by_signal)
	END
}

@test "strangers who keep coming do not put off --bind-timeout, nor SIGTERM" {
	play <<-'END'
	import flood, time
	isolate()
	# To turn one away takes longer than to come: many rules are asked.
	rules = [f'deny "to 192.0.2.1 port {n}"' for n in range(1, 20000)] + ["deny to 127.0.0.1", "allow from any"]
	conf = tmp("conf", "\n".join(rules))
	def crowded(*options):
	    s = inetd("--config", conf, *options)
	    reply = s.ask("0.0.0.0", 0, command=BIND)
	    return s, [f"c{reply.host}:{reply.port}"] * 4 + [f"r{s.r.fileno()}"]
	for number in 0, 15:
	    began = time.monotonic()
	    s, threads = crowded("--bind-timeout", "0" if number else "500ms")
	    events = flood.flood(s.pid, threads, number)
	    due = events["signal"][1] if number else began + 0.5
	    assert "exit" in events and events["exit"][1] - due < 2, events
	    s.close()
	    s.ended("signal" if number else "timeout")
	END
}
