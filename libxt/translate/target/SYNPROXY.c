// SPDX-License-Identifier: GPL-2.0-or-later
/* -j SYNPROXY: struct xt_synproxy_info. Semantics: synproxy_tg4()
 * (net/ipv4/netfilter/ipt_SYNPROXY.c) and synproxy_tg6(); nft_synproxy_eval() calls the same
 * functions, but masks the ECN option out. */
#include "translate/ext.h"

#include <linux/netfilter/xt_SYNPROXY.h>

enum { FIN = 1, SYN = 2, RST = 4, ACK = 16 };

/* synproxy_tg4() has to do with a lone SYN and a lone ACK, and lets everything else go on;
 * nft_synproxy_do_eval() asks only for "syn", then "ack", so a SYN+ACK is answered as a SYN. */
static void answer(struct xl_ctx *c, struct nft_stmt *synproxy, uint8_t flag)
{
	xl_l4proto(c, IPPROTO_TCP);
	xl_cmp_mask(c, NFT_TCP_FLAGS, false, FIN | SYN | RST | ACK, flag);
	xl_add(c, synproxy);
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_synproxy_info *i = c->data;
	struct nft_stmt *s = nft_stmt(c->arena, NFT_S_SYNPROXY);
	struct xl_buf b = { 0 };

	/* nft_synproxy_do_eval() calls nf_ip_checksum() for either family. Seen on Linux 6.18. */
	if (c->family == NFPROTO_IPV6)
		return xl_refuse(
			c, "nft's synproxy computes IPv6 checksums as IPv4 ones, and drops each "
			   "packet that the network card has not checked");
	/* synproxy_tg4() drops the option again when there are no timestamps to hold it. */
	if (i->options & XT_SYNPROXY_OPT_ECN && i->options & XT_SYNPROXY_OPT_TIMESTAMP &&
	    !xl_approximate(c))
		return xl_refuse(c,
				 "SYNPROXY --ecn: nft's synproxy has no such option; "
				 "--approximate leaves it out, and connections come about without "
				 "ECN");
	if (i->options & XT_SYNPROXY_OPT_MSS)
		xl_buf_printf(&b, " mss %u", i->mss);
	if (i->options & XT_SYNPROXY_OPT_WSCALE)
		xl_buf_printf(&b, " wscale %u", i->wscale);
	if (i->options & XT_SYNPROXY_OPT_TIMESTAMP)
		xl_buf_puts(&b, " timestamp");
	if (i->options & XT_SYNPROXY_OPT_SACK_PERM)
		xl_buf_puts(&b, " sack-perm");
	if (b.len)
		s->name = xl_strdup(c->arena, b.s + 1);
	xl_buf_free(&b);
	answer(c, s, SYN);
	xl_next(c);
	answer(c, nft_stmt_copy(c->arena, s), ACK);
	return true;
}

const struct xl_ext xl_target_SYNPROXY[] = {
	{ "SYNPROXY", XL_TARGET, XL_BOTH, 0, 0, sizeof(struct xt_synproxy_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_target_SYNPROXY_options[] = {
	{ .ext = "SYNPROXY",
	  .name = "--sack-perm",
	  .how = XL_PARTLY,
	  .why = "IPv4 only: nft's synproxy computes IPv6 checksums as IPv4 ones" },
	{ .ext = "SYNPROXY",
	  .name = "--timestamp",
	  .how = XL_PARTLY,
	  .why = "IPv4 only: nft's synproxy computes IPv6 checksums as IPv4 ones" },
	{ .ext = "SYNPROXY",
	  .name = "--wscale",
	  .how = XL_PARTLY,
	  .why = "IPv4 only: nft's synproxy computes IPv6 checksums as IPv4 ones" },
	{ .ext = "SYNPROXY",
	  .name = "--mss",
	  .how = XL_PARTLY,
	  .why = "IPv4 only: nft's synproxy computes IPv6 checksums as IPv4 ones" },
	{ .ext = "SYNPROXY",
	  .name = "--ecn",
	  .how = XL_PARTLY,
	  .why = "IPv4 only, and without --timestamp, where it does nothing: nft's synproxy has no "
		 "such option; --approximate leaves it out" },
	XL_OPTION_END,
};
