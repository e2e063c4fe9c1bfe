#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Tests the files of inetd/, as installed, under their superservers.
# All run on one booted machine, each as a service for the time of its test.

load lib.bash

proxy=socks5h://127.0.0.1:1080

setup_file() {
	machine_possible || return 0
	machine_start
	machine_install
	machine_origin
	"$here/fetch" "$build/superservers" >/dev/null
	in_machine ln -s "$build/superservers" /run/unpacked
	in_machine mkdir -p /run/service
}

teardown_file() {
	machine_stop
}

teardown() {
	[ -n "${box:-}" ] || return 0
	in_machine systemctl stop 'under-test*'
	in_machine systemctl reset-failed
	sh_machine 'rm -rf /run/service/* /run/log-of-test /run/picosocks5'
}

# start UNIT-SUFFIX COMMAND...: starts a superserver and waits until it listens
start() {
	in_machine systemd-run --quiet --unit="under-test$1" --property=TimeoutStopSec=2 "${@:2}"
}

listening() { # listening PORT
	until_true 60 in_machine bash -c "exec 3<>/dev/tcp/127.0.0.1/$1" 2>/dev/null
}

# syslog_says and file_says see only lines of this test: each test begins with an empty log, in syslog
# or the journal, and in files.
syslog_says() { # syslog_says PATTERN
	journal_says "$1" -t picosocks5 --since "@$began"
}

setup() {
	skip_if_told
	began=$(date +%s)
}

file_says() { # file_says FILE PATTERN
	until_true 60 in_machine grep -q "$2" "$1"
}

serves() {
	[ "$(fetch "$@")" = "hello from the origin" ]
}

# A session runs as picosocks5, with the limits that its file sets, if it can set any.
confined() { # confined [AS FILES]
	hold 127.0.0.1:1080 1
	pid=$(in_machine pgrep -n -x picosocks5)
	in_machine grep . "/proc/$pid/limits"
	[ "$(in_machine ps -o user= -p "$pid")" = picosocks5 ]
	[ -z "${1-}" ] || in_machine grep -q "^Max address space *$1 " "/proc/$pid/limits"
	[ -z "${1-}" ] || in_machine grep -q "^Max open files *$2 " "/proc/$pid/limits"
	release
}

# Checks how many of COUNT clients from one address are served, and how many are closed.
at_once() { # at_once COUNT 'served N closed M'
	until_true 60 all_gone
	hold 127.0.0.1:1080 "$1"
	cat "$held"
	# A superserver that has stopped says why.
	grep -q "$2" "$held" || { in_machine journalctl --no-pager -n 40; false; }
	release
}

# Superservers without a run script find this folder: systemd-tmpfiles makes it so when a host boots.
folder() {
	in_machine install -d -m 750 -o picosocks5 -g picosocks5 /run/picosocks5
}

# What the program limits itself: sessions of a client, by the number in the superserver's file and by that
# of the administrator, and sessions of a user.
counts() {
	at_once 130 'served 128 closed 2'
	limit_of_two limit-client 127.0.0.1:1080 1
	of_a_user 127.0.0.1:1080
}
of_a_user() { # of_a_user PROXY
	sh_machine 'cp "$1" /run/no-users.conf
		install -m 640 -g picosocks5 /dev/null /etc/picosocks5.users
		printf "%s\n" "$2" >/etc/picosocks5.users
		echo users /etc/picosocks5.users >>"$1"' "$sysconfdir/picosocks5.conf" \
		'alice:$6$pFhTMZbAQRpHkJV.$Zl7Crs1yccWZW9xvMaGQEeMOlUi3NntMeD0NuR7P2tA3wIO8VfXL/FztzpeE0C5.zyWxS7xMfYceKqOmkrbCm0'
	LOGIN=alice:secret limit_of_two limit-user "$1" 0
	in_machine mv /run/no-users.conf "$sysconfdir/picosocks5.conf"
}

# With 512 sessions from these SOURCES, N from each, the next client waits, or is closed at once.
full() { # full waits|closed N SOURCE...
	[ "$(scale full small)" = full ] || return 0
	until_true 60 all_gone
	hold 127.0.0.1:1080 "${@:2}"
	cat "$held"
	grep -qx 'served 512 closed 0' "$held"
	run fetch $proxy --interface 127.0.0.99 --max-time 2
	echo "$output"
	# curl: 28 is its time-out.
	if [ "$1" = waits ]; then [ "$status" -eq 28 ]; else [ "$status" -ne 28 ]; fi
	[ "$status" -ne 0 ]
	release
	until_true 60 serves $proxy
}
four=(127.0.0.1 127.0.0.2 127.0.0.3 127.0.0.4)

