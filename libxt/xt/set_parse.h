/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XT_SET_PARSE_H
#define XT_SET_PARSE_H

/** Registers "set" and "SET" with libxtables; xt/set_parse.c. */
void xt_set_parsers_register(void);

#endif
