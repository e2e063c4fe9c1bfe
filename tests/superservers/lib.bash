# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by the bats files here: one booted machine for a file, with the project installed in it
# by `make install`, and destinations for clients to reach. Not for sourcing elsewhere.
# shellcheck shell=bash

# shellcheck source=tests/lib/once.bash
. "${abs_top_srcdir:?}/tests/lib/once.bash"

here=${abs_top_srcdir:?}/tests/superservers
build=${abs_top_builddir:?}
bare=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

# scale FULL SMALL: SMALL is enough to see a promise kept; FULL is the number in units/ or inetd/.
scale() { # scale FULL SMALL
	if [ "${PICOSOCKS5_TEST_SCALE:-}" = small ]; then echo "$2"; else echo "$1"; fi
}

# Skips the file if no machine with the project can be made. Call this first.
machine_possible() {
	local why
	if ! why=$("$here/machine" possible 2>&1); then
		skip_file "$why"
	elif [ -z "${PICOSOCKS5_PACKAGED:-}" ]; then
		export systemdsystemunitdir=$(make_value systemdsystemunitdir)
		case $systemdsystemunitdir in
		'' | /usr/local/lib/systemd/system | /usr/lib/systemd/system | /lib/systemd/system) ;;
		*) skip_file "systemd would not look for units in $systemdsystemunitdir" ;;
		esac
	fi
	[ -z "${skip_reason:-}" ]
}

machine_start() {
	box=$BATS_FILE_TMPDIR/machine
	mkdir -p "$box"
	export box
	setpriv --pdeathsig TERM "$here/machine" boot "$box" >"$box.out" 2>&1 3>&- &
	machine_pid=$!
	export machine_pid
	until [ -e "$box/up" ]; do
		kill -0 "$machine_pid" || { cat "$box.out" >&2; return 1; }
		sleep 0.05
	done
}

machine_stop() {
	[ -n "${machine_pid:-}" ] || return 0
	kill "$machine_pid" 2>/dev/null || :
	wait "$machine_pid" 2>/dev/null || :
}

# in_machine COMMAND...: runs it as root on the booted machine
in_machine() {
	PATH=$bare "$here/machine" run "$box" "$@"
}

# sh_machine SCRIPT [ARG]...: the same with a shell
sh_machine() {
	local script=$1
	shift
	in_machine sh -euc "$script" sh "$@"
}

# Types what an administrator types, with the program under test in place of the installed one. The
# variables sbindir, sysconfdir and pkgdatadir name the folders.
machine_install() {
	local name value
	if [ -n "${PICOSOCKS5_PACKAGED:-}" ]; then
		export sbindir=/usr/sbin sysconfdir=/etc pkgdatadir=/usr/share/picosocks5
		in_machine systemctl cat picosocks5.socket >/dev/null
		return
	fi
	for name in sbindir sysconfdir pkgdatadir; do
		value=$(make_value "$name")
		export "$name=$value"
	done
	in_machine make -s -C "$build" install >/dev/null
	in_machine install -m 755 "${PICOSOCKS5:?}" "$sbindir/picosocks5"
	in_machine systemd-sysusers
	in_machine systemctl daemon-reload
}

# Starts web, DNS and UDP echo servers on the machine's loopback: see origin.py.
machine_origin() {
	in_machine cp "$here/origin.py" "$here/client.py" /run/
	sh_machine 'echo nameserver 127.0.0.1 >/etc/resolv.conf
		echo "hosts: files dns" >/etc/nsswitch.conf'
	in_machine systemd-run --quiet --unit=origin --property=Type=notify \
		/usr/bin/python3 -u /run/origin.py
}

# fetch PROXY-URL [CURL-OPTION]...: prints the web server's page, fetched through the proxy
fetch() {
	in_machine curl -sS --max-time 60 --proxy "$1" "${@:2}" "http://web.example:8000/hello"
}

client() {
	in_machine /usr/bin/python3 /run/client.py "$@"
}

# hold PROXY COUNT [SOURCE]...: see client.py; its output is in $held. release ends these sessions.
hold() {
	held=$BATS_TEST_TMPDIR/held
	mkfifo "$held.go"
	# What an earlier client printed would be taken for the answer of this one.
	: >"$held"
	client hold "$@" <"$held.go" >"$held" 3>&- &
	holder=$!
	exec {go}>"$held.go"
	until_true 300 grep -q served "$held"
}

