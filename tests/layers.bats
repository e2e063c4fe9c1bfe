# SPDX-License-Identifier: GPL-3.0-or-later
# The order of the house: who may know whom, and how long a file may be.

setup() {
	cd "$abs_top_srcdir/src"
}

# arrows FILE...: "FROM TO" for each header of ours that a file includes, both without suffix.
arrows() {
	awk '/^#[ \t]*include[ \t]*"/ {
		split($0, part, "\"")
		from = FILENAME; to = part[2]
		sub(/\.[ch]$/, "", from); sub(/\.h$/, "", to)
		if (from != to)
			print from, to
	}' "$@"
}

# none COMMAND...: it finds nothing; what it finds is shown.
none() {
	run "$@"
	echo "$output"
	[ -z "$output" ]
}

sources() {
	find . -name '*.[ch]' | sed 's,^\./,,' | sort
}

# Undefined symbols of a library, as far as it does not define them itself.
needs() {
	nm -u "$builddir/$1" | awk '$1 == "U" { print $2 }' | sort -u >"$BATS_TEST_TMPDIR/undefined"
	nm --defined-only "$builddir/$1" | awk 'NF == 3 { print $3 }' | sort -u |
		comm -23 "$BATS_TEST_TMPDIR/undefined" - |
		grep -vE '^(_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__gcov_.*|__[au]san_.*|__ubsan_.*)$'
}

@test "wire/ knows itself and the C library's plain headers" {
	none sh -c "$(declare -f arrows); arrows wire/*.[ch] | grep -v ' wire/'"
	none sh -c "grep -nE '^#[ \t]*include[ \t]*<' wire/*.[ch] | grep -vE \
		'<(arpa/inet|assert|errno|limits|netinet/in|stdbool|stddef|stdint|string)\.h>'"
}

@test "wire/ calls nothing but functions of memory and text" {
	[ -e "$builddir/libwire.a" ] || skip "not built"
	symbols=$(needs libwire.a)
	none grep -vxE '(__)?(mem(chr|cmp|cpy|move|set)|str(n?len|n?cmp|r?chr|n?casecmp|n?cpy)|inet_(pton|ntop)|explicit_bzero)(_chk)?|__errno_location|__ctype_b_loc|bcmp|ntoh[sl]|hton[sl]' <<<"$symbols"
}

@test "policy/ knows wire/ and itself, and does nothing" {
	none sh -c "$(declare -f arrows); arrows policy/*.[ch] | grep -vE ' (wire|policy)/'"
	[ -e "$builddir/libpolicy.a" ] || skip "not built"
	symbols=$(needs libpolicy.a)
	none grep -xE 'v?f?d?printf|puts|_?exit|abort|open(at)?|read|write|send(to|msg)?|recv|socket|connect|bind|getaddrinfo|v?syslog|fopen' <<<"$symbols"
}

@test "what moves bytes knows nothing of SOCKS, of sessions or of the log" {
	none sh -c "$(declare -f arrows); arrows \
		\$(ls net.[ch] dial.[ch] flow*.[ch] relay*.[ch] stream.[ch] wait.[ch] clock.[ch] \
		blocking.[ch] resolve.[ch] 2>/dev/null) |
		grep -v '^relay_udp ' |
		grep -E ' (main|session|cmd.*|auth/.*|end|log|record|wire/(socks|userpass|proxyhdr).*)$'"
}

@test "arrows never point up" {
	# Nobody is above main; nobody below the conversation knows of it.
	none sh -c "$(declare -f arrows sources); arrows \$(sources) | grep -E ' main$'"
	none sh -c "$(declare -f arrows sources); arrows \$(sources) |
		grep -vE '^(main|session[^ ]*|balancer|end|cmd[^ ]*|auth/[^ ]*) ' |
		grep -E ' (session[^ ]*|balancer|end|cmd[^ ]*|auth/(auth|password))$'"
	# What computes for a method knows nothing of the conversation.
	none sh -c "$(declare -f arrows); arrows auth/*.[ch] | grep -vE '^auth/(auth|password|gssapi|chap) ' |
		grep -E ' (session[^ ]*|end|log|stream|options)$'"
}

@test "no two headers need each other" {
	run tsort < <(arrows $(sources | grep '\.h$'))
	[ "$status" -eq 0 ]
}

@test "no file is longer than 300 lines, no line than 100 columns" {
	none awk 'FNR == 301 { print FILENAME " is too long" }' $(sources)
	for f in $(sources); do
		expand "$f" | awk -v f="$f" 'length($0) > 100 { print f ":" NR ": too wide"; bad = 1 }
			END { exit bad }'
	done
}

@test "each file begins with its licence and says what happens in it" {
	for f in $(sources) ../tests/unit/*.[ch] ../tests/fuzz/*.c; do
		[ "$(head -n 1 "$f")" = "/* SPDX-License-Identifier: GPL-3.0-or-later */" ] ||
			{ echo "$f"; false; }
		[[ "$(sed -n 2p "$f")" == "/*"* ]] || { echo "$f"; false; }
	done
}

@test "no function is cut by the preprocessor" {
	none awk 'FNR == 1 { inside = 0 }
		/^[{]/ { inside = 1 } /^[}]/ { inside = 0 }
		inside && /^[ \t]*#[ \t]*(if|ifdef|ifndef|else|elif|endif)/ { print FILENAME ":" FNR ": " $0 }' \
		$(sources)
}

@test "goto goes to out" {
	none sh -c "grep -nE '\bgoto\b' $(sources | tr '\n' ' ') | grep -v 'goto out;'"
}
