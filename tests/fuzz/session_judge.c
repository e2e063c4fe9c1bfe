/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Compares the transcripts of a session with the protocol, the settings and each other. Whatever
 * the client did and whenever it left, what it got is the beginning of a legal answer.
 */
#include "session_judge.h"
#include "wire/saslauthd.h"
#include "wire/socks4.h"
#include "wire/socks5.h"
#include "wire/userpass.h"
#include "world_net.h"

bool session_take(struct answer *a, void *ret, size_t n)
{
	if (a->n < n)
		return false;
	memcpy(ret, a->p, n);
	a->p += n;
	a->n -= n;
	return true;
}

const char *session_logged(const char *key)
{
	static char line[sizeof(world.log.bytes) + 1], *value;
	char name[32];

	memcpy(line, world.log.bytes, world.log.n);
	line[world.log.n] = '\0';
	value = strstr(line, " time=");
	MUST(value);
	while (value > line && value[-1] != '\n')
		value--;
	snprintf(name, sizeof(name), " %s=", key);
	value = strstr(value, name);
	if (!value)
		return "";
	value += strlen(name);
	value[strcspn(value, " \n")] = '\0';
	return value;
}

bool session_client_sent(const void *bytes, size_t n)
{
	return memmem(world.client_sent.bytes, world.client_sent.n, bytes, n);
}

bool session_ended_well(void)
{
	return strcmp(session_logged("end"), "eof") == 0;
}

static void must_be_end(const struct answer *a)
{
	MUST(a->n == 0);
}

/* Reads the client's user name and password, if it was asked for them. Returns its end, or NULL. */
static const uint8_t *read_login(struct userpass_request *ret)
{
	const uint8_t *p = world.client_sent.bytes, *end = p + world.client_sent.n;

	if (world.client_got.n < 2 || memcmp(world.client_got.bytes, "\5\2", 2) != 0)
		return NULL;
	p += 2 + p[1];
	if (userpass_request_decode(p, (size_t)(end - p), ret) != 0)
		return NULL;
	return p + 3 + ret->ulen + ret->plen;
}

/* saslauthd was asked about this client, and nothing else, and its whole answer says OK. */
static void judge_daemon(bool let_in)
{
	const struct transcript *said = &world.daemon_sent, *heard = &world.daemon_got;
	uint8_t request[SASLAUTHD_REQUEST_MAX];
	struct userpass_request login;
	struct saslauthd_answer answer;
	size_t n;

	MUST(read_login(&login));
	n = saslauthd_request_encode(request, &login);
	MUST(heard->n <= n && memcmp(heard->bytes, request, heard->n) == 0);
	MUST(!heard->n || (login.ulen && login.plen && !memchr(login.uname, 0, login.ulen) &&
			   !memchr(login.passwd, 0, login.plen)));
	if (let_in)
		MUST(heard->n == n && !saslauthd_answer_decode(said->bytes, said->n, &answer) &&
		     answer.ok);
}

/* True if the client was let in. */
static bool judge_authentication(const struct setup *setup, struct answer *a)
{
	uint8_t reply[2];

	if (!session_take(a, reply, 2))
		return false;
	MUST(reply[0] == 1);
	if (setup->daemon)
		judge_daemon(reply[1] == 0);
	else if (reply[1] == 0)
		MUST(session_client_sent("\1\5alice\10pa55word", 16) ||
		     session_client_sent("\1\3bob\10pa55word", 14) ||
		     session_client_sent("\1\4dave\10pa55word", 15));
	if (reply[1] != 0)
		must_be_end(a);
	return reply[1] == 0;
}

/* True if the client has asked for these flags of UDP ASSOCIATE. */
static bool is_asked_for(uint8_t flag)
{
	const uint8_t *p = world.client_sent.bytes;

	if (flag & ~(SOCKS5_FLAG_INTERFACE_REQUEST | SOCKS5_FLAG_USECLIENTSPORT))
		return false;
	for (size_t i = 0; i + 3 <= world.client_sent.n; i++)
		if (p[i] == SOCKS5_VERSION && p[i + 1] == SOCKS5_CMD_UDP_ASSOCIATE &&
		    (p[i + 2] & flag) == flag)
			return true;
	return false;
}

