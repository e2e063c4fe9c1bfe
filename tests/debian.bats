# SPDX-License-Identifier: GPL-3.0-or-later
# The Debian package: built from the files that make dist would pack, checked by lintian, and then
# installed, upgraded, removed and purged on a booted machine. Needs debhelper, dpkg-dev and lintian,
# which the other tests do not need. autopkgtest runs it on the package in the archive instead.

load superservers/lib.bash

proxy=socks5h://127.0.0.1:1080

setup_file() {
	machine_possible || return 0
	for tool in dpkg-deb $([ -n "${PICOSOCKS5_PACKAGED:-}" ] || echo dh dpkg-buildpackage lintian); do
		command -v "$tool" >/dev/null || { skip_file "no $tool"; return 0; }
	done
	debs=$BATS_FILE_TMPDIR/debs
	export debs
	mkdir "$debs"
	obtain >"$debs/log" 2>&1 || { tail -n 40 "$debs/log" >&2; return 1; }
	repack second ''
	repack elsewhere 's/^ListenStream=127.0.0.1:1080/ListenStream=127.0.0.1:1082/'
	machine_start
	tar -C "$debs" -c first.deb second.deb elsewhere.deb report.deb | in_machine tar -C /run -x
	# The host may have what a new machine does not have: the package, its user, a ban on daemons.
	sh_machine 'rm -f /usr/sbin/policy-rc.d /var/lib/man-db/auto-update'
	clean
	clean_traces=$(traces)
	export clean_traces
	sysconfdir=/etc
	machine_origin
}

teardown_file() {
	machine_stop
}

# Makes the first version of the package, as $debs/first.deb.
obtain() {
	if [ -n "${PICOSOCKS5_PACKAGED:-}" ]; then
		(cd "$debs" && apt-get -q -o APT::Sandbox::User=root download picosocks5 picosocks5-report)
	else
		make_here distdir distdir="$debs/src"
		(cd "$debs/src" && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL dpkg-buildpackage -us -uc)
	fi && ln "$debs"/picosocks5_*.deb "$debs/first.deb" && ln "$debs"/picosocks5-report_*.deb "$debs/report.deb"
}

# repack NAME SCRIPT: makes a later version, with another configuration and a socket unit that sed's
# SCRIPT has changed.
repack() {
	dpkg-deb -R "$debs/first.deb" "$debs/$1"
	sed -i 's/^Version: .*/Version: 99/' "$debs/$1/DEBIAN/control"
	echo '# a new comment' >>"$debs/$1/etc/picosocks5.conf"
	echo '# a new comment' >>"$debs/$1/lib/systemd/system/picosocks5@.service"
	sed -i "$2" "$debs/$1/lib/systemd/system/picosocks5.socket"
	dpkg-deb --root-owner-group -Zgzip -b "$debs/$1" "$debs/$1.deb"
}

# Brings the machine into the state before the first installation.
clean() {
	sh_machine 'systemctl stop picosocks5.socket picosocks5.slice 2>&1 || :
		dpkg --purge picosocks5 picosocks5-report 2>&1
		for user in picosocks5 picosocks5-report; do
			! getent passwd $user >/dev/null || userdel $user
		done
		rm -rf /etc/picosocks5.users /etc/systemd/system/picosocks5*
		systemctl daemon-reload
		systemctl reset-failed'
}

# Lists the files that have to do with the package: by their names, or in /etc by what they say.
traces() {
	sh_machine 'find /etc /etc/systemd/system /usr /var /run -xdev -path /run/systemd -prune -o \
			-name "*picosocks5*" -print
		find /etc /etc/systemd/system -xdev -type d ! -name "*.wants"
		grep -rIls picosocks5 /etc' | grep -v -e '-$' | sort -u
}

# installed DEB: installs or upgrades, and holds dpkg to its success. dpkg asks nobody.
installed() {
	in_machine dpkg --force-confdef --force-confold -i "/run/$1.deb" 2>&1
	[ "$(in_machine dpkg-query -W -f '${db:Status-Abbrev}' picosocks5)" = "ii " ]
}

