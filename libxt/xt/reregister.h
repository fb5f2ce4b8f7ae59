/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XT_REREGISTER_H
#define XT_REREGISTER_H

#include <stdbool.h>

/**
 * Makes the extension's shared object, where it is loaded already, register itself once more.
 *
 * xtables_register_target() and _match() forget what is not for the family of that moment, and a
 * loaded object is not initialised again by dlopen(). So after a change of family an extension that
 * comes in two variants in one object (libxt_NAT.so, libxt_hashlimit.so …) would not be found.
 * Call it only when the name is not found: what is registered must not be registered twice.
 * @target: it is a target, not a match
 */
void xt_reregister(const char *name, bool target);

#endif
