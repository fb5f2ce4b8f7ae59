/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XT_CRASH_H
#define XT_CRASH_H

#include "xt/host.h"

/**
 * Until xt_crash_forget(), a plugin that crashes or ends the program while @h is catching is left
 * by longjmp to @h->jump, with @h->error set, as one that reports an error is.
 */
void xt_crash_catch(struct xt_host *h);
void xt_crash_forget(void);

#endif