# The package in its first version, on a machine that never had it.
fresh() {
	clean
	installed first
}

serving() {
	fresh
	in_machine systemctl enable --now picosocks5.socket
}

# readme HEADING: prints the first indented block below the heading of README.Debian
readme() {
	awk -v want="$1" '
		/^---/ { section = before == want }
		{ before = $0 }
		section && /^    / { print substr($0, 5); found = 1; next }
		found { exit }
		END { exit !found }' "$abs_top_srcdir/debian/README.Debian"
}

# talk [PROXY]: begins a session that go_on uses; $session is its unit, if it has one. Comes before hold,
# because it would keep open the pipe that ends hold.
talk() {
	talk=$BATS_TEST_TMPDIR/talk
	mkfifo "$talk.go"
	client talk "${1:-127.0.0.1:1080}" <"$talk.go" >"$talk" 3>&- &
	exec {ask}>"$talk.go"
	go_on
	session=$(units 'picosocks5@*')
}

# Fetches a page in the session that talk has begun.
go_on() {
	echo >&"$ask"
	pages=$((${pages:-0} + 1))
	until_true 60 has_fetched $pages
}

has_fetched() {
	[ "$(grep -cx fetched "$talk")" = "$1" ]
}

# units PATTERN...: lists the units that are active or have failed
units() {
	in_machine systemctl list-units --full --no-legend --plain "$@" | cut -d ' ' -f 1
}

program_of() {
	in_machine readlink "/proc/$(in_machine systemctl show -P MainPID "$1")/exe"
}

state() {
	in_machine systemctl "is-$1" "$2" || :
}

nothing_listens() {
	[ -z "$(in_machine ss -Hltn 'sport >= 1080 and sport <= 1082')" ]
}

