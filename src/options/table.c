/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The table of options: the command line, configuration files, --help, --check and the tests of the
 * manual all read it. A new option is one row here and one field in struct options.
 */
#include "options/table.h"
#include "options/value.h"

#include <stddef.h>
#include <string.h>

#define AT(field)		   offsetof(struct options, field)
#define TEXT(name, argument, help) name "\0" argument "\0" help

_Static_assert(sizeof(struct options) <= UINT16_MAX, "offsets fit into struct option_row");

const struct option_row option_table[] = {
	{ TEXT("config", "FILE", "read options from FILE"), 'c', false, 0, &type_config },
	{ TEXT("check", "", "report every mistake, print settings, serve nobody"), 't', true, 0,
	  &type_mode },
	{ TEXT("explain", "QUESTION",
	       "tell which rule decides: [from ADDR] [user NAME]\n"
	       "[to DEST] [port N] [command CMD]; or ask what is\n"
	       "in @FILE, with the answers expected"),
	  0, true, 0, &type_explain },
	{ TEXT("as", "USER", "whose rights --check by root uses (picosocks5)"), 0, true, 0,
	  &type_as },
	{ TEXT("hash", "NAME", "ask for a password, print a line of a users file"), 0, true, 0,
	  &type_hash },
	{ TEXT("scheme", "SCHEME",
	       "how --hash hashes: yescrypt, bcrypt, sha512 (the\n"
	       "first that works here) or cram-md5"),
	  0, true, AT(hash.scheme), &type_scheme },
	{ TEXT("users", "FILE", "user names and password hashes, in htpasswd format"), 'u', false,
	  0, &type_users },
	{ TEXT("saslauthd", "PATH", "socket of the daemon that checks passwords instead"), 0, false,
	  0, &type_saslauthd },
	{ TEXT("auth", "METHOD[,...]",
	       "methods accepted, best first: none, password,\n"
	       "chap, gssapi, certificate, tls"),
	  'a', false, 0, &type_auth },
	{ TEXT("gssapi-keytab", "FILE",
	       "keys of the services that clients log in to\n"
	       "(KRB5_KTNAME, or else /etc/krb5.keytab)"),
	  0, false, 0, &type_keytab },
	{ TEXT("gssapi-levels", "LEVEL[,...]",
	       "protection granted, best first: 0 none,\n"
	       "1 integrity, 2 encryption; nec: NEC variant (2,1)"),
	  0, false, 0, &type_gss_levels },
	{ TEXT("allow", "RULE",
	       "allow what matches: [from NET] [to DEST]\n"
	       "[port PORT] [user NAME] [command CMD]"),
	  0, false, 0, &type_allow },
	{ TEXT("deny", "RULE", "deny what matches; the first that matches decides"), 0, false, 0,
	  &type_deny },
	{ TEXT("proxy-protocol", "NET[,...]", "load balancers, which must send a PROXY header"), 0,
	  false, 0, &type_balancers },
	{ TEXT("socks4", "", "also serve SOCKS4 and 4a, where none is accepted"), 0, false,
	  AT(socks4), &type_flag },
	{ TEXT("http", "", "also be an HTTP proxy: CONNECT and http:// URLs"), 0, false, AT(http),
	  &type_flag },
	{ TEXT("tls-certificate", "FILE",
	       "certificate and its chain (PEM), for clients that\n"
	       "begin with TLS"),
	  0, false, AT(tls.files.certificate), &type_tls_certificate },
	{ TEXT("tls-key", "FILE", "its key (PEM); default: it is in the same file"), 0, false,
	  AT(tls.files.key), &type_tls_key },
	{ TEXT("tls-clients", "FILE", "CAs (PEM) that sign the certificates of clients"), 0, false,
	  AT(tls.files.clients), &type_tls_clients },
	{ TEXT("tls-only", "", "hang up on clients that do not begin with TLS"), 0, false, 0,
	  &type_tls_only },
	{ TEXT("handshake-timeout", "TIME", "from the start to the end of the request (30s)"), 0,
	  false, AT(handshake_timeout_ms), &type_time },
	{ TEXT("connect-timeout", "TIME", "name lookup and connecting, together (30s)"), 0, false,
	  AT(connect_timeout_ms), &type_time },
	{ TEXT("bind-timeout", "TIME", "waiting for the peer of BIND (2m)"), 0, false,
	  AT(bind_timeout_ms), &type_time },
	{ TEXT("idle-timeout", "TIME", "no byte in either direction (2h4m)"), 0, false,
	  AT(idle_timeout_ms), &type_time },
	{ TEXT("lifetime", "TIME", "whole session (0, no limit)"), 0, false, AT(lifetime_ms),
	  &type_time },
	{ TEXT("source", "ADDR[,ADDR]", "local address of what goes out, one per family"), 0, false,
	  AT(own.source), &type_pair },
	{ TEXT("interface", "NAME", "bind outgoing sockets to NAME"), 0, false, 0,
	  &type_interface },
	{ TEXT("mark", "NUMBER", "fwmark of outgoing sockets"), 0, false, 0, &type_mark },
	{ TEXT("family", "FAMILY", "any, ipv4, ipv6, prefer-ipv4 or prefer-ipv6 (any)"), 0, false,
	  AT(own.family), &type_family },
	{ TEXT("external", "ADDR[,ADDR]", "address told for BIND and UDP, one per family"), 0,
	  false, AT(net.external), &type_pair },
	{ TEXT("port-range", "LO-HI", "ports for BIND and UDP, like 40000-40999"), 0, false, 0,
	  &type_range },
	{ TEXT("rate", "BYTES", "bytes per second each way, like 500k or 10M"), 0, false,
	  AT(own.rate), &type_rate },
	{ TEXT("via", "ROUTE",
	       "how connections leave where the rule has no via:\n"
	       "ADDR, same, socks5://HOST:PORT, http://HOST:PORT"),
	  0, false, 0, &type_via },
	{ TEXT("limit-user", "NUMBER", "sessions at once of one user (0, no limit)"), 0, false,
	  AT(limits.user), &type_limit },
	{ TEXT("limit-client", "NUMBER",
	       "sessions at once of one address; of an IPv6 /64\n"
	       "(0, no limit)"),
	  0, false, AT(limits.client), &type_limit },
	{ TEXT("limit", "NUMBER", "sessions at once of all (0, no limit)"), 0, false,
	  AT(limits.all), &type_limit },
	{ TEXT("limit-file", "FILE", "where they are counted (/run/picosocks5/limits)"), 0, false,
	  0, &type_limit_file },
	{ TEXT("log", "SINK", "auto, journal, syslog, stderr or none (auto)"), 0, false, AT(log),
	  &type_log },
	{ TEXT("log-level", "LEVEL", "error, warning, notice, info or debug (info)"), 0, false,
	  AT(log_level), &type_level },
	{ TEXT("no-sandbox", "", "leave out the in-process sandbox"), 0, false, AT(no_sandbox),
	  &type_flag },
	{ TEXT("help", "", "print this help"), 'h', true, 0, &type_mode },
	{ TEXT("version", "", "print the version"), 'V', true, 0, &type_mode },
};

const size_t option_table_len = sizeof(option_table) / sizeof(option_table[0]);

static const char *behind(const char *s)
{
	return s + strlen(s) + 1;
}

const char *option_argument(const struct option_row *row)
{
	return behind(row->name);
}

const char *option_help(const struct option_row *row)
{
	return behind(option_argument(row));
}

const struct option_row *option_find(const char *name)
{
	for (size_t i = 0; i < option_table_len; i++)
		if (*option_table[i].name == *name && strcmp(option_table[i].name, name) == 0)
			return &option_table[i];
	return NULL;
}
