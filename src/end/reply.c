/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one page that says what an errno means, and in which version a reply is encoded. */
#include "end/reply.h"

#include <errno.h>
#include <string.h>

enum socks5_rep reply_from_errno(int err)
{
	switch (-err) {
	case EACCES:
	case EPERM:
		return SOCKS5_REP_NOT_ALLOWED;
	case ENETUNREACH:
	case ENETDOWN:
		return SOCKS5_REP_NETWORK_UNREACHABLE;
	case EHOSTUNREACH:
	case EHOSTDOWN:
	case ENOENT: /* no such name */
		return SOCKS5_REP_HOST_UNREACHABLE;
	case ECONNREFUSED:
		return SOCKS5_REP_CONNECTION_REFUSED;
	case ETIMEDOUT:
	case ETIME:
		return SOCKS5_REP_TTL_EXPIRED;
	case EAFNOSUPPORT:
		return SOCKS5_REP_ADDRESS_TYPE_NOT_SUPPORTED;
	default:
		return SOCKS5_REP_GENERAL_FAILURE;
	}
}

enum record_end reply_end_from_errno(int err, enum record_end timed_out)
{
	switch (-err) {
	case 0:
		return END_EOF;
	case EINTR:
		return END_SIGNAL;
	case ETIME:
		return END_LIFETIME;
	case ETIMEDOUT:
		return timed_out;
	case ECONNABORTED:
	case ECONNRESET:
	case EPIPE:
		return END_RESET;
	case EBADMSG: /* of a layer */
		return END_PROTOCOL;
	default:
		return END_FAILED;
	}
}

const char *reply_words(int err)
{
	switch (-err) {
	case ENETUNREACH:
		return "Network is unreachable";
	case EHOSTUNREACH:
		return "No route to host";
	case ETIMEDOUT:
		return "Connection timed out";
	default:
		return strerror(-err);
	}
}

const char *reply_words_allowed(int err)
{
	if (err == -EACCES || err == -EPERM)
		return "the firewall or the routes of this host forbid it";
	return reply_words(err);
}

unsigned reply_status(enum socks5_rep rep, enum record_end end)
{
	switch (rep) {
	case SOCKS5_REP_NOT_ALLOWED:
		return 403;
	case SOCKS5_REP_NETWORK_UNREACHABLE:
	case SOCKS5_REP_HOST_UNREACHABLE:
	case SOCKS5_REP_CONNECTION_REFUSED:
	case SOCKS5_REP_ADDRESS_TYPE_NOT_SUPPORTED:
		return 502;
	case SOCKS5_REP_TTL_EXPIRED:
		return 504;
	case SOCKS5_REP_COMMAND_NOT_SUPPORTED:
		return 405;
	default:
		return end == END_PROTOCOL ? 400 : end == END_LIMIT ? 503 : 500;
	}
}

size_t reply_encode(uint8_t *buf, uint8_t version, enum socks5_rep rep, uint8_t flag,
		    const union endpoint *bound)
{
	bool granted = rep == SOCKS5_REP_SUCCEEDED;

	if (version == SOCKS4_VERSION)
		return socks4_reply_encode(buf, granted ? SOCKS4_GRANTED : SOCKS4_REJECTED, bound);
	return socks5_reply_encode(buf, rep, flag, bound);
}
