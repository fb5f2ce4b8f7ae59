// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -j TCPMSS: tcpmss_mangle_packet(), net/netfilter/xt_TCPMSS.c, lowers the option; so do
 * nft_exthdr_tcp_set_eval() and, for the path's MTU, nft_rt_get_eval() with the same calculation.
 * That it also adds the option to a SYN without one is beyond nft; see doc/differences.md.
 */
#include "translate/ext.h"

#include <linux/netfilter.h>
#include <linux/netfilter/xt_TCPMSS.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_tcpmss_info *i = c->data;
	unsigned int early = 1U << NF_INET_PRE_ROUTING | 1U << NF_INET_LOCAL_IN;
	struct nft_expr *mss;

	/* tcpmss_tg4_check(), nft_rt_validate() */
	if (i->mss == XT_TCPMSS_CLAMP_PMTU && c->reached && c->hooks & early)
		return xl_refuse(c, "TCPMSS --clamp-mss-to-pmtu is for FORWARD, OUTPUT and "
				    "POSTROUTING, where the way out is known; the kernel refuses "
				    "it where PREROUTING or INPUT leads");
	if (i->mss == XT_TCPMSS_CLAMP_PMTU)
		mss = nft_key(c->arena, NFT_RT_MTU);
	else
		mss = nft_val(c->arena, NFT_TCPOPT_MAXSEG, i->mss);
	xl_add(c, nft_assign(c->arena, nft_key(c->arena, NFT_TCPOPT_MAXSEG), mss));
	xl_warn(c, "TCPMSS also adds the MSS option to a SYN that has none; nft can only lower it");
	return true;
}

const struct xl_ext xl_target_TCPMSS[] = {
	{ "TCPMSS", XL_TARGET, XL_BOTH, 0, 0, sizeof(struct xt_tcpmss_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_target_TCPMSS_options[] = {
	{ .ext = "TCPMSS", .name = "--set-mss" },
	{ .ext = "TCPMSS", .name = "--clamp-mss-to-pmtu" },
	XL_OPTION_END,
};