# Fetches by way of this route.
run_by() { # run_by ROUTE PROXY
	sh_machine 'cp "$1" /run/before.conf
		echo "allow \"to any,loopback via $2\"" >"$1"' "$sysconfdir/picosocks5.conf" "$1"
	run fetch "$2"
	in_machine mv /run/before.conf "$sysconfdir/picosocks5.conf"
	echo "$output"
}

# `same` needs to know which address the client has reached.
same_is() { # same_is known|unknown PROXY
	run_by same "$2"
	if [ "$1" = known ]; then
		[ "$output" = "hello from the origin" ]
	else
		[ "$status" -eq 97 ] # curl: the proxy refuses
	fi
}
not_known='end=failed error="the route has same, but the address that the client reached is not known"'

# The same service serves HTTP as soon as the configuration has the line "http", and TLS with a
# certificate: within the limits of its file, and without a restart.
also_http_and_tls() {
	local crt=/etc/picosocks5.crt
	sh_machine 'cp "$1" /run/before.conf
		echo http >>"$1"' "$sysconfdir/picosocks5.conf"
	serves http://127.0.0.1:1080
	serves http://127.0.0.1:1080 --proxytunnel
	if "$PICOSOCKS5" --version | grep -q +tls; then
		sh_machine 'openssl req -x509 -newkey rsa:3072 -nodes -days 30 -subj /CN=127.0.0.1 \
				-addext subjectAltName=IP:127.0.0.1 -keyout /etc/picosocks5.key -out "$2" 2>/dev/null
			chgrp picosocks5 /etc/picosocks5.key
			chmod 640 /etc/picosocks5.key
			printf "%s\n" "tls-certificate $2" "tls-key /etc/picosocks5.key" >>"$1"' \
			"$sysconfdir/picosocks5.conf" $crt
		serves https://127.0.0.1:1080 --proxy-cacert $crt
		serves https://127.0.0.1:1080 --proxytunnel --proxy-cacert $crt
		[ "$(client tls 127.0.0.1:1080 127.0.0.1 $crt)" = "hello from the origin" ]
		serves $proxy
		run fetch https://127.0.0.1:1080
		[ "$status" -eq 60 ] # curl: the certificate is not trusted
	fi
	in_machine mv /run/before.conf "$sysconfdir/picosocks5.conf"
	same_is known $proxy
	# The user of the sessions lacks the capability for a mark.
	run_by mark:7 $proxy
	[[ $status -eq 97 && $output == *"(1)"* ]]
}

@test "openbsd-inetd: serves, with HTTP and TLS as well, logs by syslog, 128 sessions for one address, is not turned off by 300 connections" {
	folder
	in_machine cp "$pkgdatadir/inetd/inetd.conf" /run/inetd.conf
	start '' /run/unpacked/openbsd-inetd/usr/sbin/inetd -i /run/inetd.conf
	listening 1080
	serves $proxy
	syslog_says 'client=127.0.0.1:.*dest=web.example:8000'
	confined
	also_http_and_tls
	counts
	syslog_says 'client=127.0.0.1:.*end=limit'
	client burst 127.0.0.1:1080 300 1
	serves $proxy
	client rude 127.0.0.1:1080 "$(scale 290 58)"
	serves $proxy
}

@test "openbsd-inetd: after 3000 connections in a minute, clients are turned away" {
	[ "$(scale full small)" = full ] || skip "3000 sessions: not at small scale"
	in_machine cp "$pkgdatadir/inetd/inetd.conf" /run/inetd.conf
	start '' /run/unpacked/openbsd-inetd/usr/sbin/inetd -i /run/inetd.conf
	listening 1080
	until_true 300 turned_away
}

# Makes 3000 more connections, and again if they took more than a minute.
turned_away() {
	client knock 127.0.0.1:1080 3000
	! serves $proxy
}

