#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Clients that others wrote, which speak HTTP to the proxy (--http): webclients.py. Their origin is
# nginx, whose log has what arrived: origin.py.

load ../lib/promise

setup() {
	needs apt-get chromium-headless-shell curl dpkg-deb git nginx npm openssl wget
}

@test "the origin gets each client's request with Host and Via, and never the proxy's password; each session is logged" {
	play origin_sees
}

@test "each HTTP client is refused with a wrong password and without one, in its own words" {
	play right_password_alone
}

@test "HTTP clients need no password where none is asked for, Chromium by --proxy-server alone" {
	play without_password
}

@test "HTTP clients report what the rules deny as 403, and a destination that refuses as 502" {
	play errors_of_refusals
}

@test "behind haproxy, HTTP clients are known by the address that the PROXY header names" {
	needs haproxy
	play behind_haproxy
}
