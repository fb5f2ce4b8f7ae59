/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HELPERS_BLESS_H
#define HELPERS_BLESS_H

#include "case.h"

/** Writes what xtlate prints now into the cases of a file that expect something else. */
void bless(const struct case_file *f);

#endif
