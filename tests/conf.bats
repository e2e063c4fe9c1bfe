# SPDX-License-Identifier: GPL-3.0-or-later
# The configuration file that is installed shows every option, and each of its lines is valid.

conf=$abs_top_srcdir/units/picosocks5.conf

# Checks with these options, and with the rights of the user who runs the tests: this machine may lack
# the user picosocks5.
check() {
	if [ "$(id -u)" -eq 0 ]; then
		set -- "$@" --as root
	fi
	"$PICOSOCKS5" --check "$@"
}

# Prints the lines that are commented out: an option, perhaps with a value, and nothing else.
examples() {
	sed -n 's/^#\([a-z][a-z0-9-]*\( [^ ].*\)*\)$/\1/p' "$conf"
}

@test "picosocks5.conf as installed has no mistake, and changes no default" {
	# With the mode that make install gives it, whatever the mode of the source is.
	install -m 644 "$conf" "$BATS_TEST_TMPDIR/picosocks5.conf"
	run check --config "$BATS_TEST_TMPDIR/picosocks5.conf"
	[ "$status" -eq 0 ]
	[ "${lines[-1]}" = "$BATS_TEST_TMPDIR/picosocks5.conf: fine, no rules, no warnings" ]
	with=${output%"$BATS_TEST_TMPDIR"*}
	run check
	[ "$output" = "${with}command line: fine, no rules, no warnings" ]
}

@test "picosocks5.conf shows every option" {
	for option in $("$PICOSOCKS5" --help | sed -n 's/^ .*  *--\([a-z0-9-]*\).*/\1/p'); do
		case $option in as | check | explain | hash | help | scheme | version) continue ;; esac
		examples | cut -d ' ' -f 1 | grep -qx -e "$option" || { echo "not in it: $option"; false; }
	done
}

@test "every commented line of picosocks5.conf is valid without its #" {
	[ "$(examples | wc -l)" -gt 20 ]
	install -m 600 /dev/null "$BATS_TEST_TMPDIR/users"
	# shellcheck disable=SC2016
	echo 'alice:$2y$10$abcdefghijklmnopqrstuuMBjRMXZPJZz2L4xgLrX2qcEMLlgTYXa' >>"$BATS_TEST_TMPDIR/users"
	examples | while read -r line; do
		case $line in
		users* | config*) continue ;; # these files do not exist
		'auth password') echo "users $BATS_TEST_TMPDIR/users" >"$BATS_TEST_TMPDIR/one.conf" ;;
		tls-key* | tls-clients* | tls-only) # need a certificate
			echo 'tls-certificate /etc/picosocks5.crt' >"$BATS_TEST_TMPDIR/one.conf"
			;;
		*) : >"$BATS_TEST_TMPDIR/one.conf" ;;
		esac
		echo "$line" >>"$BATS_TEST_TMPDIR/one.conf"
		# --check would miss what the examples name: an interface, addresses, files, a folder.
		case $line in
		interface* | limit* | source* | tls*) set -- "$PICOSOCKS5" --version ;;
		*) set -- check ;;
		esac
		if [[ $line == tls* && $("$PICOSOCKS5" --version) == *' -tls '* ]]; then
			"$@" --config "$BATS_TEST_TMPDIR/one.conf" 2>&1 | grep 'built without'
			continue
		fi
		if [[ $line == 'auth password' && $("$PICOSOCKS5" --version) == *' -crypt '* ]]; then
			"$@" --config "$BATS_TEST_TMPDIR/one.conf" 2>&1 | grep "can't compute the hash"
			continue
		fi
		"$@" --config "$BATS_TEST_TMPDIR/one.conf" || { echo "$line"; false; }
	done
}

@test "the defaults that picosocks5.conf shows are the defaults" {
	check >"$BATS_TEST_TMPDIR/defaults"
	for option in handshake-timeout connect-timeout bind-timeout idle-timeout lifetime family log \
		log-level; do
		examples | grep "^$option " | grep -qxFf "$BATS_TEST_TMPDIR/defaults"
	done
}
