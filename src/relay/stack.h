/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The stack's memory, for a process that will rest for long. */
#ifndef RELAY_STACK_H
#define RELAY_STACK_H

/*
 * Gives back what lies below the caller's frames: it was used at the start, in the C library, and
 * in the conversation. Nothing is lost but time if it is needed again.
 */
void stack_give_back(void);

#endif
