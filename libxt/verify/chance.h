/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_CHANCE_H
#define VF_CHANCE_H

/* Rules that depend on the clock or on chance. Two namespaces never meet the same moment, so for
 * what such rules let through, and for what comes behind them, counters can only be alike. */

#include "verify/counts.h"

/**
 * For each rule: it asks the clock (VF_CHANCE) or throws dice itself (VF_DICE as well), or it may
 * depend on packets that met such a rule: those that come to it, or its state (VF_BEHIND); else 0.
 * With @dice, those that ask the clock are none: rates decide the same way wherever the rules have
 * just been loaded.
 */
enum { VF_CHANCE = 1, VF_BEHIND = 2, VF_DICE = 4 };
uint8_t *vf_chance(struct xl_arena *a, const struct vf_rules *r, bool dice);

#endif
