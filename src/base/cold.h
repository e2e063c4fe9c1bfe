/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places large static memory so that it costs nothing until it is used. */
#ifndef BASE_COLD_H
#define BASE_COLD_H

/*
 * Marks zeroed data that most sessions do not touch. The linker puts it behind all other data, that
 * of a static C library included. Anywhere else it would spread the data that every session touches
 * over more pages, and each page touched is memory of the process. The variable must be extern.
 */
#define COLD __attribute__((common))

#endif
