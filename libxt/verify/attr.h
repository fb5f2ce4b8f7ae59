/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_ATTR_H
#define VF_ATTR_H

/* Netlink: attributes, and dumps of all objects of a kind. */

#include <linux/netlink.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** The attribute among the @n bytes at @at, or NULL. */
const struct nlattr *vf_attr_find(const void *at, size_t n, int type);
/** The attribute nested in @a (which may be NULL), or NULL. */
const struct nlattr *vf_attr_in(const struct nlattr *a, int type);
const void *vf_attr_data(const struct nlattr *a);
size_t vf_attr_size(const struct nlattr *a);
/** A number in network order; 0 for NULL. */
uint64_t vf_attr_number(const struct nlattr *a);
/** Writes an attribute at @at; returns where the next one goes. */
char *vf_attr_put(char *at, uint16_t type, const void *data, size_t n);

/** Sends a request and reads all messages that answer it. False with errno set. */
bool vf_ask(int netlink, const struct nlmsghdr *request,
	    void (*each)(void *to, const struct nlmsghdr *m), void *to);

/**
 * Asks nfnetlink for all objects of a kind: @request is NFNL_SUBSYS_* << 8 | message type, @which
 * are attributes of the request, @n bytes. @each gets the attributes of each. False with errno set.
 */
bool vf_dump(int netlink, uint16_t request, uint8_t family, const void *which, size_t n,
	     void (*each)(void *to, const void *attrs, size_t n), void *to);

#endif
