/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The slots of limits: exact whatever the marks say, few system calls, and the file. Each struct
 * limits stands for a process, because locks belong to an open file description.
 */
#include "net/limits.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "tap.h"

enum { CROWD = 50 };

static char path[200];

/* These replace the system's calls, by the linker's --wrap: they count, and may fail. */
int __real_fcntl(int fd, int cmd, void *arg);
int __wrap_fcntl(int fd, int cmd, void *arg);
ssize_t __real_pread(int fd, void *buf, size_t n, off_t at);
ssize_t __wrap_pread(int fd, void *buf, size_t n, off_t at);
ssize_t __real_pwrite(int fd, const void *buf, size_t n, off_t at);
ssize_t __wrap_pwrite(int fd, const void *buf, size_t n, off_t at);

static _Atomic unsigned calls;
static int lock_error, write_error; /* 0: none */

int __wrap_fcntl(int fd, int cmd, void *arg)
{
	calls++;
	errno = lock_error;
	return lock_error ? -1 : __real_fcntl(fd, cmd, arg);
}

ssize_t __wrap_pread(int fd, void *buf, size_t n, off_t at)
{
	calls++;
	return __real_pread(fd, buf, n, at);
}

ssize_t __wrap_pwrite(int fd, const void *buf, size_t n, off_t at)
{
	calls++;
	errno = write_error;
	return write_error ? -1 : __real_pwrite(fd, buf, n, at);
}

static struct limits begin(void)
{
	struct limits l = { 0 };

	if (limits_open(&l, path) < 0)
		perror(path);
	return l;
}

/* In order, or as by SIGKILL. */
static void end(struct limits *l, bool killed)
{
	if (killed)
		close(l->fd);
	else
		limits_leave(l);
	l->n_marks = 0;
}

/* Lets n sessions come, of which at most max fit. Returns how many got in. */
static unsigned come(struct limits *l, unsigned n, unsigned max)
{
	unsigned in = 0;

	for (unsigned i = 0; i < n; i++) {
		l[i] = begin();
		in += limits_take_any(&l[i], max) == 1;
	}
	return in;
}

static void go(struct limits *l, unsigned n, bool killed)
{
	for (unsigned i = 0; i < n; i++)
		end(&l[i], killed);
}

/* Without marks that can be written, and with marks that the killed have left. */
static void exact(unsigned max)
{
	static struct limits l[LIMITS_MAX + 3];

	is_int(come(l, max + 3, max), max, "%u of %u get in", max, max + 3);
	end(&l[max / 2], true);
	l[max / 2] = begin();
	is_int(limits_take_any(&l[max / 2], max), 1, "of %u: the slot of one who was killed", max);
	is_int(limits_take_any(&l[max + 1], max), 0, "of %u: then none is free", max);
	end(&l[max - 1], false);
	is_int(limits_take_any(&l[max + 2], max), 1, "of %u: the slot of one who left", max);
	go(l, max + 3, true);
	is_int(come(l, max + 1, max), max, "of %u: all, after all were killed", max);
	go(l, max + 1, false);
	write_error = ENOSPC;
	is_int(come(l, max + 1, max), max, "of %u: all, though no mark can be written", max);
	write_error = 0;
	go(l, max + 1, false);
}

/* Returns how many descriptors the test may have for slots. */
static unsigned descriptors(void)
{
	struct rlimit l;

	getrlimit(RLIMIT_NOFILE, &l);
	l.rlim_cur = l.rlim_max;
	setrlimit(RLIMIT_NOFILE, &l);
	return l.rlim_cur > 100000 ? 100000 : (unsigned)l.rlim_cur - 100;
}

/* The most calls of a session that finds a slot while so many are taken, from open to end. */
static unsigned dearest(unsigned taken, unsigned max)
{
	static struct limits l[LIMITS_MAX];
	unsigned most = 0;

	come(l, taken, max);
	for (int i = 0; i < 200; i++) {
		struct limits one;
		unsigned before = calls, came;

		one = begin();
		came = limits_take_any(&one, max) == 1;
		limits_leave(&one);
		if (!came || calls - before > most)
			most = came ? calls - before : 10000;
	}
	go(l, taken, false);
	return most;
}

