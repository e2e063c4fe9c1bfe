#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Further clients that nobody here wrote, whose packages are a gigabyte: only `make check-full` runs this.
# First all of further.py under some superservers; then each by itself, and what the log says of it.

load ../lib/promise
load ../superservers/lib.bash

setup_file() {
	machine_possible || return 0
	local tool
	for tool in curl nft systemd-socket-activate tcpserver; do
		command -v $tool >/dev/null || { skip_file "needs $tool"; return 0; }
	done
	"$here/fetch" "$build/superservers" xinetd >/dev/null
	machine_start
	machine_install
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR BATS_TEST_NAME=matrix inside=in_machine play <<-'END' >"$BATS_FILE_TMPDIR/table"
	from further import fill
	fill()
	END
	in_machine cat "$BATS_FILE_TMPDIR/rows.json" >"$BATS_FILE_TMPDIR/rows.json"
	sed 's/^/# /' "$BATS_FILE_TMPDIR/table" >&3
}

teardown_file() {
	machine_stop
}

# rows FAMILY: each of its rows of the table has only cells that are as they should be.
rows() {
	play "$BATS_FILE_TMPDIR/rows.json" "$1" <<-'END'
	from further import rows
	rows(*sys.argv[1:])
	END
}

@test "no session outlives its client under any of these superservers" {
	rows "all sessions have ended"
}

@test "Java's sockets, URLs and SOCKS 4 work under each superserver" {
	rows "Java"
}

@test "Go's two clients work under each superserver" {
	rows "Go"
}

@test "Perl's IO::Socket::Socks works under each superserver: CONNECT, BIND, ASSOCIATE, RESOLVE, SOCKS 4" {
	rows "Perl"
}

@test "PHP's curl works under each superserver" {
	rows "PHP"
}

@test "Qt's sockets work under each superserver: TCP, UDP, listening" {
	rows "Qt"
}

@test "GLib's GSocketClient works under each superserver" {
	rows "GLib"
}

@test "libtorrent works under each superserver: uTP, trackers by name, DHT" {
	rows "libtorrent"
}

@test "OpenVPN works under each superserver: a tunnel over UDP and one over TCP" {
	rows "OpenVPN"
}

@test "Firefox works under each superserver, with an extension's password" {
	rows "Firefox"
}

@test "Java: names stay names, the password is checked, and without one it is nobody" {
	play <<-'END'
	from further import *
	proxy = alone(JAVA)
	for what, host in ("socket", NAME), ("socket", FOUR), ("socket", SIX), ("url", NAME6):
	    java(proxy, what, host)
	check(logged(4, "user", "command", "dest"), [("alice", "connect", to) for to in (
	    f"{NAME}:{WEB}", f"{FOUR}:{WEB}", f"[{SIX}]:{WEB}", f"{NAME6}:{WEB}")])
	turned_away(lambda: java(proxy, "url", NAME, WRONG))
	proxy = served("--socks4")
	java(proxy, "socket", NAME, NOBODY)
	java(proxy, "url4", FOUR, NOBODY)
	check(logged(2, "command", "dest", "reply"), [("connect", f"{NAME}:{WEB}", "0"),
	                                              ("connect", f"{FOUR}:{WEB}", "90")])
	END
}

@test "Go: names stay names, and the password is checked" {
	play <<-'END'
	from further import *
	proxy = alone(GO)
	for what in "dial", "transport":
	    for host in NAME, SIX:
	        go(proxy, what, host)
	    check(logged(2, "user", "command", "dest"), [("alice", "connect", f"{NAME}:{WEB}"),
	                                                 ("alice", "connect", f"[{SIX}]:{WEB}")])
	    turned_away(lambda: go(proxy, what, NAME, WRONG))
	END
}

@test "Perl: each command with its user, and the password is checked" {
	play <<-'END'
	from further import *
	proxy = alone(PERL)
	is_page(perl(proxy, "connect", NAME, WEB))
	perl(proxy, "bind", FOUR)
	perl(proxy, "udp", NAME, ECHO)
	perl(proxy, "resolve", NAME)
	perl(proxy, "resolve-ptr", FOUR)
	check(logged(5, "user", "command", "dest"), [
	    ("alice", "connect", f"{NAME}:{WEB}"), ("alice", "bind", f"{FOUR}:0"), ("alice", "udp", None),
	    ("alice", "resolve", f"{NAME}:0"), ("alice", "resolve-ptr", f"{FOUR}:0")])
	turned_away(lambda: perl(proxy, "connect", NAME, WEB, WRONG))
	END
}

@test "PHP's curl: names stay names, and the password is checked" {
	play <<-'END'
	from further import *
	proxy = alone(PHP)
	for what, host in ("SOCKS5_HOSTNAME", NAME), ("SOCKS5", FOUR), ("SOCKS5", SIX):
	    php(proxy, what, host)
	check(logged(3, "user", "command", "dest"), [("alice", "connect", to) for to in (
	    f"{NAME}:{WEB}", f"{FOUR}:{WEB}", f"[{SIX}]:{WEB}")])
	turned_away(lambda: php(proxy, "SOCKS5_HOSTNAME", NAME, WRONG))
	END
}

@test "Qt: TCP, datagrams of up to 9000 bytes, and listening, each with its user; the password is checked" {
	play <<-'END'
	from further import *
	proxy = alone(QT)
	is_page(qt(proxy, "tcp", NAME, WEB))
	qt(proxy, "udp", SIX, ECHO)
	qt(proxy, "listen", FOUR)
	check(logged(3, "user", "command", "dest"), [
	    ("alice", "connect", f"{NAME}:{WEB}"), ("alice", "udp", None), ("alice", "bind", f"{FOUR}:0")])
	turned_away(lambda: qt(proxy, "tcp", NAME, WEB, WRONG))
	END
}

@test "GLib: names stay names, and the password is checked" {
	play <<-'END'
	from further import *
	proxy = alone(GIO)
	for scheme, host in ("socks5", NAME), ("socks5", SIX), ("socks", NAME):
	    gio(proxy, scheme, host)
	check(logged(3, "user", "command", "dest"), [("alice", "connect", to) for to in (
	    f"{NAME}:{WEB}", f"[{SIX}]:{WEB}", f"{NAME}:{WEB}")])
	turned_away(lambda: gio(proxy, "socks5", NAME, WRONG))
	END
}

@test "libtorrent: a file by uTP is a UDP association, with its user and all of its bytes" {
	play <<-'END'
	from further import *
	proxy = alone(LIBTORRENT)
	seed()
	check(torrent(proxy, "udp", NAME), FILE, "the file")
	(user, command, received), = logged(1, "user", "command", "received")
	check((user, command), ("alice", "udp"))
	assert int(received) > len(FILE), received
	END
}

@test "OpenVPN: a tunnel over UDP is an association, one over TCP a connection to a name" {
	play <<-'END'
	from further import *
	proxy = alone(OPENVPN)
	tunnel(proxy, "udp", FOUR)
	tunnel(proxy, "tcp", NAME)
	(udp, one, _), (tcp, other, dest) = logged(2, "command", "user", "dest")
	check((udp, one, tcp, other), ("udp", "alice", "connect", "alice"))
	assert dest.startswith(f"{NAME}:"), dest
	END
}

@test "Firefox: the log has the user whom its extension names, and the name of the page's host" {
	play <<-'END'
	from further import *
	proxy = alone(FIREFOX)
	firefox(proxy, NAME)
	check(set(logged(1, "user", "command", "dest")), {("alice", "connect", f"{NAME}:{WEB}")})
	turned_away(lambda: firefox(proxy, NAME, WRONG))
	END
}