@test "inetutils-inetd: serves, with HTTP and TLS as well, logs by syslog, holds limits of a client" {
	folder
	in_machine cp "$pkgdatadir/inetd/inetd.conf" /run/inetd.conf
	start '' --property=Type=forking --property=PIDFile=/run/inetd.pid \
		/run/unpacked/inetutils-inetd/usr/sbin/inetutils-inetd /run/inetd.conf
	listening 1080
	serves $proxy
	syslog_says 'client=127.0.0.1:.*dest=web.example:8000'
	confined
	also_http_and_tls
	limit_of_two limit-client 127.0.0.1:1080 1
	client burst 127.0.0.1:1080 50 1
	serves $proxy
}

@test "xinetd: serves, with HTTP and TLS as well, logs by syslog, 128 sessions for one address, limits users, survives a burst" {
	folder
	in_machine cp "$pkgdatadir/inetd/xinetd" /run/xinetd.conf
	start '' /run/unpacked/xinetd/usr/sbin/xinetd -dontfork -f /run/xinetd.conf
	listening 1080
	serves $proxy
	syslog_says 'client=127.0.0.1:.*dest=web.example:8000'
	confined 268435456 256
	also_http_and_tls
	at_once 130 'served 128 closed 2'
	of_a_user 127.0.0.1:1080
	full closed 128 "${four[@]}"
	client burst 127.0.0.1:1080 300 1
	until_true 60 serves $proxy
	client rude 127.0.0.1:1080 "$(scale 290 58)"
	until_true 60 serves $proxy
}

@test "tcpserver under daemontools: serves, with HTTP and TLS as well, 128 sessions for one address, limits users, logs to files" {
	in_machine cp -R "$pkgdatadir/inetd/tcpserver" /run/service/
	start '' svscan /run/service
	listening 1080
	serves $proxy
	file_says /run/service/tcpserver/log/main/current \
		'client=127.0.0.1:.*dest=web.example:8000'
	confined 268435456 256
	also_http_and_tls
	counts
	file_says /run/service/tcpserver/log/main/current 'client=127.0.0.1:.*end=limit'
	full waits 128 "${four[@]}"
	client rude 127.0.0.1:1080 "$(scale 290 58)"
	serves $proxy
}

@test "tcpserver under runit: serves, logs to files by svlogd" {
	in_machine cp -R "$pkgdatadir/inetd/tcpserver" /run/service/
	start '' --setenv=PATH="/run/unpacked/runit/usr/bin:$bare" \
		/run/unpacked/runit/usr/bin/runsvdir /run/service
	listening 1080
	serves $proxy
	file_says /run/service/tcpserver/log/main/current \
		'client=127.0.0.1:.*dest=web.example:8000'
	confined 268435456 256
	in_machine pgrep -x svlogd
}

# under_runit FOLDER: a service with tcpserver's log serves, logs and sets its limits.
under_runit() {
	in_machine cp -R "$pkgdatadir/inetd/$1" "$pkgdatadir/inetd/tcpserver/log" /run/service/
	in_machine mv /run/service/log "/run/service/$1/"
	start '' --setenv=PATH="/run/unpacked/runit/usr/bin:$bare" \
		/run/unpacked/runit/usr/bin/runsvdir /run/service
	listening 1080
	serves $proxy
	file_says "/run/service/$1/log/main/current" 'client=127.0.0.1:.*dest=web.example:8000'
	confined 268435456 256
	same_is known $proxy
}

@test "ipsvd under runit: serves, 128 sessions for one address, limits users" {
	under_runit ipsvd
	at_once 130 'served 128 closed 2'
	of_a_user 127.0.0.1:1080
	full waits 128 "${four[@]}"
	client rude 127.0.0.1:1080 "$(scale 145 29)"
	serves $proxy
}

@test "s6-ipcserver: serves local users on a unix socket, 128 sessions for one of them, limits users of the proxy, logs by s6-log" {
	in_machine cp -R "$pkgdatadir/inetd/s6-unix" "$pkgdatadir/inetd/s6/log" /run/service/
	in_machine mv /run/service/log /run/service/s6-unix/
	start '' s6-svscan /run/service
	until_true 60 in_machine s6-svwait -U -t 1000 /run/service/s6-unix
	serves socks5h://localhost/run/picosocks5/socket
	file_says /run/service/s6-unix/log/main/current 'client=local.*dest=web.example:8000'
	in_machine setpriv --reuid nobody --regid nogroup --clear-groups \
		sh -c '! test -e /run/picosocks5/socket'
	hold /run/picosocks5/socket 130
	grep -qx 'served 128 closed 2' "$held"
	release
	serves socks5h://localhost/run/picosocks5/socket
	of_a_user /run/picosocks5/socket
	same_is unknown socks5h://localhost/run/picosocks5/socket
	file_says /run/service/s6-unix/log/main/current "client=local.*$not_known"
}

