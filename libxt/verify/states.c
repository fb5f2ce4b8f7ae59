// SPDX-License-Identifier: GPL-2.0-or-later
/* In which states of connection tracking the packets can be that a match takes. */
#include "verify/model.h"

#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/xt_conntrack.h>
#include <linux/netfilter/xt_state.h>
#include <linux/netfilter/xt_tcpudp.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <netinet/in.h>
#include <string.h>

enum {
	ESTABLISHED = XT_CONNTRACK_STATE_BIT(IP_CT_ESTABLISHED),
	RELATED = XT_CONNTRACK_STATE_BIT(IP_CT_RELATED),
	INVALID = XT_CONNTRACK_STATE_INVALID,
	UNTRACKED = XT_CONNTRACK_STATE_UNTRACKED,
};

/* tcp_valid_flags, net/netfilter/nf_conntrack_proto_tcp.c; PSH, ECE and CWR do not matter. */
static bool sound(uint8_t flags)
{
	static const uint8_t valid[] = { 0x02, 0x22, 0x12, 0x04, 0x14, 0x11, 0x31, 0x10, 0x30 };

	return memchr(valid, flags & 0x37, sizeof(valid));
}

static unsigned int tcp_states(const struct xt_tcp *t)
{
	bool inv = t->invflags & XT_TCP_INV_FLAGS;

	for (unsigned int f = 0; f < 0x40; f++)
		if (sound(f) && ((f & t->flg_mask & 0x3f) == (t->flg_cmp & 0x3f)) != inv)
			return VF_ALL_STATES;
	return INVALID | UNTRACKED;
}

/* Neighbour discovery and multicast listeners: nf_conntrack_icmpv6_error(). */
static bool never_tracked(uint8_t type)
{
	static const uint8_t no[] = { 130, 131, 132, 133, 134, 135, 136, 143 };

	return memchr(no, type, sizeof(no));
}

/* Errors are of a connection that is known, or invalid; answers are of what asked; and what neither
 * asks nor answers is of none: nf_conntrack_icmp_packet(), nf_conntrack_invert_icmp_tuple(). */
static unsigned int icmp_states(const struct ipt_icmp *i, bool v6)
{
	static const uint8_t errors[] = { 3, 4, 5, 11, 12 };
	static const uint8_t asks[] = { 8, 13, 15, 17 }, answers[] = { 0, 14, 16, 18 };
	static const uint8_t asks6[] = { 128, 139 }, answers6[] = { 129, 140 };

	if (i->invflags & IPT_ICMP_INV || (!v6 && i->type == 0xff))
		return VF_ALL_STATES;
	if (v6 && never_tracked(i->type))
		return UNTRACKED;
	if (v6 ? i->type < 128 : !!memchr(errors, i->type, sizeof(errors)))
		return RELATED | INVALID | UNTRACKED;
	if (v6 ? !!memchr(asks6, i->type, sizeof(asks6)) : !!memchr(asks, i->type, sizeof(asks)))
		return VF_ALL_STATES;
	if (v6 ? !!memchr(answers6, i->type, sizeof(answers6))
	       : !!memchr(answers, i->type, sizeof(answers)))
		return ESTABLISHED | INVALID | UNTRACKED;
	return INVALID | UNTRACKED;
}

bool vf_cond_is_tracked(const struct vf_cond *c)
{
	const struct ipt_icmp *i = c->data;

	return c->kind && !strcmp(c->kind->name, "icmp6") && !(i->invflags & IPT_ICMP_INV) &&
	       !never_tracked(i->type);
}

unsigned int vf_proto_states(uint8_t family, uint8_t proto)
{
	bool v4 = family == NFPROTO_IPV4;

	/* nf_conntrack_icmp_packet() and nf_conntrack_icmpv6_packet() take only their family's. */
	if (proto == (v4 ? IPPROTO_ICMPV6 : IPPROTO_ICMP))
		return INVALID | UNTRACKED;
	/* Of these nothing is looked at: l4proto generic. An AH header of IPv6 is looked past. */
	if (proto == IPPROTO_ESP || (v4 && proto == IPPROTO_AH))
		return VF_ALL_STATES & ~INVALID;
	return VF_ALL_STATES;
}

static unsigned int conntrack_states(const struct vf_cond *c)
{
	const struct xt_conntrack_mtinfo1 *one = c->data;
	const struct xt_conntrack_mtinfo3 *i = c->data; /* as far as used like revision 2 */
	unsigned int mask = c->rev == 1 ? one->state_mask : i->state_mask;

	if (!(i->match_flags & XT_CONNTRACK_STATE) ||
	    mask & (XT_CONNTRACK_STATE_SNAT | XT_CONNTRACK_STATE_DNAT))
		return VF_ALL_STATES;
	return i->invert_flags & XT_CONNTRACK_STATE ? ~mask & VF_ALL_STATES : mask;
}

unsigned int vf_state_mask(const struct vf_cond *c)
{
	unsigned int mask = ((const struct xt_state_info *)c->data)->statemask;

	return mask & XT_STATE_UNTRACKED ? (mask & ~XT_STATE_UNTRACKED) | UNTRACKED : mask;
}

unsigned int vf_cond_states(const struct vf_cond *c)
{
	const char *name = c->kind ? c->kind->name : "";

	if (!strcmp(name, "state"))
		return vf_state_mask(c);
	if (!strcmp(name, "conntrack"))
		return conntrack_states(c);
	if (!strcmp(name, "tcp"))
		return tcp_states(c->data);
	if (!strcmp(name, "icmp") || !strcmp(name, "icmp6"))
		return icmp_states(c->data, name[4]); /* struct ip6t_icmp is the same */
	return VF_ALL_STATES;
}
