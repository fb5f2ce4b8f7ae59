// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m sctp: struct xt_sctp_info. Semantics: sctp_mt() and match_packet(), net/netfilter/xt_sctp.c.
 * nft_exthdr_sctp_eval() walks the chunks in the same way, for one type and one chunk of it.
 */
#include "translate/ext.h"

#include <linux/netfilter/xt_sctp.h>

/* The chunk types for which nft has a name; it takes no numbers. */
static const struct {
	uint8_t type;
	const char *name;
} chunks[] = {
	{ 0, "data" },	       { 1, "init" },	       { 2, "init-ack" },
	{ 3, "sack" },	       { 4, "heartbeat" },     { 5, "heartbeat-ack" },
	{ 6, "abort" },	       { 7, "shutdown" },      { 8, "shutdown-ack" },
	{ 9, "error" },	       { 10, "cookie-echo" },  { 11, "cookie-ack" },
	{ 12, "ecne" },	       { 13, "cwr" },	       { 14, "shutdown-complete" },
	{ 128, "asconf-ack" }, { 192, "forward-tsn" }, { 193, "asconf" },
};

static const char *chunk_name(unsigned int type)
{
	for (size_t i = 0; i < sizeof(chunks) / sizeof(chunks[0]); i++)
		if (chunks[i].type == type)
			return chunks[i].name;
	return NULL;
}

static void add_chunk(struct xl_ctx *c, unsigned int type, bool exists)
{
	const char *text = xl_printf(c->arena, "sctp chunk %s", chunk_name(type));

	xl_add(c, nft_match(c->arena, nft_text_expr(c->arena, text), NFT_EQ,
			    nft_exists(c->arena, exists)));
}

/* The flags of the first chunk of the type; iptables takes any such chunk for its own. */
static void add_flags(struct xl_ctx *c, const struct xt_sctp_flag_info *f, enum nft_relop op)
{
	struct xl_arena *a = c->arena;
	const char *text = xl_printf(a, "sctp chunk %s flags", chunk_name(f->chunktype));

	xl_add(c, nft_match(a,
			    nft_bin(a, nft_text_expr(a, text), NFT_OP_AND,
				    nft_num(a, NFT_T_HEX, f->flag_mask)),
			    op, nft_num(a, NFT_T_HEX, f->flag)));
}

static bool is_set(const struct xt_sctp_info *i, unsigned int type)
{
	return SCTP_CHUNKMAP_IS_SET(i->chunkmap, type);
}

/* That there is a chunk of the type, with the flags that are asked for. */
static void wanted_chunk(struct xl_ctx *c, const struct xt_sctp_info *i, unsigned int type)
{
	for (int k = 0; k < i->flag_count; k++)
		if (i->flag_info[k].chunktype == type) {
			add_flags(c, &i->flag_info[k], NFT_EQ);
			return;
		}
	add_chunk(c, type, true);
}

static void no_chunk(struct xl_ctx *c, const struct xt_sctp_info *i)
{
	for (unsigned int t = 0; t < 256; t++)
		if (is_set(i, t))
			add_chunk(c, t, false);
}

static void any_chunk(struct xl_ctx *c, const struct xt_sctp_info *i, bool inv)
{
	bool first = true;

	if (inv && !i->flag_count) {
		no_chunk(c, i);
		return;
	}
	if (inv)
		xl_begin_none(c);
	else
		xl_begin_any(c);
	for (unsigned int t = 0; t < 256; t++) {
		if (!is_set(i, t))
			continue;
		if (!first)
			xl_next(c);
		if (!inv)
			xl_first_fragment(c);
		wanted_chunk(c, i, t);
		first = false;
	}
	xl_end(c);
}

/* Every one of the types, or not. */
static void all_chunks(struct xl_ctx *c, const struct xt_sctp_info *i, bool inv)
{
	if (inv)
		xl_begin_none(c);
	for (unsigned int t = 0; t < 256; t++)
		if (is_set(i, t))
			wanted_chunk(c, i, t);
	if (inv)
		xl_end(c);
}