static void cheap(void)
{
	static const struct {
		unsigned taken, max, calls;
	} row[] = {
		{ 0, 1, 2 },   { 9, 10, 11 },	{ 15, 16, 17 },	   { 16, 17, 6 },
		{ 0, 512, 4 }, { 500, 512, 6 }, { 4095, 4096, 6 },
	};

	for (size_t i = 0; i < sizeof(row) / sizeof(*row); i++) {
		unsigned n;

		if (row[i].max > descriptors()) {
			skip("too few descriptors are allowed");
			continue;
		}
		n = dearest(row[i].taken, row[i].max);
		ok(n <= row[i].calls, "%u of %u taken: %u calls besides open and close",
		   row[i].taken, row[i].max, n);
	}
}

/* ---- many at once ---- */

static pthread_barrier_t barrier;
static _Atomic unsigned served, failed;
static unsigned crowd_max, rounds;
static uint8_t keys[CROWD][SIPHASH_KEY_LEN];

static void *contend(void *arg)
{
	unsigned number = (unsigned)(uintptr_t)arg;

	for (unsigned i = 0; i < rounds; i++) {
		struct limits l = { 0 };
		int taken;

		pthread_barrier_wait(&barrier);
		failed += limits_open(&l, path) < 0;
		taken = limits_take_any(&l, crowd_max);
		served += taken == 1;
		failed += taken < 0;
		memcpy(keys[number], l.key, sizeof(l.key));
		pthread_barrier_wait(&barrier);
		/* The main thread counts here. */
		pthread_barrier_wait(&barrier);
		end(&l, i % 2 == 0);
	}
	return NULL;
}

/* In each round all come together; in each tenth they also make the file together. */
static void together(unsigned max, unsigned n)
{
	pthread_t thread[CROWD];
	unsigned wrong = 0;

	crowd_max = max;
	rounds = n;
	pthread_barrier_init(&barrier, NULL, CROWD + 1);
	for (uintptr_t i = 0; i < CROWD; i++)
		pthread_create(&thread[i], NULL, contend, (void *)i);
	for (unsigned i = 0; i < n; i++) {
		if (i % 10 == 0)
			unlink(path);
		served = failed = 0;
		pthread_barrier_wait(&barrier);
		pthread_barrier_wait(&barrier);
		wrong += served != max || failed;
		for (unsigned k = 1; k < CROWD; k++)
			wrong += memcmp(keys[0], keys[k], sizeof(keys[0])) != 0;
		pthread_barrier_wait(&barrier);
	}
	for (unsigned i = 0; i < CROWD; i++)
		pthread_join(thread[i], NULL);
	pthread_barrier_destroy(&barrier);
	is_int(wrong, 0, "%d together against %u, %u times: exactly %u get in", CROWD, max, n, max);
}

/* Under valgrind one thread runs at a time. */
static bool is_slow(void)
{
	const char *kind = getenv("PICOSOCKS5_TEST_KIND");

	return kind && strcmp(kind, "valgrind") == 0;
}

/* ---- the patience ---- */

enum { LONG_MS = 60000, SHORT_MS = 20, MANY = 512 };

static unsigned all_tried; /* calls, after which each slot has been tried */

/* Ends the session when another one has tried all slots, and tries again. */
static void *leave_late(void *arg)
{
	while (calls < all_tried)
		usleep(100);
	end(arg, false);
	return NULL;
}

/* All slots are taken; the first session ends while another one waits. */
static void patience(unsigned max)
{
	static struct limits l[MANY + 1];
	pthread_t thread;
	int taken;

	come(l, max, max);
	l[max] = begin();
	l[max].patience_ms = SHORT_MS;
	is_int(limits_take_any(&l[max], max), 0, "of %u: nobody ends in time", max);
	l[max].patience_ms = LONG_MS;
	all_tried = calls + max + 3;
	pthread_create(&thread, NULL, leave_late, &l[0]);
	taken = limits_take_any(&l[max], max);
	pthread_join(thread, NULL);
	is_int(taken, 1, "of %u: the slot of one who ends meanwhile", max);
	go(l + 1, max, false);
}

/* How many calls it costs to refuse a session, with this patience. */
static unsigned refusal(unsigned max, int64_t patience_ms)
{
	static struct limits l[LIMITS_MAX];
	struct limits one;
	unsigned before;

	come(l, max, max);
	one = begin();
	one.patience_ms = patience_ms;
	before = calls;
	is_int(limits_take_any(&one, max), 0, "of %u: none is free", max);
	before = calls - before;
	go(l, max, false);
	end(&one, false);
	return before;
}

