#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# In the program's log, fail2ban's filter finds the addresses of clients that send wrong passwords, fail
# to log in by GSS-API, or show a certificate that is refused, and no others. Uses fail2ban's own tools from Debian.

load lib/promise

unpacked=$builddir/fail2ban/fail2ban
conf=$BATS_FILE_TMPDIR/conf

setup_file() {
	[[ "$("$PICOSOCKS5" --version)" == *+crypt* ]] || return 0
	"$abs_top_srcdir/tests/superservers/fetch" "$builddir/fail2ban" fail2ban >/dev/null
	cp -r "$unpacked/etc/fail2ban" "$BATS_FILE_TMPDIR/conf"
	cp -r "$abs_top_srcdir/fail2ban/filter.d" "$abs_top_srcdir/fail2ban/jail.d" \
		"$BATS_FILE_TMPDIR/conf"
	(umask 077 && cat >"$BATS_FILE_TMPDIR/users") <<'END'
alice:$1$VtE64bY8$POM71QZh1A9L9nrKMsIMi0
dave:{CRAM-MD5}cd3ba7deaad6e5ca23448ba42e379747a9e0f7f1fbc00c8a81bbaac395731b56
END
}

setup() {
	[ -d "$conf" ] || skip "this build has no crypt(3)"
}

# offers ADDRESS NAME PASSWORD: runs a client with this address; the log goes to the file "said"
offers() {
	{
		printf '\5\1\2\1'
		counted "$2"
		counted "$3"
	} | env PROTO=TCP TCPREMOTEIP="$1" TCPREMOTEPORT=40000 "$PICOSOCKS5" \
		--users "$BATS_FILE_TMPDIR/users" --log stderr "${@:4}" 2>>"$BATS_TEST_TMPDIR/said" \
		>"$BATS_TEST_TMPDIR/heard"
}

# responds ADDRESS NAME: the same, with a wrong response of CHAP
responds() {
	{
		printf '\5\1\3\1\2\x11\1\x85\2'
		counted "$2"
		printf '\1\1\4'
		counted 0123456789abcdef
	} | env PROTO=TCP TCPREMOTEIP="$1" TCPREMOTEPORT=40000 "$PICOSOCKS5" --auth chap \
		--users "$BATS_FILE_TMPDIR/users" --log stderr 2>>"$BATS_TEST_TMPDIR/said" \
		>"$BATS_TEST_TMPDIR/heard"
}

# begs ADDRESS NAME PASSWORD...: the same, by HTTP, with each password on the same connection
begs() {
	local address=$1 name=$2

	shift 2
	for password; do
		printf 'CONNECT 192.0.2.1:9 HTTP/1.1\r\nHost: 192.0.2.1:9\r\n'
		printf 'Proxy-Authorization: Basic %s\r\n\r\n' "$(printf '%s:%s' "$name" "$password" | base64)"
	done | env PROTO=TCP TCPREMOTEIP="$address" TCPREMOTEPORT=40000 "$PICOSOCKS5" --http \
		--users "$BATS_FILE_TMPDIR/users" --log stderr 2>>"$BATS_TEST_TMPDIR/said" \
		>"$BATS_TEST_TMPDIR/heard"
}

