/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef JSON_FILE_H
#define JSON_FILE_H

/* What the reports in JSON have in common. */

#include "run.h"

#include <jansson.h>

/** A string of any bytes: rules may hold what JSON may not. */
json_t *json_text(const char *s);
/** Writes @j, which it takes, to a file. 0, or -1 after a message. */
int json_write(const struct run *r, json_t *j, const char *path);

#endif
