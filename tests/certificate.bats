#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The login by certificate, from the handshake to the log: who is let in, as which user, and what a
# client sees that is not.

load lib/promise

@test "a certificate logs the client in, whether it then speaks SOCKS 5, SOCKS 4 or HTTP" {
	play every_protocol
}

@test "the rules know the user of the certificate" {
	play rules
}

@test "a certificate that is expired, not valid yet, or of another CA ends the session as auth" {
	play refused_certificates
}

@test "a file with an intermediate CA alone is enough, and no other CA is trusted" {
	play intermediate_authority
}

@test "without a certificate a client logs in by its password, or is told what is missing" {
	play without_certificate
}

@test "of certificate and password, the first one in auth that the client can use counts" {
	play order
}

@test "a password that is wrong is not made good by the certificate" {
	play wrong_password
}

@test "HTTP's Basic takes the certificate's place only where auth lists the password first" {
	play http_passwords
}

@test "a common name has 1 to 255 bytes of UTF-8 and no NUL, and there is one of it" {
	play common_names
}

@test "the number 254, which stands for the certificate inside the program, is no method" {
	play number_254
}

@test "behind a load balancer, the address in the PROXY header is the one in both lines" {
	play balancer
}

@test "the process's title shows the user of the certificate" {
	play title
}

@test "a client with a certificate that does not offer the method none is told so" {
	play other_methods
}
