// SPDX-License-Identifier: GPL-2.0-or-later
#include "xt/plain_ports.h"

#include "diag/arena.h"

#include <ctype.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <xtables.h>

/* Digits up to @end; -1 when it is no port. */
static long number(const char *s, const char *end)
{
	long n = 0;

	if (s == end || end - s > 5)
		return -1;
	for (; s < end; s++) {
		if (!isdigit((unsigned char)*s))
			return -1;
		n = 10 * n + (*s - '0');
	}
	return n > UINT16_MAX ? -1 : n;
}

static bool is_range(const char *value, char range[16])
{
	const char *colon = strchr(value, ':'), *end = value + strlen(value);
	long lo = number(value, colon ? colon : end), hi = colon ? number(colon + 1, end) : lo;

	if (lo < 0 || hi < lo)
		return false;
	snprintf(range, 16, "%u:%u", (unsigned int)lo & UINT16_MAX, (unsigned int)hi & UINT16_MAX);
	return true;
}

static bool takes_ports(const struct xt_option_entry *table, unsigned int id)
{
	for (; table->name; table++)
		if (table->id == id)
			return table->type == XTTYPE_PORTRC && !(table->flags & XTOPT_NBO);
	return false;
}

static const struct xt_option_entry *in_numbers(struct xt_plain_ports *p,
						const struct xt_option_entry *table)
{
	struct xt_option_entry *to;
	size_t n = 1;

	for (size_t i = 0; i < p->n; i++)
		if (p->tables[i].from == table)
			return p->tables[i].to;
	while (table[n - 1].name)
		n++;
	to = xl_memdup(p->arena, table, n * sizeof(*to));
	for (size_t i = 0; i < n; i++)
		if (to[i].type == XTTYPE_PORTRC)
			to[i].type = XTTYPE_UINT16RC;
	if (p->n == p->cap) {
		p->cap = p->cap ? 2 * p->cap : 4;
		p->tables = xl_grow(p->arena, p->tables, p->n * sizeof(*p->tables),
				    p->cap * sizeof(*p->tables));
	}
	p->tables[p->n].from = table;
	p->tables[p->n++].to = to;
	return to;
}

const struct xt_option_entry *xt_plain_ports(struct xt_plain_ports *p,
					     const struct xt_option_entry *table, unsigned int id,
					     const char *value, char range[16])
{
	if (!table || !value || !takes_ports(table, id) || !is_range(value, range))
		return NULL;
	return in_numbers(p, table);
}

const struct xt_option_entry *xt_plain_ports_own(const struct xt_plain_ports *p,
						 const struct xt_option_entry *table)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->tables[i].to == table)
			return p->tables[i].from;
	return table;
}
