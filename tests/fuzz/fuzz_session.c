/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The whole program, from main() to its end, with a client and a network that follow a script.
 *
 * The program serves one client and exits, and uses memory accordingly. So each input gets its own
 * process: a child plays it in the world of world.h, judges it at its end, and hands the coverage
 * counters back to the fuzzer. That costs a fork for each input, and leaves nothing out.
 *
 * The input: a byte for the settings, one for the kind of client, one for its TLS if the settings
 * have a certificate, and a script.
 */
#include "session_judge.h"
#include "users/digest.h"
#include "world_tls.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ARGS_MAX = 32, INPUT_MAX = 2048, LIMIT_S = 120, USERS_FD = 400, CONFIG_FD = 403 };

int program_main(int argc, char **argv);

/* The coverage counters, if there is a fuzzer: the instrumented code registers them at start. */
void __real___sanitizer_cov_8bit_counters_init(uint8_t *start, uint8_t *stop) __attribute__((weak));
void __wrap___sanitizer_cov_8bit_counters_init(uint8_t *start, uint8_t *stop);

static uint8_t *counters;
static size_t n_counters;
static uint8_t *shared; /* the counters of a child */
static const struct setup *setup;

void __wrap___sanitizer_cov_8bit_counters_init(uint8_t *start, uint8_t *stop)
{
	counters = start;
	n_counters = (size_t)(stop - start);
	__real___sanitizer_cov_8bit_counters_init(start, stop);
}

/* alice, bob and dave have the password pa55word; carol's line is not usable. */
static const char users[] = "# users\n"
			    "alice:{SHA}ImZfnNGcyZRs+SFiPU3KuDSyIeQ=\r\n"
			    "carol:pa55word\n"
			    "bob:$apr1$abcdefgh$hbAboF.tMUnn0szRg6OHz.\n"
			    "dave:{CRAM-MD5}c6c2e90d951e77fdeac917b02be3e69a"
			    "9b127dc3717e51365f1aa9e5fe669e35\n";

#define USERS  "--users=/proc/self/fd/400"
#define KEYTAB "--gssapi-keytab=/proc/self/fd/400" /* the toy does not read it */
#define CERT   "--tls-certificate=/proc/self/fd/401"
#define CARDS  "--tls-clients=/proc/self/fd/402"
#define CONFIG "--config=/proc/self/fd/403"
#define DENY   "--deny=to 203.0.113.0/24"
#define ALLOW  "--allow=from any"

static const struct setup setups[] = {
	{ .none = true, .denies = true, .args = { DENY, ALLOW } },
	{ .none = true, .args = { NULL } },
	{ .users = true, .args = { USERS } },
	{ .none = true,
	  .users = true,
	  .denies = true,
	  .args = { USERS, "--auth=password,none", DENY, "--allow=user alice,bob",
		    "--allow=from any to 198.51.100.0/28 command connect" } },
	{ .none = true, .socks4 = true, .denies = true, .args = { "--socks4", DENY, ALLOW } },
	{ .users = true, .socks4 = true, .args = { USERS, "--socks4" } },
	{ .none = true,
	  .denies = true,
	  .trusts = true,
	  .args = { "--proxy-protocol=192.0.2.0/24,127.0.0.0/8", DENY, ALLOW } },
	{ .none = true,
	  .socks4 = true,
	  .denies = true,
	  .args = { "--deny=to .example,2001:db8:1::8", "--deny=port 25", "--socks4", DENY,
		    ALLOW } },
	{ .none = true,
	  .socks4 = true,
	  .denies = true,
	  .args = { "--family=ipv4", "--socks4", "--external=192.0.2.9,2001:db8::9",
		    "--port-range=5000-5003", DENY, ALLOW } },
	{ .none = true,
	  .denies = true,
	  .args = { "--rate=10", "--idle-timeout=5s", "--lifetime=20s", DENY, ALLOW } },
	{ .none = true,
	  .denies = true,
	  .args = { "--family=prefer-ipv6", "--connect-timeout=2s", "--bind-timeout=3s",
		    "--handshake-timeout=1s", "--source=192.0.2.1", DENY, ALLOW } },
	{ .none = true, .denies = true, .args = { "--interface=eth0", DENY, ALLOW } },
	{ .chap = true, .socks4 = true, .args = { USERS, "--auth=chap", "--socks4" } },
	{ .chap = true,
	  .users = true,
	  .none = true,
	  .denies = true,
	  .args = { USERS, "--auth=chap,password,none", "--deny=user alice", DENY, ALLOW } },
	{ .users = true, .daemon = true, .args = { "--saslauthd=/run/saslauthd/mux" } },
	{ .gssapi = true, .levels = "2,1", .args = { KEYTAB, "--auth=gssapi" } },
	{ .gssapi = true,
	  .none = true,
	  .levels = "1,0,nec",
	  .denies = true,
	  .args = { KEYTAB, "--auth=gssapi,none", "--gssapi-levels=1,0,nec",
		    "--deny=user eve@EXAMPLE", DENY, ALLOW } },
	{ .none = true, .http = true, .denies = true, .args = { "--http", DENY, ALLOW } },
	{ .users = true, .http = true, .args = { USERS, "--http" } },
	{ .none = true,
	  .http = true,
	  .socks4 = true,
	  .denies = true,
	  .trusts = true,
	  .args = { "--http", "--socks4", "--proxy-protocol=192.0.2.0/24,127.0.0.0/8", DENY,
		    ALLOW } },
	{ .none = true, .tls = true, .denies = true, .args = { CERT, DENY, ALLOW } },
	{ .users = true,
	  .tls = true,
	  .http = true,
	  .socks4 = true,
	  .args = { CERT, USERS, "--http", "--socks4" } },
	{ .users = true,
	  .tls = true,
	  .tls_only = true,
	  .certificate = true,
	  .http = true,
	  .args = { CERT, CARDS, USERS, "--tls-only", "--http" } },
	{ .none = true,
	  .tls = true,
	  .draft = true,
	  .is_inside = true,
	  .denies = true,
	  .args = { CERT, "--auth=tls", DENY, ALLOW } },
	{ .users = true,
	  .tls = true,
	  .draft = true,
	  .is_inside = true,
	  .certificate = true,
	  .args = { CERT, CARDS, USERS, "--auth=tls,certificate,password" } },
	{ .none = true,
	  .socks4 = true,
	  .http = true,
	  .denies = true,
	  .parent = PARENT_BY_SOCKS5,
	  .config = "deny to 203.0.113.0/24\n"
		    "allow from any via socks5://bob:s3cr3%74@192.0.2.56:1080\n",
	  .args = { "--socks4", "--http", CONFIG } },
	{ .none = true,
	  .http = true,
	  .parent = PARENT_BY_HTTP,
	  .config = "allow from any via http://bob:s3cr3%74@192.0.2.56:8081\n",
	  .args = { "--http", "--connect-timeout=3s", CONFIG } },
	{ .none = true,
	  .socks4 = true,
	  .parent = PARENT_AT_PATH,
	  .config = "allow from any via socks5:/run/tor/socks\n",
	  .args = { "--socks4", CONFIG } },
	{ .none = true,
	  .users = true,
	  .http = true,
	  .denies = true,
	  .alice_is_full = true,
	  .args = { USERS, "--auth=password,none", "--http", "--limit=100", "--limit-client=20",
		    "--limit-user=1", DENY, ALLOW } },
};