/* Takes a reply, if there is a whole one. */
static bool take_reply(struct answer *a, struct socks5_request *ret)
{
	struct socks5_request reply;
	int r = socks5_request_decode(a->p, a->n, &reply);
	size_t len = 10;

	if (r > 0)
		return false;
	MUST(r == 0 && reply.cmd <= SOCKS5_REP_ADDRESS_TYPE_NOT_SUPPORTED);
	if (reply.atyp == SOCKS5_ATYP_NAME)
		len = 7 + (size_t)reply.namelen;
	else if (a->p[3] == SOCKS5_ATYP_IPV6)
		len = 22;
	if (reply.cmd != SOCKS5_REP_SUCCEEDED)
		MUST(memcmp(a->p + 2, "\0\1\0\0\0\0\0\0", 8) == 0);
	a->p += len;
	a->n -= len;
	*ret = reply;
	return true;
}

/* True after a success: more may follow. */
static bool judge_reply(struct answer *a)
{
	struct socks5_request reply;

	if (!take_reply(a, &reply))
		return false;
	MUST(!reply.flag || is_asked_for(reply.flag));
	a->code = reply.cmd;
	a->flag = reply.flag;
	if (reply.cmd != SOCKS5_REP_SUCCEEDED)
		must_be_end(a);
	return reply.cmd == SOCKS5_REP_SUCCEEDED;
}

/* The answers to queries: addresses of ours, with the port of one socket for each family. */
static void judge_queries(struct answer *a)
{
	union endpoint four = net_parse("192.0.2.9", 0), six = net_parse("2001:db8::9", 0);
	struct socks5_request reply;
	uint16_t port[2] = { 0 };

	while (take_reply(a, &reply)) {
		uint16_t *known = &port[reply.addr.sa.sa_family == AF_INET6];

		MUST(reply.flag == 0);
		if (reply.cmd != SOCKS5_REP_SUCCEEDED)
			continue;
		MUST(net_is_ours(&reply.addr) || addr_is_loopback(&reply.addr) ||
		     addr_same_host(&reply.addr, &four) || addr_same_host(&reply.addr, &six));
		MUST(reply.port && (!*known || *known == reply.port));
		*known = reply.port;
	}
}

static bool judge_reply4(struct answer *a)
{
	uint8_t reply[SOCKS4_REPLY_LEN];

	if (!session_take(a, reply, sizeof(reply)))
		return false;
	MUST(reply[0] == 0 && (reply[1] == SOCKS4_GRANTED || reply[1] == SOCKS4_REJECTED));
	a->code = reply[1];
	if (reply[1] == SOCKS4_REJECTED) {
		MUST(memcmp(reply + 2, "\0\0\0\0\0\0", 6) == 0);
		must_be_end(a);
	}
	return reply[1] == SOCKS4_GRANTED;
}

/* What follows the replies came from the far end, and what the far end got came from the client. */
static void judge_relay(const struct answer *a)
{
	unsigned long long sent = strtoull(session_logged("sent"), NULL, 10);
	unsigned long long received = strtoull(session_logged("received"), NULL, 10);

	MUST(a->n <= world.far_sent.n && memcmp(a->p, world.far_sent.bytes, a->n) == 0);
	MUST(world.client_left || a->is_cut ? received >= a->n : received == a->n);
	MUST(world.far_left ? sent >= world.far_got.n : sent == world.far_got.n);
	MUST(a->head <= world.far_got.n);
	MUST(session_client_sent(world.far_got.bytes + a->head, world.far_got.n - a->head));
}

/* Reads an address of the log, without its port. False for a name. */
static bool read_logged(const char *key, union endpoint *ret)
{
	char text[ADDR_TEXT_MAX];
	const char *value = session_logged(key), *colon = strrchr(value, ':');
	size_t len = colon ? (size_t)(colon - value) : 0;

	if (len >= sizeof(text))
		return false;
	memcpy(text, value, len);
	text[len] = '\0';
	return addr_parse(text, ret) == 0;
}

/* The peer is the one that was asked for; but 0.0.0.0 and :: ask for any peer. */
static void judge_peer(void)
{
	union endpoint wanted, came;

	if (*session_logged("via"))
		return; /* it is the parent's address */

	MUST(read_logged("peer", &came));
	if (read_logged("dest", &wanted) && !addr_is_unspecified(&wanted))
		MUST(addr_same_host(&wanted, &came));
}

static void judge_command(struct answer *a, bool (*reply)(struct answer *a))
{
	const char *command = session_logged("command");
	bool bind = strcmp(command, "bind") == 0, udp = strcmp(command, "udp") == 0;
	bool granted = reply(a);

	MUST(!granted || !a->refused || strcmp(command, "connect") != 0);
	if (!granted || (bind && !reply(a))) {
		MUST(bind || !world.far_got.n);
		return;
	}
	MUST(udp || !a->flag);
	if (!bind && strcmp(command, "connect") != 0) {
		if (a->flag & SOCKS5_FLAG_INTERFACE_REQUEST)
			judge_queries(a);
		else
			must_be_end(a);
		return;
	}
	judge_peer();
	judge_relay(a);
}

