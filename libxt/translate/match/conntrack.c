// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m conntrack: struct xt_conntrack_mtinfo1, 2, 3 (-m state is revision 3 with a flag for its
 * name), and the kernel's older match "state": struct xt_state_info.
 *
 * conntrack_mt() (net/netfilter/xt_conntrack.c): the state is tested first. A packet without a
 * connection (invalid or untracked) then matches if there is a state test, whatever the other
 * options say; if there is none, it does not match. So the match is a choice between the packets
 * without a connection and those with one for which the rest holds too. Also, SNAT and DNAT are
 * states here but bits of the status in nft.
 */
#include "translate/conntrack_rest.h"

#include <linux/netfilter/xt_state.h>
#include <string.h>

enum {
	ST_INVALID = 1, /* nft's bits of "ct state"; the next three are xtables' as well */
	ST_ESTABLISHED = 2,
	ST_RELATED = 4,
	ST_NEW = 8,
	ST_UNTRACKED = 0x40,

	WITH_CT = ST_ESTABLISHED | ST_RELATED | ST_NEW,
	WITHOUT_CT = ST_INVALID | ST_UNTRACKED,

	STATUS_SNAT = 0x10, /* IPS_SRC_NAT, IPS_DST_NAT */
	STATUS_DNAT = 0x20,
};

/* One way to match. Zero masks test nothing. */
struct way {
	unsigned int state, not_state, status, not_status;
	bool rest; /* and the other options */
};

struct ways {
	struct way w[3];
	unsigned int n;
};

static void add(struct ways *ways, struct way w)
{
	ways->w[ways->n++] = w;
}

static void find_ways(struct ways *ways, const struct xt_conntrack_mtinfo3 *i,
		      const struct xl_ct_rest *rest)
{
	bool inv = i->invert_flags & XT_CONNTRACK_STATE, real = rest->real || rest->never;
	unsigned int st = i->state_mask & WITH_CT, nat = 0, none = i->state_mask & ST_INVALID;

	if (i->state_mask & XT_CONNTRACK_STATE_UNTRACKED)
		none |= ST_UNTRACKED;
	if (i->state_mask & XT_CONNTRACK_STATE_SNAT)
		nat |= STATUS_SNAT;
	if (i->state_mask & XT_CONNTRACK_STATE_DNAT)
		nat |= STATUS_DNAT;
	if (!real && !(inv && nat)) { /* nothing sets packets without a connection apart */
		st |= none;
		none = inv ? WITHOUT_CT : 0;
	}
	if (inv) {
		if (!rest->never && (st & WITH_CT) != WITH_CT)
			add(ways, (struct way){ .not_state = st, .not_status = nat, .rest = true });
		none = WITHOUT_CT & ~none;
	} else if (!rest->never) {
		if (st)
			add(ways, (struct way){ .state = st, .rest = true });
		if (nat)
			add(ways,
			    (struct way){ .not_state = st & WITH_CT, .status = nat, .rest = true });
	}
	if (none)
		add(ways, (struct way){ .state = none });
}

static void bits(struct xl_ctx *c, enum nft_key_id key, enum nft_relop op, unsigned int mask)
{
	if (mask)
		xl_add(c, nft_match(c->arena, nft_key(c->arena, key), op,
				    nft_val(c->arena, key, mask)));
}

static void emit_way(struct xl_ctx *c, const struct way *w, const struct xl_ct_rest *rest,
		     unsigned int num)
{
	bits(c, NFT_CT_STATE, NFT_EQ, w->state);
	bits(c, NFT_CT_STATE, NFT_NOBITS, w->not_state);
	bits(c, NFT_CT_STATUS, NFT_EQ, w->status);
	bits(c, NFT_CT_STATUS, NFT_NOBITS, w->not_status);
	if (w->rest)
		xl_ct_rest_emit(c, rest, num);
}

static unsigned int variants(const struct way *w, const struct xl_ct_rest *rest)
{
	return w->rest ? xl_ct_rest_count(rest) : 1;
}

