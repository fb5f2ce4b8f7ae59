/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HELPERS_ATTR_H
#define HELPERS_ATTR_H

/* Reading nfnetlink's dumps and the attributes in them. */

#include <linux/netlink.h>
#include <stddef.h>
#include <stdint.h>

/** The attribute among the @n bytes at @at, or NULL. */
const struct nlattr *attr_find(const void *at, size_t n, int type);
/** The attribute nested in @a (which may be NULL), or NULL. */
const struct nlattr *attr_in(const struct nlattr *a, int type);
const void *attr_data(const struct nlattr *a);
size_t attr_size(const struct nlattr *a);
/** A number in network order; 0 for NULL. */
uint64_t attr_number(const struct nlattr *a);

/**
 * dump - ask for all objects of a kind
 * @request: NFNL_SUBSYS_* << 8 | the message's type
 * @which: attributes of the request, @n bytes; NULL for none
 * @each: called with the attributes of each
 *
 * Returns 0, or -1 with errno set.
 */
int dump(int netlink, uint16_t request, const void *which, size_t n,
	 void (*each)(void *to, const void *attrs, size_t n), void *to);

/** Writes an attribute at @at; returns where the next one goes. */
char *attr_put(char *at, uint16_t type, const void *data, size_t n);

#endif
