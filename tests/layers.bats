# SPDX-License-Identifier: GPL-3.0-or-later
# Which room of src/ may use which, and how long a file may be. The table of rooms is
# in src/README.md.

setup() {
	cd "$abs_top_srcdir/src"
}

# sources: prints every C file, without a leading ./
sources() {
	find . -name '*.[ch]' | sed 's,^\./,,' | sort
}

# arrows: prints "FROM TO" for each header of the project that a file includes, both with suffix.
arrows() {
	sources | xargs awk -F'"' '/^#[ \t]*include[ \t]*"/ && $2 != "config.h" { print FILENAME, $2 }'
}

# rooms_of: reads files, and prints the room of each.
rooms_of() {
	sed -E 's,/.*,,; t
		s,^main\.c$,main,; t
		s,^client\.h$,client,; t
		s,^session\.h$,end,; t
		s,^.*$,corridor,'
}

# table: prints "ROOM USED" for each pair of rooms that the table in README.md allows.
table() {
	awk -F'|' '/^\| `/ { gsub(/[` ]/, "", $2); n = split($4, used, " ")
		for (i = 1; i <= n; i++) print $2, used[i] }' README.md
}

rooms() {
	awk -F'|' '/^\| `/ { gsub(/[` ]/, "", $2); print $2 }' README.md
}

# calls: prints "FROM TO", two objects ROOM/NAME, for each symbol that FROM needs and TO defines.
calls() {
	for library in "$builddir"/lib*.a; do
		nm -A -g "$library" 2>/dev/null
	done | awk '{
			split($1, part, ":"); room = part[1]; object = part[2]
			sub(/.*\/lib/, "", room); sub(/\.a$/, "", room); sub(/\.o$/, "", object)
			object = room "/" object
			if ($(NF - 1) == "U") needed[object " " $NF] = 1
			else if ($(NF - 1) != "w") home[$NF] = object
		}
		END { for (pair in needed) { split(pair, q, " ")
			if (q[2] in home && home[q[2]] != q[1]) print q[1], home[q[2]] } }' | sort -u
}

object_rooms() {
	sed -E 's,/[^ ]*,,g'
}

# none COMMAND...: fails if the command prints anything, and shows it.
none() {
	run "$@"
	echo "$output"
	[ -z "$output" ]
}

built() {
	[ -e "$builddir/libwire.a" ] || skip "not built"
}

# no_circle: fails if the pairs on standard input cannot be put into an order.
no_circle() {
	run sh -c "tsort >/dev/null"
	echo "$output"
	[ "$status" -eq 0 ]
}

# Prints the symbols that a library needs and does not define itself.
needs() {
	nm -u "$builddir/$1" | awk '$1 == "U" { print $2 }' | sort -u >"$BATS_TEST_TMPDIR/undefined"
	nm --defined-only "$builddir/$1" | awk 'NF == 3 { print $3 }' | sort -u |
		comm -23 "$BATS_TEST_TMPDIR/undefined" - |
		grep -vE '^(_GLOBAL_OFFSET_TABLE_|__stack_chk_fail|__gcov_.*|__[au]san_.*|__ubsan_.*)$'
}

@test "the table of rooms names every room, and each room once" {
	{ echo main; echo corridor; echo client
		sources | grep / | rooms_of; } | sort -u >"$BATS_TEST_TMPDIR/rooms"
	rooms | sort | diff "$BATS_TEST_TMPDIR/rooms" -
}

@test "the table of rooms has no circle" {
	[ -n "$(table)" ]
	no_circle < <(table)
}

@test "a room includes no header of a room that its row does not name" {
	arrows >"$BATS_TEST_TMPDIR/arrows"
	[ "$(wc -l <"$BATS_TEST_TMPDIR/arrows")" -gt 100 ]
	paste -d ' ' <(cut -d ' ' -f 1 "$BATS_TEST_TMPDIR/arrows" | rooms_of) \
		<(cut -d ' ' -f 2 "$BATS_TEST_TMPDIR/arrows" | rooms_of) "$BATS_TEST_TMPDIR/arrows" |
		awk '$1 != $2' | sort >"$BATS_TEST_TMPDIR/used"
	table | sort -u >"$BATS_TEST_TMPDIR/allowed"
	none awk 'NR == FNR { allowed[$1 " " $2] = 1; next }
		!(($1 " " $2) in allowed) { print $3 " includes " $4 }' \
		"$BATS_TEST_TMPDIR/allowed" "$BATS_TEST_TMPDIR/used"
}

