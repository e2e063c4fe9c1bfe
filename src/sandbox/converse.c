/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The filter of the conversation. It can't be a list of allowed calls, because our libraries (NSS
 * modules, crypt, libsystemd) make different calls on every system. So it forbids the kinds of
 * calls that neither we nor they need: all calls that act on other processes, and all that change
 * files. A call that a library may merely try fails; a call that only an attacker makes ends the
 * process.
 */
#include "sandbox/arch.h"
#include "sandbox/calls.h"

#include <asm/ioctls.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/socket.h>
#include <unistd.h>

#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* Numbers that older headers lack; the same on every machine. */
enum {
	NR_PIDFD_SEND_SIGNAL = 424,
	NR_IO_URING_SETUP,
	NR_IO_URING_ENTER,
	NR_IO_URING_REGISTER,
	NR_OPEN_TREE,
	NR_MOVE_MOUNT,
	NR_FSOPEN,
	NR_FSCONFIG,
	NR_FSMOUNT,
	NR_FSPICK,
	NR_PIDFD_OPEN,
	NR_CLONE3,
	NR_OPENAT2 = 437,
	NR_PIDFD_GETFD,
	NR_PROCESS_MADVISE = 440,
	NR_MOUNT_SETATTR = 442,
	NR_QUOTACTL_FD,
	NR_MEMFD_SECRET = 447,
	NR_PROCESS_MRELEASE,
	NR_FCHMODAT2 = 452,
	NR_NEWEST = 462, /* the newest call that was considered for this filter */
};

/* Constants that headers hide or lack. */
enum {
	/*
	 * Commands of fcntl(2):
	 *
	 *	0 to 7          plain ones
	 *	8 to 17         owners and signals
	 *	36 to 38        locks
	 *	1024 to 1026    leases, and notices about folders
	 *	1027 to 1034    copies, pipes and seals
	 *	above           hints that stay with a file
	 *
	 * Of those up to 1026, owners, signals, leases and notices have one of these bits.
	 */
	FCNTL_BITS = 0x418,
	FCNTL_LEASES_END = 1026,
	FCNTL_SEALS_END = 1034,
	SCHED_CORE = 62,       /* of prctl(2): acts on other processes */
	TYPE_BITS = 0xf,       /* the type in socket(2)'s argument; the other bits are flags */
	FASTOPEN = 0x20000000, /* MSG_FASTOPEN: connects, and Landlock does not see it */
	NOTIFIES = 020000,     /* O_ASYNC */
	CHANGES = O_WRONLY | O_RDWR | O_CREAT | O_TRUNC,
};

/* Programs, processes, others' memory, the machine's settings, and calls that exploits use. */
/* clang-format off */
static const uint32_t forbidden[] = {
	OLD_CALLS
	__NR_execve, __NR_execveat, __NR_ptrace, __NR_process_vm_readv, __NR_process_vm_writev,
	__NR_kcmp, NR_PIDFD_GETFD, NR_PROCESS_MADVISE, NR_PROCESS_MRELEASE,
	__NR_mount, __NR_umount2, __NR_pivot_root, __NR_chroot, __NR_unshare, __NR_setns,
	NR_OPEN_TREE, NR_MOVE_MOUNT, NR_FSOPEN, NR_FSCONFIG, NR_FSMOUNT, NR_FSPICK,
	NR_MOUNT_SETATTR, __NR_quotactl, NR_QUOTACTL_FD, __NR_open_by_handle_at,
	__NR_fanotify_init, __NR_swapon, __NR_swapoff, __NR_acct,
	__NR_bpf, __NR_perf_event_open, __NR_userfaultfd, __NR_personality, __NR_lookup_dcookie,
	__NR_move_pages, __NR_migrate_pages, __NR_vhangup, __NR_syslog,
	__NR_init_module, __NR_finit_module, __NR_delete_module, __NR_kexec_load,
	__NR_kexec_file_load, __NR_reboot,
	__NR_settimeofday, __NR_clock_settime, __NR_adjtimex, __NR_clock_adjtime,
	__NR_sethostname, __NR_setdomainname,
};
/* clang-format on */

