/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The methods of authentication: each has a file of its own, and auth.c chooses among them. Never
 * answers a request, except by 407 of HTTP: the session goes on after auth_run().
 */
#ifndef AUTH_AUTH_H
#define AUTH_AUTH_H

#include "session.h"
#include "wire/userpass.h"

/*
 * Returns the first method of --auth that the client offers and with which the rules could allow
 * the client anything (RFC 1928 section 3), or SOCKS5_METHOD_UNACCEPTABLE. A client that has logged
 * in by its certificate offers `certificate` if it offers `none`, and gets `none`. `tls` has two
 * numbers, of which the client gets the one that it offers.
 */
uint8_t auth_choose(const struct session *s, const struct socks5_methods *offered);

/*
 * Returns true if the client need not log in any more, and the rules could allow it anything:
 * `none` is accepted, or the client has logged in by its certificate.
 */
bool auth_is_open(const struct session *s);

/*
 * Returns how the session ends, and appends the reason in words, if auth_choose() found no method;
 * or, if offered is NULL, because auth_is_open() returned false for a client of SOCKS 4.
 */
enum record_end auth_why(struct session *s, const struct socks5_methods *offered, struct text *t);

/*
 * Returns true if --auth lists the method, and the client may use it where it is: the methods
 * behind `tls` in the list are available inside TLS only, those before it everywhere. If `tls` is
 * the only method, `none` is available inside TLS.
 */
bool auth_accepts(const struct session *s, uint8_t method);

/* Returns false if the rules would deny every request of the client after this method. */
bool auth_is_useful(const struct session *s, uint8_t method);

/* Negotiates by the method. Returns if the client may go on; if not, ends the session. */
void auth_run(struct session *s, uint8_t method);

/*
 * Closes the users file, and lets TLS read without wiping. Call it when the authentication is over;
 * auth_run() does so itself.
 */
void auth_over(const struct session *s);

/* Negotiates as RFC 1929 says, and sets s->user. Ends the session if the password is wrong. */
void auth_password(struct session *s);

/* What a request of HTTP has for the login. */
struct http_login {
	struct userpass_request basic;
	int missing;   /* what http_credentials_decode() returned; 0: `basic` is set */
	bool may_stay; /* another request may follow on this connection */
};

/*
 * Logs a client of HTTP in, and wipes got->basic. A request with credentials is like a SOCKS client
 * that offers `none` and `password`; one without is like a client that offers `none`. Returns true
 * if the client may go on, and false if it got 407 and may send another request. Ends the session
 * if no password helps, after the third try, and if the connection can't stay open.
 */
bool auth_http(struct session *s, struct http_login *got);

/*
 * Negotiates by CHAP (draft-ietf-aft-socks-chap-01), and sets s->user. Ends the session if the
 * response is wrong.
 */
void auth_chap(struct session *s);

/*
 * Negotiates as RFC 1961 says, sets s->user, and makes the layer of the client's stream, unless the
 * level of protection is 0. Ends the session if the client is refused.
 */
void auth_gssapi(struct session *s);

/*
 * The method `tls` (draft-ietf-aft-socks-ssl-00), in three steps around session_tls(). Makes the
 * layer of the draft's frames, in which the handshake of TLS follows. Ends the session on failure.
 */
struct layer *auth_tls_begin(struct session *s);

/*
 * Agrees on the options, inside TLS. Returns true if the client is going to negotiate another
 * method (Subauthentication), and false if it need not log in. Ends the session if it must, and
 * does not offer to.
 */
bool auth_tls_agree(struct session *s, struct layer *frames);

/* Sends the request's answers and the data in frames of their own state from now on. */
void auth_tls_over(struct layer *frames);

/*
 * If --auth lists `certificate`, the client has logged in by its certificate, which has been
 * verified: sets s->user to the common name (CN) of its subject, which has len bytes. Ends the
 * session if the name can't be that of a user. Call it after the handshake of TLS, and only if the
 * client has sent a certificate.
 */
void auth_certificate(struct session *s, const char *name, size_t len);

/* Another login takes the place of the certificate's, if there was one, in the title as well. */
void auth_forget_certificate(struct session *s);

/* Ends the session, because the client's certificate is not accepted. Tells fail2ban. */
_Noreturn void auth_refuse_certificate(struct session *s, const char *error);

#endif
