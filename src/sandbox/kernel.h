/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The kernel's numbers for seccomp and Landlock, as far as they are used here. The kernel's own
 * headers lack the newer ones on older systems, and compilers for musl often find no such headers.
 * All of these numbers are part of the kernel's stable interface.
 */
#ifndef SANDBOX_KERNEL_H
#define SANDBOX_KERNEL_H

#include <stdint.h>
#include <sys/syscall.h>

/* Classic BPF, and seccomp(2). */
struct bpf_op {
	uint16_t code;
	uint8_t jt, jf;
	uint32_t k;
};

struct bpf_program {
	uint16_t len;
	struct bpf_op *op;
};

enum {
	BPF_LOAD = 0x20,	 /* A = the word at k of the call's description */
	BPF_JUMP_EQUAL = 0x15,	 /* if A == k */
	BPF_JUMP_GREATER = 0x25, /* if A > k */
	BPF_JUMP_ANY_BIT = 0x45, /* if A & k */
	BPF_AND = 0x54,		 /* A &= k */
	BPF_OR = 0x44,
	BPF_RETURN = 0x06, /* the verdict is k */
	CALL_NR = 0,	   /* offsets for BPF_LOAD */
	CALL_ARCH = 4,
	CALL_ARGS = 16,		/* 64 bits each, the lower half first */
	FILTER_SET = 1,		/* SECCOMP_SET_MODE_FILTER */
	FILTER_ALL_THREADS = 1, /* its SECCOMP_FILTER_FLAG_TSYNC */
	FILTER_KNOWS = 2,	/* SECCOMP_GET_ACTION_AVAIL */
};

#define VERDICT_KILL  UINT32_C(0x80000000) /* SECCOMP_RET_KILL_PROCESS */
#define VERDICT_TRAP  UINT32_C(0x00030000)
#define VERDICT_ERRNO UINT32_C(0x00050000)
#define VERDICT_ALLOW UINT32_C(0x7fff0000)

/* Landlock. Each ABI adds rights that the earlier ones refuse as unknown. */
struct landlock_ruleset {
	uint64_t fs, net, scoped;
};

struct landlock_under {
	uint64_t allowed;
	int32_t fd;
} __attribute__((packed));

struct landlock_port {
	uint64_t allowed, port;
};

enum {
	LANDLOCK_ABI = 1,  /* flag: return the ABI */
	LANDLOCK_PATH = 1, /* kinds of rules */
	LANDLOCK_PORT = 2,
	FS_READ_FILE = 1 << 2,
	FS_READ_DIR = 1 << 3,
	FS_ABI_1 = (1 << 13) - 1,
	FS_ABI_2 = (1 << 14) - 1, /* adds moving to another folder */
	FS_ABI_3 = (1 << 15) - 1, /* adds truncating */
	FS_ABI_5 = (1 << 16) - 1, /* adds ioctl on devices */
	NET_BIND = 1 << 0,	  /* ABI 4 */
	NET_CONNECT = 1 << 1,
	SCOPE_ABSTRACT = 1 << 0, /* ABI 6 */
	SCOPE_SIGNAL = 1 << 1,
};

/* Of prctl(2), from Linux 6.3 on: memory that is not executable never becomes executable. */
enum {
	MDWE_SET = 65,
	MDWE_GET = 66,
	MDWE_REFUSE_EXEC_GAIN = 1,
};

/* The same on every machine from Linux 5.3 on. */
enum {
	NR_LANDLOCK_CREATE = 444,
	NR_LANDLOCK_ADD = 445,
	NR_LANDLOCK_RESTRICT = 446,
};

#endif
