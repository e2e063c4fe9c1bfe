#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# TLS in the modes that serve nobody: --check reads the certificate, its key and the CAs of clients
# as a session does, and --explain tells clients inside TLS, and with a certificate, from others.

load lib/promise

@test "a good certificate draws no warning, and the settings say until when it is valid" {
	play good
}

@test "a certificate that has expired, expires soon or is not valid yet is a warning with the time" {
	play validity
}

@test "an expired certificate in the chain, and an expired CA of clients, are warnings that name it" {
	play others_expired
}

@test "a file that is missing, or has no certificate or no key, is a mistake that names it" {
	play unusable
}

@test "a key with a passphrase, and a key of another certificate, are mistakes" {
	play wrong_key
}

@test "a key that OpenSSL's security level 2 refuses is a mistake, and such a CA is a warning" {
	play weak
}

@test "a key that others may read or write is a warning, also in the certificate's file" {
	play readable_key
}

@test "root's check reads the files as the service's user, and credentials with its own rights" {
	play rights
}

@test "without libssl, tls-certificate is a mistake" {
	play no_library
}

@test "--check warns of methods before tls that do without it, and of a tls that is never used" {
	play before_tls
}

@test "socks4 and http draw no warning where certificate, or tls alone, lets clients in" {
	play silent_clients
}

@test "--explain says which logins need TLS, and that a certificate gives a name whatever is listed first" {
	play explained
}

@test "the options of TLS under the names of other servers are answered" {
	play foreign
}
