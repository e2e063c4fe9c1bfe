#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The options of TLS: the mistakes that --check reports, the settings in force, and what a client
# without a certificate gets where `auth` lists the method certificate.

load lib/promise

@test "options of TLS without those that they need are mistakes, with their place and the remedy" {
	play mistakes
}

@test "the default of auth is certificate with tls-clients, and certificate,password with users" {
	play defaults
}

@test "relative paths begin in the folder of the configuration file" {
	play relative
}

@test "a client without TLS gets 05 FF where only certificates log in, even if it offers 254 and 255" {
	play without_certificate
}

@test "--check warns of tls-clients that log nobody in; --explain says what it can't know" {
	play advice
}
