/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gives whole pages back. Never fails: if the kernel refuses, they stay. */
#include "relay/stack.h"

#include <stdint.h>
#include <sys/mman.h>

enum {
	PAGE = 4096,
	NEAR = 512,	 /* room for the frame of madvise() */
	FAR = 16 * PAGE, /* nothing else is mapped this near to a stack */
};

void stack_give_back(void)
{
	uintptr_t end = ((uintptr_t)__builtin_frame_address(0) - NEAR) / PAGE * PAGE;

	madvise((void *)(end - FAR), FAR, MADV_DONTNEED);
}
