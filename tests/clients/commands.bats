#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# BIND, UDP ASSOCIATE and RESOLVE with clients that nobody here wrote, as far as the matrix leaves it open.

load ../lib/promise
load lib

@test "an active-mode FTP transfer through socksify" {
	play ftp_through_socksify
}

@test "BIND and datagrams on a gateway with two sides, through Perl's IO::Socket::Socks" {
	perl -MIO::Socket::Socks -e1 2>/dev/null || skip "needs Perl's IO::Socket::Socks"
	play gateway_with_perl
}

@test "datagrams through socksify" {
	play datagrams_through_socksify
}

@test "bursts of datagrams as large as QUIC's, as many as a socket holds, through PySocks" {
	python_needs socks
	play quic_bursts
}

@test "tor-resolve, both ways and in version 4, and torsocks" {
	play tor_tools
}
