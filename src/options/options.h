/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The settings of picosocks5(8), OPTIONS, as the command line and the configuration files give
 * them, in the order in which they appear. After options_read() they never change.
 */
#ifndef OPTIONS_OPTIONS_H
#define OPTIONS_OPTIONS_H

#include "layer/libssl.h"
#include "log/log.h"
#include "net/socket.h"
#include "rules/explain.h"
#include "users/open.h"
#include "base/text.h"
#include "wire/addr.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum option_mode { MODE_SERVE, MODE_CHECK, MODE_EXPLAIN, MODE_HASH, MODE_HELP, MODE_VERSION };

/* The place of a setting: a line of a file, or the command line if file is NULL. */
struct origin {
	const char *file;
	unsigned line;
};

/* What --check alone fills and asks. All zero in the other modes, except as. */
struct check_options {
	const char *as;		  /* the user that --as names; NULL: not given */
	const char *user, *group; /* the service's user, if files are tried as this user */
	const char *not_tried;	  /* why root did not try files as the service's user; or NULL */
	bool switched;		  /* the process was root's, and took on the rights of user */
	const char *config;	  /* the first file that the command line names; or NULL */
	unsigned configs;	  /* the number of such files */
	struct origin *where;	  /* the last place of each row of the table; or NULL */
};

/* What --hash asks. */
struct hash_options {
	const char *name;
	int scheme; /* enum pwhash_scheme; negative: not given */
};

/* How many sessions there may be at once; 0: no limit. */
struct limit_options {
	uint16_t all, client, user;
	const char *file; /* NULL: not given */
};

/* Returns the path of the file in which sessions are counted. */
static inline const char *options_limit_file(const struct limit_options *o)
{
	return o->file ? o->file : "/run/picosocks5/limits";
}

/* Returns true if any limit is set. */
static inline bool options_has_limit(const struct limit_options *o)
{
	return o->all || o->client || o->user;
}

enum { OPTIONS_METHODS_MAX = 6 };

/*
 * The method certificate in a list of methods. It is never sent: on the wire, a client that has
 * logged in by its certificate uses the method none. 254 is in RFC 1928's range of private methods.
 */
enum { METHOD_CERTIFICATE = 254 };

/* GSS-API. All unset without the method. */
struct gssapi_options {
	const char *keytab; /* the named file, or the system's, if the method is accepted */
	struct origin keytab_origin;
	uint8_t level[3]; /* enum gssframe_level: granted, best first */
	uint8_t n_levels;
	bool nec; /* the level may be negotiated without protection */
	bool levels_given;
};

/* TLS around the conversation. All unset without a certificate. */
struct tls_options {
	struct libssl_files files; /* certificate is NULL: no client can use TLS */
	bool only;		   /* whoever does not begin with TLS is hung up on */
	struct origin certificate_origin, key_origin, clients_origin, only_origin;
};

struct options {
	enum option_mode mode;
	int argc; /* the command line, which the log quotes */
	char **argv;
	int64_t handshake_timeout_ms, connect_timeout_ms, bind_timeout_ms;
	int64_t idle_timeout_ms, lifetime_ms;
	uint8_t methods[OPTIONS_METHODS_MAX]; /* accepted methods, best first */
	uint8_t n_methods;		      /* 0: not given */
	struct origin auth_origin;
	const char *users; /* path of the users file; NULL: there is none */
	struct origin users_origin;
	const char *saslauthd; /* path of the socket of that daemon; NULL: none */
	struct origin saslauthd_origin;
	int users_fd; /* that file, opened for passwords or for --check; else negative (an errno) */
	enum users_fault users_fault;
	struct gssapi_options gssapi;
	struct rules rules;
	const struct rules_question *question; /* of MODE_EXPLAIN */
	const char *questions;		       /* a file of them, instead; NULL: none */
	struct rules balancers;		       /* `from NET` for each --proxy-protocol */
	struct net_options net;		       /* out: what via says, completed by own */
	struct route own; /* what source, interface, mark, family and rate say */
	const char *via;  /* the text of a route; NULL: not given */
	struct origin source_origin, via_origin;
	bool socks4;
	bool http;
	struct tls_options tls;
	struct limit_options limits;
	enum log_sink log;
	int log_level;
	bool no_sandbox;
	struct check_options check;
	struct hash_options hash;
};

/* Returns true if --auth lists the method. */
static inline bool options_accept(const struct options *o, uint8_t method)
{
	return memchr(o->methods, method, o->n_methods);
}

/*
 * Fills ret with the methods of --auth that give a client a user name, best first. Returns their
 * number.
 */
size_t options_logins(const struct options *o, uint8_t ret[OPTIONS_METHODS_MAX]);

/*
 * Returns true if --auth lists `tls` alone: then a client inside TLS need not log in. In lists of
 * methods, `tls` is SOCKS5_METHOD_SSL.
 */
bool options_is_only_tls(const struct options *o);

/* Returns the name of the option of this file: one of o->files, the pointer itself. */
const char *options_tls_name(const struct tls_options *o, const char *file);

/* Appends what such a client must offer: "a password", or "a login by chap or gssapi". */
void options_put_login(const struct options *o, struct text *t);

/* Appends the word of a method, "method 128" if --auth has none for it. */
void options_put_method(uint8_t method, struct text *t);

/* Appends such words, like "none, chap and gssapi". last: " and " or " or ". */
void options_put_methods(const uint8_t *method, size_t n, const char *last, struct text *t);

/*
 * Takes one mistake or warning: a whole sentence that names its place. A warning begins with
 * "warning: ".
 */
typedef void options_report(void *ctx, const struct options *o, const char *message);

/* Returns true if such a message is a warning. */
bool options_is_warning(const char *message);

/*
 * An options_report; ctx is the struct client. While serving, writes the message where the options
 * read so far send the log. In every other mode writes it to descriptor 2, even if 1 and 2 are the
 * same pipe, because the person who ran --check reads it there; but never to a client's socket. A
 * line for a person has no process id.
 */
options_report options_report_to_log;

/*
 * Fills *o. Reports each mistake and reads on, so that one run finds them all. Returns 0, or the
 * exit status of the first mistake: 64 (EX_USAGE), 78 (EX_CONFIG), or 71 (EX_OSERR) for a failure
 * of the system. Strings in *o live as long as the process.
 */
int options_read(struct options *o, int argc, char **argv, options_report *report, void *ctx);

/*
 * For --check: appends the place of this option, "FILE:LINE: NAME: " or "--NAME: ". Returns the
 * exit status of a mistake there, 78 or 64.
 */
int options_place(const struct options *o, const char *name, struct text *t);

/*
 * Print on standard output what --help, --version and --check answer. Return 0, or -EIO if it
 * can't be written.
 */
int options_print_help(void);
int options_print_version(void);
int options_print_settings(const struct options *o);

#endif
