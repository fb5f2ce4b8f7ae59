// SPDX-License-Identifier: GPL-2.0-or-later
/* struct ipt_ip and struct ip6t_ip6: what every rule tests. Semantics: ip_packet_match()
 * (net/ipv4/netfilter/ip_tables.c) and ip6_packet_match() (ip6_tables.c). */
#include "translate/core.h"

#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <netinet/in.h>
#include <string.h>

void xl_core_proto(struct xl_ctx *c)
{
	if (c->family == NFPROTO_IPV4) {
		const struct ipt_ip *ip = &((const struct ipt_entry *)c->entry)->ip;

		c->proto = (uint8_t)ip->proto;
		c->proto_inv = ip->invflags & XT_INV_PROTO;
	} else {
		const struct ip6t_ip6 *ip = &((const struct ip6t_entry *)c->entry)->ipv6;

		/* ip6_packet_match() looks at proto only with this flag. */
		c->proto = ip->flags & IP6T_F_PROTO ? (uint8_t)ip->proto : 0;
		c->proto_inv = ip->invflags & XT_INV_PROTO;
	}
	if (!c->proto)
		c->proto_inv = false;
}

static bool bits_outside(const void *addr, const void *mask, size_t n)
{
	const uint8_t *a = addr, *m = mask;

	for (size_t i = 0; i < n; i++)
		if (a[i] & ~m[i])
			return true;
	return false;
}

/* (packet & mask) != addr: with bits outside the mask no packet is equal. */
static void address(struct xl_ctx *c, enum nft_key_id key, bool neg, const void *addr,
		    const void *mask)
{
	if (!bits_outside(addr, mask, c->family == NFPROTO_IPV4 ? 4 : 16))
		xl_cmp_addr(c, key, neg, addr, mask);
	else if (!neg)
		xl_never(c);
}

/* ip6tables' -p walks the extension headers (ipv6_find_hdr()), so it cannot see one of them as the
 * protocol, but for those at which the walk ends. */
static bool never_a_protocol(uint8_t proto)
{
	return proto == IPPROTO_ROUTING || proto == IPPROTO_DSTOPTS || proto == IPPROTO_FRAGMENT ||
	       proto == IPPROTO_AH;
}

static void protocol(struct xl_ctx *c)
{
	if (!c->proto)
		return;
	if (c->family == NFPROTO_IPV6 && never_a_protocol(c->proto)) {
		if (!c->proto_inv)
			xl_never(c);
		return;
	}
	xl_cmp(c, NFT_META_L4PROTO, c->proto_inv, c->proto);
}

/* The -p of ip6tables walks past an AH, where meta l4proto ends: IP6_FH_F_AUTH in
 * nft_set_pktinfo_ipv6(). */
bool xl_core_with_ah(struct xl_ctx *c)
{
	if (!c->proto || never_a_protocol(c->proto))
		return true;
	return xl_refuse(c,
			 "-p in a rule that wants an AH is about what is behind it, where nft does "
			 "not look; leave out -p");
}

static void fragment(struct xl_ctx *c, const struct ipt_ip *ip)
{
	bool inv = ip->invflags & IPT_INV_FRAG;

	if (ip->flags & IPT_F_FRAG)
		xl_cmp_mask(c, NFT_IP_FRAG_OFF, !inv, 0x1fff, 0);
	else if (inv)
		xl_never(c);
}

static bool header4(struct xl_ctx *c)
{
	const struct ipt_ip *ip = &((const struct ipt_entry *)c->entry)->ip;

	if (!xl_cmp_ifname(c, NFT_META_IIFNAME, ip->invflags & IPT_INV_VIA_IN, ip->iniface,
			   ip->iniface_mask) ||
	    !xl_cmp_ifname(c, NFT_META_OIFNAME, ip->invflags & IPT_INV_VIA_OUT, ip->outiface,
			   ip->outiface_mask))
		return false;
	address(c, NFT_IP_SADDR, ip->invflags & IPT_INV_SRCIP, &ip->src, &ip->smsk);
	address(c, NFT_IP_DADDR, ip->invflags & IPT_INV_DSTIP, &ip->dst, &ip->dmsk);
	fragment(c, ip);
	protocol(c);
	return true;
}

static bool header6(struct xl_ctx *c)
{
	const struct ip6t_ip6 *ip = &((const struct ip6t_entry *)c->entry)->ipv6;

	if (!xl_cmp_ifname(c, NFT_META_IIFNAME, ip->invflags & IP6T_INV_VIA_IN, ip->iniface,
			   ip->iniface_mask) ||
	    !xl_cmp_ifname(c, NFT_META_OIFNAME, ip->invflags & IP6T_INV_VIA_OUT, ip->outiface,
			   ip->outiface_mask))
		return false;
	address(c, NFT_IP6_SADDR, ip->invflags & IP6T_INV_SRCIP, &ip->src, &ip->smsk);
	address(c, NFT_IP6_DADDR, ip->invflags & IP6T_INV_DSTIP, &ip->dst, &ip->dmsk);
	protocol(c);
	return true;
}

bool xl_core_header(struct xl_ctx *c)
{
	return c->family == NFPROTO_IPV4 ? header4(c) : header6(c);
}
