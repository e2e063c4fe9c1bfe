/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Takes the place of libFuzzer in make check: gives a fuzz target each file of its corpus, and
 * prints TAP. The corpus of tests/fuzz/fuzz_NAME is $abs_top_srcdir/tests/fuzz/corpus/NAME, or the
 * files named on the command line. No input is generated.
 */
#include <dirent.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>

#include "../unit/tap.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Reads the file into a block of exactly its size, so that a sanitizer sees a read past it. */
static uint8_t *slurp(const char *path, size_t *size)
{
	FILE *f = fopen(path, "rb");
	uint8_t *data = NULL;
	long end;

	if (!f)
		return NULL;
	if (!fseek(f, 0, SEEK_END) && (end = ftell(f)) >= 0 && !fseek(f, 0, SEEK_SET)) {
		*size = (size_t)end;
		data = malloc(*size ? *size : 1);
		if (data && fread(data, 1, *size, f) != *size) {
			free(data);
			data = NULL;
		}
	}
	fclose(f);
	return data;
}

static void replay(const char *path, const char *name)
{
	size_t size = 0;
	uint8_t *data = slurp(path, &size);

	if (ok(data, "%s can be read", name))
		ok(LLVMFuzzerTestOneInput(data, size) <= 0, "%s is judged good", name);
	free(data);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int visible(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

static void replay_folder(const char *dir)
{
	struct dirent **list = NULL;
	char path[4096];
	int n = scandir(dir, &list, visible, by_name);

	ok(n > 0, "%s has files", dir);
	for (int i = 0; i < n; i++) {
		if (snprintf(path, sizeof(path), "%s/%s", dir, list[i]->d_name) < (int)sizeof(path))
			replay(path, list[i]->d_name);
		free(list[i]);
	}
	free(list);
}

int main(int argc, char **argv)
{
	const char *name = strrchr(argv[0], '/');
	const char *top = getenv("abs_top_srcdir");
	char dir[4096];

	for (int i = 1; i < argc; i++)
		replay(argv[i], argv[i]);
	if (argc == 1) {
		name = name ? name + 1 : argv[0];
		if (!strncmp(name, "fuzz_", 5))
			name += 5;
		snprintf(dir, sizeof(dir), "%s/tests/fuzz/corpus/%s", top ? top : ".", name);
		replay_folder(dir);
	}
	return done_testing();
}
