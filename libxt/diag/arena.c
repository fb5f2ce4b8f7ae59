// SPDX-License-Identifier: GPL-2.0-or-later
#include "diag/arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Where much has been taken, more of it comes in pieces that the kernel can map at once: otherwise
 * a fault for each page takes a quarter of the time that a large ruleset does. */
enum { CHUNK = 64 * 1024, MUCH = 4 * 1024 * 1024, HUGE_PAGE = 2 * 1024 * 1024 };

struct xl_arena_chunk {
	struct xl_arena_chunk *next;
	alignas(uint64_t) char mem[];
};

void xl_arena_init(struct xl_arena *a)
{
	*a = (struct xl_arena){ 0 };
}

void xl_arena_free(struct xl_arena *a)
{
	struct xl_arena_chunk *c, *next;

	for (c = a->chunks; c; c = next) {
		next = c->next;
		free(c);
	}
	a->chunks = NULL;
	a->taken = 0;
	a->next = a->end = NULL;
}

void xl_arena_part(struct xl_arena *a, struct xl_arena *of, size_t size)
{
	xl_arena_init(a);
	a->oom = of->oom;
	a->home = xl_alloc(of, size);
	a->room = size;
	xl_arena_rewind(a);
}

void xl_arena_rewind(struct xl_arena *a)
{
	xl_arena_free(a);
	a->next = a->home;
	a->end = a->home + a->room;
}

static struct xl_arena_chunk *get_chunk(size_t size)
{
	struct xl_arena_chunk *c;

	if (size < MUCH)
		return malloc(size);
	c = aligned_alloc(HUGE_PAGE, size);
	if (c)
		madvise(c, size, MADV_HUGEPAGE); /* without it all is well, too */
	return c;
}

static void new_chunk(struct xl_arena *a, size_t size)
{
	struct xl_arena_chunk *c;

	if (size > SIZE_MAX / 2)
		c = NULL;
	else {
		size += sizeof(*c);
		if (size < CHUNK)
			size = CHUNK;
		if (a->taken > MUCH)
			size = (size + MUCH - 1) / MUCH * MUCH;
		c = get_chunk(size);
	}
	if (!c) {
		if (!a->oom)
			abort();
		longjmp(*a->oom, 1);
	}
	c->next = a->chunks;
	a->chunks = c;
	a->taken += size;
	a->next = c->mem;
	a->end = (char *)c + size;
}

void *xl_alloc(struct xl_arena *a, size_t size)
{
	size_t align = alignof(uint64_t);
	void *p;

	size = (size + align - 1) & ~(align - 1);
	if (size > (size_t)(a->end - a->next))
		new_chunk(a, size);
	p = a->next;
	a->next += size;
	return memset(p, 0, size);
}

void *xl_grow(struct xl_arena *a, const void *p, size_t old, size_t size)
{
	void *q = xl_alloc(a, size);

	if (old)
		memcpy(q, p, old);
	return q;
}

void *xl_memdup(struct xl_arena *a, const void *p, size_t size)
{
	return xl_grow(a, p, size, size);
}

char *xl_strndup(struct xl_arena *a, const char *s, size_t n)
{
	char *q;

	n = strnlen(s, n);
	q = xl_alloc(a, n + 1);
	memcpy(q, s, n);
	return q;
}

char *xl_strdup(struct xl_arena *a, const char *s)
{
	return xl_strndup(a, s, strlen(s));
}

char *xl_vprintf(struct xl_arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *s;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	if (n < 0)
		n = 0;
	s = xl_alloc(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	return s;
}

char *xl_printf(struct xl_arena *a, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = xl_vprintf(a, fmt, ap);
	va_end(ap);
	return s;
}
