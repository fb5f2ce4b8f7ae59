// SPDX-License-Identifier: GPL-2.0-or-later
/* -m connlimit: struct xt_connlimit_info. Semantics: connlimit_mt(), net/netfilter/xt_connlimit.c.
 * Both count with net/netfilter/nf_conncount.c; each rule has its own counts, so each has a set. */
#include "translate/addr.h"

#include <linux/netfilter/xt_connlimit.h>

static bool translate(struct xl_ctx *c)
{
	const struct xt_connlimit_info *i = c->data;
	bool src = !(i->flags & XT_CONNLIMIT_DADDR);
	enum nft_key_id key = xl_addr_key(c, src);
	struct nft_set *set = xl_new_set(c, "connlimit");
	struct nft_stmt *s = nft_dynset(c->arena, NFT_ADD, set, xl_masked_addr(c, key, &i->mask));

	set->type = xl_printf(c->arena, "typeof %s", nft_keys[key].text);
	set->flags = NFT_SET_DYNAMIC; /* nft allows no timeout with "ct count" */
	set->size = UINT16_MAX;
	s->dynset.stmts = nft_stmt(c->arena, NFT_S_CTCOUNT);
	s->dynset.stmts->limit.rate = i->limit;
	s->dynset.stmts->limit.over = !(i->flags & XT_CONNLIMIT_INVERT);
	xl_stateful(c);
	xl_add(c, s);
	return true;
}

const struct xl_ext xl_match_connlimit[] = {
	{ "connlimit", XL_MATCH, XL_BOTH, 1, 1, sizeof(struct xt_connlimit_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_connlimit_options[] = {
	{ .ext = "connlimit", .name = "--connlimit-upto" },
	{ .ext = "connlimit", .name = "--connlimit-above" },
	{ .ext = "connlimit", .name = "--connlimit-mask" },
	{ .ext = "connlimit", .name = "--connlimit-saddr" },
	{ .ext = "connlimit", .name = "--connlimit-daddr" },
	XL_OPTION_END,
};
