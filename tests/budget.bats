# SPDX-License-Identifier: GPL-3.0-or-later
# What a session costs, in figures that are the same on every machine: system calls and memory.
# Each client costs the start of a process; these tests keep that cost from growing.

setup() {
	case ${PICOSOCKS5_TEST_KIND:-} in
	sanitize | valgrind | coverage) skip "this build costs more" ;;
	esac
}

budget() {
	python3 "$abs_top_srcdir/tests/budget.py" "$@"
}

is_static() {
	! readelf -lW "$PICOSOCKS5" | grep -q INTERP
}

# glibc names itself in its messages. Our own strings have that name in capitals only.
is_musl() {
	! readelf -p .rodata -p .comment "$PICOSOCKS5" | grep -q glibc
}

# count_calls KIND LIMIT [OPTION]...: prints the calls of a session of this kind (see budget.py) and
# their number, which must not exceed LIMIT.
count_calls() {
	command -v strace >/dev/null || skip "no strace"
	trace=$BATS_TEST_TMPDIR/trace
	strace -o "$trace" true 2>/dev/null || skip "nothing can be traced here"
	kind=$1
	limit=$2
	shift 2
	budget "$kind" strace -f -o "$trace" "$PICOSOCKS5" "$@"
	sed -n '/ppoll(\[{fd=0, events=0}, {fd=1, events=0}, {fd=2, events=0}\]/,$p' "$trace" |
		grep -v '+++ exited' >"$trace.ours"
	cat "$trace.ours"
	calls=$(wc -l <"$trace.ours")
	echo "# $calls system calls" >&3
	[ "$calls" -gt 20 ]
	[ "$calls" -le "$limit" ]
}

# From main() to the exit: its first call asks which of 0, 1 and 2 are open. The client makes the
# program wait for every message.
#
#      1   which of 0 to 2 are open                       startup
#      1   close what else was inherited
#      6   signals: two ignored, three caught, the mask (musl: one more)
#      1   umask
#      1   no core, no tracing by others
#      4   is 0 a socket, 2 another file; its type and peer         activate
#     12   no delay, urgent data in line, four for keepalive: client, upstream
#      6   greeting: nothing yet, wait, two bytes, the rest; answer  session
#      4   request: nothing yet, wait, four bytes, the rest
#      4   socket, connect, wait, connected?              dial
#      2   the address that the reply names, the reply
#      6   wait, read, write: up and down                 relay
#      6   wait, end of file, pass it on: up and down
#      3   may the log be written, our number in it, write it
#      1   exit
@test "a CONNECT session to an address takes at most 60 system calls without the sandbox" {
	count_calls session 60 --no-sandbox
}

@test "a CONNECT session to an address takes at most 85 system calls with the sandbox" {
	count_calls session 85
}

# CONNECT by HTTP, which has no greeting:
#
#     57   as above, but for these
#     -5   the greeting: nothing yet, wait, two bytes, the rest; answer
#     -4   the request: nothing yet, wait, four bytes, the rest
#      5   the head: nothing yet, wait, two bytes, look at the rest, take it
#     -1   the address that the reply names
@test "a CONNECT session by HTTP takes at most 54 system calls without the sandbox" {
	count_calls http 54 --http --no-sandbox
}

@test "a CONNECT session by HTTP takes at most 80 system calls with the sandbox" {
	count_calls http 80 --http
}

# CONNECT through a SOCKS 5 parent that asks for a login:
#
#     57   as above: the address that the client reached, in place of the one that the reply names
#      2   the memory of the rules
#      7   the file that has the password: found, opened, judged, read, closed
#      8   the greeting and the login: each is sent; nothing yet, wait, read the answer
#      5   the request: sent; nothing yet, wait, read four bytes, the rest
@test "a CONNECT session through a parent takes at most 81 system calls without the sandbox" {
	count_calls parent 81 --no-sandbox
}

@test "a CONNECT session through a parent takes at most 107 system calls with the sandbox" {
	count_calls parent 107
}

# With limits, each slot is a lock; of more than 16 slots also a mark, which is set and cleared:
#
#     57   as above, without the sandbox
#      2   the file of limits: open it, read its key; one more with musl, whose open() calls fcntl()
#      1   the client's slot (of 10), locked at the first try, because the others are free
#      3   one of all (of 512): locked; its mark is set, and cleared at the end
#      1   the file, closed before the client sees the end
@test "a CONNECT session under two limits takes at most 66 system calls without the sandbox" {
	limits=(--limit-file "$BATS_TEST_TMPDIR/limits" --limit-client 10 --limit 512)
	# The first session makes the file.
	budget faults "$PICOSOCKS5" --log=none "${limits[@]}" >/dev/null
	count_calls session 66 --no-sandbox "${limits[@]}"
}

@test "a CONNECT session under two limits takes at most 93 system calls with the sandbox" {
	limits=(--limit-file "$BATS_TEST_TMPDIR/limits" --limit-client 10 --limit 512)
	budget faults "$PICOSOCKS5" --log=none "${limits[@]}" >/dev/null
	count_calls session 93 "${limits[@]}"
}

# UDP ASSOCIATE with a datagram there and back:
#
#     30   as above, up to the request; one socket to tune, one read less
#      1   the address that the client reached
#     15   the relay socket, one for IPv4 and one for IPv6; their buffers and fragments
#      3   the reply, the memory of the association, the descriptor of its lookups
#      7   a datagram, and the connection to its sender; the answer
#      2   what the control connection brings, which is dropped
#      2   its end
#      8   close, end the stream, log, exit
@test "an association that asks for no flags takes at most 71 system calls without the sandbox" {
	count_calls association 71 --no-sandbox
}

# Not exact: at a fault the kernel also maps neighbouring pages that are in its cache.
@test "the page faults of a session can be counted" {
	faults=$(budget faults "$PICOSOCKS5" --log=none)
	echo "# $faults page faults" >&3
	[ "$faults" -gt 0 ]
}

@test "an idle relayed session owns little memory" {
	[ "$(id -u)" -eq 0 ] || skip "needs root: no other may look into the process"
	[ -e /proc/self/smaps_rollup ] || skip "no /proc/PID/smaps_rollup"
	[ "$(getconf PAGESIZE)" -eq 4096 ] || skip "the figures are for pages of 4 KiB"
	limit=110
	if is_static; then
		limit=64
		if is_musl; then limit=24; fi
	fi
	# Pages of the program that are not on the disk yet would count as the session's own.
	sync "$PICOSOCKS5"
	kib=$(budget memory $limit "$PICOSOCKS5")
	echo "# $kib KiB private, of $limit" >&3
	[ "$kib" -le $limit ]
}
