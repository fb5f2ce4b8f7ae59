// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -j CONNMARK: struct xt_connmark_tginfo1 (revision 1), 2 (with a shift).
 *
 * connmark_tg_shift(), net/netfilter/xt_connmark.c:
 *	set		ct = ((ct & ~ctmask) ^ ctmark) shifted
 *	save		ct = (ct & ~ctmask) ^ ((mark & nfmask) shifted)
 *	restore		mark = (mark & ~nfmask) ^ ((ct & ctmask) shifted)
 *
 * The last two combine two values, which nft can do with Linux 6.13 and newer only. Where nothing
 *of the old value is kept, nft copies the other; else every bit is copied by a rule of its own. A
 *bit that is right already is not written, so that a connection's mark does not flicker.
 */
#include "translate/ext.h"

#include <linux/netfilter/xt_connmark.h>

struct params {
	uint32_t ctmark, ctmask, nfmask;
	uint8_t mode, bits;
	bool right;
};

/* From @from, as far as @from_mask goes, to the bits of @to in @to_mask. */
struct copy {
	enum nft_key_id from, to;
	uint32_t from_mask, to_mask;
};

static uint32_t shift(const struct params *p, uint32_t v)
{
	return p->right ? v >> p->bits : v << p->bits;
}

static struct nft_expr *shift_expr(struct xl_ctx *c, const struct params *p, struct nft_expr *e)
{
	if (!p->bits)
		return e;
	return nft_bin(c->arena, e, p->right ? NFT_OP_RSHIFT : NFT_OP_LSHIFT,
		       nft_num(c->arena, NFT_T_DEC, p->bits));
}

static void set(struct xl_ctx *c, const struct params *p)
{
	struct nft_stmt *s = nft_assign_bits(c->arena, NFT_CT_MARK, p->ctmask, p->ctmark);

	if (p->ctmask == UINT32_MAX)
		s->r = nft_val(c->arena, NFT_CT_MARK, shift(p, p->ctmark));
	else if (s)
		s->r = shift_expr(c, p, s->r);
	else if (p->bits)
		s = nft_assign(c->arena, nft_key(c->arena, NFT_CT_MARK),
			       shift_expr(c, p, nft_key(c->arena, NFT_CT_MARK)));
	if (s)
		xl_add(c, s);
}

static void whole(struct xl_ctx *c, const struct params *p, const struct copy *k)
{
	struct nft_expr *e = nft_key(c->arena, k->from);

	if (k->from_mask != UINT32_MAX)
		e = nft_bin(c->arena, e, NFT_OP_AND, nft_val(c->arena, k->from, k->from_mask));
	xl_add(c, nft_assign(c->arena, nft_key(c->arena, k->to), shift_expr(c, p, e)));
}

/* A rule: where bit @from of the source is @on, the target's bits become (bits & ~clear) ^ flip. */
static void bit_rule(struct xl_ctx *c, const struct copy *k, uint32_t from, bool on, uint32_t clear,
		     uint32_t flip)
{
	if (c->at)
		xl_next(c);
	xl_cmp_mask(c, k->from, on, from, 0);
	xl_add(c, nft_assign_bits(c->arena, k->to, clear, flip));
}

static void bit_by_bit(struct xl_ctx *c, const struct params *p, const struct copy *k)
{
	uint32_t rest = k->to_mask & ~shift(p, k->from_mask), bit, to;

	if (rest && k->from == NFT_META_MARK)
		xl_add(c, nft_assign_bits(c->arena, k->to, rest, 0));
	/* Only where there is a connection: testing one of its bits sees to that. */
	for (int on = 0; rest && k->from == NFT_CT_MARK && on < 2; on++)
		bit_rule(c, k, 1, on, rest, 0);
	for (unsigned int i = 0; i < 32; i++) {
		bit = k->from_mask & 1U << i;
		to = shift(p, bit);
		if (!to)
			continue;
		bit_rule(c, k, bit, true, to & k->to_mask, to);
		if (to & k->to_mask)
			bit_rule(c, k, bit, false, to, 0);
	}
}

static void copy(struct xl_ctx *c, const struct params *p, const struct copy *k)
{
	if (k->to_mask == UINT32_MAX)
		whole(c, p, k);
	else
		bit_by_bit(c, p, k);
}

static bool emit(struct xl_ctx *c, const struct params *p)
{
	struct copy save = { NFT_META_MARK, NFT_CT_MARK, p->nfmask, p->ctmask };
	struct copy restore = { NFT_CT_MARK, NFT_META_MARK, p->ctmask, p->nfmask };

	if (p->bits >= 32)
		return xl_refuse(c, "CONNMARK that shifts by %u bits: a mark has 32", p->bits);
	switch (p->mode) {
	case XT_CONNMARK_SET:
		set(c, p);
		return true;
	case XT_CONNMARK_SAVE:
		copy(c, p, &save);
		return true;
	case XT_CONNMARK_RESTORE:
		copy(c, p, &restore);
		return true;
	default:
		return xl_refuse(c, "CONNMARK with the unknown mode %u", p->mode);
	}
}

static bool translate1(struct xl_ctx *c)
{
	const struct xt_connmark_tginfo1 *i = c->data;

	return emit(c, &(struct params){ i->ctmark, i->ctmask, i->nfmask, i->mode, 0, false });
}

static bool translate2(struct xl_ctx *c)
{
	const struct xt_connmark_tginfo2 *i = c->data;

	return emit(c, &(struct params){ i->ctmark, i->ctmask, i->nfmask, i->mode, i->shift_bits,
					 i->shift_dir == D_SHIFT_RIGHT });
}

const struct xl_ext xl_target_CONNMARK[] = {
	{ "CONNMARK", XL_TARGET, XL_BOTH, 1, 1, sizeof(struct xt_connmark_tginfo1), translate1 },
	{ "CONNMARK", XL_TARGET, XL_BOTH, 2, 2, sizeof(struct xt_connmark_tginfo2), translate2 },
	XL_EXT_END,
};

const struct xl_option xl_target_CONNMARK_options[] = {
	{ .ext = "CONNMARK", .name = "--set-xmark" },
	{ .ext = "CONNMARK", .name = "--set-mark" },
	{ .ext = "CONNMARK", .name = "--and-mark" },
	{ .ext = "CONNMARK", .name = "--or-mark" },
	{ .ext = "CONNMARK", .name = "--xor-mark" },
	{ .ext = "CONNMARK", .name = "--save-mark" },
	{ .ext = "CONNMARK", .name = "--restore-mark" },
	{ .ext = "CONNMARK", .name = "--left-shift-mark" },
	{ .ext = "CONNMARK", .name = "--right-shift-mark" },
	{ .ext = "CONNMARK", .name = "--ctmask" },
	{ .ext = "CONNMARK", .name = "--nfmask" },
	{ .ext = "CONNMARK", .name = "--mask" },
	XL_OPTION_END,
};
