// SPDX-License-Identifier: GPL-2.0-or-later
/* -m esp and -m ipcomp: struct xt_esp, struct xt_ipcomp. Semantics: esp_mt(),
 * net/netfilter/xt_esp.c; comp_mt(), xt_ipcomp.c. The kernel ignores ipcomp's test of the reserved
 * field. */
#include "translate/ext.h"

#include <linux/netfilter/xt_esp.h>
#include <linux/netfilter/xt_ipcomp.h>

static bool esp(struct xl_ctx *c)
{
	const struct xt_esp *i = c->data;

	xl_first_fragment(c);
	xl_l4proto(c, IPPROTO_ESP);
	xl_cmp_bounds(c, NFT_ESP_SPI, i->invflags & XT_ESP_INV_SPI, i->spis[0], i->spis[1]);
	return true;
}

static bool ipcomp(struct xl_ctx *c)
{
	const struct xt_ipcomp *i = c->data;

	xl_first_fragment(c);
	xl_l4proto(c, IPPROTO_COMP);
	xl_cmp_bounds(c, NFT_COMP_CPI, i->invflags & XT_IPCOMP_INV_SPI, i->spis[0], i->spis[1]);
	return true;
}

const struct xl_ext xl_match_esp[] = {
	{ "esp", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_esp), esp },
	{ "ipcomp", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_ipcomp), ipcomp },
	XL_EXT_END,
};

const struct xl_option xl_match_esp_options[] = {
	{ .ext = "esp", .name = "--espspi" },
	{ .ext = "ipcomp", .name = "--ipcompspi" },
	{ .ext = "ipcomp", .name = "--compres" },
	XL_OPTION_END,
};
