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

_Static_assert(sizeof(struct options) <= UINT16_MAX, "offsets fit into struct option_row");

const struct option_row option_table[] = {
	{ "config", 'c', false, 0, "FILE", &type_config, "read options from FILE" },
	{ "check", 't', true, 0, NULL, &type_mode,
	  "report every mistake, print settings, serve nobody" },
	{ "explain", 0, true, 0, "QUESTION", &type_explain,
	  "tell which rule decides: [from ADDR] [user NAME]\n"
	  "[to DEST] [port N] [command CMD]; or ask what is\n"
	  "in @FILE, with the answers expected" },
	{ "as", 0, true, 0, "USER", &type_as, "whose rights --check by root uses (picosocks5)" },
	{ "hash", 0, true, 0, "NAME", &type_hash,
	  "ask for a password, print a line of a users file" },
	{ "scheme", 0, true, AT(hash.scheme), "SCHEME", &type_scheme,
	  "how --hash hashes: yescrypt, bcrypt, sha512 (the\n"
	  "first that works here) or cram-md5" },
	{ "users", 'u', false, 0, "FILE", &type_users,
	  "user names and password hashes, in htpasswd format" },
	{ "saslauthd", 0, false, 0, "PATH", &type_saslauthd,
	  "socket of the daemon that checks passwords instead" },
	{ "auth", 'a', false, 0, "METHOD[,...]", &type_auth,
	  "methods accepted, best first: none, password,\n"
	  "chap, gssapi, certificate, tls" },
	{ "gssapi-keytab", 0, false, 0, "FILE", &type_keytab,
	  "keys of the services that clients log in to\n"
	  "(KRB5_KTNAME, or else /etc/krb5.keytab)" },
	{ "gssapi-levels", 0, false, 0, "LEVEL[,...]", &type_gss_levels,
	  "protection granted, best first: 0 none,\n"
	  "1 integrity, 2 encryption; nec: NEC variant (2,1)" },
	{ "allow", 0, false, 0, "RULE", &type_allow,
	  "allow what matches: [from NET] [to DEST]\n"
	  "[port PORT] [user NAME] [command CMD]" },
	{ "deny", 0, false, 0, "RULE", &type_deny,
	  "deny what matches; the first that matches decides" },
	{ "proxy-protocol", 0, false, 0, "NET[,...]", &type_balancers,
	  "load balancers, which must send a PROXY header" },
	{ "socks4", 0, false, AT(socks4), NULL, &type_flag,
	  "also serve SOCKS4 and 4a, where none is accepted" },
	{ "http", 0, false, AT(http), NULL, &type_flag,
	  "also be an HTTP proxy: CONNECT and http:// URLs" },
	{ "tls-certificate", 0, false, AT(tls.certificate), "FILE", &type_tls_certificate,
	  "certificate and its chain (PEM), for clients that\n"
	  "begin with TLS" },
	{ "tls-key", 0, false, AT(tls.key), "FILE", &type_tls_key,
	  "its key (PEM); default: it is in the same file" },
	{ "tls-clients", 0, false, AT(tls.clients), "FILE", &type_tls_clients,
	  "CAs (PEM) that sign the certificates of clients" },
	{ "tls-only", 0, false, 0, NULL, &type_tls_only,
	  "hang up on clients that do not begin with TLS" },
	{ "handshake-timeout", 0, false, AT(handshake_timeout_ms), "TIME", &type_time,
	  "from the start to the end of the request (30s)" },
	{ "connect-timeout", 0, false, AT(connect_timeout_ms), "TIME", &type_time,
	  "name lookup and connecting, together (30s)" },
	{ "bind-timeout", 0, false, AT(bind_timeout_ms), "TIME", &type_time,
	  "waiting for the peer of BIND (2m)" },
	{ "idle-timeout", 0, false, AT(idle_timeout_ms), "TIME", &type_time,
	  "no byte in either direction (2h4m)" },
	{ "lifetime", 0, false, AT(lifetime_ms), "TIME", &type_time,
	  "whole session (0, no limit)" },
	{ "source", 0, false, AT(net.source), "ADDR[,ADDR]", &type_pair,
	  "local address of what goes out, one per family" },
	{ "interface", 0, false, 0, "NAME", &type_interface, "bind outgoing sockets to NAME" },
	{ "mark", 0, false, 0, "NUMBER", &type_mark, "fwmark of outgoing sockets" },
	{ "family", 0, false, AT(net.family), "FAMILY", &type_family,
	  "any, ipv4, ipv6, prefer-ipv4 or prefer-ipv6 (any)" },
	{ "external", 0, false, AT(net.external), "ADDR[,ADDR]", &type_pair,
	  "address told for BIND and UDP, one per family" },
	{ "port-range", 0, false, 0, "LO-HI", &type_range,
	  "ports for BIND and UDP, like 40000-40999" },
	{ "rate", 0, false, AT(net.rate), "BYTES", &type_rate,
	  "bytes per second each way, like 500k or 10M" },
	{ "log", 0, false, AT(log), "SINK", &type_log,
	  "auto, journal, syslog, stderr or none (auto)" },
	{ "log-level", 0, false, AT(log_level), "LEVEL", &type_level,
	  "error, warning, notice, info or debug (info)" },
	{ "no-sandbox", 0, false, AT(no_sandbox), NULL, &type_flag,
	  "leave out the in-process sandbox" },
	{ "help", 'h', true, 0, NULL, &type_mode, "print this help" },
	{ "version", 'V', true, 0, NULL, &type_mode, "print the version" },
};

const size_t option_table_len = sizeof(option_table) / sizeof(option_table[0]);

const struct option_row *option_find(const char *name)
{
	for (size_t i = 0; i < option_table_len; i++)
		if (*option_table[i].name == *name && strcmp(option_table[i].name, name) == 0)
			return &option_table[i];
	return NULL;
}
