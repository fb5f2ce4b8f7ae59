/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef RUN_OPTIONS_H
#define RUN_OPTIONS_H

/* Options by which several verbs are told how to translate; for a struct run. */

#include "option.h"

/** -O and --inet: of whole rulesets. */
extern const struct option_row run_whole_options[];
/** --no-fragment-guard */
extern const struct option_row run_guard_options[];
/** --approximate and --nft-version */
extern const struct option_row run_target_options[];

#endif
