/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one session of this process, and its life. Every step either goes on to the next one or ends
 * the process by a verb of end/end.h:
 *
 *     main()          puts the process right, finds the client, reads the options
 *       |
 *     session_run()   PHASE_CONVERSATION: the sandbox closes for the first time
 *       |-- balancer_header()      the PROXY header, if the peer is a load balancer
 *       |-- session_limit_client() counts the session, if there are limits
 *       |-- session_tls()          if the client begins with TLS: all that follows is inside
 *       |-- session5_request()     SOCKS 5: greeting, method, auth/ authenticates, request
 *       |   or session4_request()  SOCKS 4: request
 *       |   or session_http()      HTTP: request, auth/ authenticates
 *       |-- session_limit_user()   counts the user's session
 *       |
 *       +-- cmd_connect()
 *       |     reach_candidates()   PHASE_LOOKUP: if rules have parents and the route depends on
 *       |                            an address, their ports and the destination's are left
 *       |     dial(), or           PHASE_CONNECTING: one port is left to connect to, that of the
 *       |     reach_parent()       destination or of the parent
 *       |     session_granted()
 *       |     session_relay()      PHASE_RELAY: at most 16 system calls are left; 23 with a layer;
 *       |                            one more to clear the marks of limits
 *       +-- cmd_bind()             listens, session_granted() twice, session_relay()
 *       +-- cmd_udp()              PHASE_DATAGRAMS: udp/ passes datagrams on
 *       +-- cmd_resolve(), cmd_resolve_ptr()    one answer
 *       |
 *     end_*()         gives up its places, answers, closes, logs one line, exits
 */
#ifndef SESSION_H
#define SESSION_H

#include "client.h"
#include "log/log.h"
#include "log/record.h"
#include "net/resolve.h"
#include "options/options.h"
#include "wire/socks4.h"
#include "wire/socks5.h"

/* What the rules denied. end/why.h fills and reads it. */
struct denial {
	unsigned count;		    /* 0: nothing; the members below are about the first denial */
	struct rules_decision why;  /* its verdict is RULES_DENY */
	union endpoint addr;	    /* AF_UNSPEC: not known */
	uint16_t port;		    /* 0: not known */
	enum rules_command command; /* 0: the client may do nothing at all... */
	bool any_user;		    /* ...whatever its user name is */
	bool named;		    /* s->dest has the name that was asked about */
	bool told;		    /* the session's line speaks of it */
};

struct libssl; /* layer/libssl.h */
struct limits; /* net/limits.h */

/* The first byte of a client that speaks TLS: the type of its record (RFC 8446, section 5.1). */
enum { TLS_HANDSHAKE = 22 };

/* Stands for HTTP/1 where replies have a version. */
enum { SESSION_HTTP = 1 };

/* What only a client of HTTP has. */
struct http_session {
	uint16_t status;   /* of the answer to a failure; 0: the one of reply_status() */
	bool is_head;	   /* the answer has no body */
	uint8_t tries[2];  /* how often 407 was sent: with credentials, and without */
	bool is_last;	   /* Max-Forwards is 0: no host is to get the request */
	bool is_options;   /* and the method is OPTIONS, not TRACE */
	const char *asked; /* why the last request got 407; NULL: none did */
	uint8_t *forward;  /* the head for the origin; NULL: CONNECT */
	size_t forward_len;
};

/* The phases of a session. The sandbox allows less in each than in the one before. */
enum session_phase {
	PHASE_CONVERSATION,
	PHASE_LOOKUP,	  /* of CONNECT: the route depends on an address that is looked up now */
	PHASE_CONNECTING, /* of CONNECT: s->net is the way that the connection takes */
	PHASE_RELAY,
	PHASE_DATAGRAMS,
};

