/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One direction of a relay: reads from one stream, into a buffer or a pipe, and writes to another.
 * Never waits.
 */
#ifndef RELAY_FLOW_H
#define RELAY_FLOW_H

#include "base/stream.h"
#include "relay/pipe.h"

enum {
	FLOW_BUFFER = 256 * 1024,  /* the largest step */
	FLOW_STEP_MIN = 16 * 1024, /* the first one, until reads fill it */
};

/*
 * The states of a direction:
 *
 *                from ended                     to was told
 *     FLOW_OPEN ------------> FLOW_ENDING ----------------------> FLOW_DONE
 *       |   |                      |
 *       |   |    from was reset    |
 *       |   +----------------------|-----> FLOW_RESET
 *       |                          |           |
 *       |     to takes no more     |           |
 *       +--------------------------+-----------+-----> FLOW_REFUSED
 *
 * FLOW_ENDING lasts only while to has a layer, whose last bytes the descriptor does not take yet;
 * otherwise to is told at once.
 *
 * Bytes can be buffered in FLOW_OPEN, and in FLOW_RESET until they are written. The layer of to may
 * keep bytes as well, which count as buffered; reading from it in the other direction can make more
 * of them at any time. A flow reads only while nothing is buffered. It is over in FLOW_DONE, in
 * FLOW_REFUSED, and in FLOW_RESET with nothing buffered.
 *
 * The booleans do not depend on the state. They combine like this:
 *
 *     bulk  piped    the bytes that are buffered
 *      -      -      are in buf
 *     yes     -      are in buf: there is no pipe, or splice(2) could not tell what comes next
 *     yes    yes     are in the pipe
 *
 * cut and starved combine with all three rows. They matter in FLOW_OPEN only. With a layer on
 * either side there is no pipe.
 */
enum flow_state {
	FLOW_OPEN,    /* from may have more bytes */
	FLOW_ENDING,  /* the end of file of from is being passed on */
	FLOW_DONE,    /* the end of file of from was passed on */
	FLOW_RESET,   /* from was reset, or broke its layer; what is buffered is still written */
	FLOW_REFUSED, /* to takes no more bytes: it was reset, or its reader has gone */
};

struct flow {
	const struct stream *from, *to;
	uint8_t *buf;	  /* FLOW_BUFFER bytes */
	struct pipe pipe; /* open while the flow carries bulk from TCP to TCP */
	size_t head, len; /* the bytes that are buffered: where in buf, and how many */
	size_t step;	  /* bytes that the next read asks for */
	enum flow_state state;
	uint64_t total;	  /* bytes written */
	uint64_t rate;	  /* bytes per second, if the kernel can't pace; 0: no limit */
	int64_t ready_ms; /* with a rate: the next read waits until this time */
	int err;	  /* the -errno of FLOW_RESET or FLOW_REFUSED; 0: none, or cut off */
	bool bulk;	  /* the flow has filled the largest step, and asked for a pipe */
	bool piped;	  /* the bytes that are buffered are in the pipe */
	bool starved; /* the last read got less than it asked for, or all: from has no more now */
	bool cut;     /* from was reset: read the rest, and take its end as the reset */
};

/*
 * Reads and writes as much as it can without blocking, within a fair share. Returns true if a byte
 * or an end of file moved. Call it when the flow is ready.
 */
bool flow_move(struct flow *f);

/* Writes what is buffered and reads nothing. Returns true if all is written. */
bool flow_flush(struct flow *f);

/* Gives back the pipe, the buffer's pages, and what the layer of from can spare. Keeps all bytes.
 */
void flow_rest(struct flow *f);

/* Makes the flow FLOW_REFUSED with this -errno, and drops the bytes that are buffered. */
void flow_refuse(struct flow *f, int err);

/* Returns true if the flow waits until from is readable. */
bool flow_wants_read(const struct flow *f);

/* Returns true if the flow waits until to is writable. */
bool flow_wants_write(const struct flow *f);

/* Returns true if nothing will move any more. */
bool flow_is_over(const struct flow *f);

#endif