/* Makes a file that only its user can read, on this descriptor. */
static void open_file(const char *text, int number)
{
	size_t len = strlen(text);
	int fd = memfd_create("file", 0);

	MUST(fd >= 0 && write(fd, text, len) == (ssize_t)len);
	MUST(fchmod(fd, 0600) == 0 && dup2(fd, number) == number && close(fd) == 0);
}

/*
 * Appends copies of these strings to argv. They stand one behind the other, as the kernel places
 * them, so that there is room for a process title. Returns argc.
 */
static int lay(char **argv, int argc, const char *const *strings)
{
	static char room[ARGS_MAX * 80];
	static size_t used;

	for (; *strings; strings++) {
		MUST(argc < ARGS_MAX - 1 && used + strlen(*strings) < sizeof(room));
		argv[argc++] = strcpy(room + used, *strings);
		used += strlen(*strings) + 1;
	}
	return argc;
}

/* Plays the script, in a child. Does not return. */
static _Noreturn void play(const uint8_t *data, size_t size)
{
	static const char *const first[] = { "picosocks5", "--no-sandbox", "--log=stderr",
					     "--log-level=debug", NULL };
	size_t head = setup->tls ? 3 : 2;
	char *argv[ARGS_MAX] = { NULL };
	int argc;

	alarm(LIMIT_S);
	if (setup->config)
		open_file(setup->config, CONFIG_FD);
	argc = lay(argv, lay(argv, 0, first), setup->args);
	world_begin(data[1] % WORLD_CLIENTS, data + head, size - head);
	if (setup->tls)
		tls_begin(data[2]);
	world.is_local |= setup->trusts;
	world.denies = setup->denies;
	world.has_parent = setup->parent;
	world_ended(program_main(argc, argv));
}

void world_ended(int status)
{
	world_close();
	session_judge(setup, status);
	if (n_counters)
		memcpy(shared, counters, n_counters);
	_exit(0);
}

static bool has_tls;

static void begin(void)
{
	open_file(users, USERS_FD);
	has_tls = world_tls_prepare();
	if (!n_counters)
		return;
	shared = mmap(NULL, n_counters, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	MUST(shared != MAP_FAILED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static bool begun;
	int status;
	pid_t pid;

	if (size < 2 || size > INPUT_MAX)
		return -1;
	setup = &setups[data[0] % (sizeof(setups) / sizeof(*setups))];
	if (setup->chap && !digest_is_built())
		return 0;
	if (!begun)
		begin();
	begun = true;
	if (setup->tls && (!has_tls || size < 3))
		return 0;
	fflush(stdout);
	pid = fork();
	MUST(pid >= 0);
	if (!pid)
		play(data, size);
	/* A signal of the fuzzer's timer may interrupt the wait. */
	while (waitpid(pid, &status, 0) != pid)
		MUST(errno == EINTR);
	MUST(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	if (n_counters)
		memcpy(counters, shared, n_counters);
	return 0;
}
