/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DLOPEN_NOTE() writes into the program which library it may load at run time, so that packagers
 * see a dependency that has no DT_NEEDED entry. It is an ELF note as the UAPI group's "ELF dlopen
 * metadata" specifies. `readelf -p .note.dlopen picosocks5` prints the notes. It loads nothing.
 */
#ifndef BASE_DLOPEN_NOTE_H
#define BASE_DLOPEN_NOTE_H

#include <stdint.h>

#define DLOPEN_NOTE_OWNER "FDO"
#define DLOPEN_NOTE_TYPE  UINT32_C(0x407c0c0a)

/*
 * Use it once per library, at file scope. id is a C identifier that nothing else has. The others
 * are string literals without quotes and backslashes. priority is "required", "recommended" or
 * "suggested". Join several sonames by DLOPEN_OR, in the order in which they are tried.
 */
#define DLOPEN_OR "\",\""

#define DLOPEN_NOTE(id, feature, description, priority, soname)                                    \
	DLOPEN_NOTE_JSON(id, "[{\"feature\":\"" feature "\",\"description\":\"" description        \
			     "\",\"priority\":\"" priority "\",\"soname\":[\"" soname "\"]}]")

/* The linker's --gc-sections keeps note sections. "used" makes the compiler keep the object. */
#define DLOPEN_NOTE_JSON(id, json)                                                                 \
	__attribute__((used, section(".note.dlopen"), aligned(4))) static const struct {           \
		uint32_t namesz, descsz, type;                                                     \
		char owner[sizeof(DLOPEN_NOTE_OWNER)];                                             \
		_Alignas(4) char desc[sizeof(json)];                                               \
	} id = { sizeof(DLOPEN_NOTE_OWNER), sizeof(json), DLOPEN_NOTE_TYPE, DLOPEN_NOTE_OWNER,     \
		 json }

#endif
