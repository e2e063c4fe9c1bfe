#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# TLS under the shipped units: what README.md and units/README.md tell administrators to type, on a
# booted machine. The files of Let's Encrypt are made as certbot makes them. All tests run on one machine,
# in this order.

load ../lib/promise
load lib.bash

proxy=proxy.example.org:1080
live=/etc/letsencrypt/live/picosocks5
dropins=/etc/systemd/system/picosocks5@.service.d

setup_file() {
	machine_possible || return 0
	"$PICOSOCKS5" --version | grep -q +tls || { skip_file "this build has no TLS"; return 0; }
	[ "$(make_value pkgdatadir) $(make_value sysconfdir)" = "/usr/local/share/picosocks5 /etc" ] || {
		skip_file "the pages speak of a program below /usr/local"
		return 0
	}
	PATH=$bare command -v openssl >/dev/null || { skip_file "needs openssl"; return 0; }
	machine_start
	sh_machine 'rm -rf /usr/share/picosocks5'
	machine_install
	machine_origin
	sh_machine 'cp /etc/picosocks5.conf /run/
		ip address add 192.168.1.2/24 dev lo
		ip address add 192.0.2.20/32 dev lo
		echo "192.0.2.20 proxy.example.org" >>/etc/hosts'
	in_machine systemctl start picosocks5.socket
}

teardown_file() {
	machine_stop
}

# issued N: the Nth certificate, as certbot leaves it: only root can enter the two folders, and the names
# in live/ are links into archive/.
issued() {
	sh_machine 'umask 077
		cd /etc
		archive=letsencrypt/archive/picosocks5
		mkdir -p $archive letsencrypt/live/picosocks5
		umask 022
		openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 90 \
			-set_serial "$1" -subj /CN=proxy.example.org \
			-addext subjectAltName=DNS:proxy.example.org \
			-keyout $archive/privkey$1.pem -out $archive/fullchain$1.pem 2>/dev/null
		chmod 600 $archive/privkey$1.pem
		for name in fullchain privkey; do
			ln -sfn ../../archive/picosocks5/$name$1.pem letsencrypt/live/picosocks5/$name.pem
		done' "$1"
}

