// SPDX-License-Identifier: GPL-2.0-or-later
/* -m udp, -m udplite: struct xt_udp. Semantics: udp_mt(), net/netfilter/xt_tcpudp.c. */
#include "translate/ports.h"

#include <linux/netfilter/xt_tcpudp.h>

static bool ports(struct xl_ctx *c, uint8_t proto)
{
	const struct xt_udp *u = c->data;
	enum nft_key_id sport, dport;

	xl_port_keys(proto, &sport, &dport);
	xl_first_fragment(c);
	xl_l4proto(c, proto);
	xl_cmp_bounds(c, sport, u->invflags & XT_UDP_INV_SRCPT, u->spts[0], u->spts[1]);
	xl_cmp_bounds(c, dport, u->invflags & XT_UDP_INV_DSTPT, u->dpts[0], u->dpts[1]);
	return true;
}

static bool udp(struct xl_ctx *c)
{
	return ports(c, IPPROTO_UDP);
}

static bool udplite(struct xl_ctx *c)
{
	return ports(c, IPPROTO_UDPLITE);
}

const struct xl_ext xl_match_udp[] = {
	{ "udp", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_udp), udp },
	{ "udplite", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_udp), udplite },
	XL_EXT_END,
};

const struct xl_option xl_match_udp_options[] = {
	{ .ext = "udp", .name = "--source-port --sport" },
	{ .ext = "udp", .name = "--destination-port --dport" },
	XL_OPTION_END,
};
