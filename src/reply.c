/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one place that decides which reply code a failure deserves. */
#include "reply.h"

#include <errno.h>

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
