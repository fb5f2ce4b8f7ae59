/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HELPERS_UTIL_H
#define HELPERS_UTIL_H

/* Small things for the tests' helpers. They end the program when the machine fails them. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/** Says what failed and why (errno), then ends with status 2. */
__attribute__((format(printf, 1, 2), noreturn)) void die(const char *fmt, ...);

/** A text that grows. */
struct text {
	char *s; /* never NULL after the first addition */
	size_t n;
};

void text_add(struct text *t, const void *s, size_t n);
__attribute__((format(printf, 2, 3))) void text_f(struct text *t, const char *fmt, ...);
/** Reads @fd to its end. */
void text_read(struct text *t, int fd);
/** Leaves the first @n bytes. */
void text_cut(struct text *t, size_t n);
void text_free(struct text *t);
const char *text_str(const struct text *t);

char *copy_n(const char *s, size_t n);
/** The byte that two hexadecimal digits mean, or -1. */
int hex_byte(const char *s);

/**
 * run - run a program
 * @ns: enter this network namespace first; -1 for none
 * @input: its standard input; NULL for none
 * @out: its standard output, @err: its standard error (both may be the same)
 *
 * Returns the exit status, 128 + N for signal N.
 */
int run(int ns, const char *const argv[], const char *input, struct text *out, struct text *err);

#endif