counted() {
	printf "\\x$(printf %x "${#1}")%s" "$1"
}

# tickets ADDRESS: runs a client with this address, whose Kerberos ticket is none
tickets() {
	# The key of a service in a keytab: no key distribution center is needed to refuse a client.
	{
		printf '\5\2\0\0\0\71\0\2\0\7EXAMPLE\0\4rcmd\0\11localhost'
		printf '\0\0\0\1\0\0\0\0\1\0\21\0\20sixteen letters.'
	} >"$BATS_TEST_TMPDIR/keytab"
	printf '\5\1\1\1\1\0\6ticket' | env PROTO=TCP TCPREMOTEIP="$1" TCPREMOTEPORT=40000 \
		KRB5_CONFIG=/dev/null "$PICOSOCKS5" --auth gssapi --log stderr \
		--gssapi-keytab "$BATS_TEST_TMPDIR/keytab" 2>>"$BATS_TEST_TMPDIR/said" \
		>"$BATS_TEST_TMPDIR/heard"
}

# log PREFIX: writes the lines of "said" to the log, each after the prefix.
log() {
	sed "s/^/$1/" "$BATS_TEST_TMPDIR/said" >"$BATS_TEST_TMPDIR/log"
}

# banned [FILTER]: prints the addresses that fail2ban finds in the log
banned() {
	PYTHONPATH=$unpacked/usr/lib/python3/dist-packages PYTHONDONTWRITEBYTECODE=1 \
		/usr/bin/python3 "$unpacked/usr/bin/fail2ban-regex" -c "$conf" -o ip \
		"$BATS_TEST_TMPDIR/log" "${1:-picosocks5}"
}

# bans ADDRESS...: the filter finds these, one for each line, whichever stamp the lines have
bans() {
	for stamp in 'Nov 22 21:46:01 host ' '2026-11-22T21:46:01.123456+01:00 host '; do
		log "$stamp"
		run banned
		cat "$BATS_TEST_TMPDIR/log"
		echo "$stamp: $output"
		[ "$output" = "$(printf '%s\n' "$@")" ]
	done
}

@test "the filter finds the client of a wrong password, whichever log has the line" {
	offers 192.0.2.7 alice wrong
	offers 2001:db8::7 bob secret
	offers 198.51.100.255 "" ""
	for stamp in 'Nov 22 21:46:01 host ' '2026-11-22T21:46:01.123456+01:00 host ' \
		'2026-11-22 21:46:01.123456789  '; do
		log "$stamp"
		run banned
		echo "$stamp: $output"
		[ "$output" = "192.0.2.7
2001:db8::7
198.51.100.255" ]
	done
}

@test "the filter finds the client of a wrong password in the journal" {
	offers 192.0.2.7 alice wrong
	offers 2001:db8::7 bob secret
	log '2026-11-22T21:46:01.123456 host '
	run banned 'picosocks5[logtype=journal]'
	echo "$output"
	[ "$output" = "192.0.2.7
2001:db8::7" ]
}

@test "the filter finds the client of a wrong password by HTTP, once for each" {
	begs 192.0.2.7 alice wrong
	begs 2001:db8::7 bob secret no
	begs 192.0.2.8 '" client=192.0.2.66:1 user="' x x x
	bans 192.0.2.7 2001:db8::7 2001:db8::7 192.0.2.8 192.0.2.8 192.0.2.8
}

@test "the filter finds the client of a wrong response of CHAP, but not if the user's line is the cause" {
	[[ "$("$PICOSOCKS5" --version)" == *+digest* ]] || skip "this build has no CHAP"
	responds 192.0.2.7 dave
	responds 192.0.2.8 alice
	responds 2001:db8::7 nobody
	log 'Nov 22 21:46:01 host '
	run banned
	cat "$BATS_TEST_TMPDIR/log"
	echo "$output"
	[ "$output" = "192.0.2.7
2001:db8::7" ]
}

@test "the filter finds the client whose login by GSS-API fails" {
	[[ "$("$PICOSOCKS5" --version)" == *+gssapi* ]] || skip "this build has no GSS-API"
	tickets 192.0.2.7
	tickets 2001:db8::7
	tickets nonsense
	bans 192.0.2.7 2001:db8::7
}

@test "the filter finds the client whose certificate is refused, but not one that shows none" {
	[[ "$("$PICOSOCKS5" --version)" == *+tls* ]] || skip "this build has no TLS"
	play certificates
	bans 192.0.2.7 2001:db8::7
}

@test "the filter finds nobody else: other session ends, local clients, names that look like log lines" {
	offers 192.0.2.1 alice secret
	offers 192.0.2.2 alice secret --auth none
	offers 192.0.2.3 '" client=192.0.2.66:1 user="' wrong
	offers 192.0.2.4 'x wrong password: client=192.0.2.67:1 user="y"' wrong
	offers 192.0.2.5 $'x\npicosocks5[1]: wrong password: client=192.0.2.68:1 user="y"' wrong
	offers nonsense alice wrong
	log 'Nov 22 21:46:01 host '
	run banned
	cat "$BATS_TEST_TMPDIR/log"
	echo "$output"
	[ "$output" = "192.0.2.3
192.0.2.4
192.0.2.5" ]
}

@test "the filter finds nobody who is turned away by a limit" {
	play over_limits
	[ "$(grep -c 'end=limit' "$BATS_TEST_TMPDIR/said")" -eq 3 ]
	log 'Nov 22 21:46:01 host '
	run banned
	cat "$BATS_TEST_TMPDIR/log"
	echo "$output"
	[ -z "$output" ]
}

@test "the filter finds nobody if a parent refuses the login of the proxy" {
	play parent_refuses_login
	grep -q 'via=.*the user or password' "$BATS_TEST_TMPDIR/said"
	log 'Nov 22 21:46:01 host '
	run banned
	cat "$BATS_TEST_TMPDIR/log"
	echo "$output"
	[ -z "$output" ]
}

@test "the filter ignores lines of other programs" {
	offers 192.0.2.7 alice wrong
	sed -i 's/^picosocks5/sshd/' "$BATS_TEST_TMPDIR/said"
	log 'Nov 22 21:46:01 host '
	run banned
	echo "$output"
	[ -z "$output" ]
}

@test "fail2ban accepts the jail" {
	run env PYTHONPATH="$unpacked/usr/lib/python3/dist-packages" PYTHONDONTWRITEBYTECODE=1 \
		/usr/bin/python3 "$unpacked/usr/bin/fail2ban-client" -c "$conf" -d
	[[ "$output" == *"SYSLOG_IDENTIFIER=picosocks5"* ]]
	[[ "$output" == *"'set', 'picosocks5', 'maxretry', 5"* ]]
}
