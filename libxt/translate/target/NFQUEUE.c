// SPDX-License-Identifier: GPL-2.0-or-later
/* -j NFQUEUE: struct xt_NFQ_info, each revision with one field more. Semantics: nfqueue_tg_v3(),
 * net/netfilter/xt_NFQUEUE.c; nft_queue_eval() spreads packets with the same nfqueue_hash(). */
#include "translate/ext.h"

#include <linux/netfilter/xt_NFQUEUE.h>

static bool emit(struct xl_ctx *c, unsigned int first, unsigned int total, unsigned int flags)
{
	struct nft_stmt *s = nft_stmt(c->arena, NFT_S_QUEUE);

	if (!total || first + total - 1 > UINT16_MAX)
		return xl_refuse(c, "NFQUEUE with queues %u to %u: they are numbered 0 to 65535",
				 first, first + total - 1);
	s->queue.from = first;
	s->queue.to = first + total - 1;
	s->queue.bypass = flags & NFQ_FLAG_BYPASS;
	s->queue.fanout = flags & NFQ_FLAG_CPU_FANOUT && total > 1;
	xl_add(c, s);
	return true;
}

static bool translate0(struct xl_ctx *c)
{
	const struct xt_NFQ_info *i = c->data;

	return emit(c, i->queuenum, 1, 0);
}

static bool translate1(struct xl_ctx *c)
{
	const struct xt_NFQ_info_v1 *i = c->data;

	return emit(c, i->queuenum, i->queues_total, 0);
}

static bool translate2(struct xl_ctx *c)
{
	const struct xt_NFQ_info_v2 *i = c->data;

	return emit(c, i->queuenum, i->queues_total, i->bypass ? NFQ_FLAG_BYPASS : 0);
}

static bool translate3(struct xl_ctx *c)
{
	const struct xt_NFQ_info_v3 *i = c->data;

	return emit(c, i->queuenum, i->queues_total, i->flags);
}

const struct xl_ext xl_target_NFQUEUE[] = {
	{ "NFQUEUE", XL_TARGET, XL_BOTH, 0, 0, sizeof(struct xt_NFQ_info), translate0 },
	{ "NFQUEUE", XL_TARGET, XL_BOTH, 1, 1, sizeof(struct xt_NFQ_info_v1), translate1 },
	{ "NFQUEUE", XL_TARGET, XL_BOTH, 2, 2, sizeof(struct xt_NFQ_info_v2), translate2 },
	{ "NFQUEUE", XL_TARGET, XL_BOTH, 3, 3, sizeof(struct xt_NFQ_info_v3), translate3 },
	XL_EXT_END,
};

const struct xl_option xl_target_NFQUEUE_options[] = {
	{ .ext = "NFQUEUE", .name = "--queue-num" },
	{ .ext = "NFQUEUE",
	  .name = "--queue-balance",
	  .how = XL_PARTLY,
	  .why = "up to queue 65535" },
	{ .ext = "NFQUEUE", .name = "--queue-bypass" },
	{ .ext = "NFQUEUE", .name = "--queue-cpu-fanout" },
	XL_OPTION_END,
};
