/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ways to a user name: the methods of --auth that give a client one, and who decides whether a
 * user gets in by them. For --check and --explain.
 */
#ifndef CHECK_WAY_H
#define CHECK_WAY_H

#include "base/text.h"
#include "options/options.h"

enum way_end {
	WAY_FINE,
	WAY_UNCHECKED, /* another program decides, or this process may not read the users file */
	WAY_WRONG,     /* the users file does not let this user in */
	WAY_NOBODY,    /* the method gives nobody such a name */
};

/* The results for the last user and for each scheme so far. Begins as all zero. */
struct login_memory {
	char user[HTPASSWD_NAME_MAX + 1];
	int err;
	size_t line;
	enum htpasswd_fault fault;
	enum pwhash_scheme scheme;
	struct {
		bool known;
		int err;
		const char *library; /* of -ELIBACC */
	} schemes[PWHASH_DES + 1];
};

/*
 * Judges the login of a user by a method. Appends the reason to *t, except for WAY_FINE. Never
 * writes a hash. Reads the users file if the method needs it, verifies no password, and asks no
 * daemon.
 */
enum way_end way_judge(const struct options *o, uint8_t method, const char *user,
		       struct login_memory *memory, struct text *t);

/* Returns what a client gets whose login by this method fails, a constant sentence. */
const char *way_refusal(uint8_t method);

/* Return true if the users file is one of the ways; if it is the only one; if gssapi is that. */
bool way_has_file(const struct options *o);
bool way_is_file(const struct options *o);
bool way_is_ticket(const struct options *o);

/* Returns true if the name is that of a Kerberos principal: NAME@REALM. */
bool way_is_principal(const char *user, size_t len);

#endif
