#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-3.0-or-later
# Passwords that saslauthd checks, under a systemd that is really booted: what units/README.md tells
# administrators to type, with a real daemon, a real LDAP server and the users of the machine behind it.
# All tests run on one machine, in this order.

load lib.bash

proxy=socks5h://127.0.0.1:1080
recipe='Users in LDAP, Active Directory or PAM'

setup_file() {
	local tool
	machine_possible || return 0
	for tool in saslauthd slapd adduser; do
		PATH=$bare command -v "$tool" >/dev/null || { skip_file "needs $tool"; return 0; }
	done
	[ "$(make_value pkgdatadir) $(make_value sysconfdir)" = "/usr/local/share/picosocks5 /etc" ] || {
		skip_file "the pages speak of a program below /usr/local"
		return 0
	}
	machine_start
	sh_machine 'rm -rf /usr/share/picosocks5 /run/saslauthd'
	machine_install
	machine_origin
	daemon_unit
	machine_users
}

teardown_file() {
	machine_stop
}

# The machine has no generators. This is what systemd's makes of the script of sasl2-bin.
daemon_unit() {
	sh_machine 'cat >/etc/systemd/system/saslauthd.service
		systemctl daemon-reload' <<-EOF
		[Service]
		Type=forking
		Restart=no
		KillMode=process
		ExecStart=/etc/init.d/saslauthd start
		ExecStop=/etc/init.d/saslauthd stop
		[Install]
		WantedBy=multi-user.target
	EOF
}

# alice has the password secret, on the machine and in LDAP, where bob has it too, outside the group.
machine_users() {
	sh_machine 'sed -i "s/pam_unix.so/& nodelay/" /etc/pam.d/common-auth; useradd alice; printf "%s\n" alice:secret root:secret | chpasswd
		for s in core cosine inetorgperson; do echo "include /etc/ldap/schema/$s.schema"; done >/run/slapd.conf
		printf "%s\n" "modulepath /usr/lib/ldap" "moduleload back_mdb" "database mdb" \
			"suffix dc=example,dc=org" "directory /run/slapd" >>/run/slapd.conf
		mkdir /run/slapd
		slapadd -f /run/slapd.conf' <<-EOF
		dn: dc=example,dc=org
		objectClass: dcObject
		objectClass: organization
		o: Example

		dn: ou=people,dc=example,dc=org
		objectClass: organizationalUnit

		dn: uid=alice,ou=people,dc=example,dc=org
		objectClass: inetOrgPerson
		cn: alice
		sn: alice
		userPassword: secret

		dn: uid=bob,ou=people,dc=example,dc=org
		objectClass: inetOrgPerson
		cn: bob
		sn: bob
		userPassword: secret

		dn: cn=proxy,dc=example,dc=org
		objectClass: groupOfNames
		member: uid=alice,ou=people,dc=example,dc=org
	EOF
}

# Is asked in each of the ways.
lets_in_alice_alone() {
	[ "$(fetch $proxy --proxy-user alice:secret)" = "hello from the origin" ]
	run fetch $proxy --proxy-user alice:wrong
	[ "$status" -eq 97 ] # curl: the proxy turns it away
	run fetch $proxy --proxy-user root:secret
	[ "$status" -eq 97 ]
	run fetch $proxy
	[ "$status" -eq 97 ]
}

@test "without the group of the socket nobody is let in: --check, the start of the socket and the log say what to do" {
	typed units "$recipe" 3
	block units "$recipe" 4 | grep -v ^adduser >"$BATS_TEST_TMPDIR/script"
	run sh_machine "$(cat "$BATS_TEST_TMPDIR/script")"
	echo "$output"
	[ "$status" -eq 78 ]
	[[ $output == *"Permission denied for user picosocks5; add this user to"*"adduser picosocks5 sasl"* ]]
	run in_machine systemctl start picosocks5.socket
	[ "$status" -ne 0 ]
	run status_of picosocks5.socket
	[[ $output == *"adduser picosocks5 sasl"* ]]
	sh_machine 'sed -i "/^saslauthd /d" /etc/picosocks5.conf
		systemctl start picosocks5.socket
		echo "saslauthd /run/saslauthd/mux" >>/etc/picosocks5.conf'
	run fetch $proxy --proxy-user alice:secret
	[ "$status" -eq 97 ]
	journal_says "^/run/saslauthd/mux: saslauthd can't be reached: Permission denied; add .* adduser picosocks5 sasl" -p err
	sh_machine 'sed -i "/^saslauthd /d" /etc/picosocks5.conf; systemctl stop picosocks5.socket saslauthd'
}

