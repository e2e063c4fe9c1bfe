#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# One process, one client: which descriptors are the client, who it is, what is refused.

load lib/promise

@test "one socket on descriptors 0 and 1 is the client" {
	play socket_on_0_and_1
}

@test "a socket on 0 is used in both directions, whatever is on 1" {
	play socket_on_0_alone
}

@test "two pipes are the client, 0 is read and 1 is written" {
	play two_pipes
}

@test "an AF_UNIX socket is the client" {
	play unix_socket
}

@test "one of LISTEN_FDS=1 on descriptor 3 is the client" {
	play listen_fds
}

@test "an AF_UNIX connection on descriptor 3 is the client" {
	play listen_fds_unix
}

@test "the activated descriptor comes before a socket on 0" {
	play activated_before_inetd
}

@test "LISTEN_FDS meant for another process, or for none, is not ours" {
	play listen_fds_of_others
}

@test "more than one activated descriptor is a usage error" {
	play several_activated
}

@test "a terminal on 0 is refused with one line" {
	play terminal
}

@test "a listening socket is refused, and the message says what to use" {
	play listening_socket
}

@test "datagrams are no client, nor is a file on descriptor 3" {
	play datagram_socket
}

@test "a positional argument is refused, and the message says who listens" {
	play positional_argument
}

@test "descriptor 2 is never written to when it is the client's" {
	play stderr_of_client
}

@test "descriptor 2 is not written to when it is the pipe that the client reads" {
	play stderr_in_pipe_of_client
}

@test "a message about usage is one line on descriptor 2 when that is ours" {
	play usage_message
}

@test "the client's address is the one of its socket" {
	play address_of_socket
}

@test "a client on another host is who it is" {
	play client_on_another_host
}

@test "where the descriptor can't tell, the superserver's variables do" {
	play variables_of_superservers
}

@test "a loopback address in the variables is local" {
	play loopback_in_variables
}

@test "the environment is believed only where the descriptor can't tell" {
	play socket_before_variables
}

@test "a client of whom a variable says what can't be understood is not local" {
	play variables_not_understood
}

@test "a client of whom a superserver speaks that we do not know is not local" {
	play unknown_superserver
}

@test "a client of socat's on a unix socket is local" {
	play socat_on_unix_socket
}

@test "a client that is gone already, or says nothing, is no failure" {
	play gone_or_silent
}

@test "descriptors that were closed at the start get nothing of the session's" {
	play closed_descriptors
}

@test "inherited descriptors are let go of" {
	play inherited_descriptors
}

@test "an inherited signal mask, disposition or umask changes nothing" {
	play inherited_signals_and_umask
}

@test "non-blocking descriptors serve as well as blocking ones" {
	play nonblocking_descriptors
}

@test "a descriptor 2 that others share stays as blocking as it was" {
	play shared_stderr
}

@test "a configuration that can't be used closes the connection unserved" {
	play unusable_configuration
}
