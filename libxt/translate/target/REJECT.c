// SPDX-License-Identifier: GPL-2.0-or-later
/* -j REJECT: struct ipt_reject_info, struct ip6t_reject_info. Semantics: reject_tg()
 * (net/ipv4/netfilter/ipt_REJECT.c), reject_tg6() (net/ipv6/netfilter/ip6t_REJECT.c); nft calls the
 * same nf_send_unreach() and nf_send_reset(). */
#include "translate/ext.h"

#include <linux/netfilter_ipv4/ipt_REJECT.h>
#include <linux/netfilter_ipv6/ip6t_REJECT.h>

static const char *const words4[] = {
	[IPT_ICMP_NET_UNREACHABLE] = "icmp net-unreachable",
	[IPT_ICMP_HOST_UNREACHABLE] = "icmp host-unreachable",
	[IPT_ICMP_PROT_UNREACHABLE] = "icmp prot-unreachable",
	[IPT_ICMP_PORT_UNREACHABLE] = "icmp port-unreachable",
	[IPT_ICMP_NET_PROHIBITED] = "icmp net-prohibited",
	[IPT_ICMP_HOST_PROHIBITED] = "icmp host-prohibited",
	[IPT_ICMP_ADMIN_PROHIBITED] = "icmp admin-prohibited",
	[IPT_TCP_RESET] = "tcp reset",
};

static const char *const words6[] = {
	[IP6T_ICMP6_NO_ROUTE] = "icmpv6 no-route",
	[IP6T_ICMP6_ADM_PROHIBITED] = "icmpv6 admin-prohibited",
	[IP6T_ICMP6_NOT_NEIGHBOUR] = "icmpv6 2",
	[IP6T_ICMP6_ADDR_UNREACH] = "icmpv6 addr-unreachable",
	[IP6T_ICMP6_PORT_UNREACH] = "icmpv6 port-unreachable",
	[IP6T_TCP_RESET] = "tcp reset",
	[IP6T_ICMP6_POLICY_FAIL] = "icmpv6 policy-fail",
	[IP6T_ICMP6_REJECT_ROUTE] = "icmpv6 reject-route",
};

static bool emit(struct xl_ctx *c, const char *const *words, size_t n, unsigned int with,
		 unsigned int reset)
{
	struct nft_stmt *s = nft_stmt(c->arena, NFT_S_REJECT);

	if (with >= n || !words[with])
		return xl_refuse(c, "REJECT with an answer that the kernel no longer has");
	if (with == reset) {
		if (c->proto != IPPROTO_TCP || c->proto_inv)
			return xl_refuse(c,
					 "--reject-with tcp-reset needs -p tcp in the same rule");
		xl_l4proto(c, IPPROTO_TCP);
	}
	s->name = words[with];
	xl_add(c, s);
	return true;
}

static bool translate4(struct xl_ctx *c)
{
	const struct ipt_reject_info *i = c->data;

	return emit(c, words4, sizeof(words4) / sizeof(words4[0]), i->with, IPT_TCP_RESET);
}

static bool translate6(struct xl_ctx *c)
{
	const struct ip6t_reject_info *i = c->data;

	return emit(c, words6, sizeof(words6) / sizeof(words6[0]), i->with, IP6T_TCP_RESET);
}

const struct xl_ext xl_target_REJECT[] = {
	{ "REJECT", XL_TARGET, XL_V4, 0, 0, sizeof(struct ipt_reject_info), translate4 },
	{ "REJECT", XL_TARGET, XL_V6, 0, 0, sizeof(struct ip6t_reject_info), translate6 },
	XL_EXT_END,
};

const struct xl_option xl_target_REJECT_options[] = {
	{ .ext = "REJECT",
	  .name = "--reject-with",
	  .how = XL_PARTLY,
	  .why = "tcp-reset with -p tcp in the same rule" },
	XL_OPTION_END,
};
