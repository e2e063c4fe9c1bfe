/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From errno to the reply on the wire: one table (INTERFACE section 3). Pure. */
#ifndef REPLY_H
#define REPLY_H

#include "wire/socks5.h"

/* err: a negative errno of resolving or connecting. */
enum socks5_rep reply_from_errno(int err);

#endif
