/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * DLOPEN_NOTE() puts into the program what it may load at run time, so that packagers see the
 * dependency that no DT_NEEDED shows: an ELF note as the UAPI group's "ELF dlopen metadata"
 * describes it. `readelf -p .note.dlopen picosocks5` prints them. It loads nothing.
 */
#ifndef BASE_DLOPEN_NOTE_H
#define BASE_DLOPEN_NOTE_H

#include <stdint.h>

#define DLOPEN_NOTE_OWNER "FDO"
#define DLOPEN_NOTE_TYPE  UINT32_C(0x407c0c0a)

/*
 * Once per library, at file scope. id: a C identifier of the note's own; the rest are string
 * literals, free of quotes and backslashes. priority: "required", "recommended" or "suggested";
 * several sonames are joined by DLOPEN_OR, the one that is tried first in front.
 */
#define DLOPEN_OR "\",\""

#define DLOPEN_NOTE(id, feature, description, priority, soname)                                    \
	DLOPEN_NOTE_JSON(id, "[{\"feature\":\"" feature "\",\"description\":\"" description        \
			     "\",\"priority\":\"" priority "\",\"soname\":[\"" soname "\"]}]")

/* A note section is kept by the linkers' --gc-sections, and "used" by the compilers. */
#define DLOPEN_NOTE_JSON(id, json)                                                                 \
	__attribute__((used, section(".note.dlopen"), aligned(4))) static const struct {           \
		uint32_t namesz, descsz, type;                                                     \
		char owner[sizeof(DLOPEN_NOTE_OWNER)];                                             \
		_Alignas(4) char desc[sizeof(json)];                                               \
	} id = { sizeof(DLOPEN_NOTE_OWNER), sizeof(json), DLOPEN_NOTE_TYPE, DLOPEN_NOTE_OWNER,     \
		 json }

#endif
