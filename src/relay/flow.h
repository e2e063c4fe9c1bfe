/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One direction of a relay: a buffer, or a pipe, between two descriptors. */
#ifndef RELAY_FLOW_H
#define RELAY_FLOW_H

#include "base/stream.h"
#include "relay/pipe.h"

enum {
	FLOW_BUFFER = 256 * 1024,  /* the largest step */
	FLOW_STEP_MIN = 16 * 1024, /* a step of a flow that has not shown to be bulk */
};

enum flow_state {
	FLOW_OPEN,    /* from may have more */
	FLOW_DONE,    /* from's end of file was read and passed on */
	FLOW_RESET,   /* from was reset; what is buffered remains to be written */
	FLOW_REFUSED, /* to takes no more: reset, or its reader has gone */
};

struct flow {
	const struct stream *from, *to;
	uint8_t *buf;	  /* FLOW_BUFFER bytes */
	struct pipe pipe; /* while it carries bulk from TCP to TCP */
	size_t head, len; /* what is buffered */
	size_t step;	  /* how much the next read takes */
	enum flow_state state;
	uint64_t total;	  /* bytes written */
	uint64_t rate;	  /* bytes per second, where the kernel can't pace; 0: no limit */
	int64_t ready_ms; /* with a rate: not before this time */
	int err;	  /* of FLOW_RESET and FLOW_REFUSED */
	bool bulk;	  /* it fills large steps: a pipe was asked for */
	bool piped;	  /* what is buffered is in the pipe */
	bool starved;	  /* the last read took less than it could: nothing more is there */
	bool cut;	  /* from is known to be reset: what it has is read, and its end is none */
};

/* Moves what it can without blocking, within a fair share. True if a byte or an end moved. */
bool flow_move(struct flow *f);

/* Writes what is buffered, reads nothing. True if all is written. */
bool flow_flush(struct flow *f);

/* Gives pipe and pages back; for a flow that rests with nothing buffered. */
void flow_rest(struct flow *f);

/* The destination is gone: drops what is buffered, FLOW_REFUSED with this -errno. */
void flow_refuse(struct flow *f, int err);

/* What to ask poll for: does the flow wait for from to be readable, for to to be writable? */
bool flow_wants_read(const struct flow *f);
bool flow_wants_write(const struct flow *f);

/* Nothing will move any more. */
bool flow_is_over(const struct flow *f);

#endif