@test "lintian finds nothing wrong with the Debian package and its source" {
	[ -z "${PICOSOCKS5_PACKAGED:-}" ] || skip "tests the package that is installed"
	run lintian --pedantic --display-info --tag-display-limit 0 "$debs"/*.changes
	echo "$output"
	# debian/source/lintian-overrides explains the address. Two files can't have overrides.
	! grep -vE '^E: picosocks5(-report)?( changes|-dbgsym): bogus-mail-host ' <<<"$output" | grep -E '^[EWIP]: '
}

@test "apt installs the Debian package: its socket is disabled, nothing listens, and its user is there" {
	clean
	in_machine env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install /run/first.deb
	[ "$(state enabled picosocks5.socket)" = disabled ]
	[ "$(state active picosocks5.socket)" = inactive ]
	nothing_listens
	in_machine getent passwd picosocks5
	[ "$(in_machine stat -c %a:%U:%G /run/picosocks5)" = 750:picosocks5:picosocks5 ]
	in_machine dpkg-query -W -f '${Conffiles}' picosocks5 | grep -q /etc/picosocks5.conf
	in_machine picosocks5 --config /etc/picosocks5.conf --check
}

@test "the first command in README.Debian is enough to be served, and journalctl -x explains the log" {
	fresh
	sh_machine "$(readme Begin)"
	[ "$(fetch $proxy)" = "hello from the origin" ]
	journal_says 'A SOCKS session was served' -x -t picosocks5 -n 20 -o short
}

@test "an upgrade ends no session, new sessions run the new program, and the socket stays open" {
	serving
	talk
	began=$(in_machine systemctl show -P InvocationID picosocks5.socket)
	installed second
	go_on
	[ "$(program_of "$session")" = "/usr/sbin/picosocks5 (deleted)" ]
	hold 127.0.0.1:1080 1
	[ "$(program_of "$(units 'picosocks5@*' | grep -vxF "$session")")" = /usr/sbin/picosocks5 ]
	release
	grep -qx 'then open' "$held"
	[ "$(in_machine systemctl show -P InvocationID picosocks5.socket)" = "$began" ]
	[ "$(state enabled picosocks5.socket)" = enabled ]
	[ "$(in_machine systemctl show -P NeedDaemonReload "$session")" = no ]
	in_machine test ! -e /run/picosocks5.socket.before
}

@test "an upgrade to a version that listens in another way opens the socket anew, and ends no session" {
	serving
	talk
	installed elsewhere
	[ "$(fetch socks5h://127.0.0.1:1082)" = "hello from the origin" ]
	run fetch $proxy
	[ "$status" -eq 7 ]
	go_on
}

@test "an upgrade leaves picosocks5-busy@ up, its sessions go on, and it starts the new program" {
	fresh
	in_machine systemctl enable --now picosocks5-busy@127.0.0.1.service
	until_true 60 fetch $proxy
	talk
	installed second
	go_on
	[ "$(fetch $proxy)" = "hello from the origin" ]
	[ "$(state active picosocks5-busy@127.0.0.1.service)" = active ]
}

@test "an upgrade neither starts nor enables a socket that is disabled or masked" {
	fresh
	installed second
	[ "$(state enabled picosocks5.socket)" = disabled ]
	in_machine systemctl mask picosocks5.socket
	installed first
	[ "$(state enabled picosocks5.socket)" = masked ]
	[ "$(state active picosocks5.socket)" = inactive ]
	nothing_listens
}

@test "an upgrade brings the new configuration file, and keeps one that the administrator has edited" {
	fresh
	installed second
	in_machine grep -qx '# a new comment' /etc/picosocks5.conf
	installed first
	in_machine sh -c 'echo log-level debug >>/etc/picosocks5.conf'
	installed second
	in_machine grep -qx 'log-level debug' /etc/picosocks5.conf
	in_machine grep -qx '# a new comment' /etc/picosocks5.conf.dpkg-dist
}

# The drop-in makes sure that the socket can't be started with such a configuration.
@test "a configuration that cannot be used makes no installation, upgrade or removal fail" {
	serving
	sh_machine 'd=/etc/systemd/system/picosocks5.socket.d; mkdir $d
		echo "[Socket]" >$d/check.conf
		echo "ExecStartPre=/usr/sbin/picosocks5 --config /etc/picosocks5.conf --check" >>$d/check.conf
		systemctl daemon-reload
		echo nonsense >>/etc/picosocks5.conf'
	installed second
	[ "$(state active picosocks5.socket)" = active ]
	installed elsewhere
	[ "$(state active picosocks5.socket)" = failed ]
	in_machine dpkg -r picosocks5
	[ -z "$(units 'picosocks5*')" ]
	installed first
	[ "$(state active picosocks5.socket)" = failed ]
	in_machine dpkg -r picosocks5
	[ -z "$(units 'picosocks5*')" ]
}

@test "apt remove closes the socket, ends the sessions, and leaves no unit of the package behind" {
	serving
	in_machine systemctl enable --now picosocks5-busy@127.0.0.2.service
	until_true 60 fetch socks5h://127.0.0.2:1080
	talk 127.0.0.2:1080
	hold 127.0.0.1:1080 3
	[ "$(units 'picosocks5@*' | wc -l)" = 3 ]
	in_machine env DEBIAN_FRONTEND=noninteractive apt-get -q -y remove picosocks5
	nothing_listens
	[ -z "$(units 'picosocks5*')" ]
	release
	[ "$(grep -cx 'then eof' "$held")" = 3 ]
	echo >&"$ask"
	until_true 60 grep -qx closed "$talk"
	journal_says end=signal SOCKS_END=signal
	in_machine test -e /etc/picosocks5.conf
}

@test "installed again after apt remove, the package serves again where it was enabled" {
	serving
	in_machine systemctl enable --now picosocks5-busy@127.0.0.2.service
	in_machine dpkg -r picosocks5
	installed first
	[ "$(fetch $proxy)" = "hello from the origin" ]
	until_true 60 fetch socks5h://127.0.0.2:1080
	in_machine systemctl stop picosocks5-busy@127.0.0.2.service
}

# dpkg calls the scripts so if a step of a removal or an upgrade fails: Debian's policy, section 6.6.
@test "the scripts of the Debian package stop nothing in an upgrade, and start again what they stopped" {
	serving
	talk
	scripts=/var/lib/dpkg/info/picosocks5
	in_machine $scripts.prerm upgrade 99
	in_machine $scripts.prerm failed-upgrade 0.1 99
	in_machine $scripts.prerm deconfigure in-favour other 1 removing systemd 1
	in_machine $scripts.preinst upgrade 99
	in_machine $scripts.postrm abort-upgrade 99
	in_machine $scripts.postinst abort-upgrade 99
	in_machine $scripts.postinst abort-deconfigure in-favour other 1
	go_on
	in_machine $scripts.prerm remove
	nothing_listens
	in_machine $scripts.postinst abort-remove
	[ "$(fetch $proxy)" = "hello from the origin" ]
}

@test "purging the Debian package leaves what README.Debian names, and its commands remove that" {
	serving
	in_machine systemctl enable --now picosocks5-busy@127.0.0.2.service
	sh_machine 'install -m 640 -g picosocks5 /dev/null /etc/picosocks5.users
		echo "# mine" >>/etc/picosocks5.conf
		d=/etc/systemd/system/picosocks5@.service.d
		install -D -m 644 /usr/share/picosocks5/units/fortress.conf $d/fortress.conf'
	in_machine env DEBIAN_FRONTEND=noninteractive apt-get -q -y purge picosocks5
	[ -z "$(units 'picosocks5*')" ]
	run diff <(echo "$clean_traces") <(traces)
	echo "$output"
	[ "$(sed -n 's/^[<>] //p' <<<"$output")" = "/etc/group
/etc/gshadow
/etc/passwd
/etc/picosocks5.users
/etc/shadow
/etc/systemd/system/picosocks5@.service.d
/etc/systemd/system/picosocks5@.service.d/fortress.conf" ]
	sh_machine "$(readme Remove)"
	diff <(echo "$clean_traces") <(traces)
}

@test "the Debian package is installed, upgraded and purged where systemd does not run" {
	clean
	sh_machine 'mount -t tmpfs tmpfs /run/systemd'
	installed first
	installed second
	in_machine getent passwd picosocks5
	in_machine dpkg --purge picosocks5
	sh_machine 'umount /run/systemd'
}

@test "the proxy's Debian package needs neither libsystemd0 nor zlib1g; the report's has no file of the proxy's" {
	run dpkg-deb -f "$debs/first.deb" Depends
	[[ $output != *libsystemd0* && $output != *zlib1g* ]]
	run dpkg-deb -f "$debs/report.deb" Depends
	[[ $output == *libsystemd0* && $output == *zlib1g* ]]
	for deb in first report; do
		dpkg-deb -c "$debs/$deb.deb" | awk '!/\/$/ { print $6 }' | sort >"$BATS_TEST_TMPDIR/$deb"
	done
	[ -z "$(comm -12 "$BATS_TEST_TMPDIR/first" "$BATS_TEST_TMPDIR/report")" ]
}

@test "the Debian package of the report runs alone, enables no timer, and leaves nothing but its user" {
	clean
	in_machine dpkg -i /run/report.deb
	in_machine picosocks5-report --version
	for timer in picosocks5-report.timer picosocks5-quota.timer; do
		[ "$(state enabled $timer)" = disabled ]
		[ "$(state active $timer)" = inactive ]
	done
	in_machine systemctl enable --now picosocks5-report.timer picosocks5-quota.timer
	in_machine systemd-tmpfiles --create --prefix=/run/log/journal
	in_machine systemctl start picosocks5-report.service
	in_machine test -s /var/lib/picosocks5-report/index.html
	run in_machine systemctl start picosocks5-quota.service
	[[ $(in_machine systemctl --failed --no-legend --plain) == picosocks5-quota.service* ]]
	in_machine dpkg -i /run/report.deb
	[ "$(state active picosocks5-report.timer)" = active ]
	in_machine dpkg -r picosocks5-report
	[ -z "$(units 'picosocks5*')" ]
	in_machine dpkg --purge picosocks5-report
	in_machine userdel picosocks5-report
	diff <(echo "$clean_traces") <(traces)
}
