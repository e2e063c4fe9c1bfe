/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A session's line of the log, read back: what the program itself writes, cut off everywhere, and
 * what it never writes.
 */
#include "log/log.h"
#include "log/record.h"
#include "report/entry.h"

#include "tap.h"

/* The beginning and the end of most lines. */
#define C "client=192.0.2.7:40000 "
#define T " time=1.204 end=eof"

static bool is_word(struct word w, const char *s)
{
	return w.n == strlen(s) && (!w.n || memcmp(w.p, s, w.n) == 0);
}

/* The line stands at the end of a block of its size, so that a sanitizer sees a read past it. */
static enum entry_kind read_line(const char *line, size_t n, struct entry *e)
{
	static char *block;

	free(block);
	block = malloc(n ? n : 1);
	memcpy(block, line, n);
	return entry_read(block, n, e);
}

static enum entry_kind kind_of(const char *line)
{
	struct entry e;

	return read_line(line, strlen(line), &e);
}

static const struct {
	const char *line;
	const char *client, *user, *dest, *rule, *end, *error;
	struct usage usage;
} good[] = {
	{ "client=192.0.2.7:40000 user=alice command=connect dest=example.com:443 "
	  "peer=192.0.2.1:443 reply=0 sent=517 received=4096 time=1.204 end=eof",
	  "192.0.2.7",
	  "alice",
	  "example.com:443",
	  "",
	  "eof",
	  "",
	  { 1, 0, 517, 4096 } },
	{ "client=[2001:db8::1]:9 reply=2 time=0.001 end=denied rule=/etc/x:7 error=\"special: a "
	  "b\"",
	  "2001:db8::1",
	  "",
	  "",
	  "/etc/x:7",
	  "denied",
	  "special: a b",
	  { 1, 1, 0, 0 } },
	{ "client=local protocol=socks4 user=\"a b=c\" command=connect reply=90 sent=1 received=2 "
	  "time=12.000 end=idle",
	  "local",
	  "a b=c",
	  "",
	  "",
	  "idle",
	  "",
	  { 1, 0, 1, 2 } },
	{ "client=unknown user=\"\" time=0.000 end=signal",
	  "unknown",
	  "",
	  "",
	  "",
	  "signal",
	  "",
	  { 1, 1, 0, 0 } },
	/* no reply, and replies that refuse */
	{ C "reply=91" T, "192.0.2.7", "", "", "", "eof", "", { 1, 1, 0, 0 } },
	{ C "reply=1 time=0.100 end=limit error=\"limit-user: 3\"",
	  "192.0.2.7",
	  "",
	  "",
	  "",
	  "limit",
	  "limit-user: 3",
	  { 1, 1, 0, 0 } },
	/* keys that a later program may write, numbers as large as can be, escapes */
	{ C "new=1 new=2 x_y=\"\" user=\\x22\\xff\\x5c" T,
	  "192.0.2.7",
	  "\\x22\\xff\\x5c",
	  "",
	  "",
	  "eof",
	  "",
	  { 1, 1, 0, 0 } },
	{ C "reply=0 sent=18446744073709551615 received=9223372036854775808" T,
	  "192.0.2.7",
	  "",
	  "",
	  "",
	  "eof",
	  "",
	  { 1, 0, UINT64_MAX, 1ull << 63 } },
	/* cut off behind the end: the last pair is gone if one can see it */
	{ C "time=1.204 end=eof rule", "192.0.2.7", "", "", "", "eof", "", { 1, 1, 0, 0 } },
	{ C "time=1.204 end=eof rule=", "192.0.2.7", "", "", "", "eof", "", { 1, 1, 0, 0 } },
	{ C "time=1.204 end=eof rule=a\\x4", "192.0.2.7", "", "", "", "eof", "", { 1, 1, 0, 0 } },
	{ C "time=1.204 end=eof rule=a error=\"b c",
	  "192.0.2.7",
	  "",
	  "",
	  "a",
	  "eof",
	  "",
	  { 1, 1, 0, 0 } },
	{ C "time=1.204 end=eof ", "192.0.2.7", "", "", "", "eof", "", { 1, 1, 0, 0 } },
};

