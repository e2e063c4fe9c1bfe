# SPDX-License-Identifier: GPL-3.0-or-later
# What make install puts where, and that make uninstall takes it away again.

setup_file() {
	export root=$BATS_FILE_TMPDIR/root
	unset MAKEFLAGS MFLAGS MAKELEVEL
	make -s -C "$builddir" install DESTDIR="$root"
}

# The value of a variable of the Makefile, its own variables replaced.
folder() {
	printf 'include Makefile\nfolder_of:\n\t@echo $(%s)\n' "$1" |
		make -s --no-print-directory -C "$builddir" -f - folder_of
}

@test "the program is installed and runs" {
	[ -x "$root$(folder sbindir)/picosocks5" ]
	"$root$(folder sbindir)/picosocks5" --version
}

@test "the manual is found by man" {
	[ -s "$root$(folder mandir)/man8/picosocks5.8" ]
	[ -s "$root$(folder mandir)/man5/picosocks5.conf.5" ]
}

@test "units start the installed program" {
	units=$(folder systemdsystemunitdir)
	[ "$units" != no ] || skip "configured without units"
	grep -F "ExecStart=$(folder sbindir)/picosocks5" "$root$units/picosocks5@.service"
	[ -s "$root$units/picosocks5.socket" ]
}

@test "no placeholder is left in an installed file" {
	run grep -rIlE '@[a-z_]+dir@' "$root"
	echo "$output"
	[ "$status" -eq 1 ]
}

@test "nothing that is installed speaks of where it was built" {
	run grep -rIlF -e "$builddir" -e "$abs_top_srcdir" "$root"
	echo "$output"
	[ "$status" -eq 1 ]
}

@test "uninstall takes away all that install brought, but for folders" {
	unset MAKEFLAGS MFLAGS MAKELEVEL
	make -s -C "$builddir" uninstall DESTDIR="$root"
	run find "$root" ! -type d
	echo "$output"
	[ -z "$output" ]
}
