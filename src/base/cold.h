/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where large static memory stands, so that it costs nothing where it is not used. */
#ifndef BASE_COLD_H
#define BASE_COLD_H

/*
 * For zeroed data that most sessions do not touch. The linker puts it behind all other, that of a
 * static C library included; in between it would keep apart what every session touches, and a page
 * is what a process has to pay for. It must be extern.
 */
#define COLD __attribute__((common))

#endif
