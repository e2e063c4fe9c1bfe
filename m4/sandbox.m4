dnl SPDX-License-Identifier: GPL-3.0-or-later
dnl PS_SANDBOX: sets sandbox to yes if this build can have the in-process sandbox, else to no. Its
dnl filters are written for some machines only, and a sanitizer makes system calls that they forbid.
AC_DEFUN([PS_SANDBOX], [
AC_MSG_CHECKING([for a sandbox])
AC_COMPILE_IFELSE([AC_LANG_SOURCE([[
	#ifdef __has_feature
	#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
		__has_feature(memory_sanitizer)
	#error a sanitizer
	#endif
	#endif
	#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
	#error a sanitizer
	#endif
	#if !(defined(__x86_64__) && !defined(__ILP32__)) && \
		!(defined(__aarch64__) && defined(__LP64__) && !defined(__AARCH64EB__))
	#error another machine
	#endif
	int x;]])], [sandbox=yes], [sandbox=no])
AC_MSG_RESULT([$sandbox])
AM_CONDITIONAL([SANDBOX], [test $sandbox = yes])])