/*
 * Libraries may try these calls, and can do without them. openat2(2) has its flags in memory, where
 * no filter sees them. Memory that has a descriptor could be written, then mapped as code. System V
 * IPC and message queues are shared by all processes of the user.
 */
static const uint32_t missing[] = {
	NR_CLONE3,	  NR_IO_URING_SETUP,  NR_IO_URING_ENTER, NR_IO_URING_REGISTER,
	NR_MEMFD_SECRET,  __NR_memfd_create,  __NR_keyctl,	 __NR_add_key,
	__NR_request_key, NR_OPENAT2,	      NR_PIDFD_OPEN,	 NR_PIDFD_SEND_SIGNAL,
	__NR_shmget,	  __NR_shmat,	      __NR_shmctl,	 __NR_shmdt,
	__NR_semget,	  __NR_semop,	      __NR_semctl,	 __NR_semtimedop,
	__NR_msgget,	  __NR_msgsnd,	      __NR_msgrcv,	 __NR_msgctl,
	__NR_mq_open,	  __NR_mq_unlink,     __NR_mq_timedsend, __NR_mq_timedreceive,
	__NR_mq_notify,	  __NR_mq_getsetattr,
};

/* Calls that send signals to other processes, or change their share of the processor. */
/* clang-format off */
static const uint32_t denied[] = {
	__NR_kill, __NR_tkill, __NR_rt_sigqueueinfo, __NR_rt_tgsigqueueinfo,
	__NR_setpriority, __NR_ioprio_set, __NR_sched_setscheduler, __NR_sched_setparam,
	__NR_sched_setattr, __NR_sched_setaffinity,
};
/* clang-format on */

/* Calls that change names in folders; a file's mode, owner, times, extended attributes, length. */
/* clang-format off */
static const uint32_t changing[] = {
	OLD_CHANGING_CALLS
	__NR_mkdirat, __NR_mknodat, __NR_unlinkat, __NR_renameat, __NR_renameat2, __NR_linkat,
	__NR_symlinkat, __NR_fchmod, __NR_fchmodat, NR_FCHMODAT2, __NR_fchown, __NR_fchownat,
	__NR_utimensat, __NR_setxattr, __NR_lsetxattr, __NR_fsetxattr, __NR_removexattr,
	__NR_lremovexattr, __NR_fremovexattr, __NR_truncate, __NR_ftruncate, __NR_fallocate,
};
/* clang-format on */

/* Allows sockets of plain families, but none that sees raw packets; of netlink, routes alone. */
static void sockets(struct filter *f)
{
	static const struct filter_if socket[] = {
		{ 0, IS, AF_UNIX, ALLOW },
		{ 0, IS, AF_NETLINK, AND },
		{ 2, IS, NETLINK_ROUTE, ALLOW },
		{ 2, ABOVE, IPPROTO_UDP, FAIL_FAMILY },
		{ 2, IS, IPPROTO_ICMP, FAIL_FAMILY },
		{ 1, KEEP_BITS, TYPE_BITS, ALLOW },
		{ 1, ABOVE, SOCK_DGRAM, FAIL_FAMILY },
		{ 0, IS, AF_INET, ALLOW },
		{ 0, IS, AF_INET6, ALLOW },
	};
	static const struct filter_if third[] = { { 2, HAS_ANY_BIT, FASTOPEN, FAIL_PERM } };
	static const struct filter_if fourth[] = { { 3, HAS_ANY_BIT, FASTOPEN, FAIL_PERM } };

	filter_call(f, __NR_socket, socket, LENGTH(socket), FAIL_FAMILY);
	filter_call(f, __NR_socketpair, socket, LENGTH(socket), FAIL_FAMILY);
	filter_call(f, __NR_sendmsg, third, LENGTH(third), ALLOW);
	filter_call(f, __NR_sendto, fourth, LENGTH(fourth), ALLOW);
	filter_call(f, __NR_sendmmsg, fourth, LENGTH(fourth), ALLOW);
}

