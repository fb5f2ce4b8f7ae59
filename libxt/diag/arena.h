/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_ARENA_H
#define XL_ARENA_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#define XL_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))

struct xl_arena_chunk;

/**
 * struct xl_arena - memory that is given back all at once
 * @oom: where to go when malloc() fails; NULL means abort(), which only tests do
 *
 * Whatever a ruleset consists of lives in one arena. Allocation never returns NULL, so callers
 * need no check; the library's entry points set @oom and turn it into XL_EXIT_RESOURCE.
 */
struct xl_arena {
	struct xl_arena_chunk *chunks;
	char *next, *end;
	size_t taken; /* from malloc() */
	char *home;   /* of a part: where it begins; see xl_arena_part() */
	size_t room;
	jmp_buf *oom;
};

void xl_arena_init(struct xl_arena *a);
/** Frees everything; the arena can be used again. */
void xl_arena_free(struct xl_arena *a);

/**
 * Makes @a an arena for what is soon done with: it has @size bytes of @of's memory, which
 * xl_arena_rewind() gives it again, and only takes more where that does not do.
 */
void xl_arena_part(struct xl_arena *a, struct xl_arena *of, size_t size);
void xl_arena_rewind(struct xl_arena *a);

/** Zeroed memory, aligned for pointers and 64 bits. */
void *xl_alloc(struct xl_arena *a, size_t size);
/** A bigger copy of an array of @old bytes; the old one stays until the arena goes. */
void *xl_grow(struct xl_arena *a, const void *p, size_t old, size_t size);
void *xl_memdup(struct xl_arena *a, const void *p, size_t size);
char *xl_strdup(struct xl_arena *a, const char *s);
char *xl_strndup(struct xl_arena *a, const char *s, size_t n);
char *xl_printf(struct xl_arena *a, const char *fmt, ...) XL_PRINTF(2, 3);
char *xl_vprintf(struct xl_arena *a, const char *fmt, va_list ap) XL_PRINTF(2, 0);

#define xl_new(arena, type) ((type *)xl_alloc((arena), sizeof(type)))

/** Appends an element to an array in an arena: @v, @n, @cap are lvalues; grows by doubling. */
#define xl_push(arena, v, n, cap, elem)                                                           \
	do {                                                                                      \
		if ((n) == (cap)) {                                                               \
			size_t new_cap_ = (cap) ? (size_t)(cap)*2 : 4;                            \
			(v) = xl_grow((arena), (v), (n) * sizeof(*(v)), new_cap_ * sizeof(*(v))); \
			(cap) = new_cap_;                                                         \
		}                                                                                 \
		(v)[(n)++] = (elem);                                                              \
	} while (0)

#endif
