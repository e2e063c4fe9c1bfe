# SPDX-License-Identifier: GPL-3.0-or-later
# For bats files that set something up once for all of their tests.
# shellcheck shell=bash

# bats 1.8 takes a skip in setup_file() for a failure. There, say instead
#     command -v tool >/dev/null || { skip_file "no tool"; return 0; }
# and every test is skipped with that reason.
skip_file() {
	export skip_reason=$1
}

# A file with a setup() of its own calls this first.
skip_if_told() {
	[ -z "${skip_reason:-}" ] || skip "$skip_reason"
}

setup() {
	skip_if_told
}

# make_here ARGUMENT...: runs make in the build folder as if typed there, without the variables of the
# make that runs the tests.
make_here() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL make -s --no-print-directory \
		-C "${abs_top_builddir:?}" "$@"
}

# Prints a variable of the Makefile, with the variables in it replaced. A Makefile that is older than
# its source is made again first, with a message.
make_value() {
	printf 'include Makefile\nvalue_of_variable:\n\t@echo $(%s)\n' "$1" |
		make_here -f - value_of_variable | tail -n 1
}
