// SPDX-License-Identifier: GPL-2.0-or-later
/* Parsers of our own, for extensions whose plugin asks the kernel while it parses. libxtables finds
 * what is registered before it looks for a file. */
#include "xt/host.h"
#include "xt/set_parse.h"

void xt_builtin_register(void)
{
	xt_set_parsers_register();
}
