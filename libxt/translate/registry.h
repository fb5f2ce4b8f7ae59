/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_REGISTRY_H
#define XL_REGISTRY_H

#include "translate/ext.h"

/** Our translator for this extension and revision; NULL: there is none. */
const struct xl_ext *xl_ext_find(enum xl_kind kind, const char *name, uint8_t family, uint8_t rev);
/** Whether we have one for any revision or family. */
bool xl_ext_known(enum xl_kind kind, const char *name);
/** All translators, in the order of the list of files; NULL-terminated array of their arrays. */
extern const struct xl_ext *const xl_exts[];
/** Their options, in the same order. */
extern const struct xl_option *const xl_ext_options[];

#endif
