/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * world.h - a kernel, a network and a clock that do what a script says, around the program's own
 * main(). The linker's --wrap makes them replace the system calls. Nothing leaves the process and
 * no time passes: whenever the program would sleep, the script goes on by a step.
 *
 * A script is a list of steps: a byte of enum step, and what belongs to it.
 */
#ifndef FUZZ_WORLD_H
#define FUZZ_WORLD_H

#include "wire/addr.h"

#include "fuzz.h"

/* How the client connects, and from where. */
enum world_client {
	WORLD_PIPES,	    /* two pipes: local */
	WORLD_UCSPI,	    /* two pipes; the environment names 192.0.2.7 */
	WORLD_UNIX,	    /* a unix socket: local */
	WORLD_TCP,	    /* a TCP connection from 192.0.2.7 */
	WORLD_TCP_LOOPBACK, /* one from 127.0.0.1: local */
	WORLD_ACTIVATED,    /* one from 2001:db8::7, on descriptor 3 */
	WORLD_CLIENTS,
};

enum step {
	STEP_SEND,	  /* the client: length, bytes */
	STEP_ANSWER,	  /* the far end: length, bytes */
	STEP_CLIENT_ENDS, /* the client sends no more, but still reads */
	STEP_FAR_ENDS,
	STEP_CLIENT_LEAVES,
	STEP_FAR_LEAVES,
	STEP_TIME,	    /* time passes: 2 to the power of a byte, in milliseconds */
	STEP_DATAGRAM,	    /* to our relay: a byte for the port, length, bytes */
	STEP_DATAGRAM_BACK, /* to what we send from: a byte for the host, length, bytes */
	STEP_PEER,	    /* a peer connects to our listener: a byte for the host */
	STEP_CLIENT_READS,  /* the client stops reading, or begins again */
	STEP_FAR_READS,
	STEP_TERMINATE, /* SIGTERM */
	STEP_BULK,	/* from the client: a byte n, and n + 1 KiB */
	STEP_BULK_BACK, /* from the far end */
	STEP_RAW,	/* the client, below TLS: length, bytes; none: asks for new keys */
	STEPS,
};

struct transcript {
	uint8_t bytes[3 << 20];
	size_t n;
};

struct world {
	enum world_client client;
	bool is_local;	 /* the client may go to special destinations */
	bool has_parent; /* all connections go to 192.0.2.56, or to /run/tor/socks */
	bool denies;	 /* the rules deny 203.0.113.0/24 to everybody */
	const uint8_t *script;
	size_t left;		  /* bytes left of the script */
	int64_t now_ms, empty_ms; /* the clock; when everybody left, 0: not yet */
	unsigned polls;
	struct transcript client_sent, client_got, log;
	struct transcript far_sent, far_got;	   /* of the latest connection */
	struct transcript daemon_sent, daemon_got; /* of saslauthd, once the program has left it */
	bool client_left, far_left;		   /* before the script's end */
	int far; /* descriptor of that connection's far end; -1: there is none */
};

extern struct world world;

/* Puts the client on its descriptors, and wraps system calls from now on. Once a process. */
void world_begin(enum world_client client, const uint8_t *script, size_t n);

/* Reads the rest of what the program wrote; system calls reach the kernel again. */
void world_close(void);

/* True between world_begin() and world_close(). */
bool world_is_on(void);

/* Called when the program has ended, with its status. Defined by the fuzz target. */
_Noreturn void world_ended(int status);

/* Moves a descriptor out of the program's way. Returns the new one. */
int world_keep(int fd);

void transcript_add(struct transcript *t, const void *bytes, size_t n);

/* ---- the client and the far end ---- */

void script_begin(enum world_client client, const uint8_t *script, size_t n);

/* Plays the next step. */
void script_step(void);

/* Reads what the program has written so far, at the ends that read. */
void script_listen(void);

/* The far end was saslauthd, and the program has left it: keeps what they said. */
void script_daemon_over(void);

/* Both ends read what there is. script_leave() then closes them. */
void script_leave(void);
void script_close(void);

/* ---- the network ---- */

/* For the script: a datagram to our relay, one to the socket we send from, a peer that connects. */
void net_datagram(uint8_t port, const uint8_t *bytes, size_t n);
void net_datagram_back(uint8_t host, const uint8_t *bytes, size_t n);
void net_peer(uint8_t host);

/* As sendmmsg(2), for the program. */
struct mmsghdr;
int net_send(int fd, struct mmsghdr *v, unsigned n);

/* Unwraps a datagram of the toy GSS-API to ret. Returns the length of its payload. */
size_t world_open(const uint8_t *p, size_t n, uint8_t *ret);

/* True for a socket whose connect never ends. */
bool net_is_silent(int fd);

/* The host with this number, in 198.51.100.0/28 or 2001:db8:1::/124. Some can't be reached. */
union endpoint net_host(uint8_t number, sa_family_t family);

/* ---- limits ---- */

/* Returns true if the program has cleared all marks in the file of limits. */
bool world_marks_are_clear(void);

/* ---- names ---- */

/* If this descriptor tells of lookups, and an answer is due, waits for it. True if it came. */
bool names_wait(int fd);
void names_closed(int fd);

#endif