static const char *const broken[] = {
	"client=",
	"client= time=1.204 end=eof",
	"client=192.0.2.7" T,
	"client=:1" T,
	"client=192.0.2.7:" T,
	"client=192.0.2.7:65536" T,
	"client=192.0.2.7:-1" T,
	"client=[]:1" T,
	"client=[::1:1" T,
	"client=[::1]x:1" T,
	"client=192.0.2.7:40000",
	/* without a pair that every line has */
	C "time=1.204",
	C "end=eof",
	/* values that the program never writes */
	C "time=1.204 end=what",
	C "time=1.204 end=eo",
	C "time=1.204 end=\"\"",
	C "time=1 end=eof",
	C "time=.5 end=eof",
	C "time=1. end=eof",
	C "time=-1.000 end=eof",
	C "reply=" T,
	C "reply=x" T,
	C "reply=0x0" T,
	C "sent=-1" T,
	C "sent=1.5" T,
	C "sent=18446744073709551616" T,
	C "received=99999999999999999999999" T,
	C "sent=\"\"" T,
	/* a key that counts, twice */
	C "client=192.0.2.8:1" T,
	C "user=a user=a" T,
	C "sent=1 sent=2" T,
	C "reply=0 reply=0" T,
	C "time=1.204 end=eof end=eof",
	/* what is no pair, or is not escaped */
	C " user=a" T,
	C "user" T,
	C "=a" T,
	C "User=a" T,
	C "user=a b" T,
	C "user=\"a\"b" T,
	C "user=\"a\" b" T,
	C "user=\"a" T,
	C "user=a\"" T,
	C "user=a=b" T,
	C "user=a\\" T,
	C "user=\\x4" T,
	C "user=\\x4G" T,
	C "user=\\x4A" T,
	C "user=\\n" T,
	C "user=\"\\x4\"" T,
	C "user=\x1b[31m" T,
	C "user=a\tb" T,
	C "user=\x7f" T,
	C "user=\xc3\xa4" T,
	C "new=\x9b" T,
	C "time=1.204 end=eof error=\"\\x4\"",
	C "time=1.204 end=eof error=\"\x01",
	C "time=1.204 end=eof\n",
	C "time=1.204 end=eof\r",
	C "time=1.204 end=eof  ",
};

static const char *const others[] = {
	"",
	"client",
	"clients=192.0.2.7:1" T,
	" client=192.0.2.7:40000" T,
	"no rule allows this client",
	"authentication failed for \"client=192.0.2.7:1\"",
};

static void lines(void)
{
	size_t i;

	for (i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct entry e = { .has_time = false };

		is_int(read_line(good[i].line, strlen(good[i].line), &e), ENTRY_SESSION, "%s",
		       good[i].line);
		ok(is_word(e.client, good[i].client) && is_word(e.user, good[i].user) &&
			   is_word(e.dest, good[i].dest) && is_word(e.rule, good[i].rule) &&
			   is_word(e.end, good[i].end) && is_word(e.error, good[i].error),
		   "its words");
		is_mem(&e.usage, sizeof(e.usage), &good[i].usage, sizeof(e.usage), "its numbers");
	}
	for (i = 0; i < sizeof(broken) / sizeof(*broken); i++)
		is_int(kind_of(broken[i]), ENTRY_BROKEN, "broken: line %zu", i);
	for (i = 0; i < sizeof(others) / sizeof(*others); i++)
		is_int(kind_of(others[i]), ENTRY_OTHER, "no session: %s", others[i]);
	is_int(read_line(C "user=a\0b" T, sizeof(C "user=a\0b" T) - 1, &(struct entry){ 0 }),
	       ENTRY_BROKEN, "a NUL");
}

static void long_words(void)
{
	char line[2 * ENTRY_WORD_MAX], word[ENTRY_WORD_MAX + 2];

	memset(word, 'u', sizeof(word));
	word[ENTRY_WORD_MAX + 1] = '\0';
	snprintf(line, sizeof(line), C "user=%s" T, word);
	is_int(kind_of(line), ENTRY_BROKEN, "a word longer than any that is written");
	snprintf(line, sizeof(line), C "new=%s" T, word);
	is_int(kind_of(line), ENTRY_SESSION, "a long value of another key");
	word[ENTRY_WORD_MAX] = '\0';
	snprintf(line, sizeof(line), C "user=%s" T, word);
	is_int(kind_of(line), ENTRY_SESSION, "the longest word");
}

/* What record_each() says, for comparison. */
struct said {
	char user[1100], dest[1100], rule[1100], end[16], error[1100];
	uint64_t sent, received;
};

static void note(void *ctx, const char *key, const char *value)
{
	struct said *s = ctx;
	char *to = !strcmp(key, "user")	 ? s->user :
		   !strcmp(key, "dest")	 ? s->dest :
		   !strcmp(key, "rule")	 ? s->rule :
		   !strcmp(key, "error") ? s->error :
					   NULL;

	if (to)
		strcpy(to, value);
	if (!strcmp(key, "end"))
		strcpy(s->end, value);
	if (!strcmp(key, "sent"))
		s->sent = strtoull(value, NULL, 10);
	if (!strcmp(key, "received"))
		s->received = strtoull(value, NULL, 10);
}

