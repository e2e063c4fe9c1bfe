dnl SPDX-License-Identifier: GPL-3.0-or-later
dnl The five libraries that the program loads when it first needs them. A static program links
dnl them, or does without.

dnl PS_WITH(NAME, WHAT): the option --with-NAME, its value in $with_NAME.
AC_DEFUN([PS_WITH], [
AC_ARG_WITH([$1], [AS_HELP_STRING([--with-$1=auto|yes|no], [$2 @<:@auto@:>@])], [],
	[with_$1=auto])
AS_CASE([$with_$1], [auto|yes|no], [], [AC_MSG_ERROR([--with-$1 is auto, yes or no])])])

dnl PS_SETTLE(NAME, RESULT-VARIABLE): an error if --with-NAME=yes cannot be had.
AC_DEFUN([PS_SETTLE], [
AS_IF([test "$with_$1" = yes && test "$$2" = none],
	[AC_MSG_ERROR([--with-$1=yes, but this build can't have $1: see config.log])])])

dnl PS_LIBRARIES: sets journal, crypt, digest, gssapi and openssl to dlopen, linked or none, yescrypt
dnl to yes or no.
AC_DEFUN([PS_LIBRARIES], [
PS_WITH([libsystemd], [structured journal entries])
PS_WITH([libcrypt], [password hashes of crypt(5)])
PS_WITH([libmd], [password hashes $apr1$, {SHA} and {CRAM-MD5}; CHAP])
PS_WITH([gssapi], [logins by GSS-API, with MIT Kerberos])
PS_WITH([openssl], [clients that speak TLS])
journal=none crypt=none digest=none gssapi=none openssl=none yescrypt=no
CRYPT_LIBS= DIGEST_LIBS=
ps_save_LIBS=$LIBS ps_save_LDFLAGS=$LDFLAGS
AS_IF([test "$enable_static_program" = yes],
	[ps_how=linked; LDFLAGS="-static $LDFLAGS"], [ps_how=dlopen])

AS_IF([test $with_libsystemd != no && test $ps_how = dlopen],
	[AC_CHECK_HEADER([systemd/sd-journal.h], [journal=dlopen])])
PS_SETTLE([libsystemd], [journal])

AS_IF([test $with_libcrypt != no], [AC_CHECK_HEADER([crypt.h], [
	AC_CHECK_DECL([crypt_checksalt], [yescrypt=yes], [], [[#include <crypt.h>]])
	# musl has crypt() in libc itself. With libxcrypt don't look there: a sanitizer has a crypt() of
	# its own, to intercept calls.
	AS_IF([test $yescrypt = no], [AC_CHECK_FUNC([crypt_r], [crypt=linked])])
	AS_IF([test $crypt = linked], [],
		[test $ps_how = dlopen], [crypt=dlopen],
		[AC_CHECK_LIB([crypt], [crypt_r], [crypt=linked CRYPT_LIBS=-lcrypt], [yescrypt=no])])])])
PS_SETTLE([libcrypt], [crypt])

AS_IF([test $with_libmd != no], [AC_CHECK_HEADERS([md5.h sha1.h], [
	AS_IF([test $ps_how = dlopen], [digest=dlopen],
		[AC_CHECK_LIB([md], [MD5Init], [digest=linked DIGEST_LIBS=-lmd])])],
	[digest=none; break], [[#include <sys/types.h>]])])
PS_SETTLE([libmd], [digest])

# There is no static libgssapi_krb5 in Debian. acquire_cred_from came with MIT krb5 1.11.
AS_IF([test $with_gssapi != no && test $ps_how = dlopen],
	[AC_CHECK_DECL([gss_acquire_cred_from], [gssapi=dlopen], [],
		[[#include <gssapi/gssapi_ext.h>]])])
PS_SETTLE([gssapi], [gssapi])

# Only the library of OpenSSL 3 has this function, and the soname libssl.so.3.
AS_IF([test $with_openssl != no && test $ps_how = dlopen],
	[AC_CHECK_DECL([SSL_get0_peer_certificate], [openssl=dlopen], [], [[#include <openssl/ssl.h>]])])
PS_SETTLE([openssl], [openssl])
LIBS=$ps_save_LIBS LDFLAGS=$ps_save_LDFLAGS
AC_SUBST([CRYPT_LIBS])
AC_SUBST([DIGEST_LIBS])

AM_CONDITIONAL([JOURNAL_DLOPEN], [test $journal = dlopen])
AM_CONDITIONAL([CRYPT_DLOPEN], [test $crypt = dlopen])
AM_CONDITIONAL([CRYPT_LINKED], [test $crypt = linked])
AM_CONDITIONAL([DIGEST_DLOPEN], [test $digest = dlopen])
AM_CONDITIONAL([GSSAPI_DLOPEN], [test $gssapi = dlopen])
AM_CONDITIONAL([OPENSSL_DLOPEN], [test $openssl = dlopen])
AM_CONDITIONAL([DIGEST_LINKED], [test $digest = linked])

ps_features=
for ps_part in "journal $journal" "crypt $crypt" "yescrypt $yescrypt" "digest $digest" \
	"gssapi $gssapi" "tls $openssl"; do
	AS_CASE([$ps_part], [*' no'*], [ps_sign=-], [ps_sign=+])
	ps_features="$ps_features$ps_sign${ps_part%% *} "
done
AS_IF([test $ps_how = linked], [ps_features="${ps_features}static"],
	[ps_features="${ps_features}dynamic"])
AC_DEFINE_UNQUOTED([BUILD_FEATURES], ["$ps_features"],
	[What this build has (+), lacks (-), and how it is linked.])])
