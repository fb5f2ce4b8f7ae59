// SPDX-License-Identifier: GPL-2.0-or-later
/* Matches by what the host has besides rules: routes and sockets. */
#include "verify/model.h"

#include <linux/netfilter/xt_rpfilter.h>
#include <linux/netfilter/xt_socket.h>
#include <netinet/in.h>
#include <string.h>

/* Every source has a way back by some device; strictly, by the one that it came by. */
static enum vf_test rpfilter_test(const struct vf_cond *c, const struct vf_packet *k)
{
	static const uint8_t none[16];
	const struct xt_rpfilter_info *i = c->data;
	bool ok = k->p.in < 0 || i->flags & XT_RPFILTER_LOOSE ||
		  vf_route(k->topo, k->p.family, k->p.saddr) == k->p.in;

	if (k->p.family == NFPROTO_IPV6 && !memcmp(k->p.saddr, none, 16))
		ok = true; /* the forward path will drop it */
	else if (ok && k->p.in >= 0 && !(i->flags & XT_RPFILTER_ACCEPT_LOCAL))
		ok = !vf_is_own(k->topo, k->p.family, k->p.saddr);
	return ok != !!(i->flags & XT_RPFILTER_INVERT) ? VF_YES : VF_NO;
}

static void rpfilter_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	const struct xt_rpfilter_info *i = c->data;

	if (rpfilter_test(c, k) == VF_YES)
		return;
	if (i->flags & XT_RPFILTER_LOOSE && i->flags & XT_RPFILTER_INVERT)
		vf_addr_own(k, -1, k->p.saddr, r);
	else if (i->flags & XT_RPFILTER_INVERT && k->topo->n > 1)
		vf_addr_behind(k, k->p.in ? 0 : 1, k->p.saddr, r);
	else
		vf_addr_behind(k, k->p.in, k->p.saddr, r);
}

/* Nobody sends such a packet on. */
static bool nowhere(struct vf_packet *k, struct vf_rng *r)
{
	memset(k->p.saddr, 0, 16);
	if (!k->own)
		vf_addr_own(k, k->p.in, k->p.daddr, r);
	return true;
}

/* To a group, or, of IPv6, by a device that has no way to everywhere. */
static bool nowhere_else(struct vf_packet *k, struct vf_rng *r)
{
	static const uint8_t group[4] = { 224, 0, 0, 251 };

	nowhere(k, r);
	if (k->p.family == NFPROTO_IPV4)
		memcpy(k->p.daddr, group, 4);
	else
		k->p.in = k->topo->n > 1 ? 1 : 0;
	return true;
}

static bool all_hosts(struct vf_packet *k, struct vf_rng *r)
{
	(void)r;
	memset(k->p.saddr, 0xff, 4);
	return k->p.family == NFPROTO_IPV4;
}

/* Own networks have 24 bits. */
static bool all_of_net(struct vf_packet *k, struct vf_rng *r)
{
	vf_addr_own(k, k->p.in, k->p.saddr, r);
	k->p.saddr[3] = 0xff;
	return k->p.family == NFPROTO_IPV4;
}

static bool other_way(struct vf_packet *k, struct vf_rng *r)
{
	vf_addr_behind(k, k->p.in ? 0 : 1, k->p.saddr, r);
	return true;
}

static bool own(struct vf_packet *k, struct vf_rng *r)
{
	vf_addr_own(k, -1, k->p.saddr, r);
	return true;
}

/* Sources that are none: rpfilter_mt() and fib_validate_source() know exceptions. */
static bool rpfilter_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	static bool (*const sources[])(struct vf_packet *, struct vf_rng *) = {
		other_way, own, nowhere, nowhere_else, all_hosts, all_of_net,
	};
	struct vf_rng r = { n };

	(void)c;
	return n < sizeof(sources) / sizeof(sources[0]) && (n < 2 || k->p.in >= 0) &&
	       sources[n](k, &r);
}

static uint8_t socket_flags(const struct vf_cond *c)
{
	const struct xt_socket_mtinfo1 *i = c->data;

	return c->rev ? i->flags : 0;
}

/* socket_match(), net/netfilter/xt_socket.c. Without one that the probe asks for, those of proxies
 * may be there, which listen on the wildcard address. */
static enum vf_test socket_test(const struct vf_cond *c, const struct vf_packet *k)
{
	uint8_t flags = socket_flags(c);

	if ((k->p.proto != IPPROTO_TCP && k->p.proto != IPPROTO_UDP) || !vf_first_fragment(k))
		return VF_NO;
	if (!(k->p.flags & VF_SOCKET))
		return flags & XT_SOCKET_NOWILDCARD ? VF_UNKNOWN : VF_NO;
	if (flags & XT_SOCKET_TRANSPARENT && !(k->p.flags & VF_TRANSPARENT))
		return VF_NO;
	return k->p.flags & VF_WILDCARD && !(flags & XT_SOCKET_NOWILDCARD) ? VF_NO : VF_YES;
}

static void socket_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	uint8_t flags = socket_flags(c);

	if (k->p.proto != IPPROTO_UDP)
		vf_set_proto(&k->p, IPPROTO_TCP);
	k->p.flags &= ~(VF_FRAGMENT | VF_WILDCARD | VF_TRANSPARENT);
	k->p.flags |= VF_SOCKET;
	if (flags & XT_SOCKET_TRANSPARENT || vf_one_in(r, 2))
		k->p.flags |= VF_TRANSPARENT;
	if (flags & XT_SOCKET_NOWILDCARD && vf_one_in(r, 2))
		k->p.flags |= VF_WILDCARD;
	if (flags & XT_SOCKET_RESTORESKMARK)
		k->p.socket_mark = vf_rand(r);
}

/* Each kind of socket, or none. */
static bool socket_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	static const unsigned int kinds[] = {
		0,
		VF_SOCKET,
		VF_SOCKET | VF_TRANSPARENT,
		VF_SOCKET | VF_WILDCARD,
		VF_SOCKET | VF_WILDCARD | VF_TRANSPARENT,
	};

	if (n >= sizeof(kinds) / sizeof(kinds[0]))
		return false;
	k->p.flags &= ~(VF_SOCKET | VF_WILDCARD | VF_TRANSPARENT);
	k->p.flags |= kinds[n];
	if (socket_flags(c) & XT_SOCKET_RESTORESKMARK)
		k->p.socket_mark = 0x5a5a5a5au << n;
	return true;
}

const struct vf_kind vf_kinds_host[] = {
	{ .name = "rpfilter", .test = rpfilter_test, .make = rpfilter_make, .edge = rpfilter_edge },
	{ .name = "socket",
	  .rev_max = 3,
	  .test = socket_test,
	  .make = socket_make,
	  .edge = socket_edge },
	{ 0 },
};
