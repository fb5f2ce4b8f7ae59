// SPDX-License-Identifier: GPL-2.0-or-later
/* Matches that nft has nothing for, each with what to do instead. */
#include "translate/ext.h"

#include <string.h>

#define RATEEST "nft has no rate estimators; \"limit rate over\" compares with a fixed rate"
#define IPVS                                                                                 \
	"nft sees no state of IPVS; with net.ipv4.vs.conntrack=1, \"ct original ip daddr\" " \
	"and \"ct original proto-dst\" are the virtual service, and \"ct direction\" the way"
#define EUI64                                                                                   \
	"nft cannot compare the address with the packet's MAC; write a set of \"ether saddr . " \
	"ip6 saddr\" of the known hosts"

#define NFACCT                                                                                    \
	"the objects of nfacct, which may have a quota, are in the kernel and not in the rules; " \
	"write a \"counter\" or \"quota\" object by hand"

static const struct {
	const char *name, *why;
} reasons[] = {
	{ "eui64", EUI64 },
	{ "ipvs", IPVS },
	{ "nfacct", NFACCT },
	{ "rateest", RATEEST },
};

static bool translate(struct xl_ctx *c)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (!strcmp(reasons[i].name, c->name))
			return xl_refuse(c, "%s", reasons[i].why);
	return false;
}

const struct xl_ext xl_match_gone[] = {
	{ "eui64", XL_MATCH, XL_V6, 0, UINT8_MAX, 0, translate },
	{ "ipvs", XL_MATCH, XL_BOTH, 0, UINT8_MAX, 0, translate },
	{ "nfacct", XL_MATCH, XL_BOTH, 0, UINT8_MAX, 0, translate },
	{ "rateest", XL_MATCH, XL_BOTH, 0, UINT8_MAX, 0, translate },
	XL_EXT_END,
};

const struct xl_option xl_match_gone_options[] = {
	{ .ext = "eui64", .how = XL_IMPOSSIBLE, .why = EUI64 },
	{ .ext = "ipvs", .name = "--ipvs", .how = XL_IMPOSSIBLE, .why = IPVS },
	{ .ext = "ipvs", .name = "--vproto", .how = XL_IMPOSSIBLE, .why = IPVS },
	{ .ext = "ipvs", .name = "--vaddr", .how = XL_IMPOSSIBLE, .why = IPVS },
	{ .ext = "ipvs", .name = "--vport", .how = XL_IMPOSSIBLE, .why = IPVS },
	{ .ext = "ipvs", .name = "--vdir", .how = XL_IMPOSSIBLE, .why = IPVS },
	{ .ext = "ipvs", .name = "--vmethod", .how = XL_IMPOSSIBLE, .why = IPVS },
	{ .ext = "ipvs", .name = "--vportctl", .how = XL_IMPOSSIBLE, .why = IPVS },
	{ .ext = "nfacct", .name = "--nfacct-name", .how = XL_IMPOSSIBLE, .why = NFACCT },
	{ .ext = "rateest", .name = "--rateest1", .how = XL_IMPOSSIBLE, .why = RATEEST },
	{ .ext = "rateest", .name = "--rateest", .how = XL_IMPOSSIBLE, .why = RATEEST },
	{ .ext = "rateest", .name = "--rateest2", .how = XL_IMPOSSIBLE, .why = RATEEST },
	{ .ext = "rateest", .name = "--rateest-bps1", .how = XL_IMPOSSIBLE, .why = RATEEST },
	{ .ext = "rateest", .name = "--rateest-pps1", .how = XL_IMPOSSIBLE, .why = RATEEST },
	{ .ext = "rateest", .name = "--rateest-bps2", .how = XL_IMPOSSIBLE, .why = RATEEST },
	{ .ext = "rateest", .name = "--rateest-pps2", .how = XL_IMPOSSIBLE, .why = RATEEST },
	{ .ext = "rateest", .name = "--rateest-bps", .how = XL_IMPOSSIBLE, .why = RATEEST },
	{ .ext = "rateest", .name = "--rateest-pps", .how = XL_IMPOSSIBLE, .why = RATEEST },
	{ .ext = "rateest", .name = "--rateest-delta", .how = XL_IMPOSSIBLE, .why = RATEEST },
	{ .ext = "rateest", .name = "--rateest-lt", .how = XL_IMPOSSIBLE, .why = RATEEST },
	{ .ext = "rateest", .name = "--rateest-gt", .how = XL_IMPOSSIBLE, .why = RATEEST },
	{ .ext = "rateest", .name = "--rateest-eq", .how = XL_IMPOSSIBLE, .why = RATEEST },
	XL_OPTION_END,
};
