/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPORT_H
#define REPORT_H

#include "inputs.h"

#include <stdio.h>

/** "312 rules: 309 translated, 1 not vouched for, 2 refused" */
void report_summary(const struct run *r, FILE *f);
/** For --verbose: which nft is written for; without a line end. */
void report_target(const struct run *r, FILE *f);
/** For --verbose: what each file was taken for, and which nft is written for. */
void report_read(const struct run *r, const struct inputs *in, FILE *f);
/** For --verbose: what the translation consists of, a line a table. */
void report_written(const struct run *r, FILE *f);
/** Writes what became of each rule to a file, as JSON. 0, or -1 after a message. */
int report_write(const struct run *r, const char *path);

#endif