static bool same(const struct entry *e, const struct said *s, bool failed)
{
	return is_word(e->user, s->user) && is_word(e->dest, s->dest) &&
	       is_word(e->rule, s->rule) && is_word(e->end, s->end) &&
	       is_word(e->error, s->error) && e->usage.sessions == 1 && e->usage.failed == failed &&
	       e->usage.sent == s->sent && e->usage.received == s->received;
}

/* Writes the record's line, cut off behind cap - 1 bytes. */
static size_t write_line(const struct record *rec, char *line, size_t cap)
{
	struct text t = { .buf = line, .cap = cap };

	line[0] = '\0';
	record_line(rec, &t);
	return t.len;
}

/*
 * The line cut off at each byte: it is broken up to the end of `end`, and then a session with the
 * same numbers.
 */
static void cut(const struct record *rec, const char *what)
{
	char line[LOG_LINE_MAX];
	size_t n = write_line(rec, line, sizeof(line)), i, end_at, wrong = 0;
	const char *end = strstr(line, " end=");

	end_at = (size_t)(end - line) + strcspn(end + 1, " ") + 1;
	for (i = strlen("client="); i <= n; i++) {
		struct entry e;
		enum entry_kind kind = read_line(line, i, &e);

		if (kind != (i < end_at ? ENTRY_BROKEN : ENTRY_SESSION))
			wrong++;
		else if (kind == ENTRY_SESSION && e.usage.sent != rec->sent)
			wrong++;
	}
	is_int(wrong, 0, "%s, cut off anywhere", what);
}

/* Strings that clients choose. */
static const char *const hostile[] = {
	NULL,
	"",
	"alice",
	"a b",
	"a=b",
	"\" end=eof user=\"root",
	"client=1.2.3.4:1 end=eof",
	"\\x22",
	"\x1b]0;x\a\n\r\t",
	"\xff\xfe\x80\x7f",
	"(others)",
	"-",
};

static void records(void)
{
	static char huge[256], line[LOG_LINE_MAX];
	struct client internet = { .kind = CLIENT_INTERNET }, local = { .kind = CLIENT_LOCAL };
	struct dest dest = { .port = 65535 };
	size_t i, n = sizeof(hostile) / sizeof(*hostile), wrong = 0, runs = 0;
	const uint8_t ipv6[16] = { 0x20, 1, 0xd, 0xb8, [15] = 1 };

	memset(huge, 0xff, 255);
	addr_set_ipv6(&internet.addr, ipv6, 40000);
	for (i = 0; i < n * n * n; i++) {
		struct record rec = {
			.client = i % 2 ? &internet : &local,
			.protocol = i % 3 ? NULL : "http",
			.tls = i % 5 ? NULL : "TLSv1.3",
			.user = hostile[i % n],
			.command = i % 7 ? "connect" : "udp-associate",
			.dest = i % 11 ? &dest : NULL,
			.reply = (int)(i % 94) - 1,
			.relayed = i % 13,
			.sent = UINT64_MAX,
			.received = i,
			.time_ms = (int64_t)i * 7,
			.end = i % (END_SIGNAL + 1),
			.rule = hostile[i / n % n],
			.error = hostile[i / n / n],
		};
		struct said said = { .end = "" };
		struct entry e;
		size_t len;

		snprintf(dest.name, sizeof(dest.name), "%s",
			 hostile[i * 7 % n] ? hostile[i * 7 % n] : huge);
		len = write_line(&rec, line, sizeof(line));
		record_each(&rec, note, &said);
		runs++;
		wrong += read_line(line, len, &e) != ENTRY_SESSION ||
			 !is_word(e.client, i % 2 ? "2001:db8::1" : "local") ||
			 !same(&e, &said, rec.reply != 0 && rec.reply != 90);
	}
	is_int(wrong, 0, "%zu lines of the program are read as they were meant", runs);
	snprintf(dest.name, sizeof(dest.name), "%s", huge);
	cut(&(struct record){ .client = &internet,
			      .dest = &dest,
			      .reply = 0,
			      .relayed = true,
			      .user = "a b",
			      .sent = 7,
			      .rule = "/etc/a b:7",
			      .error = "a=\"\\" },
	    "a line with quotes");
	cut(&(struct record){ .client = &internet,
			      .dest = &dest,
			      .reply = 0,
			      .relayed = true,
			      .user = huge,
			      .sent = 7,
			      .rule = huge,
			      .error = huge,
			      .via = huge },
	    "the longest line");
}

int main(void)
{
	lines();
	long_words();
	records();
	return done_testing();
}
