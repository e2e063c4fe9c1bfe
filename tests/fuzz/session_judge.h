/* SPDX-License-Identifier: GPL-3.0-or-later */
/* session_judge.h - checks how a session went. */
#ifndef FUZZ_SESSION_JUDGE_H
#define FUZZ_SESSION_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where the setup has a parent, which gets all connections. */
enum parent_at {
	NO_PARENT,
	PARENT_BY_SOCKS5, /* 192.0.2.56, port 1080: answers at once; asks for a login, or not */
	PARENT_BY_HTTP,	  /* 192.0.2.56, port 8081 */
	PARENT_AT_PATH,	  /* /run/tor/socks; has no login */
};

/* Settings of the program, and what they mean for the judgement. */
struct setup {
	bool none; /* some clients get in without authentication */
	bool users, chap, gssapi, socks4, http;
	bool tls, draft;    /* serves TLS, also in the frames of the SSL draft */
	bool tls_only;	    /* serves nothing else */
	bool certificate;   /* alice's is a login */
	bool is_inside;	    /* what lets clients in does so inside TLS only */
	bool daemon;	    /* saslauthd checks the passwords */
	bool trusts;	    /* believes a load balancer about who the client is */
	bool denies;	    /* denies 203.0.113.0/24 to everybody */
	bool alice_is_full; /* as many sessions of alice as she may have are there already */
	const char *levels; /* of gssapi */
	enum parent_at parent;
	const char *config; /* the text of the file CONFIG; NULL: there is none */
	const char *args[12];
};

/* The rest of what the client got. */
struct answer {
	const uint8_t *p;
	size_t n;
	int code;     /* of the last whole reply; -1: there was none */
	uint8_t flag; /* of the first success */
	size_t head;  /* how much of what the far end got is the proxy's own */
	bool refused; /* by the parent */
	bool is_cut;  /* more may have been counted than has reached the client */
};

/* Takes n bytes of the answer. Returns false if there are fewer. */
bool session_take(struct answer *a, void *ret, size_t n);

/* Returns true if the client sent these bytes. */
bool session_client_sent(const void *bytes, size_t n);

/* Returns the value of this key in the session's line of the log, or "". */
const char *session_logged(const char *key);

/*
 * Judges the answers to HTTP requests, and the head that the far end got. Returns true if bytes
 * were relayed.
 */
bool session_judge_http(const struct setup *setup, struct answer *a);

/* Judges the proxy's side of CHAP. Returns true if the client was let in. */
bool session_judge_chap(struct answer *a);

/* Judges the proxy's side of GSS-API, and unwraps what follows. Returns true if the client is in.
 */
bool session_judge_gssapi(const struct setup *setup, struct answer *a);

/*
 * Judges what was said to the parent and takes it away from the transcripts of the far end. Returns
 * true if the parent has agreed.
 */
bool session_judge_parent(const struct setup *setup);

/* What of SOCKS and HTTP is left to be judged: nothing, all, or what comes behind the login. */
enum session_part { SESSION_NOTHING, SESSION_WHOLE, SESSION_COMMAND };

/*
 * Judges TLS and the frames and options of the SSL draft, takes them away from the transcripts, and
 * settles which clients the setup lets in.
 */
enum session_part session_judge_tls(struct setup *setup, struct answer *a);

/* Returns true if the log says end=eof. */
bool session_ended_well(void);

/* Judges what was said, relayed and logged, and the program's exit status. */
void session_judge(const struct setup *setup, int status);

#endif