@test "as the page says, PAM's users are let in by sessions as shipped, but not root" {
	typed units "$recipe" 4
	in_machine systemctl start picosocks5.socket
	lets_in_alice_alone
	journal_says 'user=alice command=connect' SOCKS_USER=alice
	journal_says 'wrong password: client=127.0.0.1:[0-9]* user="root"' -t picosocks5
}

@test "the same users are let in by the fortress" {
	typed units "$recipe" 5
	lets_in_alice_alone
	sh_machine 'rm -r /etc/systemd/system/picosocks5@.service.d; systemctl daemon-reload'
	in_machine systemctl stop picosocks5.socket
}

@test "the same users are let in by the busy service, also after a restart of saslauthd" {
	in_machine systemctl start picosocks5-busy@127.0.0.1.service
	until_true 60 in_machine bash -c 'exec 3<>/dev/tcp/127.0.0.1/1080'
	lets_in_alice_alone
	sh_machine 'systemctl stop saslauthd; rm -r /run/saslauthd'
	began=$(date +%s)
	run fetch $proxy --proxy-user alice:secret
	[ "$status" -eq 97 ]
	journal_says "saslauthd can't be reached: No such file or directory; start saslauthd" -p err --since "@$began"
	in_machine systemctl start saslauthd
	lets_in_alice_alone
	in_machine systemctl stop picosocks5-busy@127.0.0.1.service
}

@test "the same users are let in under inetd, xinetd, and tcpserver with the group sasl" {
	"$here/fetch" "$build/superservers" >/dev/null
	in_machine ln -s "$build/superservers" /run/unpacked
	sh_machine 'tar -C /run/unpacked/xinetd -c . | tar -C / -x --keep-directory-symlink
		tar -C /run/unpacked/openbsd-inetd -c . | tar -C / -x --keep-directory-symlink
		systemctl daemon-reload; : >/etc/inetd.conf; systemctl start inetd'
	typed inetd inetd
	until_true 60 in_machine bash -c 'exec 3<>/dev/tcp/127.0.0.1/1080'
	lets_in_alice_alone
	in_machine systemctl stop inetd
	in_machine systemd-run --quiet --unit=under-test /usr/sbin/xinetd -dontfork
	typed inetd xinetd
	until_true 60 in_machine bash -c 'exec 3<>/dev/tcp/127.0.0.1/1080'
	lets_in_alice_alone
	in_machine systemctl stop under-test
	sh_machine 'sed "s/-g .*(id -g picosocks5)\"/-g \"\$(getent group sasl | cut -d: -f3)\"/" \
		/usr/local/share/picosocks5/inetd/tcpserver/run >/run/run
		grep -q "getent group sasl" /run/run
		systemd-run --quiet --unit=under-test sh /run/run'
	until_true 60 in_machine bash -c 'exec 3<>/dev/tcp/127.0.0.1/1080'
	lets_in_alice_alone
	in_machine systemctl stop under-test
}

@test "as the page says, users of an LDAP server are let in, and then those of its group alone" {
	in_machine systemd-run --quiet --unit=ldap slapd -d 0 -f /run/slapd.conf -h ldap://127.0.0.1:389/
	until_true 60 in_machine bash -c 'exec 3<>/dev/tcp/127.0.0.1/389'
	typed units "$recipe"
	sh_machine 'sed -i "s,ldaps://ldap.example.org/,ldap://127.0.0.1/," /etc/saslauthd.conf
		sed -i "s/^OPTIONS=\"-c /OPTIONS=\"/" /etc/default/saslauthd
		systemctl restart saslauthd
		systemctl start picosocks5.socket'
	lets_in_alice_alone
	[ "$(fetch $proxy --proxy-user bob:secret)" = "hello from the origin" ]
	typed units "$recipe" 2
	in_machine systemctl restart saslauthd
	lets_in_alice_alone
	run fetch $proxy --proxy-user bob:secret
	[ "$status" -eq 97 ]
	in_machine systemctl stop picosocks5.socket saslauthd
}
