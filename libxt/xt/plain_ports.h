/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XT_PLAIN_PORTS_H
#define XT_PLAIN_PORTS_H

#include <stdbool.h>
#include <stddef.h>

struct xl_arena;
struct xt_option_entry;

/**
 * libxtables asks the name service for each port, numbers as well (xtables_getportbyname()), which
 * takes longer than all else of a rule. A range of numbers needs no names.
 *
 * @table: a plugin's options; @id: the one that is given
 * @value: its argument; when that is a port or a range of ports in numbers, the table is returned
 *	with ranges of numbers instead of ports, from @arena, and @range is what to give as the
 *	argument. NULL else.
 */
struct xt_plain_ports {
	struct xl_arena *arena;
	struct {
		const struct xt_option_entry *from, *to;
	} * tables;
	size_t n, cap;
};

const struct xt_option_entry *xt_plain_ports(struct xt_plain_ports *p,
					     const struct xt_option_entry *table, unsigned int id,
					     const char *value, char range[16]);

/** The plugin's own table for one of ours; any other table is returned as it is. */
const struct xt_option_entry *xt_plain_ports_own(const struct xt_plain_ports *p,
						 const struct xt_option_entry *table);

#endif
