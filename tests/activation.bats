#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# One process, one client: which descriptors are the client, what its address is, what is refused.

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

@test "with LISTEN_FDS=1, a TCP connection on descriptor 3 is the client" {
	play listen_fds
}

@test "with LISTEN_FDS=1, an AF_UNIX connection on descriptor 3 is the client" {
	play listen_fds_unix
}

@test "an activated descriptor is the client, even if 0 is a socket as well" {
	play activated_before_inetd
}

@test "LISTEN_FDS is ignored if LISTEN_PID names another process, or none" {
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

@test "a datagram socket is refused as a client, and so is a file on descriptor 3" {
	play datagram_socket
}

@test "a positional argument is refused, and the message says who listens" {
	play positional_argument
}

@test "descriptor 2 is never written to if it is the client's connection" {
	play stderr_of_client
}

@test "descriptor 2 is never written to if it is the pipe that the client reads" {
	play stderr_in_pipe_of_client
}

@test "a usage error is one line on descriptor 2 if that is not the client's connection" {
	play usage_message
}

@test "the client's address is the one of its socket" {
	play address_of_socket
}

@test "a client on another host is logged by its address, and the rules see that address" {
	play client_on_another_host
}

@test "if the descriptors have no address, the superserver's variables name the client" {
	play variables_of_superservers
}

@test "a loopback address in the variables is local" {
	play loopback_in_variables
}

@test "the environment is believed only if the descriptors have no address" {
	play socket_before_variables
}

@test "the client of stunnel is the one that it names, also if it hands over a TCP connection to itself" {
	play pair_of_stunnel
}

@test "a client is not local if a variable names its address but cannot be understood" {
	play variables_not_understood
}

@test "a client is not local if an unknown superserver's variable names its address" {
	play unknown_superserver
}

@test "a client on a unix socket of socat is local" {
	play socat_on_unix_socket
}

@test "the exit status is 0 if the client has left already, or sends nothing" {
	play gone_or_silent
}

@test "descriptors that were closed at the start get no byte of the session" {
	play closed_descriptors
}

@test "inherited descriptors are closed" {
	play inherited_descriptors
}

@test "an inherited signal mask, disposition or umask changes nothing" {
	play inherited_signals_and_umask
}

@test "non-blocking descriptors serve as well as blocking ones" {
	play nonblocking_descriptors
}

@test "descriptor 2, which others may share, stays blocking or non-blocking as it was" {
	play shared_stderr
}

@test "if the configuration can't be used, the connection is closed without an answer" {
	play unusable_configuration
}
