// SPDX-License-Identifier: GPL-2.0-or-later
/* The parts of an entry. Apart from the rest of the ruleset, since plugins have only these. */
#include "xt/ruleset.h"

#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

static size_t header_size(uint8_t family)
{
	return family == NFPROTO_IPV4 ? sizeof(struct ipt_entry) : sizeof(struct ip6t_entry);
}

static size_t target_offset(uint8_t family, const void *entry)
{
	return family == NFPROTO_IPV4 ? ((const struct ipt_entry *)entry)->target_offset
				      : ((const struct ip6t_entry *)entry)->target_offset;
}

size_t xt_entry_size(uint8_t family, const void *entry)
{
	return family == NFPROTO_IPV4 ? ((const struct ipt_entry *)entry)->next_offset
				      : ((const struct ip6t_entry *)entry)->next_offset;
}

static const struct xt_entry_match *match_at(uint8_t family, const void *entry, size_t off)
{
	if (off >= target_offset(family, entry))
		return NULL;
	return (const void *)((const char *)entry + off);
}

const struct xt_entry_match *xt_first_match(uint8_t family, const void *entry)
{
	return match_at(family, entry, header_size(family));
}

const struct xt_entry_match *xt_next_match(uint8_t family, const void *entry,
					   const struct xt_entry_match *m)
{
	return match_at(family, entry,
			(size_t)((const char *)m - (const char *)entry) + m->u.match_size);
}

const struct xt_entry_target *xt_target(uint8_t family, const void *entry)
{
	return (const void *)((const char *)entry + target_offset(family, entry));
}