release() {
	exec {go}>&-
	wait "$holder"
	rm "$held.go"
}

# limit_of_two LIMIT PROXY CLOSED: with this limit of two in the configuration, in place of a larger one
# that the superserver's file may set, two of three sessions are served, and so many are closed at once;
# one that was let in first is refused. With LOGIN in the environment, they are those of a user.
limit_of_two() {
	until_true 60 all_gone
	sh_machine 'cp "$1" /run/no-limit.conf
		echo "$2 2" >>"$1"' "$sysconfdir/picosocks5.conf" "$1"
	hold "$2" 3
	cat "$held"
	grep -qx "served 2 closed $3" "$held"
	release
	until_true 60 all_gone
	in_machine cp /run/no-limit.conf "$sysconfdir/picosocks5.conf"
	[ "$(in_machine stat -c %a:%U /run/picosocks5/limits)" = 600:picosocks5 ]
}

# Earlier sessions would count. The busy service's user has a process of another name, too.
all_gone() {
	in_machine sh -c '! pgrep -x picosocks5 >/dev/null'
}

# until_true SECONDS COMMAND...
until_true() {
	local end=$((SECONDS + $1))
	until "${@:2}"; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.1
	done
}

# journal_says PATTERN [OPTION-OF-JOURNALCTL]...: waits for a matching entry
journal_says() {
	until_true 60 sh_machine 'journalctl --sync
		pattern=$1
		shift
		journalctl --no-pager -q -o cat "$@" | grep -- "$pattern"' "$@"
}

# status_of UNIT: prints what systemctl status says when the journal has all lines of the unit
status_of() {
	in_machine journalctl --sync
	in_machine systemctl status --no-pager "$1"
}

no_sessions() {
	[ -z "$(in_machine systemctl list-units --no-legend --plain --all 'picosocks5@*')" ]
}

# block FOLDER HEADING [N]: prints the Nth indented block below "## HEADING" in FOLDER's README.md
block() {
	awk -v want="## $2" -v nth="${3:-1}" '
		/^## / { section = $0 == want }
		!section { next }
		/^    / && !inside { n++ }
		{ inside = /^    / }
		inside && n == nth { print substr($0, 5); found = 1 }
		END { exit !found }' "$abs_top_srcdir/$1/README.md"
}

# typed FOLDER HEADING [N]: runs the block on the machine, as root, without its sudo, and in the folder
# in which the page says to begin. "today" begins at $began.
typed() {
	{
		block "$1" 'Begin here' 2>/dev/null || :
		block "$@"
	} | sed -e 's/\bsudo -u \([a-z0-9]*\) /runuser -u \1 -- /' -e 's/\bsudo //g' \
		-e "s/--since today/--since @${began-0}/" >"$BATS_TEST_TMPDIR/typed"
	cat "$BATS_TEST_TMPDIR/typed" >&2
	sh_machine "$(cat "$BATS_TEST_TMPDIR/typed")"
}

# edited FOLDER HEADING [N]: makes the block a drop-in of picosocks5.socket, as systemctl edit does.
edited() {
	block "$@" | sh_machine '
		mkdir -p /etc/systemd/system/picosocks5.socket.d
		cat >/etc/systemd/system/picosocks5.socket.d/override.conf
		systemctl daemon-reload
		systemctl restart picosocks5.socket'
}

# Makes a key and certificate where the TLS servers look for them, and their client on port 1080.
tls_files() {
	sh_machine 'openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=proxy.example \
			-keyout /run/key.pem -out /run/cert.pem 2>/dev/null
		install -D -m 600 /dev/null "$1/stunnel/picosocks5.pem"
		cat /run/key.pem /run/cert.pem | tee "$1/picosocks5.pem" >"$1/stunnel/picosocks5.pem"
		chmod 600 "$1/picosocks5.pem"
		printf "%s\n" foreground=yes pid= syslog=no debug=err "[c]" client=yes \
			accept=127.0.0.1:1080 connect=127.0.0.1:1081 CAfile=/run/cert.pem \
			verifyPeer=yes >/run/client.conf' "$sysconfdir"
}
