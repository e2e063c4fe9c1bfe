/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Loaded into the program in front of the C library (LD_PRELOAD): makes allocations fail, and the
 * wall clock jump.
 *
 *     FAULT_ALLOC=N    the Nth allocation fails; N negative: each from the -Nth on
 *     FAULT_COUNT=FILE gets three longs: how many allocations there were, how many faults were
 *                      made, and whether the crash that followed was in a library
 *     FAULT_CLOCK=S    each reading of CLOCK_REALTIME is off by S seconds, forward and back in turn
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *p, size_t n);
void *__libc_memalign(size_t alignment, size_t n);

static struct {
	long seen, failed, crashed_in_libc;
} nowhere, *count = &nowhere;

#if defined(__x86_64__)
#define program_counter(uc) ((void *)(uc)->uc_mcontext.gregs[REG_RIP])
#elif defined(__aarch64__)
#define program_counter(uc) ((void *)(uc)->uc_mcontext.pc)
#else
#define program_counter(uc) ((void)(uc), NULL)
#endif

static long fails_at, jump;
static int (*real_clock)(clockid_t, struct timespec *);

/* glibc and Kerberos' libraries crash after some failures of their allocations: not our bugs. */
static bool is_foreign(const char *file)
{
	static const char *const names[] = { "/libc.so", "/libgssapi_krb5.so", "/libkrb5.so",
					     "/libk5crypto.so", "/libkrb5support.so" };

	for (size_t i = 0; file && i < sizeof(names) / sizeof(names[0]); i++)
		if (strstr(file, names[i]))
			return true;
	return false;
}

static void on_crash(int sig, siginfo_t *info, void *ctx)
{
	const ucontext_t *uc = ctx;
	Dl_info at = { 0 };

	(void)info;
	dladdr(program_counter(uc), &at);
	count->crashed_in_libc = is_foreign(at.dli_fname);
	signal(sig, SIG_DFL);
}

__attribute__((constructor)) static void begin(void)
{
	struct sigaction sa = { .sa_sigaction = on_crash, .sa_flags = SA_SIGINFO };
	const char *alloc = getenv("FAULT_ALLOC"), *path = getenv("FAULT_COUNT");
	const char *clock = getenv("FAULT_CLOCK");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *p;

	*(void **)&real_clock = dlsym(RTLD_NEXT, "clock_gettime");
	jump = clock ? atol(clock) : 0;
	p = fd < 0 ? MAP_FAILED :
		     mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (fd >= 0)
		close(fd);
	if (p != MAP_FAILED)
		count = p;
	sigaction(SIGSEGV, &sa, NULL);
	count->seen = 0;
	fails_at = alloc ? atol(alloc) : 0;
}

static bool fails(void)
{
	long n = __atomic_add_fetch(&count->seen, 1, __ATOMIC_RELAXED);

	if (!fails_at || (fails_at > 0 ? n != fails_at : n < -fails_at))
		return false;
	count->failed++;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t n)
{
	return fails() ? NULL : __libc_malloc(n);
}

void *calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *p, size_t n)
{
	return fails() ? NULL : __libc_realloc(p, n);
}

void *memalign(size_t alignment, size_t n)
{
	return fails() ? NULL : __libc_memalign(alignment, n);
}

void *aligned_alloc(size_t alignment, size_t n)
{
	return memalign(alignment, n);
}

int posix_memalign(void **ret, size_t alignment, size_t n)
{
	void *p = memalign(alignment, n);

	if (!p)
		return ENOMEM;
	*ret = p;
	return 0;
}

int clock_gettime(clockid_t clock, struct timespec *ret)
{
	int r = real_clock(clock, ret);

	if (jump && clock == CLOCK_REALTIME) {
		ret->tv_sec += jump;
		jump = -jump;
		count->failed++;
	}
	return r;
}

int gettimeofday(struct timeval *restrict ret, void *restrict zone)
{
	struct timespec ts;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &ts);
	ret->tv_sec = ts.tv_sec;
	ret->tv_usec = ts.tv_nsec / 1000;
	return 0;
}

time_t time(time_t *ret)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	if (ret)
		*ret = ts.tv_sec;
	return ts.tv_sec;
}
