#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# The ways out that picosocks5.conf(5) shows under WAYS OUT, typed as printed on a booted machine with two
# providers and a VPN. The destination says over which link a connection came and from which address, and
# the name server counts. All tests run on one machine, in this order.

load lib.bash

proxy=socks5h://127.0.0.1:1080
queries=/run/queries
headings=('Onion services by way of Tor' 'The HTTP proxy of an office' 'Outgoing addresses by user'
	'One destination through a VPN' 'Two uplinks')
onion=http://notanaddress.onion:8000/

setup_file() {
	local tool
	machine_possible || return 0
	for tool in tor tinyproxy ip sysctl adduser htpasswd; do
		PATH=$bare command -v "$tool" >/dev/null || { skip_file "needs $tool"; return 0; }
	done
	[ "$(make_value sysconfdir)" = /etc ] || {
		skip_file "the page speaks of /etc/picosocks5.conf"
		return 0
	}
	machine_start
	machine_install
	machine_links
	machine_tor
	machine_tinyproxy
	sh_machine 'install -m 640 -g picosocks5 /dev/null /etc/picosocks5.users
		for user in alice bob carol; do
			htpasswd -b -B -C 4 /etc/picosocks5.users $user secret
		done' 2>/dev/null
}

teardown_file() {
	machine_stop
}

