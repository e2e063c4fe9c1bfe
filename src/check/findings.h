/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The checks of --check after the options have been read. They find mistakes that a serving process
 * would meet only when a client waits, and settings that are legal but probably not meant.
 */
#ifndef CHECK_FINDINGS_H
#define CHECK_FINDINGS_H

#include "options/options.h"

/*
 * Reads the whole users file, if the options name one. Reports as a mistake each line with which no
 * user can log in, and as a warning each one that is legal but probably not meant. Returns 0, or 78
 * (EX_CONFIG) if there was a mistake. *users is the number of users that can log in, or -1 if no
 * file was read.
 */
int check_users(const struct options *o, long *users, options_report *report, void *ctx);

/*
 * Tries to reach saslauthd, if the options name its socket. Reports as a mistake a path that is not
 * a socket or that the service's user has no right to, and as a warning that nothing listens there.
 * Returns 0, or the exit status of a mistake.
 */
int check_saslauthd(const struct options *o, options_report *report, void *ctx);

/*
 * Tries the settings for outgoing sockets on sockets that are closed at once. Reports as a mistake
 * an interface and a source address that this host does not have, and as a warning each setting
 * that needs a capability. Sends nothing. Returns 0, or the exit status of the first mistake.
 */
int check_network(const struct options *o, options_report *report, void *ctx);

/*
 * Tries the parents of routes. Looks their names up, and connects to their unix sockets, but puts
 * no request to a parent. Reports as a mistake a path that is not a socket or that the service's
 * user has no right to, and an address of a family that is not used; and as a warning a name that
 * can't be looked up and a socket at which nothing listens. Returns 0, or the exit status of the
 * first mistake.
 */
int check_parents(const struct options *o, options_report *report, void *ctx);

/*
 * If the options accept gssapi, loads the library and the keytab. Reports as a mistake a library
 * that can't be loaded and a keytab without keys, and as a warning what is legal but keeps clients
 * out. Returns 0, or 78 (EX_CONFIG) if there was a mistake.
 */
int check_gssapi(const struct options *o, options_report *report, void *ctx);

/*
 * If a limit of sessions is set, tries the file in which they are counted. Reports as a mistake a
 * file with which nobody would be served, and as a warning one that other users may write, and
 * limits without effect. Makes no file. Returns 0, or the exit status of the mistake.
 */
int check_limits(const struct options *o, options_report *report, void *ctx);

/*
 * If the options name a certificate, reads it, its key and the CAs of clients as a session does.
 * Reports as a mistake a file with which no client could use TLS, and as a warning a certificate
 * that is not valid, or not for long, a key that others may read, and a CA that is of no use. *ends
 * is the time until when the certificate is valid, in seconds since 1970, or 0. Returns 0, or the
 * exit status of a mistake.
 */
int check_tls(const struct options *o, int64_t *ends, options_report *report, void *ctx);

/* Appends such a time: "2026-11-29 10:31:05 UTC". */
void check_put_time(int64_t seconds, struct text *t);

/* Reports these words, with the place of this option, as a warning. */
void check_warn(const struct options *o, options_report *report, void *ctx, const char *option,
		const char *words);

/* Warns of settings that do less or more than they seem to. */
void check_settings(const struct options *o, options_report *report, void *ctx);

/* Warns of users that rules name, and that no method of --auth gives a client. */
void check_named_users(const struct options *o, options_report *report, void *ctx);

/* Warns of access rules that are legal but probably not meant. */
void check_rules(const struct options *o, options_report *report, void *ctx);

#endif
