/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The process title: its words, and which memory it may take. */
#include "log/title.h"

#include <errno.h>
#include <unistd.h>

#include "tap.h"

enum { MEMORY = 40000, STRINGS = 8, FILL = 0x55 };

/* What a process gets from the kernel: strings, and pointers to them. */
static struct {
	char memory[MEMORY];
	size_t used;
	char *argv[STRINGS], *vars[STRINGS];
	int argc, n_vars;
} p;

static void begin(void)
{
	memset(&p, 0, sizeof(p));
	memset(p.memory, FILL, sizeof(p.memory));
	environ = p.vars;
}

static char *lay(const char *s)
{
	char *to = strcpy(p.memory + p.used, s);

	p.used += strlen(s) + 1;
	return to;
}

static void arg(const char *s)
{
	p.argv[p.argc++] = lay(s);
}

static void var(const char *s)
{
	p.vars[p.n_vars++] = lay(s);
}

/* Returns a string that stays until the second next call. */
static char *long_string(size_t len)
{
	static char both[2][MEMORY];
	static unsigned calls;
	char *s = both[calls++ % 2];

	memset(s, 'x', len);
	s[len] = '\0';
	return s;
}

static const struct dest *dest(const char *name, const char *addr, uint16_t port)
{
	static struct dest d;

	memset(&d, 0, sizeof(d));
	strcpy(d.name, name);
	if (addr) {
		addr_parse(addr, &d.addr);
		addr_set_port(&d.addr, port);
	}
	d.port = port;
	return &d;
}

static const struct client *client(const char *addr, enum client_kind kind)
{
	static struct client c;

	memset(&c, 0, sizeof(c));
	c.kind = kind;
	if (addr)
		addr_parse(addr, &c.addr);
	return &c;
}

static const struct client *alice(void)
{
	return client("192.0.2.7", CLIENT_INTERNET);
}

/* Prepares, and shows a title of known length: "picosocks5: alice@192.0.2.7", 27 bytes. */
static void play(void)
{
	title_prepare(p.argc, p.argv);
	title_show(alice(), "alice", NULL, NULL);
}

static bool is_untouched(const char *from)
{
	while (from < p.memory + sizeof(p.memory) && *from == FILL)
		from++;
	return from == p.memory + sizeof(p.memory);
}

static void words(void)
{
	begin();
	arg("/usr/sbin/picosocks5");
	var(long_string(900));
	title_prepare(p.argc, p.argv);
	title_show(alice(), NULL, NULL, NULL);
	is_str(p.memory, "picosocks5: 192.0.2.7", "the client, without its port");
	title_show(alice(), "alice", "connect", dest("example.com", NULL, 443));
	is_str(p.memory, "picosocks5: alice@192.0.2.7 connect example.com:443", "everything");
	title_show(alice(), "alice", "udp", NULL);
	is_str(p.memory, "picosocks5: alice@192.0.2.7 udp", "no destination");
	title_show(client("2001:db8::7", CLIENT_INTERNET), NULL, "bind",
		   dest("", "2001:db8::1", 80));
	is_str(p.memory, "picosocks5: 2001:db8::7 bind [2001:db8::1]:80", "IPv6");
	title_show(client(NULL, CLIENT_LOCAL), NULL, NULL, NULL);
	is_str(p.memory, "picosocks5: local", "a client on a pipe");
	title_show(client(NULL, CLIENT_UNKNOWN), NULL, NULL, NULL);
	is_str(p.memory, "picosocks5: unknown", "an unknown client");
	title_show(alice(), "a b\t\"\\\xff\x1b[2Jz", NULL, NULL);
	is_str(p.memory, "picosocks5: a\\x20b\\x09\\x22\\x5c\\xff\\x1b[2Jz@192.0.2.7",
	       "blanks and what a terminal obeys are escaped");
	title_show(alice(), NULL, "connect", dest("a b", NULL, 1));
	is_str(p.memory, "picosocks5: 192.0.2.7 connect a\\x20b:1", "in a destination, too");
}

static void values_stay(void)
{
	begin();
	arg("/usr/sbin/picosocks5");
	arg("--users=/etc/users");
	var("TZ=Pacific/Auckland");
	var("HOME=/");
	play();
	is_str(p.memory, "picosocks5: alice@192.0.2.7", "the title stands where argv stood");
	is_str(p.argv[0], "/usr/sbin/picosocks5", "argv[0] is what it was");
	is_str(p.argv[1], "--users=/etc/users", "an option is what it was");
	is_str(getenv("TZ"), "Pacific/Auckland", "a variable is what it was");
	is_str(getenv("HOME"), "/", "the last variable is what it was");
	is_str(program_invocation_name, "/usr/sbin/picosocks5", "the program keeps its name");
	is_str(program_invocation_short_name, "picosocks5", "and its short name");
	ok(is_untouched(p.memory + p.used), "nothing is written behind the strings");
	title_show(client(NULL, CLIENT_LOCAL), NULL, NULL, NULL);
	for (size_t i = strlen("picosocks5: local"); i < p.used; i++)
		if (p.memory[i])
			ok(false, "a longer title left a byte behind, at %zu", i);
}