# The host has 192.0.2.2 at eth0, with the default route; 198.51.100.12 at eth1; and wg0, which stands for
# the VPN. Each leads to a place that has the same destinations, and is where the page says it is.
machine_links() {
	sh_machine '
		link() { # link DEVICE PLACE ADDRESS/LENGTH GATEWAY
			ip netns add $2
			ip link add $1 type veth peer name far netns $2
			ip address add $3 dev $1
			ip link set $1 up
			ip -n $2 link set lo up
			ip -n $2 link set far up
			ip -n $2 address add $4/${3#*/} dev far
			ip -n $2 address add 203.0.113.80/32 dev lo
			ip -n $2 address add 2001:db8:f::80/128 dev lo nodad
		}
		link eth0 first 192.0.2.2/24 192.0.2.1
		link eth1 second 198.51.100.12/24 198.51.100.1
		link wg0 vpn 10.9.0.2/24 10.9.0.1
		ip route add default via 192.0.2.1
		ip address add 2001:db8::2/64 dev eth0 nodad
		ip -n first address add 2001:db8::1/64 dev far nodad
		ip route add default via 2001:db8::1
		# A VPN takes every packet; here a host must answer for each address.
		# So that an address can be used at once.
		sysctl -qw net.ipv6.conf.eth0.accept_dad=0
		ip netns exec vpn sysctl -qw net.ipv4.conf.all.proxy_arp=1
		ip -n vpn route add default dev lo
		echo nameserver 192.0.2.1 >/etc/resolv.conf
		echo "hosts: files dns" >/etc/nsswitch.conf
		: >$1' "$queries"
	in_machine cp "$here/routes.py" /run/
	for place in first second vpn; do
		in_machine systemd-run --quiet --unit=$place --property=Type=notify \
			--property=NetworkNamespacePath=/run/netns/$place \
			/usr/bin/python3 -u /run/routes.py $place $queries
	done
}

# Tor as Debian starts it. It has no network: what it is asked for is in its log.
machine_tor() {
	sh_machine 'printf "%s\n" "SafeLogging 0" "Log info file /var/log/tor/asked" >/etc/tor/torrc
		systemctl start tor@default'
	until_true 60 in_machine test -S /run/tor/socks
}

machine_tinyproxy() {
	sh_machine 'printf "%s\n" "Port 3128" "Listen 192.0.2.1" "Timeout 60" "LogLevel Connect" \
			"BasicAuth alice s3cret" >/run/tinyproxy.conf
		systemd-run --quiet --unit=office --property=NetworkNamespacePath=/run/netns/first \
			tinyproxy -d -c /run/tinyproxy.conf'
	until_true 60 in_machine bash -c 'exec 3<>/dev/tcp/192.0.2.1/3128'
}

# printed HEADING [N]: prints the Nth literal block below this heading of picosocks5.conf(5)
printed() {
	awk -v want=".Ss $1" -v nth="${2:-1}" '
		/^\.S[sh]/ { near = $0 == want; n = 0 }
		!near { next }
		/^\.Ed/ { inside = 0 }
		inside && n == nth { print; found = 1 }
		/^\.Bd -literal/ { inside = 1; n++ }
		END { exit !found }' "$abs_top_srcdir/src/man/picosocks5.conf.5" |
		sed -e 's/\\-/-/g' -e "s/\\\\(aq/'/g" -e 's/\\e$/\\/'
}

# configured HEADING [N]: makes the block the configuration, which keeps its owner and mode
configured() {
	printed "$@" >"$BATS_TEST_TMPDIR/printed"
	cat "$BATS_TEST_TMPDIR/printed" >&2
	in_machine tee /etc/picosocks5.conf <"$BATS_TEST_TMPDIR/printed" >/dev/null
	in_machine sh -c ": >$queries"
	began=$(in_machine date +%s.%N)
}

# types HEADING N: types the block, as root
types() {
	printed "$@" >"$BATS_TEST_TMPDIR/typed"
	cat "$BATS_TEST_TMPDIR/typed" >&2
	sh_machine "$(cat "$BATS_TEST_TMPDIR/typed")"
}

# reaches URL [CURL-OPTION]...: prints what the destination says about the connection
reaches() {
	in_machine curl -sS --max-time 60 --proxy "$proxy" "${@:2}" "$1"
}

as_user() {
	reaches "${2:-http://203.0.113.80:8000/}" --proxy-user "$1:secret"
}

# asked NAME: prints who has asked the name server for it
asked() {
	in_machine sed -n "s/ $1\$//p" $queries | sort -u
}

tor_was_asked() {
	in_machine grep -q "hostname notanaddress.onion; rejecting" /var/log/tor/asked
}

tor_shown() {
	sh_machine ': >/var/log/tor/asked'
	configured 'Onion services by way of Tor'
	run reaches $onion
	[ "$status" -eq 97 ] # curl: the proxy refuses
	until_true 60 tor_was_asked
	[ -z "$(asked notanaddress.onion)" ]
	journal_says 'dest=notanaddress.onion:8000 .*via=socks5:/run/tor/socks' -t picosocks5 --since "@$began"
	[[ "$(reaches http://web.example:8000/)" == "first "* ]]
	[ "$(asked web.example)" = 192.0.2.2 ]
}

office_shown() {
	local heading='The HTTP proxy of an office'
	configured "$heading"
	run reaches http://web.example:8000/
	[ "$status" -ne 0 ]
	journal_says '/etc/picosocks5.conf:2: ' -t picosocks5 --since "@$began"
	types "$heading" 2
	[ "$(reaches http://web.example:8000/)" = "first 203.0.113.80" ] # tinyproxy is there
	office_log_says 'CONNECT web.example:8000'
	[ "$(asked web.example)" = 192.0.2.1 ]
	[ "$(asked proxy.corp.example)" = 192.0.2.2 ]
	[ "$(reaches http://web.corp.example:8000/)" = "first 192.0.2.2" ]
	in_machine chmod 644 /etc/picosocks5.conf
}

office_log_says() {
	until_true 60 sh_machine 'journalctl --sync
		journalctl --no-pager -q -o cat -u office --since "@$2" | grep "$1"' "$1" "$began"
}

addresses_shown() {
	local heading='Outgoing addresses by user'
	configured "$heading"
	[ "$(as_user alice)" = "first 192.0.2.11" ]
	[ "$(as_user bob)" = "first 192.0.2.12" ]
	[ "$(as_user bob 'http://[2001:db8:f::80]:8000/')" = "first 2001:db8::12" ]
	[ "$(as_user carol)" = "first 192.0.2.2" ]
	[ "$(as_user alice http://web.example:8000/)" = "first 192.0.2.11" ]
	run as_user alice 'http://[2001:db8:f::80]:8000/'
	[ "$status" -eq 97 ]
}

vpn_shown() {
	configured 'One destination through a VPN'
	[ "$(reaches http://web.vpn.example:8000/)" = "vpn 10.9.0.2" ]
	[ "$(asked web.vpn.example)" = 192.0.2.2 ]
	[ "$(reaches http://203.0.113.80:8000/)" = "first 192.0.2.2" ]
	in_machine ip link set wg0 down
	run reaches http://web.vpn.example:8000/
	[ "$status" -eq 97 ]
	in_machine ip link set wg0 up
	types 'One destination through a VPN' 2
}

uplinks_shown() {
	configured 'Two uplinks'
	[ "$(as_user alice)" = "first 192.0.2.11" ]
	[ "$(as_user bob)" = "second 198.51.100.12" ]
	run as_user carol
	[ "$status" -eq 97 ]
}

marks_shown() {
	configured 'Two uplinks' 3
	[ "$(as_user alice)" = "first 192.0.2.2" ]
	[ "$(as_user bob)" = "second 198.51.100.12" ]
}

# Drops what the commands of "Two uplinks" have added, so that those for marks are typed on a host
# without it.
without_uplinks() {
	sh_machine 'ip rule del table 200; ip route flush table 200'
}

drop_in() {
	printed 'Two uplinks' 5 | sh_machine '
		mkdir -p /etc/systemd/system/$1.d
		cat >/etc/systemd/system/$1.d/override.conf
		systemctl daemon-reload' "$1"
}

@test "each recipe passes --check; at boot, before its addresses and interfaces are there, the socket starts too" {
	in_machine ip link set wg0 name later
	for heading in "${headings[@]}"; do
		configured "$heading"
		types 'The HTTP proxy of an office' 2
		in_machine systemctl restart picosocks5.socket
	done
	in_machine ip link set later name wg0
	types 'Outgoing addresses by user' 2
	for heading in "${headings[@]}"; do
		configured "$heading"
		run in_machine picosocks5 --config /etc/picosocks5.conf --check
		echo "$output"
		[ "$status" -eq 0 ]
		[[ $output == *"no warnings"* ]]
	done
	in_machine chmod 644 /etc/picosocks5.conf
}

@test "Tor for .onion: Tor gets the name, nobody looks it up, and everything else leaves directly" {
	tor_shown
}

@test "behind a rule about addresses the name is looked up, as the page says" {
	configured 'Onion services by way of Tor'
	sh_machine 'sed -i "1i deny \"to private\"" /etc/picosocks5.conf'
	run reaches $onion
	[ "$status" -eq 97 ]
	[ "$(asked notanaddress.onion)" = 192.0.2.2 ]
}

@test "Tor's socket for its group alone: the command that the page names lets the proxy in" {
	sh_machine 'cp /etc/tor/torrc /run/
		echo "SocksPort unix:/run/tor/socks GroupWritable RelaxDirModeCheck" >>/etc/tor/torrc
		systemctl restart tor@default'
	until_true 60 in_machine test -S /run/tor/socks
	grep -F 'SocksPort unix:/run/tor/socks GroupWritable RelaxDirModeCheck' \
		"$abs_top_srcdir/src/man/picosocks5.conf.5"
	configured 'Onion services by way of Tor'
	run reaches $onion
	[ "$status" -eq 97 ]
	journal_says 'via=socks5:/run/tor/socks .*Permission denied' -t picosocks5 --since "@$began"
	types 'Onion services by way of Tor' 2
	tor_shown
	sh_machine 'deluser picosocks5 debian-tor
		mkdir -p /etc/systemd/system/picosocks5@.service.d
		printf "%s\n" "[Service]" DynamicUser=yes User=another SupplementaryGroups=debian-tor \
			>/etc/systemd/system/picosocks5@.service.d/another.conf
		systemctl daemon-reload'
	tor_shown
	sh_machine 'rm /etc/systemd/system/picosocks5@.service.d/another.conf
		systemctl daemon-reload
		cp /run/torrc /etc/tor/
		systemctl restart tor@default'
	until_true 60 in_machine test -S /run/tor/socks
}

@test "an office's HTTP proxy: it gets the name and the password, and names of the office leave directly" {
	office_shown
	# The password is needed.
	sh_machine 'chmod 640 /etc/picosocks5.conf; sed -i s/:s3cret/:wrong/ /etc/picosocks5.conf'
	run reaches http://web.example:8000/
	[ "$status" -eq 97 ]
	in_machine chmod 644 /etc/picosocks5.conf
}

@test "an office's HTTP proxy, with networks in the first rule: it gets the address, looked up here" {
	configured 'The HTTP proxy of an office'
	sh_machine 'chmod 640 /etc/picosocks5.conf
		sed -i s/to.\.corp\.example/\&,10.0.0.0\\/8/ /etc/picosocks5.conf
		grep 10.0.0.0/8 /etc/picosocks5.conf'
	[ "$(reaches http://web.example:8000/)" = "first 203.0.113.80" ]
	office_log_says 'CONNECT 203.0.113.80:8000'
	[ "$(asked web.example)" = 192.0.2.2 ]
	in_machine chmod 644 /etc/picosocks5.conf
}

@test "an outgoing address for each user: each comes from the user's own, and others from the host's" {
	addresses_shown
}

@test "a VPN for one destination: it leaves through the interface or not at all, and others do not" {
	types 'One destination through a VPN' 2
	vpn_shown
}

@test "two uplinks by user, by address" {
	types 'Two uplinks' 2
	# Strict, as some hosts are.
	in_machine sysctl -qw net.ipv4.conf.eth1.rp_filter=1
	uplinks_shown
}

@test "two uplinks by user, by mark, with the drop-in that grants it" {
	without_uplinks
	configured 'Two uplinks' 3
	types 'Two uplinks' 4
	run as_user bob
	[ "$status" -eq 97 ]
	journal_says 'user=bob .*mark' -t picosocks5 --since "@$began"
	drop_in picosocks5@.service
	marks_shown
	in_machine sysctl -qw net.ipv4.conf.eth1.rp_filter=1
	run as_user bob http://203.0.113.80:8000/ --max-time 2
	[ "$status" -ne 0 ]
	in_machine sysctl -qw net.ipv4.conf.eth1.rp_filter=2
	sh_machine 'rm -r /etc/systemd/system/picosocks5@.service.d; systemctl daemon-reload'
}

# shows_all UNIT: with the drop-in for marks at the end
shows_all() {
	tor_shown
	office_shown
	addresses_shown
	vpn_shown
	without_uplinks
	types 'Two uplinks' 2
	uplinks_shown
	without_uplinks
	types 'Two uplinks' 4
	drop_in "$1"
}

@test "all recipes work in the fortress" {
	sh_machine 'for kind in @.service .socket; do
			file=fortress-socket
			[ $kind = .socket ] || file=fortress
			install -D -m 644 $1/units/$file.conf /etc/systemd/system/picosocks5$kind.d/fortress.conf
		done
		systemctl daemon-reload' "$pkgdatadir"
	shows_all picosocks5@.service
	marks_shown
}

@test "all recipes work in the busy service" {
	sh_machine 'systemctl stop picosocks5.socket; systemctl start picosocks5-busy@127.0.0.1.service'
	until_true 60 in_machine bash -c 'exec 3<>/dev/tcp/127.0.0.1/1080'
	shows_all picosocks5-busy@.service
	sh_machine 'systemctl restart picosocks5-busy@127.0.0.1.service'
	until_true 60 in_machine bash -c 'exec 3<>/dev/tcp/127.0.0.1/1080'
	marks_shown
	in_machine systemctl stop picosocks5-busy@127.0.0.1.service
}

@test "recipes without a mark work under tcpserver alone" {
	sh_machine 'systemd-run --quiet --unit=under-test sh $1/inetd/tcpserver/run' "$pkgdatadir"
	until_true 60 in_machine bash -c 'exec 3<>/dev/tcp/127.0.0.1/1080'
	tor_shown
	office_shown
	addresses_shown
}
