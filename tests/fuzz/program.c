/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The program's main(), under another name, because the fuzzer has a main() of its own. */
int program_main(int argc, char **argv);

#define main program_main
#include "../../src/main.c"
