/* SPDX-License-Identifier: GPL-3.0-or-later */
/* No sandbox: for machines that no filter is written for, and for builds with sanitizers. */
#include "sandbox/sandbox.h"

int sandbox_converse(sandbox_report *report, void *ctx)
{
	(void)report;
	(void)ctx;
	return 0;
}

int sandbox_lookup(sandbox_next_port *next, void *ctx)
{
	(void)next;
	(void)ctx;
	return 0;
}

int sandbox_connect(uint16_t port, bool named)
{
	(void)port;
	(void)named;
	return 0;
}

void sandbox_keep_bytes(int fd, const uint32_t *at, unsigned n)
{
	(void)fd;
	(void)at;
	(void)n;
}

int sandbox_relay(unsigned needs)
{
	(void)needs;
	return 0;
}

int sandbox_datagrams(void)
{
	return 0;
}

void sandbox_describe(struct text *t)
{
	text_str(t, "not in this build");
}
