#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# --check: its verdict, whose rights it tries files with, and what it tries of the network. What it
# says of options, rules and users is in the files of these subjects.

load lib/promise

@test "--check ends with a verdict that names the file and counts users, rules and warnings" {
	play verdict
}

@test "if nothing is wrong, --check writes nothing to descriptor 2" {
	play silent_if_fine
}

@test "if there are mistakes, --check prints these and nothing else" {
	play only_mistakes
}

@test "--check by root finds each file that the user picosocks5 may not read, and its remedy helps" {
	play files_of_service
}

@test "--check by root names the folder that the user may not enter" {
	play closed_folder
}

@test "--check by root believes an access control list" {
	play access_control_list
}

@test "--as names another user, and a user that can't be taken is a mistake" {
	play as_user
}

@test "without the user picosocks5, --check by root goes on as root and warns" {
	play without_user
}

@test "--check accepts the users file that systemd hands over, and tells what to do if it does not" {
	play credential
}

@test "the password of a parent is a mistake in a file that others than the service's user may read" {
	play parent_password
}

@test "the unix socket of a parent that the service's user may not reach is a mistake" {
	play parent_socket
}

@test "a mark in via and in a rule draws the warning of the capability, with its place" {
	play route_capabilities
}

@test "a source or an interface that this host does not have is a mistake" {
	play source_and_interface
}

@test "--check warns if a setting of sockets needs a capability that the service may lack" {
	play capabilities
}

@test "--check warns if the method none stands first, and so keeps clients from logging in" {
	play none_first
}

@test "--check warns if gssapi stands before a method that curl would log in by" {
	play gssapi_first
}

@test "messages carry no process id at a terminal, nor from a mode that serves nobody" {
	play process_id
}

@test "in the journal, mistakes have the level of errors and warnings that of warnings" {
	play levels
}

@test "a session takes on nobody's rights and looks up no user" {
	play session_stays
}