@test "a room calls no function of a room that its row does not name" {
	built
	calls | object_rooms | awk '$1 != $2' | sort -u >"$BATS_TEST_TMPDIR/used"
	[ -s "$BATS_TEST_TMPDIR/used" ]
	none comm -23 "$BATS_TEST_TMPDIR/used" <(table | sort -u)
}

@test "no two files call each other, directly or through others" {
	built
	no_circle < <(calls)
}

@test "no two headers need each other" {
	no_circle < <(arrows | grep '\.h [^ ]*$' | grep '^[^ ]*\.h ')
}

@test "rooms that move bytes, and pure rooms, do not include options.h" {
	none grep -nE '^#[ \t]*include[ \t]*"options/' -r base wire rules users sandbox relay net udp
}

@test "of base/ and the system, wire/ and rules/ include only pure headers and plain ones of the C library" {
	none sh -c "grep -nE '^#[ \t]*include[ \t]*\"base/' wire/*.[ch] rules/*.[ch] |
		grep -vE '\"base/(cold|hint|text)\.h\"'"
	none sh -c "grep -nE '^#[ \t]*include[ \t]*<' wire/*.[ch] rules/*.[ch] | grep -vE \
		'<(arpa/inet|assert|errno|limits|netinet/in|stdbool|stddef|stdint|string)\.h>'"
}

@test "wire/ calls nothing but functions of memory and text" {
	built
	symbols=$(needs libwire.a)
	none grep -vxE '(__)?(mem(chr|cmp|cpy|move|set)|str(n?len|n?cmp|r?chr|n?casecmp|n?cpy)|inet_(pton|ntop)|explicit_bzero)(_chk)?|__errno_location|__ctype_b_loc|bcmp|ntoh[sl]|hton[sl]' <<<"$symbols"
}

@test "rules/ calls nothing that does I/O" {
	built
	symbols=$(needs librules.a)
	none grep -xE 'v?f?d?printf|puts|_?exit|abort|malloc|calloc|realloc|mmap|open(at)?|read|write|send(to|msg)?|recv|socket|connect|bind|getaddrinfo|v?syslog|fopen' <<<"$symbols"
}

@test "the top of src/ has at most 45 entries" {
	[ "$(find . -mindepth 1 -maxdepth 1 | wc -l)" -le 45 ]
}

@test "no C file is longer than 250 lines, and no line longer than 100 columns" {
	none awk 'FNR == 251 { print FILENAME " is too long" }' $(sources)
	for f in $(sources); do
		expand "$f" | awk -v f="$f" 'length($0) > 100 { print f ":" NR ": too wide"; bad = 1 }
			END { exit bad }'
	done
}

@test "each C file begins with its licence and says what happens in it" {
	for f in $(sources) ../tests/unit/*.[ch] ../tests/fuzz/*.c; do
		[ "$(head -n 1 "$f")" = "/* SPDX-License-Identifier: GPL-3.0-or-later */" ] ||
			{ echo "$f"; false; }
		[[ "$(sed -n 2p "$f")" == "/*"* ]] || { echo "$f"; false; }
	done
}

@test "each C file includes its own header first" {
	for f in $(sources | grep '\.c$'); do
		own=${f%.c}.h
		[ ! -e "$own" ] || [ "$(grep -m 1 '^#[ 	]*include' "$f")" = "#include \"$own\"" ] ||
			{ echo "$f"; false; }
	done
}

@test "no function has preprocessor conditions inside" {
	none awk 'FNR == 1 { inside = 0 }
		/^[{]/ { inside = 1 } /^[}]/ { inside = 0 }
		inside && /^[ \t]*#[ \t]*(if|ifdef|ifndef|else|elif|endif)/ { print FILENAME ":" FNR ": " $0 }' \
		$(sources)
}

@test "goto is used only for the label out" {
	none sh -c "grep -nE '\bgoto\b' $(sources | tr '\n' ' ') | grep -v 'goto out;'"
}
