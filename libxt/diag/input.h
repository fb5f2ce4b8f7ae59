/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_INPUT_H
#define XL_INPUT_H

#include <stddef.h>

/**
 * Reads a whole file, or standard input for "-". The text is NUL-terminated and malloc()ed.
 * NULL with errno set when it cannot be read.
 */
char *input_read(const char *path, size_t *size);

#endif
