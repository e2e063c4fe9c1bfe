# SPDX-License-Identifier: GPL-3.0-or-later
# The protections of compiler and linker are in the program, not only in the flags. A build
# whose compiler lacks one (configure has probed it) skips its test; one without hardening skips all.

probe=$builddir/tests/hardening_probe

setup() {
	[ -n "$(made_with HARDEN_CFLAGS)$(made_with HARDEN_LDFLAGS)" ] || skip "--disable-hardening"
	binaries=("$probe")
	[ ! -e "$PICOSOCKS5" ] || binaries+=("$PICOSOCKS5")
}

# Prints the value that configure gave to a variable of the Makefile.
made_with() {
	sed -n "s/^$1 = *//p" "$builddir/Makefile"
}

# Skips the test unless configure has found this flag.
needs() {
	[[ " $(made_with "$1") " == *"$2"* ]] || skip "the compiler has no $2"
}

is_static() {
	! readelf -lW "$1" | grep -q INTERP
}

# Fails if a line of standard input matches.
none() {
	[ -z "$(grep -E "$1")" ]
}

aborts() {
	run "$probe" "$1"
	echo "$output"
	# glibc sends SIGABRT; musl crashes in another way.
	[ "$status" -gt 128 ] && [ "$status" -ne 137 ]
	[[ $output != *written* && $output != *returned* ]]
}

@test "addresses are random: the program is a PIE" {
	[ -n "$(made_with PIE_LDFLAGS)" ]
	for b in "${binaries[@]}"; do
		readelf -hW "$b" | grep -E 'Type: +DYN'
		readelf -dW "$b" | grep -E 'FLAGS_1.*PIE' || is_static "$b"
		readelf -dW "$b" | none TEXTREL
	done
}

@test "relocations are done at the start, then read-only" {
	needs HARDEN_LDFLAGS relro
	for b in "${binaries[@]}"; do
		readelf -lW "$b" | grep GNU_RELRO
		readelf -dW "$b" | grep -E 'BIND_NOW|FLAGS_1.*NOW' || is_static "$b"
	done
}

@test "nothing is both writable and executable, the stack included" {
	for b in "${binaries[@]}"; do
		readelf -lW "$b" | grep -E 'GNU_STACK.* RW '
		readelf -lW "$b" | none ' (RWE|WE) '
	done
}

@test "an overwritten stack frame is detected" {
	needs HARDEN_CFLAGS -fstack-protector-strong
	aborts smash
	for b in "${binaries[@]}"; do
		readelf -sW "$b" | grep -E '__stack_chk_fail'
	done
}

@test "a large frame touches each page of the stack" {
	needs HARDEN_CFLAGS -fstack-clash-protection
	[ "$(uname -m)" = x86_64 ] || skip "written for x86-64"
	objdump -d --no-show-raw-insn "$probe" | sed -n '/<large_frame>:/,/^$/p' |
		grep -E 'or[ql]? +\$0x0,.*\(%rsp|movq? +\$0x0,\(%rsp\)|test.*\(%rsp\)'
}

@test "indirect jumps may land only on marked places" {
	needs HARDEN_CFLAGS -fcf-protection
	[ "$(uname -m)" = x86_64 ] || skip "written for x86-64"
	for b in "${binaries[@]}"; do
		objdump -d --no-show-raw-insn "$b" | grep -A1 '<main>:' | grep endbr64
	done
}

@test "the C library detects a write beyond an array" {
	needs HARDEN_CPPFLAGS _FORTIFY_SOURCE
	nm "$probe" | grep __memset_chk || skip "the C library has no checking functions"
	aborts fortify-array
	readelf -sW "$probe" "${binaries[-1]}" | grep -E '__[a-z]+_chk(@|$)'
}

@test "the C library detects a write beyond an allocation whose size is known only at run time" {
	needs HARDEN_CPPFLAGS _FORTIFY_SOURCE=3
	nm "$probe" | grep __memset_chk || skip "the C library has no checking functions"
	aborts fortify
}

@test "local variables begin as zero" {
	needs HARDEN_CFLAGS -ftrivial-auto-var-init=zero
	run "$probe" stale
	[ "$status" -eq 0 ]
	[ "$output" = "0 bytes of an older frame" ]
}

@test "the program needs the C library and no other" {
	[ -e "$PICOSOCKS5" ] || skip "no program yet"
	run readelf -dW "$PICOSOCKS5"
	if is_static "$PICOSOCKS5"; then
		[[ $output != *NEEDED* ]]
	else
		[ "$(grep -c NEEDED <<<"$output")" -eq 1 ]
		grep -E 'NEEDED.*\[libc\.so(\.6)?\]' <<<"$output"
	fi
	[[ $output != *R*PATH* ]]
}

@test "the libraries that the program may load are declared in the ELF file" {
	[ -e "$PICOSOCKS5" ] || skip "no program yet"
	! is_static "$PICOSOCKS5" || skip "a static program loads nothing"
	notes=$(readelf -p .note.dlopen "$PICOSOCKS5" 2>&1)
	for facade in "journal_dlopen libsystemd.so.0" "auth/crypt_dlopen libcrypt.so.1" \
		"auth/digest_dlopen libmd.so.0"; do
		[ -e "$builddir/src/${facade% *}.o" ] || continue
		grep -F "${facade#* }" <<<"$notes"
	done
}
