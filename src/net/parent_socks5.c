/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Asks a parent by SOCKS 5 (RFC 1928, RFC 1929). Believes nothing but the form of its answers. */
#include "net/parent_talk.h"
#include "wire/socks5_client.h"

#include <errno.h>
#include <string.h>

/* Reads at most as much as the decoder has asked for. */
static int fill(const struct parent_talk *t, uint8_t *buf, size_t *n, int need)
{
	ssize_t got = parent_hear(t, buf + *n, (size_t)need, 0);

	if (got < 0)
		return (int)got;
	*n += (size_t)got;
	return 0;
}

/* Reads an answer of two bytes by one of their decoders. */
static int hear_pair(const struct parent_talk *t, int (*decode)(const uint8_t *, size_t, uint8_t *),
		     uint8_t *ret)
{
	uint8_t buf[2];
	size_t n = 0;
	int need, err;

	while ((need = decode(buf, n, ret)) > 0) {
		err = fill(t, buf, &n, need);
		if (err < 0)
			return err;
	}
	return need < 0 ? parent_malformed(t, "it does not speak SOCKS 5") : 0;
}

static int log_in(const struct parent_talk *t, const struct userpass_request *login)
{
	uint8_t buf[USERPASS_REQUEST_MAX], status;
	size_t n = userpass_request_encode(buf, login);
	int err = parent_tell(t, buf, n);

	explicit_bzero(buf, n);
	if (!err)
		err = hear_pair(t, userpass_reply_decode, &status);
	if (err < 0)
		return err;
	if (!status)
		return 0;
	return parent_refused(t, SOCKS5_REP_GENERAL_FAILURE, "it refuses the user or password");
}

static int agree(const struct parent_talk *t, const struct userpass_request *login)
{
	uint8_t buf[4], method;
	int err = parent_tell(t, buf, socks5_methods_encode(buf, login != NULL));

	if (!err)
		err = hear_pair(t, socks5_method_decode, &method);
	if (err < 0)
		return err;
	if (method == SOCKS5_METHOD_NONE)
		return 0;
	if (method == SOCKS5_METHOD_PASSWORD && login)
		return log_in(t, login);
	if (method == SOCKS5_METHOD_UNACCEPTABLE)
		return parent_refused(t, SOCKS5_REP_GENERAL_FAILURE,
				      login ? "it does not accept a password" :
					      "it requires a login");
	return parent_malformed(t, "it chose a method that it was not offered");
}

/* The codes of RFC 1928 section 6. */
static const char *words(uint8_t rep)
{
	static const char *const of[] = {
		[SOCKS5_REP_GENERAL_FAILURE] = "it failed",
		[SOCKS5_REP_NOT_ALLOWED] = "its rules do not allow the destination",
		[SOCKS5_REP_NETWORK_UNREACHABLE] = "the network is unreachable",
		[SOCKS5_REP_HOST_UNREACHABLE] = "the host was not found or is unreachable",
		[SOCKS5_REP_CONNECTION_REFUSED] = "the destination refused the connection",
		[SOCKS5_REP_TTL_EXPIRED] = "the destination did not answer in time",
		[SOCKS5_REP_COMMAND_NOT_SUPPORTED] = "it does not support CONNECT",
		[SOCKS5_REP_ADDRESS_TYPE_NOT_SUPPORTED] =
			"it does not support this type of address",
	};

	return rep < sizeof(of) / sizeof(of[0]) ? of[rep] : "it gave an unknown reason";
}

int parent_ask_socks5(const struct parent_talk *t, const struct dest *dest,
		      const struct userpass_request *login)
{
	uint8_t buf[SOCKS5_REQUEST_MAX];
	struct socks5_reply reply;
	size_t n = 0;
	int err = agree(t, login), need;

	if (!err)
		err = parent_tell(t, buf, socks5_request_encode(buf, SOCKS5_CMD_CONNECT, dest));
	if (err < 0)
		return err;
	while ((need = socks5_reply_decode(buf, n, &reply)) > 0) {
		err = fill(t, buf, &n, need);
		if (err < 0)
			return err;
	}
	if (need < 0)
		return parent_malformed(t, "its reply is malformed");
	t->ret->bound = reply.bound;
	if (!reply.rep)
		return 0;
	t->ret->has_code = true;
	t->ret->code = reply.rep;
	return parent_refused(t,
			      reply.rep <= SOCKS5_REP_ADDRESS_TYPE_NOT_SUPPORTED ?
				      reply.rep :
				      SOCKS5_REP_GENERAL_FAILURE,
			      words(reply.rep));
}
