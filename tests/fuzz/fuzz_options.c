/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A command line and configuration files from bytes. Every mistake is reported, in printable bytes
 * and by the exit status. If there is none, what --check prints is a configuration file that gives
 * the same settings.
 *
 * The input is divided by the byte 0xff: first the command line, with one argument a line; then the
 * files that exist, whose names end with their numbers, from 1 on.
 */
#include "base/file.h"
#include "options/account.h"
#include "options/reader.h"
#include "wire/socks5.h"

#include "fuzz.h"

#include <errno.h>
#include <netdb.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PARTS_MAX = 10, ARGS_MAX = 32, PRINTED_MAX = 1 << 20 };

static struct {
	const uint8_t *p;
	size_t n;
} part[PARTS_MAX];

/* Memory that the program keeps until it exits, and the fuzzer until the next input. */
static void *kept[1 << 14];
static size_t n_kept;

static char *keep_here(size_t n)
{
	if (n_kept == sizeof(kept) / sizeof(*kept))
		return NULL;
	return kept[n_kept++] = calloc(1, n ? n : 1);
}

static void forget_all(void)
{
	while (n_kept)
		free(kept[--n_kept]);
}

/* These replace the program's own, by the linker's --wrap. */
char *__wrap_keep(size_t n);
int __wrap_file_read(const char *path, char **text, size_t *size, struct file_rights *rights);
void __wrap_file_forget(const char *text, size_t size);
int __wrap_users_open(const char *path, enum users_fault *why);
struct servent *__wrap_getservbyname(const char *name, const char *proto);
int __wrap_account_find(const char *name, struct account *ret);

char *__wrap_keep(size_t n)
{
	return keep_here(n);
}

int __wrap_file_read(const char *path, char **text, size_t *size, struct file_rights *rights)
{
	size_t len = strlen(path), i = len ? (size_t)(path[len - 1] - '0') : 0;

	if (i < 1 || i >= PARTS_MAX || !part[i].p)
		return -ENOENT;
	*text = keep_here(part[i].n + 1);
	if (!*text)
		return -ENOMEM;
	*size = part[i].n;
	memcpy(*text, part[i].p, *size);
	if (rights)
		*rights = (struct file_rights){ .mode = i % 2 ? 0600 : 0644 };
	return 0;
}

void __wrap_file_forget(const char *text, size_t size)
{
	MUST(text[size] == '\0');
}

int __wrap_users_open(const char *path, enum users_fault *why)
{
	*why = strchr(path, '1') ? USERS_GOOD :
	       strchr(path, '2') ? USERS_OTHERS_OWN :
				   USERS_CANT_OPEN;
	return *why == USERS_GOOD ? 1000 : -EACCES;
}

struct servent *__wrap_getservbyname(const char *name, const char *proto)
{
	static struct servent http;

	(void)proto;
	http.s_port = htons(80);
	return strcmp(name, "http") == 0 ? &http : NULL;
}

/* There are no users, so that --check by root does not give up the fuzzer's rights. */
int __wrap_account_find(const char *name, struct account *ret)
{
	(void)ret;
	MUST(*name);
	return -ENOENT;
}

struct mistakes {
	unsigned n;
};

static void note(void *ctx, const struct options *o, const char *message)
{
	struct mistakes *m = ctx;

	(void)o;
	MUST(*message && strlen(message) < LOG_LINE_MAX);
	for (const char *p = message; *p; p++)
		MUST(*p >= 0x20 && *p <= 0x7e);
	m->n++;
}

static int read_options(struct options *o, int argc, char **argv)
{
	struct mistakes m = { 0 };
	int status;

	optind = 0;
	status = options_read(o, argc, argv, note, &m);
	MUST(status == 0 || status == 64 || status == 78);
	MUST((status != 0) == (m.n > 0));
	return status;
}

static void must_be_sound(const struct options *o)
{
	const int64_t times[] = { o->handshake_timeout_ms, o->connect_timeout_ms,
				  o->bind_timeout_ms, o->idle_timeout_ms, o->lifetime_ms };

	for (size_t i = 0; i < sizeof(times) / sizeof(*times); i++)
		MUST(times[i] >= 0 && times[i] <= INT64_C(36500) * 86400 * 1000);
	MUST(o->n_methods >= 1 && o->n_methods <= sizeof(o->methods));
	MUST(!memchr(o->methods, SOCKS5_METHOD_PASSWORD, o->n_methods) || o->users);
	MUST(o->net.port_lo <= o->net.port_hi && !o->net.port_lo == !o->net.port_hi);
	MUST(memchr(o->net.out.interface, '\0', sizeof(o->net.out.interface)));
	MUST(memchr(o->own.interface, '\0', sizeof(o->own.interface)));
}

