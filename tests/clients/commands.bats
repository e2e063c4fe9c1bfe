#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# BIND, UDP ASSOCIATE and RESOLVE with clients that others wrote, where the matrix does not test them.

load ../lib/promise
load lib

@test "socksify carries an active-mode FTP transfer (BIND)" {
	play ftp_through_socksify
}

@test "Perl's IO::Socket::Socks uses BIND and UDP on a gateway with an inner and an outer address" {
	perl -MIO::Socket::Socks -e1 2>/dev/null || skip "needs Perl's IO::Socket::Socks"
	play gateway_with_perl
}

@test "socksify sends and receives datagrams" {
	play datagrams_through_socksify
}

@test "PySocks gets bursts of datagrams of QUIC's size, as many as a socket holds" {
	python_needs socks
	play quic_bursts
}

@test "tor-resolve (names, addresses, SOCKS4) and torsocks get answers" {
	play tor_tools
}
