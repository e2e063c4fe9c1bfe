/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program's main(), under a name that leaves room for a fuzzer's own. */
int program_main(int argc, char **argv);

#define main program_main
#include "../../src/main.c"
