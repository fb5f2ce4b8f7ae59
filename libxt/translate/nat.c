// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * NAT targets and nft's statements give the same struct nf_nat_range2 to nf_nat_setup_info()
 * (net/netfilter/nf_nat_core.c), so what nft can write is exact. It cannot write a range that is
 * turned round, nor NF_NAT_RANGE_PROTO_OFFSET, for which a map does.
 */
#include "translate/nat.h"

#include "translate/portmap.h"

#include <string.h>

bool xl_nat_range4(struct xl_ctx *c, struct xl_nat_range *r)
{
	const struct nf_nat_ipv4_multi_range_compat *mr = c->data;
	const struct nf_nat_ipv4_range *i = &mr->range[0];

	/* xt_nat_checkentry_v0() */
	if (mr->rangesize != 1)
		return xl_refuse(c,
				 "%s with several ranges: the kernel has taken one only since "
				 "Linux 2.6.11",
				 c->name);
	*r = (struct xl_nat_range){ i->flags,	       &i->min_ip,	  &i->max_ip,
				    ntohs(i->min.all), ntohs(i->max.all), 0 };
	return true;
}

bool xl_nat_range1(struct xl_ctx *c, struct xl_nat_range *r)
{
	const struct nf_nat_range *i = c->data;

	*r = (struct xl_nat_range){
		i->flags,
		&i->min_addr,
		&i->max_addr,
		ntohs(i->min_proto.all),
		ntohs(i->max_proto.all),
		0,
	};
	return true;
}

bool xl_nat_range2(struct xl_ctx *c, struct xl_nat_range *r)
{
	const struct nf_nat_range2 *i = c->data;

	*r = (struct xl_nat_range){
		i->flags,
		&i->min_addr,
		&i->max_addr,
		ntohs(i->min_proto.all),
		ntohs(i->max_proto.all),
		ntohs(i->base_proto.all),
	};
	return true;
}

static bool address(struct xl_ctx *c, const struct xl_nat_range *r, struct nft_nat *n)
{
	bool v4 = c->family == NFPROTO_IPV4;
	enum nft_type type = v4 ? NFT_T_IPV4 : NFT_T_IPV6;
	int order = memcmp(r->min, r->max, v4 ? 4 : 16);

	if (!(r->flags & NF_NAT_RANGE_MAP_IPS))
		return true;
	/* find_best_ips_proto() counts on from the first past the highest address to the lowest. */
	if (order > 0)
		return xl_refuse(
			c,
			"the address range of %s is turned round, which nft does not take; "
			"write the lower address first",
			c->name);
	n->addr = nft_addr(c->arena, type, r->min);
	if (order < 0)
		n->addr = nft_range(c->arena, n->addr, nft_addr(c->arena, type, r->max));
	return true;
}

static bool port(struct xl_ctx *c, const struct xl_nat_range *r, struct nft_nat *n)
{
	if (!(r->flags & NF_NAT_RANGE_PROTO_SPECIFIED))
		return true;
	if (r->lo > r->hi)
		return xl_refuse(c,
				 "the port range of %s is turned round; write the lower port first",
				 c->name);
	if (r->flags & NF_NAT_RANGE_PROTO_OFFSET && r->lo != r->hi) {
		n->port = xl_port_shift(c, r->lo, r->hi, r->base);
		return n->port;
	}
	n->port = nft_num(c->arena, NFT_T_DEC, r->lo);
	if (r->lo != r->hi)
		n->port = nft_range(c->arena, n->port, nft_num(c->arena, NFT_T_DEC, r->hi));
	return true;
}

static unsigned int nat_flags(unsigned int flags)
{
	static const struct {
		unsigned int from, to;
	} bits[] = {
		{ NF_NAT_RANGE_PROTO_RANDOM, NFT_NAT_RANDOM },
		{ NF_NAT_RANGE_PROTO_RANDOM_FULLY, NFT_NAT_FULLY_RANDOM },
		{ NF_NAT_RANGE_PERSISTENT, NFT_NAT_PERSISTENT },
	};
	unsigned int to = 0;

	for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++)
		if (flags & bits[i].from)
			to |= bits[i].to;
	return to;
}

static void add_nat(struct xl_ctx *c, const struct nft_nat *n)
{
	struct nft_stmt *s = nft_stmt(c->arena, NFT_S_NAT);

	s->nat = *n;
	xl_add(c, s);
}

/* All that have something like a port (nf_nat_l4proto_unique_tuple(), l4proto_in_range()). */
static void any_port_proto(struct xl_ctx *c)
{
	static const uint8_t v4[] = { IPPROTO_ICMP, IPPROTO_TCP,  IPPROTO_UDP,	  IPPROTO_DCCP,
				      IPPROTO_GRE,  IPPROTO_SCTP, IPPROTO_UDPLITE };
	static const uint8_t v6[] = { IPPROTO_TCP,    IPPROTO_UDP,  IPPROTO_DCCP,   IPPROTO_GRE,
				      IPPROTO_ICMPV6, IPPROTO_SCTP, IPPROTO_UDPLITE };
	const uint8_t *protos = c->family == NFPROTO_IPV4 ? v4 : v6;
	struct nft_expr *set = nft_anon_set(c->arena);

	for (size_t i = 0; i < sizeof(v4); i++)
		if (protos[i] != c->proto)
			nft_expr_add(c->arena, set, nft_val(c->arena, NFT_META_L4PROTO, protos[i]));
	xl_add(c, nft_match(c->arena, nft_key(c->arena, NFT_META_L4PROTO), NFT_EQ, set));
}

/* nft takes a port only after a positive test for the protocol. xtables' "! -p tcp" is none: what
 * has ports goes by a rule of its own, the rest gets the address only. */
static void by_proto(struct xl_ctx *c, struct nft_nat *n)
{
	if (c->proto && !c->proto_inv) {
		xl_l4proto(c, c->proto);
		add_nat(c, n);
		return;
	}
	any_port_proto(c);
	add_nat(c, n);
	xl_next(c);
	n->port = NULL;
	if (n->addr || n->kind == NFT_MASQUERADE || n->kind == NFT_REDIRECT)
		add_nat(c, n);
	else
		xl_add(c, nft_verdict(c->arena, NFT_ACCEPT, NULL));
}

bool xl_nat(struct xl_ctx *c, enum nft_nat_kind kind, const struct xl_nat_range *r)
{
	struct nft_nat n = { .kind = kind, .flags = nat_flags(r->flags) };

	if (!address(c, r, &n) || !port(c, r, &n))
		return false;
	if (n.port)
		by_proto(c, &n);
	else if (n.addr || kind == NFT_MASQUERADE || kind == NFT_REDIRECT)
		add_nat(c, &n);
	else
		xl_add(c, nft_verdict(c->arena, NFT_ACCEPT, NULL)); /* a null binding */
	return true;
}

bool xl_nat4(struct xl_ctx *c, enum nft_nat_kind kind)
{
	struct xl_nat_range r;

	return xl_nat_range4(c, &r) && xl_nat(c, kind, &r);
}

bool xl_nat1(struct xl_ctx *c, enum nft_nat_kind kind)
{
	struct xl_nat_range r;

	return xl_nat_range1(c, &r) && xl_nat(c, kind, &r);
}