@test "s6: serves by s6-tcpserver, or else by tcpserver; 128 sessions for one address; tells when it is ready, logs by s6-log" {
	in_machine cp -R "$pkgdatadir/inetd/s6" /run/service/
	start '' s6-svscan /run/service
	until_true 60 in_machine s6-svwait -U -t 1000 /run/service/s6
	serves $proxy
	file_says /run/service/s6/log/main/current 'client=127.0.0.1:.*dest=web.example:8000'
	confined 268435456 256
	same_is known $proxy
	counts
	full waits 128 "${four[@]}"
	client rude 127.0.0.1:1080 "$(scale 145 29)"
	serves $proxy
}

@test "socat under runit: serves, 128 sessions for one address, gives the session the client's own connection, logs by svlogd" {
	under_runit socat
	counts
	file_says /run/service/socat/log/main/current 'client=127.0.0.1:.*end=limit'
	full waits 128 "${four[@]}"
	client rude 127.0.0.1:1080 "$(scale 145 29)"
	serves $proxy
}

# Superservers that tell the client's address only in the environment. 198.51.100.7 is an
# address of the machine; a client that comes from it must not count as local.
between() { # between COMMAND...
	in_machine ip address add 198.51.100.7/32 dev lo 2>/dev/null || :
	start '' "$@"
	listening 1080
	serves $proxy
	syslog_says 'client=127.0.0.1:.*dest=web.example:8000'
	run fetch $proxy --interface 198.51.100.7
	[ "$status" -eq 97 ] # curl: the proxy refuses
	syslog_says 'client=198.51.100.7:.*end=denied rule=default'
}

@test "socat, by a socketpair: a client from elsewhere is not local" {
	between socat TCP4-LISTEN:1080,reuseaddr,fork "EXEC:$sbindir/picosocks5"
}

@test "socat, by pipes: a client from elsewhere is not local" {
	between socat TCP6-LISTEN:1080,ipv6only=0,reuseaddr,fork "EXEC:$sbindir/picosocks5,pipes"
}

@test "ncat -e: a client from elsewhere is not local" {
	between ncat -k -l 1080 -e "$sbindir/picosocks5"
}

# TLS, with a client that curl can use as its proxy.
tls_client() {
	tls_files
	start -client /run/unpacked/stunnel4/usr/bin/stunnel4 /run/client.conf
	listening 1080
}

@test "stunnel in exec mode: curl through TLS, the client's address from REMOTE_HOST, 128 sessions for one address" {
	tls_client
	folder
	start '' /run/unpacked/stunnel4/usr/bin/stunnel4 "$pkgdatadir/inetd/stunnel.conf"
	listening 1081
	serves $proxy
	syslog_says 'client=127.0.0.1.*web.example'
	same_is unknown $proxy
	syslog_says "$not_known"
	# A client from elsewhere is not local.
	in_machine ip address add 198.51.100.7/32 dev lo 2>/dev/null || :
	sh_machine 'openssl s_client -quiet -bind 198.51.100.7 -connect 127.0.0.1:1081 2>/dev/null </dev/null || :'
	syslog_says 'client=198.51.100.7:.*end='
	counts
	syslog_says 'client=127.0.0.1:.*end=limit'
	client rude 127.0.0.1:1080 "$(scale 58 29)"
	serves $proxy
}

@test "tcpserver and tlswrapper: curl through TLS, the client's address from TCPREMOTEIP, 128 sessions for one address" {
	tls_client
	in_machine cp -R "$pkgdatadir/inetd/tlswrapper" /run/service/
	start '' supervise /run/service/tlswrapper
	listening 1081
	serves $proxy
	syslog_says 'client=127.0.0.1.*web.example'
	same_is known $proxy
	counts
	syslog_says 'client=127.0.0.1:.*end=limit'
	client rude 127.0.0.1:1080 "$(scale 58 29)"
	serves $proxy
}
