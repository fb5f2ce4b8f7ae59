/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stddef.h>

/**
 * Writes @text to @path, or to standard output for NULL and "-". A file is there whole or not at
 * all: it is written beside its place, synced and renamed. Returns 0, or -1 with errno set.
 */
int output_write(const char *path, const char *text, size_t size);

#endif
