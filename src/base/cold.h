/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Places large static memory, and the code and tables for mistakes, so that they cost nothing until
 * they are used.
 */
#ifndef BASE_COLD_H
#define BASE_COLD_H

/*
 * Marks zeroed data that most sessions do not touch. The linker puts it behind all other data, that
 * of a static C library included. Anywhere else it would spread the data that every session touches
 * over more pages, and each page touched is memory of the process. The variable must be extern.
 */
#define COLD __attribute__((common))

/*
 * Marks a function that only mistakes call. The linker puts this section behind the code of
 * sessions and of a static C library, between which it would cost a page fault more.
 */
#define COLD_CODE __attribute__((cold, section("mistakes")))

/*
 * Marks a constant table that only mistakes read. The linker puts this section behind all other
 * constants, between which it would spread those that sessions read over more pages.
 */
#define COLD_TABLE __attribute__((section(".rodata1")))

#endif