/* Nothing but the types: the first chunk is seen whatever it is, those after it by their names. */
static void only_chunks(struct xl_ctx *c, const struct xt_sctp_info *i, bool inv)
{
	struct nft_expr *set = nft_anon_set(c->arena);

	if (inv)
		xl_begin_none(c);
	for (unsigned int t = 0; t < 256; t++)
		if (is_set(i, t))
			nft_expr_add(c->arena, set, nft_num(c->arena, NFT_T_HEX, t));
	xl_add(c, nft_match(c->arena, nft_raw(c->arena, NFT_BASE_TH, 96, 8), NFT_EQ,
			    set->n == 1 ? set->elems[0] : set));
	for (unsigned int t = 0; t < 256; t++)
		if (!is_set(i, t) && chunk_name(t))
			add_chunk(c, t, false);
	if (inv)
		xl_end(c);
	for (int k = 0; k < i->flag_count; k++) {
		xl_begin_none(c);
		add_flags(c, &i->flag_info[k], NFT_NE);
		xl_end(c);
	}
}

static bool every_type(const struct xt_sctp_info *i, bool set)
{
	for (unsigned int t = 0; t < 256; t++)
		if (is_set(i, t) != set)
			return false;
	return true;
}

static bool nameless(const struct xt_sctp_info *i)
{
	for (unsigned int t = 0; t < 256; t++)
		if (is_set(i, t) && !chunk_name(t))
			return true;
	return false;
}

static bool nameless_flags(const struct xt_sctp_info *i)
{
	for (int k = 0; k < i->flag_count; k++)
		if (!chunk_name(i->flag_info[k].chunktype))
			return true;
	return false;
}

static bool chunk_types(struct xl_ctx *c, const struct xt_sctp_info *i)
{
	bool none = every_type(i, false), all = every_type(i, true);
	bool inv = i->invflags & XT_SCTP_CHUNK_TYPES, only, any;

	only = i->chunk_match_type == SCTP_CHUNK_MATCH_ONLY;
	any = i->chunk_match_type == SCTP_CHUNK_MATCH_ANY;
	if (i->flag_count && ((only && inv) || nameless_flags(i) || !xl_approximate(c)))
		return xl_refuse(c,
				 "flags of --chunk-types: nft looks only at the first chunk of a "
				 "type, iptables at all of them; --approximate takes that one for "
				 "all, where nft has a name for it");
	/* There is always a first chunk. */
	if ((any && none) || (only && none))
		return inv ? true : xl_never(c);
	if ((any && all) || (only && all) || (!any && !only && none))
		return inv ? xl_never(c) : true;
	if (only && !xl_approximate(c))
		return xl_refuse(c,
				 "--chunk-types only: nft cannot see whether there are chunks of "
				 "types that it does not know; --approximate takes it that there "
				 "are none behind the first");
	if (!only && nameless(i))
		return xl_refuse(c, "--chunk-types names a type for which nft has no word");
	if (only)
		only_chunks(c, i, inv);
	else if (any)
		any_chunk(c, i, inv);
	else
		all_chunks(c, i, inv);
	return true;
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_sctp_info *i = c->data;

	xl_first_fragment(c);
	xl_l4proto(c, IPPROTO_SCTP);
	if (i->flags & XT_SCTP_SRC_PORTS)
		xl_cmp_bounds(c, NFT_SCTP_SPORT, i->invflags & XT_SCTP_SRC_PORTS, i->spts[0],
			      i->spts[1]);
	if (i->flags & XT_SCTP_DEST_PORTS)
		xl_cmp_bounds(c, NFT_SCTP_DPORT, i->invflags & XT_SCTP_DEST_PORTS, i->dpts[0],
			      i->dpts[1]);
	xl_end(c);
	return !(i->flags & XT_SCTP_CHUNK_TYPES) || chunk_types(c, i);
}

const struct xl_ext xl_match_sctp[] = {
	{ "sctp", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_sctp_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_sctp_options[] = {
	{ .ext = "sctp", .name = "--source-port --sport" },
	{ .ext = "sctp", .name = "--destination-port --dport" },
	{ .ext = "sctp",
	  .name = "--chunk-types",
	  .how = XL_PARTLY,
	  .why = "not for types without a name; flags and \"only\" with --approximate: nft looks "
		 "at "
		 "the first chunk of a type",
	  .since = 0x010006 },
	XL_OPTION_END,
};