static bool emit(struct xl_ctx *c, const struct xt_conntrack_mtinfo3 *i)
{
	struct xl_ct_rest rest;
	struct ways ways = { .n = 0 };
	unsigned int total = 0;
	bool first = true;

	xl_ct_rest_init(c, &rest, i);
	if (i->match_flags & XT_CONNTRACK_STATE) {
		find_ways(&ways, i, &rest);
	} else if (!rest.never) {
		rest.needs_ct = !rest.real;
		add(&ways, (struct way){ .rest = true });
	}
	for (unsigned int w = 0; w < ways.n; w++)
		total += variants(&ways.w[w], &rest);
	if (!total)
		return xl_never(c);
	if (total > 1)
		xl_begin_one_of(c);
	for (unsigned int w = 0; w < ways.n; w++) {
		for (unsigned int v = 0; v < variants(&ways.w[w], &rest); v++) {
			if (!first)
				xl_next(c);
			first = false;
			emit_way(c, &ways.w[w], &rest, v);
		}
	}
	if (total > 1)
		xl_end(c);
	return true;
}

/* Revision 2 is 1 with wider masks; 3 has port ranges, in the host's order. */
static bool translate1(struct xl_ctx *c)
{
	const struct xt_conntrack_mtinfo2 *i2 = c->data;
	struct xt_conntrack_mtinfo3 i;

	memcpy(&i, i2, offsetof(struct xt_conntrack_mtinfo3, state_mask));
	if (c->rev == 1) {
		const struct xt_conntrack_mtinfo1 *i1 = c->data;

		i.state_mask = i1->state_mask;
		i.status_mask = i1->status_mask;
	} else {
		i.state_mask = i2->state_mask;
		i.status_mask = i2->status_mask;
	}
	i.origsrc_port = i.origsrc_port_high = ntohs(i2->origsrc_port);
	i.origdst_port = i.origdst_port_high = ntohs(i2->origdst_port);
	i.replsrc_port = i.replsrc_port_high = ntohs(i2->replsrc_port);
	i.repldst_port = i.repldst_port_high = ntohs(i2->repldst_port);
	return emit(c, &i);
}

static bool translate3(struct xl_ctx *c)
{
	return emit(c, c->data);
}

/* state_mt(), net/netfilter/xt_state.c: the bits are those of "ct state". */
static bool state(struct xl_ctx *c)
{
	const struct xt_state_info *i = c->data;
	unsigned int mask = i->statemask & (WITH_CT | WITHOUT_CT);

	if (!mask)
		return xl_never(c);
	bits(c, NFT_CT_STATE, NFT_EQ, mask);
	return true;
}

const struct xl_ext xl_match_conntrack[] = {
	{ "conntrack", XL_MATCH, XL_BOTH, 1, 1, sizeof(struct xt_conntrack_mtinfo1), translate1 },
	{ "conntrack", XL_MATCH, XL_BOTH, 2, 2, sizeof(struct xt_conntrack_mtinfo2), translate1 },
	{ "conntrack", XL_MATCH, XL_BOTH, 3, 3, sizeof(struct xt_conntrack_mtinfo3), translate3 },
	{ "state", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_state_info), state },
	XL_EXT_END,
};

const struct xl_option xl_match_conntrack_options[] = {
	{ .ext = "conntrack", .name = "--ctstate" },
	{ .ext = "conntrack", .name = "--ctproto" },
	{ .ext = "conntrack", .name = "--ctorigsrc" },
	{ .ext = "conntrack", .name = "--ctorigdst" },
	{ .ext = "conntrack", .name = "--ctreplsrc" },
	{ .ext = "conntrack", .name = "--ctrepldst" },
	{ .ext = "conntrack", .name = "--ctstatus" },
	{ .ext = "conntrack", .name = "--ctexpire" },
	{ .ext = "conntrack", .name = "--ctorigsrcport" },
	{ .ext = "conntrack", .name = "--ctorigdstport" },
	{ .ext = "conntrack", .name = "--ctreplsrcport" },
	{ .ext = "conntrack", .name = "--ctrepldstport" },
	{ .ext = "conntrack", .name = "--ctdir" },
	{ .ext = "state", .name = "--state" },
	XL_OPTION_END,
};
