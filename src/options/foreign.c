/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Options that other servers have (Dante, microsocks, 3proxy, ssh, HAProxy), and the answers that
 * belong to them. Letters come first in each row. Read only when there is a mistake to report.
 */
#include "options/unknown.h"
#include "base/cold.h"
#include "base/hint.h"

/* Arrays and not pointers, because every pointer is relocated at each start of the process. */
static const struct {
	char names[200];
	char answer[140]; /* % stands for the dashes of an option on the command line */
} foreign[] COLD_TABLE = {
	{ "p l L D i port ports listen listen-port listen-address listen-addr bind bind-port "
	  "address "
	  "addr host hostname internal inbound local-port local-address server socket backlog",
	  "listening is left to systemd or inetd: the port is in picosocks5.socket "
	  "(ListenStream=) or in inetd.conf" },
	{ "U P user username name login userid pass password passwd pwd credentials userpass "
	  "proxyuser proxypass auth-file authfile password-file passwd-file users-file userfile "
	  "userlist htpasswd",
	  "names and password hashes are in a file: write %users FILE" },
	{ "adduser add-user useradd mkpasswd hash-password password-hash generate-hash",
	  "`picosocks5 --hash NAME` asks for a password and prints a line for the users file" },
	{ "pam pam.servicename pam-service ldap ldap.server radius sasl sasldb mux saslauthd-path "
	  "saslauthd_path",
	  "saslauthd asks PAM, LDAP and others: write %saslauthd /run/saslauthd/mux" },
	{ "kerberos krb5 krb gss gssapi gssapi.keytab keytab krb5-keytab ktname gssapi.enctype",
	  "write %auth gssapi, and %gssapi-keytab FILE" },
	{ "d daemon daemonize background fork foreground no-daemon nodaemon pid pidfile pid-file "
	  "threads workers processes child.maxidle",
	  "systemd or inetd starts a process for each client, so there is no daemon and no pid "
	  "file" },
	{ "setuid setgid uid gid group chroot run-as user.privileged user.notprivileged "
	  "user.unprivileged user.libwrap",
	  "systemd or inetd sets the user: User= in picosocks5@.service, or the field in "
	  "inetd.conf" },
	{ "max-connections maxconn maxconnections max-clients maxclients max-conn connections "
	  "session.max session.throttle max-sessions maxsessions limit-all limit-total",
	  "write %limit NUMBER; systemd counts too: MaxConnections= and "
	  "MaxConnectionsPerSource= in picosocks5.socket" },
	{ "limit-ip limit-per-ip max-per-ip max-connections-per-ip connections-per-ip per-ip "
	  "per-source per_source limit-source maxconn-per-ip limit-address limit_conn limit-host",
	  "write %limit-client NUMBER" },
	{ "limit-login limit-logins maxlogins max-logins max-per-user limit-per-user "
	  "connections-per-user per-user limit-account",
	  "write %limit-user NUMBER" },
	{ "lockfile lock-file limits-file limits-dir limit-dir limit-path",
	  "write %limit-file FILE" },
	{ "v verbose debug loglevel logging verbosity",
	  "write %log-level debug (%version prints the version)" },
	{ "q quiet silent", "write %log-level warning, or %log none" },
	{ "logoutput logfile log-file logdir log-dir logformat errorlog error-log accesslog syslog "
	  "log-to",
	  "write %log with journal, syslog, stderr or none" },
	{ "w whitelist white-list allowlist allow-list allowed allowed-ips allow-from acl access "
	  "rule rules permit accept client socks pass-client source-ip allow-ip",
	  "write %allow RULE, like %allow \"from 192.0.2.0/24\"" },
	{ "blacklist black-list denylist deny-list blocklist block blocked reject forbid deny-from",
	  "write %deny RULE, like %deny \"to 10.0.0.0/8\"" },
	{ "1 auth-once authonce",
	  "no address is remembered: to serve one without a password, use %auth none,password and "
	  "%allow \"from ADDR\"" },
	{ "method methods auth-method authmethod socksmethod clientmethod authentication no-auth "
	  "noauth anonymous",
	  "write %auth with password, chap, gssapi, certificate, tls or none; several are "
	  "possible, with commas" },
	{ "e b outbound outgoing outgoing-ip outgoing-address external-ip bind-address bindaddress "
	  "bindaddr egress source-address sourceip",
	  "write %source ADDR for the address that connections leave from" },
	{ "timeout timeouts timeout.io timeout.connect timeout.negotiate "
	  "client-timeout server-timeout read-timeout idle",
	  "write %handshake-timeout, %connect-timeout, %idle-timeout or %lifetime" },
	{ "speed throttle bandwidth rate-limit limit-rate max-rate bps bandlimin bandlimout",
	  "write %rate BYTES, like %rate 500k" },
	{ "dns nameserver nameservers nserver resolver resolveprotocol resolve-protocol dns-server",
	  "the C library looks up names: the servers are in /etc/resolv.conf" },
	{ "4 ipv4 ipv4-only only-ipv4 no-ipv6 inet", "write %family ipv4" },
	{ "6 ipv6 ipv6-only only-ipv6 no-ipv4 inet6", "write %family ipv6" },
	{ "5 socks5 socks5-only version5 protocol mode",
	  "SOCKS 5 is always served; %socks4 adds SOCKS 4 and 4a" },
	{ "f file conf conf-file config-file configfile configuration cfg include",
	  "write %config FILE" },
	{ "test configtest check-config checkconfig dry-run validate", "write %check" },
	{ "device dev iface nic bind-interface so-bindtodevice", "write %interface NAME" },
	{ "fwmark so-mark", "write %mark NUMBER" },
	{ "udp-ports udp.portrange udpports bind-ports portrange", "write %port-range LO-HI" },
	{ "tls ssl https tls-cert cert certificate crt pem certfile cert-file ssl-cert sslcert "
	  "ssl-certificate ssl_certificate certificate-file server-cert",
	  "write %tls-certificate FILE, and %tls-key FILE if the key is in another file; the port "
	  "stays the same" },
	{ "key keyfile key-file ssl-key sslkey private-key privkey ssl_certificate_key",
	  "write %tls-key FILE, and %tls-certificate FILE" },
	{ "ca cafile ca-file cacert ca-cert ca-certificate ca-certificates ssl-ca sslca tls-ca "
	  "client-ca clientca verify mtls client-cert client-certificate ssl_client_certificate",
	  "write %tls-clients FILE: the certificates of the CAs that sign those of clients" },
	{ "ssl-only force-tls force-ssl require-tls require-ssl tls-required starttls",
	  "write %tls-only, and %tls-certificate FILE" },
	{ "ciphers cipher-list ciphersuites ssl-ciphers ssl_ciphers tls-version ssl-version "
	  "min-version tls-min ssl-min-ver ssl_protocols no-sslv3",
	  "only TLS 1.2 and 1.3 are served, and only with ciphers that have forward secrecy" },
	{ "http-proxy httpproxy connect-proxy web-proxy http-connect", "write %http" },
	{ "? usage", "write %help" },
};

/* Letters have their case: -p is a port where -P is a password. */
static bool has_letter(const char *names, char letter)
{
	for (; names[0] && (names[1] == ' ' || !names[1]); names += 2)
		if (names[0] == letter)
			return true;
	return false;
}

const char *foreign_answer(const char *name, size_t len)
{
	for (size_t i = 0; i < sizeof(foreign) / sizeof(*foreign); i++)
		if (len == 1 ? has_letter(foreign[i].names, *name) :
			       hint_is_one(name, len, foreign[i].names))
			return foreign[i].answer;
	return NULL;
}
