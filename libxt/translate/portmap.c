// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * NF_NAT_RANGE_PROTO_OFFSET: nf_nat_l4proto_unique_tuple() (net/netfilter/nf_nat_core.c) takes
 * min + (u16)(port - base) % (max - min + 1). nft has no flag for it, but a map holds the same for
 * every port. Only where the new tuple is taken does the kernel go on to the next port, which a map
 * cannot.
 */
#include "translate/portmap.h"

#include <linux/netfilter/xt_tcpudp.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>
#include <string.h>

static const struct {
	uint8_t proto;
	enum nft_key_id dport;
} keys[] = {
	{ IPPROTO_TCP, NFT_TCP_DPORT },
	{ IPPROTO_UDP, NFT_UDP_DPORT },
	{ IPPROTO_SCTP, NFT_SCTP_DPORT },
	{ IPPROTO_DCCP, NFT_DCCP_DPORT },
};

/* The destination ports of -m tcp or -m udp; false for other matches and for "!". */
static bool dports(const struct xt_entry_match *m, const uint16_t **ports)
{
	const struct xt_tcp *tcp = (const void *)m->data;
	const struct xt_udp *udp = (const void *)m->data;

	if (!strcmp(m->u.user.name, "tcp")) {
		*ports = tcp->dpts;
		return !(tcp->invflags & XT_TCP_INV_DSTPT);
	}
	*ports = udp->dpts;
	return !strcmp(m->u.user.name, "udp") && !(udp->invflags & XT_UDP_INV_DSTPT);
}

/* Narrows @lo … @hi to the ports that the rule matches. */
static void narrow(const struct xl_ctx *c, unsigned int *lo, unsigned int *hi)
{
	const struct ipt_entry *e4 = c->entry;
	const struct ip6t_entry *e6 = c->entry;
	bool v4 = c->family == NFPROTO_IPV4;
	size_t at = v4 ? sizeof(*e4) : sizeof(*e6);
	size_t end = v4 ? e4->target_offset : e6->target_offset;
	const struct xt_entry_match *m;
	const uint16_t *ports;

	for (; at < end; at += m->u.match_size) {
		m = (const void *)((const char *)c->entry + at);
		if (!dports(m, &ports))
			continue;
		*lo = *lo > ports[0] ? *lo : ports[0];
		*hi = *hi < ports[1] ? *hi : ports[1];
	}
}

struct nft_expr *xl_port_shift(struct xl_ctx *c, uint16_t lo, uint16_t hi, uint16_t base)
{
	unsigned int from = 0, to = UINT16_MAX, size = (unsigned int)hi - lo + 1;
	struct nft_expr *map = nft_anon_set(c->arena);
	size_t i = 0;

	while (i < sizeof(keys) / sizeof(keys[0]) && keys[i].proto != c->proto)
		i++;
	if (i == sizeof(keys) / sizeof(keys[0]) || c->proto_inv) {
		xl_refuse(c, "a port range with a base port can be translated after -p tcp, udp, "
			     "sctp or dccp only");
		return NULL;
	}
	narrow(c, &from, &to);
	for (unsigned int d = from; d <= to; d++) {
		unsigned int new = lo + (uint16_t)(d - base) % size;

		nft_expr_add(c->arena, map,
			     nft_pair(c->arena, nft_num(c->arena, NFT_T_DEC, d),
				      nft_num(c->arena, NFT_T_DEC, new)));
	}
	return nft_map(c->arena, nft_key(c->arena, keys[i].dport), map);
}
