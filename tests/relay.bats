#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The relay: no byte is lost, reordered, doubled or held back, and an end or a reset is passed on as
# such.

load lib/promise

@test "every byte arrives, in order, in both directions" {
	play bytes_in_order
}

@test "256 MiB arrive whole" {
	play large_transfer
}

@test "every byte arrives when both directions carry data at once" {
	play both_directions
}

@test "every byte arrives when pieces of random size are sent and read" {
	play random_pieces
}

@test "a slow reader gets every byte, and does not slow down the other direction" {
	play slow_reader
}

@test "no byte is held back in the proxy" {
	play nothing_held_back
}

@test "the client's end of file is passed on, and the answer still arrives" {
	play end_passed_on client
}

@test "the destination's end of file is passed on, and the client's data still arrives" {
	play end_passed_on destination
}

@test "an idle session sleeps: it uses no CPU time, does not wake up, and does not end" {
	play rests_without_traffic
}

@test "a reset of the destination is a reset for the client, with nothing lost before it" {
	play reset_passed_on destination
}

@test "a reset of the client is a reset for the destination, with nothing lost before it" {
	play reset_passed_on client
}

@test "a reset in the middle of a transfer never becomes a clean end" {
	play reset_in_transfer
}

@test "a destination that closes with unread data resets the client" {
	play closed_with_data_unread
}

@test "a client that uploads over a unix socket sees a reset when the upload is cut off" {
	play unix_upload_cut_off
}

@test "on pipes and unix sockets a cut-off download ends, and the log says end=reset" {
	play download_cut_off
}

@test "a client on pipes that stops reading is a reset for the destination, with nothing lost before it" {
	play pipes_read_no_more
}

@test "a client that closes without a reset ends the session in order, on any descriptors" {
	play close_without_reset
}

@test "urgent data stays in the stream and stops nothing" {
	play urgent_data
}

@test "when a reader stops, the writer has to wait, and memory stays bounded" {
	play stopped_reader
}

@test "an idle session holds no pipe, and its sockets are set up for the long run" {
	play idle_session
}

# TCP_USER_TIMEOUT cuts off living peers: a reader that pauses for longer, a host whose probe was
# lost.
@test "no command sets TCP_USER_TIMEOUT" {
	play no_user_timeout
}

# Other pipes use up the user's limit, as 2,000 sessions with bulk data would.
@test "bulk data goes through a pipe if the user may have one, and arrives without one too" {
	play pipe_if_there_is_room
}

@test "the idle timeout ends a session in order" {
	play idle_timeout
}

@test "a byte in either direction restarts the idle timeout" {
	play any_byte_is_activity
}

@test "the lifetime ends a session in order, however busy it is" {
	play lifetime
}

@test "SIGTERM ends a session in order, in any phase" {
	play sigterm_in_any_phase
}

@test "data that the proxy has read is passed on before SIGTERM ends the session" {
	play sigterm_passes_on_data
}

@test "sockets, pipes and files may be mixed on 0 and 1" {
	play mixed_descriptors
}
