// SPDX-License-Identifier: GPL-2.0-or-later
/* struct ipt_ip and struct ip6t_ip6: what every rule tests. Semantics: ip_packet_match()
 * (net/ipv4/netfilter/ip_tables.c) and ip6_packet_match() (ip6_tables.c). */
#include "translate/core.h"
#include "translate/env.h"

#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <linux/netfilter_ipv6/ip6t_ipv6header.h>
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

static bool wants_ah(const struct xl_ctx *c)
{
	const struct xt_entry_match *m = xt_first_match(c->family, c->entry);

	for (; m; m = xt_next_match(c->family, c->entry, m)) {
		const struct ip6t_ipv6header_info *i = (const void *)m->data;

		if (!strcmp(m->u.user.name, "ah") || (!strcmp(m->u.user.name, "ipv6header") &&
						      i->matchflags & MASK_AH && !i->invflags))
			return true;
	}
	return false;
}

/* The -p of ip6tables walks past an AH, where meta l4proto ends: IP6_FH_F_AUTH in
 * nft_set_pktinfo_ipv6(). */
static bool behind_ah(const struct xl_ctx *c)
{
	return c->family == NFPROTO_IPV6 && c->env && c->env->opts.approximate && wants_ah(c);
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
	if (behind_ah(c))
		xl_core_end(c, true, c->proto_inv, &c->proto, 1);
	else
		xl_cmp(c, NFT_META_L4PROTO, c->proto_inv, c->proto);
}

/* ah nexthdr is all but what lies between the @protos, in their order: nft 1.0.6 aborts at a single
 * value, and newer ones at a range of one. */
static void nexthdr_is(struct xl_ctx *c, const uint8_t *protos, size_t n)
{
	unsigned int from = 0;

	for (size_t i = 0; i < n; i++) {
		if (protos[i] > from)
			xl_cmp_range(c, NFT_AH_NEXTHDR, true, from, protos[i] - 1);
		from = protos[i] + 1;
	}
	if (from <= UINT8_MAX)
		xl_cmp_range(c, NFT_AH_NEXTHDR, true, from, UINT8_MAX);
}

void xl_core_end(struct xl_ctx *c, bool behind, bool inv, const uint8_t *protos, size_t n)
{
	enum nft_key_id key = behind ? NFT_AH_NEXTHDR : NFT_META_L4PROTO;
	struct nft_expr *set;

	if (behind)
		xl_l4proto(c, IPPROTO_AH);
	if (behind && !inv) {
		nexthdr_is(c, protos, n);
	} else if (n == 1) {
		xl_cmp(c, key, inv, *protos);
	} else {
		set = nft_anon_set(c->arena);
		for (size_t i = 0; i < n; i++)
			nft_expr_add(c->arena, set, nft_val(c->arena, key, protos[i]));
		xl_add(c, nft_match(c->arena, nft_key(c->arena, key), inv ? NFT_NE : NFT_EQ, set));
	}
}

static bool in_names(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

/* Whether nothing else in the rule is about the protocol of -p, which is not nft's behind an AH. */
static bool no_other_transport(const struct xl_ctx *c)
{
	static const char *const matches[] = { "addrtype",  "ah",	  "comment", "connmark",
					       "conntrack", "dst",	  "frag",    "hbh",
					       "hl",	    "ipv6header", "iprange", "length",
					       "limit",	    "mac",	  "mark",    "rt",
					       "state" };
	static const char *const targets[] = { "",	"CONNMARK", "LOG",  "MARK",
					       "NFLOG", "NOTRACK",  "TRACE" };
	const struct xt_entry_match *m = xt_first_match(c->family, c->entry);

	for (; m; m = xt_next_match(c->family, c->entry, m))
		if (!in_names(matches, sizeof(matches) / sizeof(matches[0]), m->u.user.name))
			return false;
	return in_names(targets, sizeof(targets) / sizeof(targets[0]),
			xt_target(c->family, c->entry)->u.user.name);
}

bool xl_core_with_ah(struct xl_ctx *c)
{
	if (!c->proto || never_a_protocol(c->proto))
		return true;
	if (!no_other_transport(c))
		return xl_refuse(c, "-p in a rule that wants an AH is about what is behind it, "
				    "where nft does not look; leave out -p");
	if (xl_approximate(c))
		return true;
	return xl_refuse(c, "-p in a rule that wants an AH is about what is behind it, where nft "
			    "does not look; leave out -p, or --approximate takes the AH for the "
			    "last extension header");
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
