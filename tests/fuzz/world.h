/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * world.h - a kernel, a network and a clock that do what a script says, around the program's own
 * main(). The linker's --wrap puts them in the place of system calls. Nothing leaves the process
 * and no time passes: whenever the program would sleep, the script goes on by a step.
 *
 * A script is a list of steps: a byte of enum step, and what belongs to it.
 */
#ifndef FUZZ_WORLD_H
#define FUZZ_WORLD_H

#include "wire/addr.h"

#include "fuzz.h"

/* How the client comes, and from where. */
enum world_client {
	WORLD_PIPES,	    /* two pipes: local */
	WORLD_UCSPI,	    /* two pipes; the environment speaks of 192.0.2.7 */
	WORLD_UNIX,	    /* a unix socket: local */
	WORLD_TCP,	    /* a TCP connection from 192.0.2.7 */
	WORLD_TCP_LOOPBACK, /* one from 127.0.0.1: local */
	WORLD_ACTIVATED,    /* one from 2001:db8::7, on descriptor 3 */
	WORLD_CLIENTS,
};

enum step {
	STEP_SEND,	    /* the client: length, bytes */
	STEP_ANSWER,	    /* the far end: length, bytes */
	STEP_CLIENT_ENDS,   /* nothing more from the client, who still reads */
	STEP_FAR_ENDS,
	STEP_CLIENT_LEAVES,
	STEP_FAR_LEAVES,
	STEP_TIME,	    /* passes: 2 to the power of a byte, in milliseconds */
	STEP_DATAGRAM,	    /* to our relay: a byte for the port, length, bytes */
	STEP_DATAGRAM_BACK, /* to what we send from: a byte for the host, length, bytes */
	STEP_PEER,	    /* comes to our listener: a byte for the host */
	STEP_CLIENT_READS,  /* the client stops reading, or begins again */
	STEP_FAR_READS,
	STEP_TERMINATE,	    /* SIGTERM */
	STEP_BULK,	    /* from the client: a byte, and as many KiB and one more */
	STEP_BULK_BACK,	    /* from the far end */
	STEPS,
};

struct transcript {
	uint8_t bytes[3 << 20];
	size_t n;
};

struct world {
	enum world_client client;
	bool is_local; /* the client may go to what is special */
	bool denies;   /* the rules keep everybody from 203.0.113.0/24 */
	const uint8_t *script;
	size_t left; /* of it */
	int64_t now_ms, empty_ms; /* since when everybody has left; 0: not yet */
	unsigned polls;
	struct transcript client_sent, client_got, log;
	struct transcript far_sent, far_got; /* of the connection that was made last */
	bool client_left, far_left; /* before the script's end */
	int far; /* descriptor: that connection's other end; -1: there is none */
};

extern struct world world;

/* Puts the client on its descriptors, and wraps the system calls from here on: once a process. */
void world_begin(enum world_client client, const uint8_t *script, size_t n);

/* Takes in the rest; system calls are the system's again. */
void world_close(void);

/* True in between. */
bool world_is_on(void);

/* The program has ended, with this status. It is whoever begins a world that has this. */
_Noreturn void world_ended(int status);

/* A descriptor that is out of the program's way. */
int world_keep(int fd);

void transcript_add(struct transcript *t, const void *bytes, size_t n);

/* ---- the client and the far end ---- */

void script_begin(enum world_client client, const uint8_t *script, size_t n);

/* The next step. */
void script_step(void);

/* Takes in what the program has written so far, at ends that read. */
void script_listen(void);

/* Everybody takes in what there is, and leaves; or just takes it in. */
void script_leave(void);
void script_close(void);

/* ---- the network ---- */

/* A datagram to our relay or to what we send from; a peer who comes. For the script. */
void net_datagram(uint8_t port, const uint8_t *bytes, size_t n);
void net_datagram_back(uint8_t host, const uint8_t *bytes, size_t n);
void net_peer(uint8_t host);

/* As sendmmsg(2), for the program. */
struct mmsghdr;
int net_send(int fd, struct mmsghdr *v, unsigned n);

/* True if what this descriptor waits for never happens. */
bool net_is_silent(int fd);

/* The host with this number: 198.51.100.0/28 or 2001:db8:1::/124. Some are hard to reach. */
union endpoint net_host(uint8_t number, sa_family_t family);

/* ---- names ---- */

/* If this descriptor tells of lookups, and an answer is on its way: waits for it, true. */
bool names_wait(int fd);
void names_closed(int fd);

#endif
