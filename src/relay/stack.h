/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory of the stack, for a process that may be idle for long. */
#ifndef RELAY_STACK_H
#define RELAY_STACK_H

/*
 * Gives back the pages below the caller's frames, which the start, the C library and the
 * conversation have used. If they are needed again, the kernel brings new ones.
 */
void stack_give_back(void);

#endif