/* Every room: the title is cut, ends within the room, and has no half of an escape. */
static void every_size(void)
{
	static const char whole[] = "picosocks5: \\xff\\x20\\x22@192.0.2.7";

	for (size_t size = 1; size <= sizeof(whole); size++) {
		size_t len, want = size - 1;

		begin();
		arg(long_string(size - 1));
		title_prepare(p.argc, p.argv);
		title_show(alice(), "\xff \"", NULL, NULL);
		len = strlen(p.memory);
		/* An escape takes the bytes 12 to 15, the others follow. */
		if (want > 12 && want < 24)
			want = want / 4 * 4;
		if (len != want || memcmp(p.memory, whole, len) != 0 ||
		    !is_untouched(p.memory + size))
			ok(false, "room %zu: \"%s\"", size, p.memory);
	}
	ok(true, "every size of the room");
}

static void places_of_strings(void)
{
	begin();
	arg("picosocks5");
	var("A=1");
	p.used++;
	var("B=2");
	play();
	is_str(p.memory, "picosocks5: al", "up to a gap in the environment");
	is_str(p.vars[1], "B=2", "what stands behind the gap stays");

	begin();
	arg("picosocks5");
	p.used++;
	arg("-t");
	play();
	is_str(p.memory, "picosocks5", "not if there is a gap in argv");
	ok(p.argv[0] == p.memory, "then argv stays, too");

	begin();
	play();
	ok(is_untouched(p.memory), "not without argv[0]");

	begin();
	arg("");
	var("HOME=/home/alice");
	play();
	is_str(p.memory, "picosocks5: alice", "an empty argv[0] has the environment's room");

	begin();
	arg("picosocks5");
	environ = NULL;
	play();
	is_str(p.memory, "picosocks5", "no environment at all");
}

static void loader(void)
{
	static const char *const kept[] = { "LD_LIBRARY_PATH=/opt/lib", "GLIBC_TUNABLES=a=b" };

	for (size_t i = 0; i < 2; i++) {
		begin();
		arg("picosocks5");
		var("HOME=/home/alice");
		var(kept[i]);
		play();
		is_str(p.memory, "picosocks5", "%s: no room in the environment", kept[i]);
		ok(p.vars[0] == p.memory + 11, "%s: no variable is moved", kept[i]);
	}
}

static void sizes_of_strings(void)
{
	char *end;

	begin();
	arg("picosocks5");
	var("A=1");
	var(long_string(1020));
	play();
	is_str(p.memory, "picosocks5: al", "a variable that is too long is left alone");
	is_int(strlen(p.vars[1]), 1020, "and stays whole");

	begin();
	arg("picosocks5");
	var(long_string(700));
	end = p.memory + p.used;
	title_prepare(p.argc, p.argv);
	title_show(alice(), long_string(255), "connect", dest(long_string(253), NULL, 65535));
	is_int(strlen(p.memory), 12 + 255 + 1 + 9 + 1 + 7 + 1 + 253 + 6, "the longest names fit");
	title_show(alice(), long_string(1000), NULL, NULL);
	is_int(strlen(p.memory), 639, "no title is longer than 639 bytes");
	ok(is_untouched(end), "nothing is written behind the strings");

	begin();
	arg("picosocks5");
	arg(long_string(10000));
	var("HOME=/");
	play();
	is_str(p.memory, "picosocks5: alice@192.0.2.7", "arguments of 10 KB have room");
	is_int(strlen(p.argv[1]), 10000, "they stay whole");
	is_int(p.memory[10000], 0, "nothing of them is seen behind the title");
	is_str(getenv("HOME"), "/", "the environment stays");
	ok(is_untouched(p.memory + p.used), "nothing is written behind the strings");

	begin();
	arg("picosocks5");
	arg(long_string(20000));
	play();
	is_str(p.memory, "picosocks5", "arguments of more than 16 KiB are left alone");
}

int main(void)
{
	char **own = environ;

	words();
	values_stay();
	every_size();
	places_of_strings();
	loader();
	sizes_of_strings();
	environ = own;
	return done_testing();
}
