/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XT_ADDR_H
#define XT_ADDR_H

/* Addresses as numbers, for ranges of them. */

#include <stdbool.h>
#include <stdint.h>

/** An IPv6 address, or an IPv4 address in the low 32 bits; any number, too. */
struct xt_addr {
	uint64_t hi, lo;
};

struct xt_range {
	struct xt_addr lo, hi;
};

static inline int xt_addr_cmp(struct xt_addr a, struct xt_addr b)
{
	if (a.hi != b.hi)
		return a.hi < b.hi ? -1 : 1;
	return a.lo == b.lo ? 0 : a.lo < b.lo ? -1 : 1;
}

static inline struct xt_addr xt_addr_next(struct xt_addr a)
{
	return (struct xt_addr){ a.hi + (a.lo == UINT64_MAX), a.lo + 1 };
}

static inline struct xt_addr xt_addr_prev(struct xt_addr a)
{
	return (struct xt_addr){ a.hi - !a.lo, a.lo - 1 };
}

static inline struct xt_addr xt_addr_and(struct xt_addr a, struct xt_addr b)
{
	return (struct xt_addr){ a.hi & b.hi, a.lo & b.lo };
}

static inline struct xt_addr xt_addr_or(struct xt_addr a, struct xt_addr b)
{
	return (struct xt_addr){ a.hi | b.hi, a.lo | b.lo };
}

static inline bool xt_range_is_one(struct xt_range r)
{
	return !xt_addr_cmp(r.lo, r.hi);
}

/** Bits of an address of this family: 32 or 128. */
unsigned int xt_addr_bits(uint8_t family);
/** The bits of the host behind a prefix of @len: 0.0.0.255 for 24. */
struct xt_addr xt_addr_hostmask(uint8_t family, unsigned int len);
/** The mask of a prefix of @len. */
struct xt_addr xt_addr_netmask(uint8_t family, unsigned int len);
struct xt_addr xt_addr_from_bytes(uint8_t family, const void *bytes);
/** In network order; @bytes has 16. */
void xt_addr_to_bytes(uint8_t family, struct xt_addr a, uint8_t *bytes);
/** The length of the largest prefix that begins at @r.lo and ends within @r. */
unsigned int xt_range_first_prefix(uint8_t family, struct xt_range r);
/** The length of the prefix that @r is, or -1. */
int xt_range_prefix(uint8_t family, struct xt_range r);

#endif
