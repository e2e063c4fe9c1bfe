#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Which clients may go where if there are no rules: local clients anywhere, others nowhere.

load lib/promise

@test "without rules a local client may go anywhere" {
	play local_client
}

@test "without rules a remote client is denied everything" {
	play remote_client
}

@test "without rules a remote user may go anywhere except to special destinations" {
	play user_from_elsewhere
}

@test "without rules a client on another host is denied everything" {
	play client_on_another_host
}

@test "a remote client that is let in reaches no special destination by accident" {
	play special_by_accident
}
