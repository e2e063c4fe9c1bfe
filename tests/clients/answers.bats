#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# How clients that others wrote understand the proxy: its refusals, and its demand for a password.

load ../lib/promise
load lib

setup() {
	needs curl ncat nc.openbsd node proxychains4 socksify torsocks
	python_needs socks python_socks async_timeout
	fetched npm matrix socks@2 socks-proxy-agent@8
}

@test "curl understands the proxy's reply codes" {
	play curl_reads_codes
}

@test "every client reports a refusal as an error, with the reason if it knows reasons" {
	play errors_of_refusals
}

@test "clients that send passwords are let in with the right password only" {
	play right_password_alone
}
