// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -j TPROXY: struct xt_tproxy_target_info (revision 0, IPv4), _v1 (revision 1).
 *
 * tproxy_tg4() and tproxy_tg6_v1() (net/netfilter/xt_TPROXY.c) drop a packet for which there is no
 * transparent socket, and accept it with the mark set when there is one. nft's tproxy
 * (nft_tproxy.c) only ends the rule when there is none, and lets the packet go on to the real
 * server: hence the drop behind it.
 */
#include "translate/ext.h"

#include <linux/netfilter/xt_TPROXY.h>
#include <string.h>

struct params {
	uint32_t mark_mask, mark_value;
	const void *addr;
	uint16_t port; /* network order */
};

static bool is_zero(const void *addr, size_t n)
{
	static const uint8_t zero[16];

	return !memcmp(addr, zero, n);
}

static bool emit(struct xl_ctx *c, const struct params *p)
{
	bool v4 = c->family == NFPROTO_IPV4;
	bool any = is_zero(p->addr, v4 ? 4 : 16);
	struct nft_stmt *s = nft_stmt(c->arena, NFT_S_TPROXY), *mark;

	/* tproxy_tg_check(): -p tcp or -p udp, not inverted. */
	if (c->proto_inv || (c->proto != IPPROTO_TCP && c->proto != IPPROTO_UDP))
		return xl_refuse(c, "TPROXY needs -p tcp or -p udp in the same rule");
	if (!any)
		s->l = nft_addr(c->arena, v4 ? NFT_T_IPV4 : NFT_T_IPV6, p->addr);
	if (p->port || any)
		s->r = nft_num(c->arena, NFT_T_DEC, ntohs(p->port));
	xl_l4proto(c, c->proto);
	xl_add(c, s);
	mark = nft_assign_bits(c->arena, NFT_META_MARK, p->mark_mask, p->mark_value);
	if (mark)
		xl_add(c, mark);
	xl_add(c, nft_verdict(c->arena, NFT_ACCEPT, NULL));
	xl_next(c);
	xl_add(c, nft_verdict(c->arena, NFT_DROP, NULL));
	return true;
}

static bool translate0(struct xl_ctx *c)
{
	const struct xt_tproxy_target_info *i = c->data;

	return emit(c, &(struct params){ i->mark_mask, i->mark_value, &i->laddr, i->lport });
}

static bool translate1(struct xl_ctx *c)
{
	const struct xt_tproxy_target_info_v1 *i = c->data;

	return emit(c, &(struct params){ i->mark_mask, i->mark_value, &i->laddr, i->lport });
}

const struct xl_ext xl_target_TPROXY[] = {
	{ "TPROXY", XL_TARGET, XL_V4, 0, 0, sizeof(struct xt_tproxy_target_info), translate0 },
	{ "TPROXY", XL_TARGET, XL_BOTH, 1, 1, sizeof(struct xt_tproxy_target_info_v1), translate1 },
	XL_EXT_END,
};

const struct xl_option xl_target_TPROXY_options[] = {
	{ .ext = "TPROXY", .name = "--on-port" },
	{ .ext = "TPROXY", .name = "--on-ip" },
	{ .ext = "TPROXY", .name = "--tproxy-mark" },
	XL_OPTION_END,
};
