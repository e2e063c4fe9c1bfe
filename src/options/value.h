/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The types of options: what each row of the table sets and shows, and what these share. */
#ifndef OPTIONS_VALUE_H
#define OPTIONS_VALUE_H

#include "options/table.h"
#include "base/cold.h"

/* Types that several options have: the row's offset says which field they set. */
extern const struct option_type type_flag; /* bool: true */
extern const struct option_type type_time; /* int64_t: TIME in milliseconds; 0: no limit */
extern const struct option_type type_rate; /* uint64_t: bytes per second, k, M, G: powers of 1000 */
extern const struct option_type type_limit; /* uint16_t: 0 to LIMITS_MAX */
extern const struct option_type type_pair;  /* struct address_pair: at most one of each family */

/* Types of one option each, which know their fields. */
extern const struct option_type type_mark, type_interface, type_range;
extern const struct option_type type_family, type_log, type_level, type_auth;
extern const struct option_type type_users, type_saslauthd, type_as;
extern const struct option_type type_keytab, type_gss_levels;
extern const struct option_type type_allow, type_deny, type_balancers, type_explain;
extern const struct option_type type_via;
extern const struct option_type type_tls_certificate, type_tls_key, type_tls_clients, type_tls_only;
extern const struct option_type type_limit_file;
extern const struct option_type type_hash, type_scheme;

/* --check, --help, --version: the option's name is the mode. The first one given counts. */
extern const struct option_type type_mode;

/* `config`: config_apply() reads the file, there is nothing to set. */
extern const struct option_type type_config;

/* The field of a row, for writing and for reading. */
#define FIELD(s, row, type)  ((type *)(void *)((char *)(s)->o + (row)->offset))
#define CFIELD(o, row, type) ((const type *)(const void *)((const char *)(o) + (row)->offset))

/* Says in s->why what was found and what is expected; returns false. */
COLD_CODE bool option_expected(const struct setting *s, const char *expected);

/*
 * Does the same, and adds what the remedy says about the value, if it knows anything: "; write
 * 30s".
 */
COLD_CODE bool option_remedy(const struct setting *s, const char *expected,
			     void (*remedy)(struct text *t, const char *value));

/* Says in s->why that there is no memory, which is a failure of the system; returns false. */
COLD_CODE bool option_no_memory(const struct setting *s);

#endif
