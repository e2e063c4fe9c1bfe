#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# What units/README.md tells administrators to type for fail2ban, on a booted machine that is as Debian 12
# installs it: fail2ban, nftables and python3-systemd; no iptables, and no log file of sshd. The clients
# are in a network namespace, because fail2ban never bans an address of its own host.

load lib.bash

setup_file() {
	machine_possible || return 0
	[[ "$("${PICOSOCKS5:?}" --version)" == *+crypt* ]] || { skip_file "this build has no crypt(3)"; return 0; }
	"$here/fetch" "$build/fail2ban" fail2ban python3-systemd >/dev/null
	machine_start
	machine_install
	machine_origin
	in_machine tee /run/fail2ban.deb <"$build/fail2ban/fail2ban.deb" >/dev/null
	in_machine tee /run/python3-systemd.deb <"$build/fail2ban/python3-systemd.deb" >/dev/null
	clients
	users
	in_machine systemctl start picosocks5.socket
}

teardown_file() {
	machine_stop
}

# The machine is 192.0.2.1, and has clients at 192.0.2.7 and 192.0.2.8.
clients() {
	sh_machine 'ip netns add clients
		ip link add lan0 type veth peer name lan1 netns clients
		ip address add 192.0.2.1/24 dev lan0
		ip link set lan0 up
		ip -n clients address add 192.0.2.7/24 dev lan1
		ip -n clients address add 192.0.2.8/24 dev lan1
		ip -n clients link set lan1 up
		d=/etc/systemd/system/picosocks5.socket.d
		mkdir -p $d
		printf "[Socket]\nListenStream=192.0.2.1:1080\n" >$d/listen.conf
		systemctl daemon-reload'
}

# alice, secret. The web server is on loopback, which a rule must name.
users() {
	sh_machine 'install -m 640 -g picosocks5 /dev/null /etc/picosocks5.users
		printf "%s\n" "$2" >/etc/picosocks5.users
		printf "%s\n" "users /etc/picosocks5.users" "allow \"user * to loopback\"" >>"$1/picosocks5.conf"' \
		"$sysconfdir" \
		'alice:$6$pFhTMZbAQRpHkJV.$Zl7Crs1yccWZW9xvMaGQEeMOlUi3NntMeD0NuR7P2tA3wIO8VfXL/FztzpeE0C5.zyWxS7xMfYceKqOmkrbCm0'
}

# comes ADDRESS PASSWORD: alice fetches a page from this address
comes() {
	in_machine ip netns exec clients curl -sS --max-time 60 --interface "$1" \
		--proxy "socks5h://192.0.2.1:1080" --proxy-user "alice:$2" http://web.example:8000/hello
}

@test "without the jail, fail2ban as Debian installs it does not run: its jail for sshd finds no log" {
	sh_machine 'rm -f /usr/sbin/policy-rc.d /var/log/auth.log
		! command -v iptables
		command -v nft
		dpkg --no-triggers -i /run/python3-systemd.deb /run/fail2ban.deb' >/dev/null 2>&1
	journal_says 'Have not found any log file for sshd jail' -u fail2ban
	until_true 60 in_machine systemctl is-failed fail2ban
}

@test "with the commands in units/README.md, fail2ban runs, with the jails picosocks5 and sshd" {
	block units 'Guessed passwords' | grep -x 'apt install fail2ban nftables python3-systemd'
	# The first line has been typed above, from packages that were fetched before.
	sh_machine "$(block units 'Begin here'; block units 'Guessed passwords' | sed 1d)"
	until_true 60 in_machine fail2ban-client status picosocks5
	[[ $(in_machine fail2ban-client status) == *picosocks5*sshd* ]]
}

@test "after five wrong passwords, connections from that address are refused, and others are not" {
	[ "$(comes 192.0.2.7 secret)" = "hello from the origin" ]
	for _ in 1 2 3 4; do
		run comes 192.0.2.7 wrong
		[ "$status" -eq 97 ] # curl: the proxy turns it away
	done
	[ "$(comes 192.0.2.7 secret)" = "hello from the origin" ]
	run comes 192.0.2.7 wrong
	# A connection that is open when the ban comes would hang. So wait for the ban first.
	until_true 60 sh_machine 'nft list ruleset | grep -q 192.0.2.7'
	run comes 192.0.2.7 secret
	[ "$status" -eq 7 ] # curl: connection refused
	[ "$(comes 192.0.2.8 secret)" = "hello from the origin" ]
	in_machine fail2ban-client status picosocks5 | grep -q 'Banned IP list:.*192.0.2.7'
}

@test "an address that is unbanned is served again" {
	in_machine fail2ban-client set picosocks5 unbanip 192.0.2.7
	[ "$(comes 192.0.2.7 secret)" = "hello from the origin" ]
}