# serves PROXY CERTIFICATE [CURL-OPTION]...: a page comes by HTTP and by SOCKS inside TLS that the
# certificate vouches for, and by both without TLS. alice logs in if the options name her password.
serves() {
	local login=
	[[ "$*" != *alice:secret* ]] || login="alice secret"
	# shellcheck disable=SC2086 # two words, or none
	[ "$(client tls "$1" "${1%:*}" "$2" $login)" = "hello from the origin" ]
	[ "$(fetch "https://$1" --proxy-cacert "$2" "${@:3}")" = "hello from the origin" ]
	[ "$(fetch "http://$1" "${@:3}")" = "hello from the origin" ]
	[ "$(fetch "socks5h://$1" "${@:3}")" = "hello from the origin" ]
}

# serial: prints the serial number of the certificate that the next session shows
serial() {
	sh_machine 'openssl s_client -connect 127.0.0.1:1080 </dev/null 2>/dev/null |
		openssl x509 -noout -serial'
}

@test "units/README.md, TLS: certbot's files, which only root can open, serve clients with TLS and without" {
	issued 1
	# The proxy's name leads to this machine.
	sh_machine 'sed -i s/^192.0.2.20/127.0.0.1/ /etc/hosts'
	typed units TLS 2
	serves $proxy $live/fullchain.pem
	[ "$(serial)" = serial=01 ]
	run in_machine runuser -u picosocks5 -- cat $live/privkey.pem
	[[ $output == *"Permission denied"* ]]
}

@test "a renewed certificate is used from the next session on, without a restart" {
	began=$(in_machine systemctl show -P ActiveEnterTimestampMonotonic picosocks5.socket)
	issued 2
	[ "$(serial)" = serial=02 ]
	serves $proxy $live/fullchain.pem
	run fetch https://$proxy --proxy-cacert /etc/letsencrypt/archive/picosocks5/fullchain1.pem
	[ "$status" -eq 60 ] # curl: the certificate is not trusted
	[ "$began" = "$(in_machine systemctl show -P ActiveEnterTimestampMonotonic picosocks5.socket)" ]
}

@test "a session sees no other file of certbot, and can't write these" {
	sh_machine 'cat >"$1/look.conf"
		: >/etc/letsencrypt/other
		systemctl daemon-reload' $dropins <<-'END'
		[Service]
		ExecStart=
		ExecStart=/bin/sh -c 'read line; find /etc/letsencrypt ! -type d; true >>/etc/letsencrypt/live/picosocks5/privkey.pem || echo refused'
		StandardError=null
	END
	run client say 127.0.0.1:1080 0a
	in_machine rm $dropins/look.conf /etc/letsencrypt/other
	in_machine systemctl daemon-reload
	echo "$output"
	[ "$(perl -pe 's/(..)/chr hex $1/ge' <<<"$output" | grep . | sort)" = "$live/fullchain.pem
$live/privkey.pem
refused" ]
}

@test "in the fortress, the same files serve the same clients, and a renewal needs no restart" {
	typed units Fortress < <(echo secret)
	serves $proxy $live/fullchain.pem --proxy-user alice:secret
	issued 3
	[ "$(serial)" = serial=03 ]
	serves $proxy $live/fullchain.pem --proxy-user alice:secret
	run fetch https://$proxy --proxy-cacert $live/fullchain.pem --proxy-user alice:wrong -f
	[[ $output == *"407"* ]]
	in_machine rm $dropins/fortress.conf
	sh_machine 'rm /etc/picosocks5.users
		sed -i "/^users /d" /etc/picosocks5.conf
		systemctl daemon-reload'
	serves $proxy $live/fullchain.pem
}

@test "a missing file of certbot fails each session with 243, which README.md explains" {
	in_machine mv $live/privkey.pem /run/
	run fetch socks5h://$proxy
	[ "$status" -ne 0 ]
	journal_says 'status=243/CREDENTIALS' -u 'picosocks5@*'
	grep -F '`243/CREDENTIALS`' "$abs_top_srcdir/README.md" | grep -F '`tls.conf`'
	in_machine mv /run/privkey.pem $live/
	serves $proxy $live/fullchain.pem
}

@test "units/README.md, TLS: a CA of one's own, without a drop-in" {
	sh_machine 'rm -r "$1" /etc/letsencrypt
		rm /etc/systemd/system/picosocks5.socket.d/fortress.conf
		cp /run/picosocks5.conf /etc/' $dropins
	typed units TLS 3
	in_machine systemctl daemon-reload
	in_machine systemctl restart picosocks5.socket
	serves $proxy /root/proxy-ca.pem
	[ "$(in_machine stat -c %a:%U:%G /etc/picosocks5.key)" = 640:root:picosocks5 ]
	[ "$(in_machine stat -c %a /root/proxy-ca.key)" = 600 ]
}

# page TEXT: prints the literal block of picosocks5(8) that comes after this line
page() {
	awk -v text="$1" '
		$0 == text { near = 1 }
		near && /^\.Ed/ { exit !found }
		near && found { print }
		near && /^\.Bd -literal/ { found = 1 }' "$abs_top_srcdir/src/man/picosocks5.8" |
		sed -e 's/\\-/-/g' -e 's/\\e$/\\/'
}

@test "picosocks5(8), TLS: a certificate that its commands make is alice's login, and nobody comes in without one" {
	page 'These commands make a CA and the certificate of alice, for a year:' >"$BATS_TEST_TMPDIR/typed"
	grep -c '^openssl' "$BATS_TEST_TMPDIR/typed" | grep -qx 3
	began=$(date +%s)
	sh_machine "umask 077
		cd /root
		$(cat "$BATS_TEST_TMPDIR/typed")"
	sh_machine 'cp /etc/picosocks5.conf /run/without-clients.conf
		install -m 644 /root/ca.pem /etc/picosocks5.clients
		printf "%s\n" "tls-clients /etc/picosocks5.clients" "auth certificate" >>/etc/picosocks5.conf
		picosocks5 --config /etc/picosocks5.conf --check'
	[ "$(fetch https://$proxy --proxy-cacert /root/proxy-ca.pem --proxy-cert /root/alice.pem \
		--proxy-key /root/alice.key)" = "hello from the origin" ]
	journal_says 'user=alice' -t picosocks5 --since "@$began"
	run fetch https://$proxy --proxy-cacert /root/proxy-ca.pem -f
	[[ $output == *403* ]]
	run fetch socks5h://$proxy
	[ "$status" -eq 97 ] # curl: the proxy refuses
	in_machine mv /run/without-clients.conf /etc/picosocks5.conf
}

@test "the busy service serves TLS with the same configuration" {
	in_machine systemctl stop picosocks5.socket
	in_machine systemctl start picosocks5-busy@127.0.0.1.service
	until_true 60 in_machine bash -c 'exec 3<>/dev/tcp/127.0.0.1/1080'
	serves $proxy /root/proxy-ca.pem
	in_machine systemctl stop picosocks5-busy@127.0.0.1.service
}

# The client is on the machine itself: from 127.0.0.1 it may go to the web server, which is on loopback.
@test "README.md: the commands that switch on HTTP and TLS at home" {
	local crt=/etc/picosocks5.crt lan=192.168.1.2:1080

	sh_machine 'rm /etc/picosocks5.key /etc/picosocks5.crt
		cp /run/picosocks5.conf /etc/'
	typed . 'At home, for a phone or a browser' < <(echo secret)
	edited . 'At home, for a phone or a browser' 2
	typed . 'At home, for a phone or a browser' 3
	serves $lan $crt --interface 127.0.0.1 --proxy-user alice:secret
	run fetch https://$lan --proxy-cacert $crt --interface 127.0.0.1 --proxy-user alice:wrong -f
	[[ $output == *"407"* ]]
	journal_says 'end=auth .*tls=TLSv1.3\|tls=TLSv1.3 .*end=auth' -t picosocks5
}