static void refusals(void)
{
	unsigned n = refusal(MANY, 100);

	ok(n <= MANY + 20, "of %d: %u calls, though it tries again", MANY, n);
	if (LIMITS_MAX > descriptors()) {
		skip("too few descriptors are allowed");
		return;
	}
	n = refusal(LIMITS_MAX, 0);
	ok(n <= LIMITS_SURE + 5, "of %d: %u calls", LIMITS_MAX, n);
}

/* ---- who is counted together ---- */

static struct client client(const char *text)
{
	struct client c = { .kind = CLIENT_INTERNET };

	if (addr_parse(text, &c.addr) < 0)
		c.kind = strcmp(text, "local") == 0 ? CLIENT_LOCAL : CLIENT_UNKNOWN;
	return c;
}

/* Returns true if one is refused while the other has the only slot. */
static bool same_client(const char *a, const char *b)
{
	struct client one = client(a), two = client(b);
	struct limits l[2] = { begin(), begin() };
	bool first = limits_take_client(&l[0], &one, 1) == 1;
	bool same = limits_take_client(&l[1], &two, 1) == 0;

	go(l, 2, false);
	return first && same;
}

static bool same_user(const char *a, const char *b, bool fold)
{
	struct limits l[2] = { begin(), begin() };
	bool first = limits_take_user(&l[0], a, fold, 1) == 1;
	bool same = limits_take_user(&l[1], b, fold, 1) == 0;

	go(l, 2, false);
	return first && same;
}

static void identity(void)
{
	struct client known = client("192.0.2.7");
	char long_name[256], other[256];
	struct limits l[2];

	ok(same_client("192.0.2.7", "192.0.2.7"), "an address");
	ok(!same_client("192.0.2.7", "192.0.2.8"), "its neighbour is another client");
	ok(same_client("::ffff:192.0.2.7", "192.0.2.7"), "an IPv4-mapped address is the IPv4 one");
	ok(same_client("2001:db8::1", "2001:db8::ffff:1:2:3"), "a /64 is one client");
	ok(!same_client("2001:db8::1", "2001:db8:0:1::1"), "two /64 are two clients");
	ok(same_client("local", "local") && same_client("?", "?"),
	   "without an address: one client");
	ok(!same_client("local", "?"), "an unknown client takes no slot of local ones");
	ok(!same_client("local", "127.0.0.1"), "nor does loopback");
	known.kind = CLIENT_UNKNOWN;
	l[0] = begin();
	l[1] = begin();
	ok(limits_take_client(&l[0], &known, 1) == 1 &&
		   limits_take_client(&l[1], &(struct client){ .kind = CLIENT_UNKNOWN }, 1) == 0,
	   "an unknown client has no address, even if the log shows the balancer's");
	go(l, 2, false);
	ok(same_user("alice", "alice", false), "a user");
	ok(!same_user("alice", "alicf", false), "another user");
	ok(!same_user("alice", "Alice", false), "letters have their case");
	ok(same_user("alice", "ALICE", true), "unless they are told to have none");
	memset(long_name, 'x', 255);
	long_name[255] = '\0';
	memcpy(other, long_name, sizeof(other));
	other[254] = 'y';
	ok(!same_user(long_name, other, false), "the last of 255 bytes counts");
	l[0] = begin();
	ok(limits_take_any(&l[0], 1) == 1 && limits_take_client(&l[0], &known, 1) == 1 &&
		   limits_take_user(&l[0], "a", false, 1) == 1 &&
		   limits_take_user(&l[0], "?", false, 1) == 1 &&
		   limits_take_user(&l[0], "", false, 1) == 1,
	   "all, a client and users do not stand in each other's way");
	go(l, 1, false);
}

/* ---- the file ---- */

static int opened(const char *file)
{
	struct limits l;
	int err = limits_open(&l, file);

	if (!err)
		close(l.fd);
	return err;
}

static void put(const char *text, size_t n)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	if (write(fd, text, n) != (ssize_t)n)
		perror(path);
	close(fd);
}

static void is_explained(int err, const char *words)
{
	char buf[400];
	struct text t = TEXT_OF(buf);

	limits_explain(&t, path, err);
	limits_remedy(&t, path, err);
	ok(strstr(buf, words) != NULL, "%s", buf);
}

