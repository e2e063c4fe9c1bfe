# SPDX-License-Identifier: GPL-3.0-or-later
# Where make install puts the files, and that make uninstall removes them.

load lib/once.bash

setup_file() {
	export root=$BATS_FILE_TMPDIR/root
	make_here install DESTDIR="$root"
}

# with_report: succeeds if the report is built.
with_report() {
	[ -n "$(make_value bin_PROGRAMS)" ]
}

@test "the program is installed and runs" {
	[ -x "$root$(make_value sbindir)/picosocks5" ]
	"$root$(make_value sbindir)/picosocks5" --version
}

@test "the manual is found by man" {
	[ -s "$root$(make_value mandir)/man8/picosocks5.8" ]
	[ -s "$root$(make_value mandir)/man5/picosocks5.conf.5" ]
}

@test "the report is installed and runs, with its manual, completions, user and units" {
	with_report || skip "configured without the report"
	"$root$(make_value bindir)/picosocks5-report" --version
	[ -s "$root$(make_value mandir)/man1/picosocks5-report.1" ]
	for file in bash/picosocks5-report zsh/_picosocks5-report fish/picosocks5-report.fish; do
		dir=$(make_value "${file%/*}completiondir")
		[ "$dir" = no ] || cmp "$abs_top_srcdir/src/report/completion.${file%/*}" "$root$dir/${file#*/}"
	done
	dir=$(make_value sysusersdir)
	[ "$dir" = no ] || [ -s "$root$dir/picosocks5-report.conf" ]
	dir=$(make_value systemdsystemunitdir)
	[ "$dir" != no ] || return 0
	grep -F "ExecStart=$(make_value bindir)/picosocks5-report --since" "$root$dir/picosocks5-report.service"
	grep -F "ExecStart=$(make_value pkgdatadir)/units/picosocks5-quota" "$root$dir/picosocks5-quota.service"
}

@test "README.md is installed beside the pages that it links to" {
	docdir=$root$(make_value docdir)
	for page in README.md SECURITY.md inetd/README.md units/README.md units/report.png; do
		cmp "$abs_top_srcdir/$page" "$docdir/$page"
	done
}

@test "the completions are where bash, zsh and fish look for them, with the options in place" {
	for file in bash/picosocks5 zsh/_picosocks5 fish/picosocks5.fish; do
		dir=$(make_value "${file%/*}completiondir")
		[ "$dir" != no ] || continue
		grep -q '^t|check|' "$root$dir/${file#*/}"
		run grep -c '@options@' "$root$dir/${file#*/}"
		[ "$output" = 0 ]
	done
}

@test "units start the installed program" {
	units=$(make_value systemdsystemunitdir)
	[ "$units" != no ] || skip "configured without units"
	grep -F "ExecStart=$(make_value sbindir)/picosocks5" "$root$units/picosocks5@.service"
	[ -s "$root$units/picosocks5.socket" ]
}

@test "no placeholder is left in an installed file" {
	run grep -rIlE '@[a-z_]+dir@' "$root"
	echo "$output"
	[ "$status" -eq 1 ]
}

@test "installed superserver files differ from the source only in the paths of folders" {
	units=$(make_value systemdsystemunitdir)
	filled=
	for name in sbindir bindir sysconfdir pkgdatadir; do
		filled="${filled}s,@$name@,$(make_value $name),g;"
	done
	cd "$abs_top_srcdir"
	for file in units/*.in units/*.conf units/*.slice units/*.timer units/picosocks5-quota \
		$(find inetd -type f ! -name '*.md'); do
		name=${file%.in}
		case $name in units/picosocks5-report* | units/picosocks5-quota*) with_report || continue ;; esac
		case $name in
		*.service | *.socket | *.slice | *.timer)
			[ "$units" != no ] || continue
			installed=$root$units/${name##*/} ;;
		units/picosocks5.conf) installed=$root$(make_value sysconfdir)/picosocks5.conf ;;
		*) installed=$root$(make_value pkgdatadir)/$name ;;
		esac
		sed "$filled" "$file" | cmp - "$installed"
		case $name in */run | */picosocks5-quota) [ -x "$installed" ] ;; esac
	done
}

# So no superserver lets in a client whom another turns away. The checks of the units are left out. A
# superserver that can't count sessions leaves that to the program. These limits come before --config, so
# that the administrator's replace them.
@test "every superserver starts the program with the same options: limits, and then the configuration file" {
	cd "$abs_top_srcdir"
	find inetd units -type f ! -name '*.md' ! -name '*.catalog' ! -name picosocks5.conf ! -name picosocks5-quota -exec \
		sed -n -e '/^[#;]/d' -e ':join' -e '/\\$/ { N; s/\\\n//; b join' -e '}' -e '/^ExecStartPre=/d' \
		-e 's/.*picosocks5 --/--/p' -e 's/.*server_args.*--/--/p' {} + |
		sed -e "s/ >&3 3>&-$//" -e "s/,nofork'$//" \
			-e 's/--limit 512 //' -e 's/--limit-client \(128\|${CLIENT_SESSIONS}\) //' >"$BATS_TEST_TMPDIR/options"
	cat "$BATS_TEST_TMPDIR/options"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/options")" -eq 11 ]
	[ "$(sort -u "$BATS_TEST_TMPDIR/options")" = "--config @sysconfdir@/picosocks5.conf" ]
	[ "$(grep -rlE '^ExecStart=|exec |^server' units/*.conf* | wc -l)" -eq 0 ]
}

@test "install and uninstall keep the administrator's configuration" {
	conf=$(make_value sysconfdir)/picosocks5.conf
	make_here install DESTDIR="$root.kept" >/dev/null
	echo 'log-level debug' >>"$root.kept$conf"
	cp "$root.kept$conf" "$BATS_TEST_TMPDIR/conf"
	make_here install DESTDIR="$root.kept" >/dev/null
	cmp "$root.kept$conf" "$BATS_TEST_TMPDIR/conf"
	make_here uninstall DESTDIR="$root.kept" >/dev/null
	cmp "$root.kept$conf" "$BATS_TEST_TMPDIR/conf"
}

@test "no installed file contains the path of the build folder" {
	run grep -rIlF -e "$builddir" -e "$abs_top_srcdir" "$root"
	echo "$output"
	[ "$status" -eq 1 ]
}

@test "uninstall removes every file that install made, but no folders" {
	make_here uninstall DESTDIR="$root"
	run find "$root" ! -type d
	echo "$output"
	[ -z "$output" ]
}
