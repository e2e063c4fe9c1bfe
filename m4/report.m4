dnl SPDX-License-Identifier: GPL-3.0-or-later
dnl PS_REPORT: what picosocks5-report links. Sets report_journal and report_gzip to linked or none, and
dnl REPORT_LIBS and REPORT_CPPFLAGS. Comes after PS_LIBRARIES, which has --with-libsystemd.
AC_DEFUN([PS_REPORT], [
AC_ARG_ENABLE([report], [AS_HELP_STRING([--disable-report], [leave out picosocks5-report])])
PS_WITH([zlib], [logs that gzip packed, in picosocks5-report])
report_journal=none report_gzip=none
REPORT_LIBS= REPORT_CPPFLAGS=
ps_save_LIBS=$LIBS ps_save_LDFLAGS=$LDFLAGS ps_save_CPPFLAGS=$CPPFLAGS
AS_IF([test "$enable_static_program" = yes], [LDFLAGS="-static $LDFLAGS"])
# There is no static libsystemd.
AS_IF([test "$enable_report" != no && test $with_libsystemd != no &&
	test "$enable_static_program" != yes && $PKG_CONFIG --exists libsystemd 2>/dev/null], [
	REPORT_CPPFLAGS=`$PKG_CONFIG --cflags libsystemd`
	ps_systemd=`$PKG_CONFIG --libs libsystemd`
	CPPFLAGS="$CPPFLAGS $REPORT_CPPFLAGS" LIBS="$ps_systemd $LIBS"
	AC_MSG_CHECKING([whether $ps_systemd reads the journal])
	AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <systemd/sd-journal.h>]],
		[[sd_journal *j; return sd_journal_open(&j, SD_JOURNAL_LOCAL_ONLY);]])],
		[report_journal=linked REPORT_LIBS=$ps_systemd])
	AC_MSG_RESULT([$report_journal])
	LIBS=$ps_save_LIBS])
AS_IF([test "$enable_report" != no && test $with_zlib != no], [
	AC_CHECK_HEADER([zlib.h], [AC_CHECK_LIB([z], [inflateInit2_],
		[report_gzip=linked REPORT_LIBS="$REPORT_LIBS -lz"])])
	PS_SETTLE([zlib], [report_gzip])])
LIBS=$ps_save_LIBS LDFLAGS=$ps_save_LDFLAGS CPPFLAGS=$ps_save_CPPFLAGS
AC_SUBST([REPORT_LIBS])
AC_SUBST([REPORT_CPPFLAGS])
AM_CONDITIONAL([REPORT], [test "$enable_report" != no])
AM_CONDITIONAL([REPORT_JOURNAL], [test $report_journal = linked])
AM_CONDITIONAL([REPORT_GZIP], [test $report_gzip = linked])
AS_IF([test "$enable_report" = no], [ps_report=no],
	[ps_report="journal: $report_journal, gzip: $report_gzip"])])
