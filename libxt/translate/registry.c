// SPDX-License-Identifier: GPL-2.0-or-later
/* Every translator there is. registry-list.h is made from the list of files in Makefile.inc. */
#include "translate/registry.h"

#include <string.h>

#define XL_EXT(kind, name)                               \
	extern const struct xl_ext xl_##kind##_##name[]; \
	extern const struct xl_option xl_##kind##_##name##_options[];
#include "translate/registry-list.h"
#undef XL_EXT

const struct xl_ext *const xl_exts[] = {
#define XL_EXT(kind, name) xl_##kind##_##name,
#include "translate/registry-list.h"
#undef XL_EXT
	NULL,
};

const struct xl_option *const xl_ext_options[] = {
#define XL_EXT(kind, name) xl_##kind##_##name##_options,
#include "translate/registry-list.h"
#undef XL_EXT
	NULL,
};

const struct xl_ext *xl_ext_find(enum xl_kind kind, const char *name, uint8_t family, uint8_t rev)
{
	unsigned int bit = family == NFPROTO_IPV4 ? XL_V4 : XL_V6;

	for (const struct xl_ext *const *file = xl_exts; *file; file++)
		for (const struct xl_ext *e = *file; e->name; e++)
			if (e->kind == kind && e->families & bit && e->rev_min <= rev &&
			    rev <= e->rev_max && e->name[0] == name[0] && !strcmp(e->name, name))
				return e;
	return NULL;
}

bool xl_ext_known(enum xl_kind kind, const char *name)
{
	for (const struct xl_ext *const *file = xl_exts; *file; file++)
		for (const struct xl_ext *e = *file; e->name; e++)
			if (e->kind == kind && !strcmp(e->name, name))
				return true;
	return false;
}
