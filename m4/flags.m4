dnl SPDX-License-Identifier: GPL-3.0-or-later
dnl Flags that are used if the compiler and the linker know them.

dnl PS_LINKS(CFLAGS, LDFLAGS, IF-YES, [IF-NO]): does a program link with them, without a
dnl warning? What the user gave in CFLAGS and LDFLAGS counts as well.
AC_DEFUN([PS_LINKS], [
AC_MSG_CHECKING([whether $CC takes $1 $2])
ps_save_CFLAGS=$CFLAGS ps_save_LDFLAGS=$LDFLAGS
CFLAGS="$1 $CFLAGS -Werror" LDFLAGS="$2 $LDFLAGS"
AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <stdio.h>
	#include <string.h>]], [[char a[64]; memset(a, 1, sizeof(a)); return puts(a) < 0;]])],
	[ps_links=yes
	# A program that asks for an interpreter is not static.
	AS_CASE(["$2"], [-static*], [AS_IF([$READELF -l conftest$ac_exeext 2>/dev/null |
		grep INTERP >/dev/null], [ps_links=no])])],
	[ps_links=no])
CFLAGS=$ps_save_CFLAGS LDFLAGS=$ps_save_LDFLAGS
AC_MSG_RESULT([$ps_links])
AS_IF([test $ps_links = yes], [$3], [$4])])

dnl PS_WARNINGS(FLAGS): each of them that the compiler knows, in WARN_CFLAGS.
AC_DEFUN([PS_WARNINGS], [
WARN_CFLAGS=
PS_LINKS(m4_normalize([$1]), [], [WARN_CFLAGS="m4_normalize([$1])"], [
	for ps_flag in m4_normalize([$1]); do
		PS_LINKS([$ps_flag], [], [WARN_CFLAGS="$WARN_CFLAGS $ps_flag"])
	done])
AC_SUBST([WARN_CFLAGS])])

dnl PS_STATIC_PIE: the flags for a static program at a random address. musl-gcc has no option
dnl for that, but musl has the start file, next to the one that musl-gcc takes.
AC_DEFUN([PS_STATIC_PIE], [
PS_LINKS([-fPIE], [-static-pie], [ps_pie=-static-pie], [
	ps_crt=`echo 'int x;' >conftest.c; $CC -no-pie -@%:@@%:@@%:@ conftest.c 2>&1 |
		tr ' "' '\n\n' | $SED -n '\,/Scrt1[[.]]o$,{s,/Scrt1[[.]]o$,,p;q;}'`
	ps_pie="-static -nostartfiles -Wl,-pie,--no-dynamic-linker,-z,text"
	ps_pie="$ps_pie $ps_crt/rcrt1.o $ps_crt/crti.o $ps_crt/crtn.o"
	PS_LINKS([-fPIE], [$ps_pie], [], [ps_pie=])])])

dnl PS_HARDENING: HARDEN_CPPFLAGS, HARDEN_CFLAGS and PIE_LDFLAGS, HARDEN_LDFLAGS. Uses
dnl $enable_static_program.
AC_DEFUN([PS_HARDENING], [
AC_ARG_ENABLE([hardening],
	[AS_HELP_STRING([--disable-hardening], [leave out the hardening by compiler and linker])])
HARDEN_CPPFLAGS= HARDEN_CFLAGS= HARDEN_LDFLAGS=
ps_pie=
AS_IF([test "$enable_hardening" != no], [
	AS_IF([test "$enable_static_program" = yes], [PS_STATIC_PIE],
		[PS_LINKS([-fPIE], [-pie], [ps_pie=-pie])])
	AS_IF([test -n "$ps_pie"], [HARDEN_CFLAGS=-fPIE])
	for ps_flag in -Wl,-z,relro,-z,now -Wl,-z,noexecstack; do
		PS_LINKS([], [$ps_flag], [HARDEN_LDFLAGS="$HARDEN_LDFLAGS $ps_flag"])
	done
	for ps_flag in -fstack-protector-strong -fstack-clash-protection -fcf-protection; do
		PS_LINKS([$ps_flag], [], [HARDEN_CFLAGS="$HARDEN_CFLAGS $ps_flag"])
	done
	# Older versions of clang need one more option.
	ps_serious=-enable-trivial-auto-var-init-zero-knowing-it-will-be-removed-from-clang
	for ps_flag in "" " $ps_serious"; do
		ps_flag="-ftrivial-auto-var-init=zero$ps_flag"
		PS_LINKS([$ps_flag], [], [HARDEN_CFLAGS="$HARDEN_CFLAGS $ps_flag"; break])
	done
	AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[
		#ifdef _FORTIFY_SOURCE
		#error the compiler or the user has chosen
		#endif]])], [
		for ps_flag in -D_FORTIFY_SOURCE=3 -D_FORTIFY_SOURCE=2; do
			PS_LINKS([$ps_flag], [], [HARDEN_CPPFLAGS=$ps_flag; break])
		done])])
AS_IF([test "$enable_static_program" = yes && test -z "$ps_pie"], [
	PS_LINKS([], [-static], [ps_pie=-static],
		[AC_MSG_ERROR([$CC links no static programs: is the static C library there?])])])
# glibc's linker warns that names need its shared libraries; README.md says so too.
AS_IF([test "$enable_static_program" = yes],
	[PS_LINKS([], [-Wl,--no-warnings], [ps_pie="$ps_pie -Wl,--no-warnings"])])
PIE_LDFLAGS=$ps_pie
AC_SUBST([HARDEN_CPPFLAGS])
AC_SUBST([HARDEN_CFLAGS])
AC_SUBST([HARDEN_LDFLAGS])
AC_SUBST([PIE_LDFLAGS])])

dnl PS_KERNEL_HEADERS: Linux's own headers, for a compiler that looks for its C library's alone
dnl (musl-gcc): links to them in the build folder, and KERNEL_CPPFLAGS to find those.
AC_DEFUN([PS_KERNEL_HEADERS], [
KERNEL_CPPFLAGS=
AC_CHECK_HEADER([linux/sockios.h], [], [
	ps_arch=`${CC%%musl-gcc*}gcc -print-multiarch 2>/dev/null`
	rm -rf kernel-headers
	AS_MKDIR_P([kernel-headers])
	for ps_folder in linux asm-generic asm; do
		for ps_place in /usr/include/$ps_arch /usr/include; do
			AS_IF([test -d $ps_place/$ps_folder],
				[ln -s $ps_place/$ps_folder kernel-headers/; break])
		done
	done
	KERNEL_CPPFLAGS="-isystem `pwd`/kernel-headers"
	ps_save_CPPFLAGS=$CPPFLAGS CPPFLAGS="$CPPFLAGS $KERNEL_CPPFLAGS"
	AS_UNSET([ac_cv_header_linux_sockios_h])
	AC_CHECK_HEADER([linux/sockios.h], [], [AC_MSG_ERROR([Linux's headers are missing])])
	CPPFLAGS=$ps_save_CPPFLAGS])
AC_SUBST([KERNEL_CPPFLAGS])])