/* Catches what --check prints on standard output. Returns its length. */
static size_t print(const struct options *o, char *ret)
{
	static int memory = -1, real;
	ssize_t n;

	if (memory < 0) {
		memory = memfd_create("printed", MFD_CLOEXEC);
		real = dup(STDOUT_FILENO);
	}
	fflush(stdout);
	MUST(ftruncate(memory, 0) == 0 && lseek(memory, 0, SEEK_SET) == 0);
	MUST(dup2(memory, STDOUT_FILENO) == STDOUT_FILENO);
	MUST(options_print_settings(o) == 0);
	MUST(dup2(real, STDOUT_FILENO) == STDOUT_FILENO);
	n = pread(memory, ret, PRINTED_MAX, 0);
	MUST(n > 0 && n < PRINTED_MAX);
	return (size_t)n;
}

/* A password has been printed as ***. */
static void must_be_same_route(const struct route *a, const struct route *b)
{
	MUST(a->rate == b->rate && a->family == b->family && a->same == b->same);
	MUST(!memcmp(&a->source, &b->source, sizeof(a->source)));
	MUST(strcmp(a->interface, b->interface) == 0 && a->mark == b->mark);
	MUST(a->has_mark == b->has_mark && a->parent.kind == b->parent.kind);
	MUST(a->parent.port == b->parent.port && a->parent.host.len == b->parent.host.len);
	MUST(a->parent.path.len == b->parent.path.len && a->parent.user.len == b->parent.user.len);
	MUST(!a->parent.password.at == !b->parent.password.at);
}

static void must_be_same(const struct options *a, const struct options *b)
{
	MUST(a->handshake_timeout_ms == b->handshake_timeout_ms);
	MUST(a->connect_timeout_ms == b->connect_timeout_ms);
	MUST(a->bind_timeout_ms == b->bind_timeout_ms && a->idle_timeout_ms == b->idle_timeout_ms);
	MUST(a->lifetime_ms == b->lifetime_ms && !a->via == !b->via);
	must_be_same_route(&a->own, &b->own);
	must_be_same_route(&a->net.out, &b->net.out);
	MUST(a->n_methods == b->n_methods && !memcmp(a->methods, b->methods, a->n_methods));
	MUST(!a->users == !b->users && (!a->users || strcmp(a->users, b->users) == 0));
	MUST(!memcmp(&a->net.external, &b->net.external, sizeof(a->net.external)));
	MUST(a->net.port_lo == b->net.port_lo && a->net.port_hi == b->net.port_hi &&
	     a->socks4 == b->socks4);
	MUST(a->no_sandbox == b->no_sandbox && a->rules.routes == b->rules.routes);
	MUST(a->log == b->log && a->log_level == b->log_level);
	MUST(a->rules.count == b->rules.count && a->balancers.count == b->balancers.count);
}

/* --explain and --hash do without a users file that can't be opened; a session does not. */
static bool does_without_users(const struct options *o)
{
	return (o->mode == MODE_EXPLAIN || o->mode == MODE_HASH) && o->users && o->users_fd < 0;
}

static void must_read_back(const struct options *o)
{
	static char first[PRINTED_MAX], second[PRINTED_MAX];
	static char program[] = "picosocks5", option[] = "--config=9";
	char *argv[] = { program, option, NULL };
	size_t n = print(o, first);
	struct options again;

	part[9].p = (uint8_t *)first;
	part[9].n = n;
	MUST(read_options(&again, 2, argv) == 0);
	must_be_same(o, &again);
	MUST(print(&again, second) == n && memcmp(first, second, n) == 0);
	rules_free(&again.rules);
	rules_free(&again.balancers);
}

static void divide(const uint8_t *p, size_t n)
{
	memset(part, 0, sizeof(part));
	for (size_t i = 0; i < PARTS_MAX - 1; i++) {
		const uint8_t *end = n ? memchr(p, 0xff, n) : NULL;

		part[i].p = p;
		part[i].n = end ? (size_t)(end - p) : n;
		if (!end)
			return;
		n -= part[i].n + 1;
		p = end + 1;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static char program[] = "picosocks5";
	char *argv[ARGS_MAX + 1] = { program }, *line;
	struct options o;
	int argc = 1;

	if (size > 4096)
		return -1;
	divide(data, size);
	line = keep_here(part[0].n + 1);
	memcpy(line, part[0].p, part[0].n);
	while (*line && argc < ARGS_MAX) {
		argv[argc++] = line;
		line += strcspn(line, "\n");
		if (*line)
			*line++ = '\0';
	}
	if (read_options(&o, argc, argv) == 0) {
		must_be_sound(&o);
		if (!does_without_users(&o))
			must_read_back(&o);
	}
	rules_free(&o.rules);
	rules_free(&o.balancers);
	forget_all();
	return 0;
}