struct session {
	const struct options *opt;
	struct rules *rules; /* those of opt; freed when nothing more is asked of them */
	struct log *log;
	struct client client;
	struct libssl *tls;	       /* around the conversation; NULL: there is no TLS */
	const struct stream *upstream; /* connected, once the relay begins; NULL before */
	struct limits *limits;	       /* the slots that it has taken; NULL: no limit is set */
	struct record rec;
	int64_t deadline_ms; /* of the handshake */
	uint8_t version;     /* 5, 4 or SESSION_HTTP, in which replies are sent; 0: not known yet */
	char user[256];	     /* the name of the user who logs in; or empty */
	bool udp_refused;    /* the client's TLS would not cover datagrams (auth_tls_agree()) */
	bool certified;	     /* the user has logged in by a certificate, before the greeting */
	bool counted;	     /* among all (--limit) */
	bool replaced;	     /* another login has been tried in place of the certificate's */
	struct socks5_request request;
	struct http_session http;
	uint8_t flag; /* of the reply: what is granted of request.flag */
	struct dest dest;
	const struct net_options *net; /* for what leaves: opt's, or completed by a route */
	enum session_phase phase;      /* the latest that was entered */
	struct rules_where by;	       /* the rule that allowed last; text NULL: none */
	bool by_open;		       /* it may be another one, once the address is known */
	bool other_route;	       /* BIND: a peer was allowed by another route */
	char rule[300]; /* room for rec.rule, or for the words of reach_undecided() */
	int undecided;	/* the -errno that kept the rules from judging, so they denied; 0: none */
	struct denial denial;
};

/* Holds the conversation and ends the process. */
_Noreturn void session_run(struct session *s);

/*
 * Reads up to need bytes of the client's message to buf + *n, and adds their number to *n. Ends the
 * session at the end of the stream, at an error and at the deadline of the handshake; what was read
 * is wiped then. Together with a decoder (wire/wire.h) it reads a message and no byte more:
 *
 *     while ((need = x_decode(buf, n, &x)) > 0)
 *             session_fill(s, buf, &n, need);
 */
void session_fill(struct session *s, uint8_t *buf, size_t *n, int need);

/*
 * SOCKS 5: reads the greeting, whose first n bytes (1 or 2) are at head, authenticates the client,
 * and reads the request into s->request. Ends the session if the client speaks another protocol, or
 * can't log in, or if its request is malformed.
 */
void session5_request(struct session *s, const uint8_t *head, size_t n);

/*
 * SOCKS 4 and 4a (--socks4): reads the request, whose first n bytes (1 or 2) are at head, into
 * s->request, and its user id into the record. Ends the session if the request is malformed or its
 * command unknown, or if the client needs a password, because SOCKS 4 has none.
 */
void session4_request(struct session *s, const uint8_t *head, size_t n);

/*
 * HTTP (--http): reads the head of a request, whose first n bytes (1 or 2) are at head, into
 * s->request, and logs the client in. Asks for a password up to three times. Ends the session if
 * the head is malformed or not for a proxy, or if the client can't log in.
 */
void session_http(struct session *s, const uint8_t *head, size_t n);

/*
 * TLS (--tls-certificate): shakes hands with the client, whose first n bytes (1 or 2) are at head,
 * and makes the layer of its stream, in which everything that follows stands. Ends the session if
 * that fails.
 */
void session_tls(struct session *s, const uint8_t *head, size_t n);

/*
 * Answers with success and this address, which HTTP does not have. May be called twice, as BIND
 * does. Ends the session on failure.
 */
void session_granted(struct session *s, const union endpoint *bound);

/* Relays between the client and this connected TCP socket, to the end. */
_Noreturn void session_relay(struct session *s, int upstream);

/* The commands. Each ends the process. */
_Noreturn void cmd_bind(struct session *s);
_Noreturn void cmd_connect(struct session *s);
_Noreturn void cmd_resolve(struct session *s);
_Noreturn void cmd_resolve_ptr(struct session *s);
_Noreturn void cmd_udp(struct session *s);

#endif