static void kinds_of_file(void)
{
	const struct sockaddr_un name = { .sun_family = AF_UNIX, .sun_path = "limits-socket" };
	char beside[220];
	struct stat st;
	bool others;
	int sock;

	unlink(path);
	is_int(limits_try(path, &others), -ENOENT, "--check makes no file");
	is_int(opened(path), 0, "a file is made");
	stat(path, &st);
	is_int(st.st_mode & 07777, 0600, "for its owner alone");
	is_int(limits_try(path, &others) || others, 0, "--check likes it");
	chmod(path, 0660);
	ok(limits_try(path, &others) == 0 && others, "--check sees that others may write it");
	snprintf(beside, sizeof(beside), "%s.link", path);
	unlink(beside);
	if (symlink(path, beside) < 0)
		perror(beside);
	is_int(opened(beside), -ELOOP, "a link is not followed");
	is_explained(-ELOOP, "symbolic link; links are not followed");
	unlink(beside);
	snprintf(beside, sizeof(beside), "%s.none/file", path);
	is_int(opened(beside), -ENOENT, "there is no folder");
	is_explained(-ENOENT, "; make the folder");
	is_int(opened("."), -EISDIR, "a folder");
	is_explained(-EISDIR, "/limits");
	unlink(path);
	mkfifo(path, 0600);
	is_int(opened(path), -EMEDIUMTYPE, "a pipe");
	unlink(path);
	sock = socket(AF_UNIX, SOCK_STREAM, 0);
	unlink(name.sun_path);
	if (bind(sock, (const struct sockaddr *)&name, sizeof(name)) < 0)
		perror("bind");
	is_int(opened(name.sun_path), -EMEDIUMTYPE, "a socket");
	unlink(name.sun_path);
	close(sock);
	is_int(opened("/dev/null"), -EMEDIUMTYPE, "a device");
	is_explained(-EMEDIUMTYPE, "not a file of limits; name a file that is not there yet");
}

static void contents(void)
{
	char got[8] = { 0 };
	bool others;
	int fd;

	put("", 0);
	is_int(opened(path), 0, "an empty file gets a key");
	put("picosocks5 limit12", 18);
	is_int(limits_try(path, &others), 0, "a part of the key, to --check");
	is_int(opened(path), 0, "a part of the key is completed");
	put("secret\n", 7);
	is_int(opened(path), -EMEDIUMTYPE, "a file of something else");
	is_int(limits_try(path, &others), -EMEDIUMTYPE, "also to --check");
	fd = open(path, O_RDONLY);
	ok(read(fd, got, sizeof(got)) == 7 && strcmp(got, "secret\n") == 0, "it is left alone");
	close(fd);
	unlink(path);
}

/* The results of a full disk are printed afterwards, because they may go to a file, too. */
static void full_disk(void)
{
	const struct rlimit none = { 0, RLIM_INFINITY }, all = { RLIM_INFINITY, RLIM_INFINITY };
	int key, later, again, slot;
	struct limits l;

	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_FSIZE, &none);
	key = opened(path);
	setrlimit(RLIMIT_FSIZE, &all);
	later = opened(path);
	setrlimit(RLIMIT_FSIZE, &none);
	again = opened(path);
	l = begin();
	slot = limits_take_any(&l, 512);
	go(&l, 1, false);
	setrlimit(RLIMIT_FSIZE, &all);
	is_int(key, -EFBIG, "the key can't be written");
	is_explained(-EFBIG, "; make room");
	is_int(later, 0, "later it can");
	is_int(again, 0, "a file that has its key needs no room");
	is_int(slot, 1, "nor do slots of many");
}

static void no_locks(void)
{
	struct limits l = begin();

	lock_error = ENOLCK;
	is_int(limits_take_any(&l, 10), -ENOLCK, "no locks, with few slots");
	is_int(limits_take_any(&l, 512), -ENOLCK, "no locks, with many");
	is_explained(-ENOLCK, "; the file can't be locked");
	lock_error = EACCES;
	is_int(limits_take_any(&l, 10), 0, "EACCES of a lock is a slot that is taken");
	lock_error = 0;
	is_int(limits_take_any(&l, 10), 1, "and then it is free");
	go(&l, 1, false);
	put("", 0);
	lock_error = EAGAIN;
	is_int(opened(path), -EBUSY, "another process has the key's lock, and writes none");
	lock_error = 0;
	is_explained(-EBUSY, "another process");
}

int main(void)
{
	snprintf(path, sizeof(path), "limits-test.%d", (int)getpid());
	exact(1);
	exact(10);
	exact(16);
	exact(17);
	exact(512);
	cheap();
	refusals();
	patience(1);
	patience(MANY);
	together(1, 200);
	together(10, is_slow() ? 100 : 1000);
	together(20, 200);
	identity();
	kinds_of_file();
	contents();
	full_disk();
	no_locks();
	unlink(path);
	return done_testing();
}
