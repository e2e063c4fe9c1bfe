/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of options: the command line, configuration files, --help, --check and the tests of the
 * manual all read it. A new option is one row here and one field in struct options.
 */
#include "options/table.h"
#include "options/value.h"

#include <stddef.h>
#include <string.h>

#define AT(field) offsetof(struct options, field)

const struct option_row option_table[] = {
	{ "config", 'c', "FILE", false, &type_config, 0, "read options from FILE" },
	{ "check", 't', NULL, true, &type_mode, 0,
	  "report every mistake, print settings, serve nobody" },
	{ "explain", 0, "QUESTION", true, &type_explain, 0,
	  "tell which rule decides: [from ADDR] [user NAME]\n"
	  "[to DEST] [port N] [command CMD]; or ask what is\n"
	  "in @FILE, with the answers expected" },
	{ "as", 0, "USER", true, &type_as, 0, "whose rights --check by root uses (picosocks5)" },
	{ "hash", 0, "NAME", true, &type_hash, 0,
	  "ask for a password, print a line of a users file" },
	{ "scheme", 0, "SCHEME", true, &type_scheme, AT(hash.scheme),
	  "how --hash hashes: yescrypt, bcrypt, sha512 (the\n"
	  "first that works here) or cram-md5" },
	{ "users", 'u', "FILE", false, &type_users, 0,
	  "user names and password hashes, in htpasswd format" },
	{ "saslauthd", 0, "PATH", false, &type_saslauthd, 0,
	  "socket of the daemon that checks passwords instead" },
	{ "auth", 'a', "METHOD[,...]", false, &type_auth, 0,
	  "methods accepted, best first: none, password,\n"
	  "chap, gssapi" },
	{ "gssapi-keytab", 0, "FILE", false, &type_keytab, 0,
	  "keys of the services that clients log in to\n"
	  "(KRB5_KTNAME, or else /etc/krb5.keytab)" },
	{ "gssapi-levels", 0, "LEVEL[,...]", false, &type_gss_levels, 0,
	  "protection granted, best first: 0 none,\n"
	  "1 integrity, 2 encryption; nec, for NEC (2,1)" },
	{ "allow", 0, "RULE", false, &type_allow, 0,
	  "allow what matches: [from NET] [to DEST]\n"
	  "[port PORT] [user NAME] [command CMD]" },
	{ "deny", 0, "RULE", false, &type_deny, 0,
	  "deny what matches; the first that matches decides" },
	{ "proxy-protocol", 0, "NET[,...]", false, &type_balancers, 0,
	  "load balancers, which must send a PROXY header" },
	{ "socks4", 0, NULL, false, &type_flag, AT(socks4),
	  "also serve SOCKS4 and 4a, where none is accepted" },
	{ "handshake-timeout", 0, "TIME", false, &type_time, AT(handshake_timeout_ms),
	  "from the start to the end of the request (30s)" },
	{ "connect-timeout", 0, "TIME", false, &type_time, AT(connect_timeout_ms),
	  "name lookup and connecting, together (30s)" },
	{ "bind-timeout", 0, "TIME", false, &type_time, AT(bind_timeout_ms),
	  "waiting for the peer of BIND (2m)" },
	{ "idle-timeout", 0, "TIME", false, &type_time, AT(idle_timeout_ms),
	  "no byte in either direction (2h4m)" },
	{ "lifetime", 0, "TIME", false, &type_time, AT(lifetime_ms),
	  "whole session (0, no limit)" },
	{ "source", 0, "ADDR[,ADDR]", false, &type_pair, AT(net.source),
	  "local address of what goes out, one per family" },
	{ "interface", 0, "NAME", false, &type_interface, 0, "bind outgoing sockets to NAME" },
	{ "mark", 0, "NUMBER", false, &type_mark, 0, "fwmark of outgoing sockets" },
	{ "family", 0, "FAMILY", false, &type_family, AT(net.family),
	  "any, ipv4, ipv6, prefer-ipv4 or prefer-ipv6 (any)" },
	{ "external", 0, "ADDR[,ADDR]", false, &type_pair, AT(net.external),
	  "address told for BIND and UDP, one per family" },
	{ "port-range", 0, "LO-HI", false, &type_range, 0,
	  "ports for BIND and UDP, like 40000-40999" },
	{ "rate", 0, "BYTES", false, &type_rate, AT(net.rate),
	  "bytes per second each way, like 500k or 10M" },
	{ "log", 0, "SINK", false, &type_log, AT(log),
	  "auto, journal, syslog, stderr or none (auto)" },
	{ "log-level", 0, "LEVEL", false, &type_level, AT(log_level),
	  "error, warning, notice, info or debug (info)" },
	{ "no-sandbox", 0, NULL, false, &type_flag, AT(no_sandbox),
	  "leave out the in-process sandbox" },
	{ "help", 'h', NULL, true, &type_mode, 0, "print this help" },
	{ "version", 'V', NULL, true, &type_mode, 0, "print the version" },
};

const size_t option_table_len = sizeof(option_table) / sizeof(option_table[0]);

const struct option_row *option_find(const char *name)
{
	for (size_t i = 0; i < option_table_len; i++)
		if (*option_table[i].name == *name && strcmp(option_table[i].name, name) == 0)
			return &option_table[i];
	return NULL;
}
