#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# TLS around the conversation: --tls-certificate and what a client inside and outside of it sees.

load lib/promise

@test "SOCKS 5 and SOCKS 4 are served inside TLS 1.2 and 1.3, and tls= tells the version" {
	play both_versions
}

@test "a client without TLS is served as before, and libssl is not loaded for it" {
	play plain_clients
}

@test "--tls-only hangs up on clients that do not begin with TLS" {
	play tls_only
}

@test "the handshake may be cut at every byte" {
	play handshake_cut
}

@test "garbage instead of a handshake or of a record ends the session as protocol" {
	play garbage
}

@test "older versions of TLS are refused, and the log has OpenSSL's words" {
	play old_version
}

@test "close_notify ends one direction, and the other goes on" {
	play half_close
}

@test "an end without close_notify is a reset" {
	play truncated
}

@test "a reset of the destination is never a close_notify" {
	play destination_reset
}

@test "a client that closes right after its close_notify ends as a reset, without other words" {
	play closed_before_the_answer_ends
}

@test "64 MiB each way at once arrive unchanged" {
	play both_directions
}

@test "a client that does not read stops the upstream, and gets all when it reads" {
	play paused_client
}

@test "SIGTERM and the idle timeout end a session with close_notify; a slow handshake is cut off" {
	play ended_in_order
}

@test "the sandbox is in force with TLS" {
	play sandboxed
}

@test "the key is not in memory while the relay runs" {
	play key_forgotten
}

@test "a certificate or a key that can't be used is status 78 for the first client of TLS" {
	play unusable_files
}

@test "a client's certificate must be signed by --tls-clients; a client without one goes on" {
	play client_certificates
}

@test "http/1.1 is chosen by ALPN if the client offers it" {
	play alpn
}

@test "a client of TLS 1.3 may change its keys and ask for ours" {
	play new_keys
}

@test "renegotiation in TLS 1.2 is refused" {
	play no_renegotiation
}
