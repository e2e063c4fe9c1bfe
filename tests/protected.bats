#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# What is inside the protection of GSS-API (RFC 1961): nothing is lost, and whatever was changed on
# its way ends the session.

load lib/promise
load lib/once.bash
load lib/kdc.bash

setup_file() {
	kdc_start
}

teardown_file() {
	kdc_stop
}

@test "64 MiB each way at once arrive unchanged at each level of protection" {
	play both_directions
}

@test "messages may be cut at every byte" {
	play cut_at_every_byte
}

@test "the level, the request and early data may arrive together" {
	play all_at_once
}

@test "a request may come in several frames, and a frame may hold a request and early data" {
	play frames_are_not_messages
}

@test "frames without payload are skipped, and the largest frames are understood" {
	play smallest_and_largest
}

@test "the end of one direction is passed on, and the other goes on" {
	play half_close
}

@test "a client that reads slowly or writes byte by byte loses nothing" {
	play slow_client
}

@test "a client that does not read stops the upstream, and gets all when it reads" {
	play paused_client
}

@test "SIGTERM, the idle timeout and the lifetime end a protected session in order" {
	play ended_in_order
}

@test "a failure reply is inside the protection" {
	play failure_protected
}

@test "BIND: both replies and the data are inside the protection" {
	play bind_protected
}

@test "UDP ASSOCIATE: datagrams are inside the protection" {
	play datagrams_protected
}

@test "GSS-API inside TLS: both directions and the end of each, at every level" {
	play inside_tls
}

@test "a datagram that is damaged, replayed, or not protected as agreed is dropped; a late one is not" {
	play datagrams_refused
}

@test "a datagram that was recorded is dropped, however late it comes again, whatever the client checks" {
	play datagrams_replayed
}

@test "lost datagrams leave the control connection as it is, although both have one count of numbers" {
	play datagrams_lost
}

@test "a frame that does not verify resets both sides, after the bytes before it were delivered" {
	play bad_frames
}

@test "a frame that is replayed, missing or out of order resets both sides" {
	play bad_order
}

@test "an end within a frame is a reset, and not an end" {
	play end_within_frame
}

@test "a bad frame in place of the request ends the session, and nothing is asked for" {
	play bad_request
}

@test "a reset of the upstream is a reset for the client" {
	play upstream_reset
}

@test "the sandbox is in force with gssapi, and the relay makes only the calls on its list" {
	play sandboxed
}