static void judge_answers(const struct setup *setup, struct answer *a)
{
	uint8_t head[2];

	if (strcmp(session_logged("protocol"), "http") == 0) {
		if (session_judge_http(setup, a)) {
			MUST(!a->refused);
			judge_peer();
			judge_relay(a);
		}
		return;
	}
	if (a->n && a->p[0] == 0) {
		MUST(setup->socks4 && (setup->none || a->n < 2 || a->p[1] == SOCKS4_REJECTED));
		judge_command(a, judge_reply4);
		return;
	}
	if (!session_take(a, head, 2))
		return;
	MUST(head[0] == SOCKS5_VERSION);
	if (head[1] == SOCKS5_METHOD_UNACCEPTABLE) {
		must_be_end(a);
		return;
	}
	MUST(head[1] == SOCKS5_METHOD_NONE   ? setup->none :
	     head[1] == SOCKS5_METHOD_CHAP   ? setup->chap :
	     head[1] == SOCKS5_METHOD_GSSAPI ? setup->gssapi :
					       setup->users && head[1] == SOCKS5_METHOD_PASSWORD);
	if (head[1] == SOCKS5_METHOD_NONE ||
	    (head[1] == SOCKS5_METHOD_CHAP   ? session_judge_chap(a) :
	     head[1] == SOCKS5_METHOD_GSSAPI ? session_judge_gssapi(setup, a) :
					       judge_authentication(setup, a)))
		judge_command(a, judge_reply);
}

/* True if the client sent this as its password, and nowhere else. */
static bool is_secret(const char *secret)
{
	const uint8_t *end = world.client_sent.bytes + world.client_sent.n;
	struct userpass_request req;
	const uint8_t *p = read_login(&req);
	size_t n = strlen(secret);

	if (!p || req.plen != n || memcmp(req.passwd, secret, n) != 0)
		return false;
	return !memmem(req.uname, req.ulen, secret, n) && !memmem(p, (size_t)(end - p), secret, n);
}

/* The log is printable, has one line for the session, and no password. */
static void judge_log(const struct answer *a)
{
	static const char secret[] = "pa55word";
	const uint8_t *log = world.log.bytes, *end = log + world.log.n, *p;
	const char *reply = session_logged("reply");
	unsigned sessions = 0;

	for (p = log; p < end; p++)
		MUST(*p == '\n' || (*p >= 0x20 && *p <= 0x7e));
	MUST(end[-1] == '\n');
	for (p = log; (p = memmem(p, (size_t)(end - p), " end=", 5)); p++)
		sessions++;
	MUST(sessions == 1);
	MUST(a->code < 0 || (*reply && strtol(reply, NULL, 10) == a->code));
	if (is_secret(secret))
		MUST(!memmem(log, world.log.n, secret, strlen(secret)));
}

/* Nothing is granted to alice once she has logged in, and the client is told so. */
static void judge_limits(const struct setup *setup, const struct answer *a)
{
	bool is_limit = strcmp(session_logged("end"), "limit") == 0;

	MUST(world_marks_are_clear());
	MUST(!is_limit || (setup->alice_is_full && strcmp(session_logged("user"), "alice") == 0 &&
			   strcmp(session_logged("reply"), "1") == 0 && !world.far_got.n));
	if (setup->alice_is_full && *session_logged("command") &&
	    strcmp(session_logged("user"), "alice") == 0)
		MUST(strcmp(session_logged("reply"), "0") != 0 && !*session_logged("peer"));
	MUST(!is_limit || a->code < 0 || a->code == SOCKS5_REP_GENERAL_FAILURE);
}

void session_judge(const struct setup *setup, int status)
{
	struct answer a = { .p = world.client_got.bytes, .n = world.client_got.n, .code = -1 };
	enum session_part part = SESSION_WHOLE;
	struct setup now = *setup;

	MUST(status == 0);
	if (setup->parent && !session_judge_parent(setup))
		a.refused = true;
	if (setup->tls)
		part = session_judge_tls(&now, &a);
	if (part == SESSION_WHOLE)
		judge_answers(&now, &a);
	else if (part == SESSION_COMMAND)
		judge_command(&a, judge_reply);
	judge_log(&a);
	judge_limits(setup, &a);
}