/*
 * Allows files to be opened for reading only. Refuses signals about a descriptor, and leases and
 * hints, which would act on other processes. Of the requests of ioctl(2), to which drivers and
 * filesystems add all kinds, allows a few: to count the bytes that wait, to make a descriptor
 * non-blocking, to recognise a terminal, and to name an interface.
 */
static void descriptors(struct filter *f)
{
	static const struct filter_if open[] = { { 1, HAS_ANY_BIT, CHANGES, FAIL_ACCESS } };
	static const struct filter_if openat[] = { { 2, HAS_ANY_BIT, CHANGES, FAIL_ACCESS } };
	static const struct filter_if fcntl[] = {
		{ 1, ABOVE, FCNTL_SEALS_END, FAIL_COMMAND },  { 1, ABOVE, FCNTL_LEASES_END, ALLOW },
		{ 1, HAS_ANY_BIT, FCNTL_BITS, FAIL_COMMAND }, { 1, IS_NOT, F_SETFL, ALLOW },
		{ 2, HAS_ANY_BIT, NOTIFIES, FAIL_COMMAND },
	};
	static const struct filter_if ioctl[] = {
		{ 1, IS, FIONREAD, ALLOW },    { 1, IS, FIONBIO, ALLOW },
		{ 1, IS, SIOCOUTQ, ALLOW },    { 1, IS, TCGETS, ALLOW },
		{ 1, IS, SIOCGIFNAME, ALLOW }, { 1, IS, SIOCGIFINDEX, ALLOW },
	};

	filter_call(f, NR_OPEN_HERE, open, LENGTH(open), ALLOW);
	filter_call(f, __NR_openat, openat, LENGTH(openat), ALLOW);
	filter_call(f, __NR_fcntl, fcntl, LENGTH(fcntl), ALLOW);
	filter_call(f, __NR_ioctl, ioctl, LENGTH(ioctl), FAIL_REQUEST);
}

int calls_converse(struct filter *f)
{
	static const struct filter_if clone[] = {
		{ 0, HAS_ANY_BIT,
		  CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS | CLONE_NEWIPC | CLONE_NEWUSER |
			  CLONE_NEWPID | CLONE_NEWNET,
		  FORBID },
		{ 0, HAS_ANY_BIT, CLONE_THREAD, ALLOW },
	};
	static const struct filter_if prctl[] = { { 0, IS, SCHED_CORE, FAIL_COMMAND } };
	/* No process is forked from here on, so the number stays right; 0 is the process itself. */
	const struct filter_if own[] = {
		{ 0, IS, (uint32_t)getpid(), ALLOW },
		{ 0, IS, 0, ALLOW },
	};

	filter_begin(f, ALLOW);
	filter_above(f, NR_NEWEST, FAIL_NOSYS);
	filter_calls(f, forbidden, LENGTH(forbidden), FORBID);
	filter_calls(f, missing, LENGTH(missing), FAIL_NOSYS);
	filter_calls(f, denied, LENGTH(denied), FAIL_PERM);
	filter_calls(f, changing, LENGTH(changing), FAIL_ACCESS);
	filter_call(f, __NR_clone, clone, LENGTH(clone), FORBID);
	filter_call(f, __NR_prctl, prctl, LENGTH(prctl), ALLOW);
	filter_call(f, __NR_prlimit64, own, LENGTH(own), FAIL_PERM);
	filter_call(f, __NR_tgkill, own, LENGTH(own), FAIL_PERM);
	sockets(f);
	descriptors(f);
	return filter_install(f);
}
