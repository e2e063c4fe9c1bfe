/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Kinds of values: a set() and a show() each for the rows of the option table. */
#ifndef OPTIONS_VALUE_H
#define OPTIONS_VALUE_H

#include "options/table.h"

struct option_row;

/* bool: true. */
bool set_flag(const struct setting *s, const struct option_row *row);
void show_flag(const struct options *o, const struct option_row *row, struct text *t);

/* int64_t: TIME in milliseconds; 0 turns the limit off. */
bool set_time(const struct setting *s, const struct option_row *row);
void show_time(const struct options *o, const struct option_row *row, struct text *t);

/* struct address_pair: ADDR[,ADDR], at most one per family. */
bool set_pair(const struct setting *s, const struct option_row *row);
void show_pair(const struct options *o, const struct option_row *row, struct text *t);

/* The ports for BIND and UDP: LO-HI. */
bool set_range(const struct setting *s, const struct option_row *row);
void show_range(const struct options *o, const struct option_row *row, struct text *t);

/* uint64_t: bytes per second with k, M or G (powers of 1000). */
bool set_rate(const struct setting *s, const struct option_row *row);
void show_rate(const struct options *o, const struct option_row *row, struct text *t);

/* The fwmark and the interface. */
bool set_mark(const struct setting *s, const struct option_row *row);
void show_mark(const struct options *o, const struct option_row *row, struct text *t);
bool set_interface(const struct setting *s, const struct option_row *row);
void show_interface(const struct options *o, const struct option_row *row, struct text *t);

/* The users file; a path in a config file is relative to that file. */
bool set_users(const struct setting *s, const struct option_row *row);
void show_users(const struct options *o, const struct option_row *row, struct text *t);

/* Access rules, and a question about them. options_print_settings() prints the rules itself. */
bool set_allow(const struct setting *s, const struct option_row *row);
bool set_deny(const struct setting *s, const struct option_row *row);
bool set_balancers(const struct setting *s, const struct option_row *row);

/* One word of a list: family, log sink, log level; and the list of methods. */
bool set_family(const struct setting *s, const struct option_row *row);
void show_family(const struct options *o, const struct option_row *row, struct text *t);
bool set_log(const struct setting *s, const struct option_row *row);
void show_log(const struct options *o, const struct option_row *row, struct text *t);
bool set_level(const struct setting *s, const struct option_row *row);
void show_level(const struct options *o, const struct option_row *row, struct text *t);
bool set_auth(const struct setting *s, const struct option_row *row);
void show_auth(const struct options *o, const struct option_row *row, struct text *t);

/* --check, --explain, --help, --version: enum option_mode; the first one given stands. */
bool set_explain(const struct setting *s, const struct option_row *row);
bool set_mode_check(const struct setting *s, const struct option_row *row);
bool set_mode_help(const struct setting *s, const struct option_row *row);
bool set_mode_version(const struct setting *s, const struct option_row *row);
void show_nothing(const struct options *o, const struct option_row *row, struct text *t);

#endif
