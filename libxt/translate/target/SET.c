// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -j SET: struct xt_set_info_target_v3 (revision 3). set_target_v3() (net/netfilter/xt_set.c) adds,
 * then deletes, and goes on with the next rule whatever came of it. An nft statement that cannot
 * add (the set is full) ends its rule, so each stands last in a rule of its own.
 */
#include "translate/ipset.h"

#include <linux/netfilter/xt_set.h>

enum { MAX_TIMEOUT = (UINT32_MAX >> 1) / 1000 }; /* IPSET_MAX_TIMEOUT, ip_set_timeout.h */

struct change {
	struct xl_set_use *use;
	const struct xt_set_info *info;
	enum nft_dynset_op op;
	uint32_t timeout;
};

static struct nft_expr *protocols(struct xl_ctx *c, const uint8_t *protos, size_t n)
{
	struct nft_expr *set = nft_anon_set(c->arena);

	for (size_t i = 0; i < n; i++)
		nft_expr_add(c->arena, set, nft_val(c->arena, NFT_META_L4PROTO, protos[i]));
	return set;
}

/* The packets whose port this part is about. */
static void protocol(struct xl_ctx *c, const struct xt_ipset *s, enum xl_set_part part)
{
	static const uint8_t ports[] = { IPPROTO_TCP,	  IPPROTO_UDP,	IPPROTO_SCTP,
					 IPPROTO_UDPLITE, IPPROTO_ICMP, IPPROTO_ICMPV6 };
	struct nft_expr *set;
	bool portnum = xl_set_has(s, XT_DIM_PORTNUM);

	if (!portnum && !xl_set_has(s, XT_DIM_PORT))
		return;
	if (part != XL_PART_OTHER || c->family == NFPROTO_IPV6)
		xl_first_fragment(c);
	if (c->proto && !c->proto_inv)
		return;
	if (part == XL_PART_ICMP) {
		xl_l4proto(c, c->family == NFPROTO_IPV6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP);
		return;
	}
	set = protocols(c, ports, portnum ? 2 : part == XL_PART_PORTS ? 4 : 6);
	xl_add(c, nft_match(c->arena, nft_key(c->arena, NFT_META_L4PROTO),
			    part == XL_PART_OTHER ? NFT_NE : NFT_EQ, set));
}

static void not_zero(struct xl_ctx *c, struct nft_expr *key, enum nft_type type)
{
	static const uint8_t zero[16];

	xl_add(c, nft_match(c->arena, key, NFT_NE, nft_addr(c->arena, type, zero)));
}

/* bitmap_ip_kadt(), bitmap_port_kadt(): only what is in the range of the set. */
static void in_range(struct xl_ctx *c, const struct xt_ipset *s, struct nft_expr *key)
{
	static const struct xt_ipset_elem none;
	const char *why = NULL;
	struct nft_expr *range = xl_set_value(c->arena, s, XL_PART_PORTS, &none, &s->range, &why);

	xl_add(c, nft_match(c->arena, key, NFT_EQ, range));
}

/* What the kernel does not add. hash_ip4_kadt(), hash_ip6_kadt(), hash_ipport4_kadt() (since 6.2):
 * the zero address; hash_mac4_kadt(), hash_ipmac4_kadt(): a zero MAC. */
static void limits(struct xl_ctx *c, const struct xt_ipset *s, unsigned int flags)
{
	const enum xt_ipset_dim *dims = s->type->dims;
	struct nft_expr *key = xl_set_key(c, s, XL_PART_PORTS, flags), *first = key, *last = key;

	if (key->kind == NFT_E_CONCAT) {
		first = key->elems[0];
		last = key->elems[key->n - 1];
	}
	if (s->type->bitmap)
		in_range(c, s, first);
	else if (dims[0] == XT_DIM_IP && (!dims[1] || (dims[1] == XT_DIM_PORT && !dims[2])))
		not_zero(c, first, s->family == NFPROTO_IPV6 ? NFT_T_IPV6 : NFT_T_IPV4);
	if (xl_set_has(s, XT_DIM_MAC))
		not_zero(c, last, NFT_T_ETHER);
}

static bool emit(struct xl_ctx *c, const struct change *ch)
{
	const struct xt_ipset *s = ch->use->ipset;
	unsigned int parts = xl_set_parts(c, s);
	struct nft_stmt *stmt;
	struct nft_set *set;

	if (!xl_set_applies(c, s, ch->info->dim))
		return true;
	for (enum xl_set_part part = 0; part < XL_PARTS; part++) {
		if (!(parts & 1U << part))
			continue;
		set = xl_set_copy(c, ch->use, part, 0);
		if (!set)
			return false;
		if (c->at)
			xl_next(c);
		protocol(c, s, part);
		if (ch->op != NFT_DELETE)
			limits(c, s, ch->info->flags);
		stmt = nft_dynset(c->arena, ch->op, set, xl_set_key(c, s, part, ch->info->flags));
		stmt->dynset.timeout_ms = (uint64_t)ch->timeout * 1000;
		xl_add(c, stmt);
	}
	return true;
}

/* nft's "update" leaves an element without a timeout without one. */
static bool check_permanent(struct xl_ctx *c, const struct change *ch)
{
	struct xl_set_use *use = ch->use;
	const struct xt_ipset *s = use->ipset;

	use->permanent |= ch->op == NFT_ADD && !ch->timeout;
	use->refreshed |= ch->op == NFT_UPDATE;
	for (size_t i = 0; i < s->n; i++)
		use->permanent |= !s->elems[i].timeout;
	if (use->refreshed && use->permanent)
		return xl_refuse(c,
				 "--exist would give elements of the ipset \"%s\" that have none a"
				 " timeout, which nft cannot",
				 s->name);
	if (ch->op == NFT_UPDATE && !ch->timeout)
		return xl_refuse(c, "--exist with a timeout of 0 cannot be written in nft");
	return true;
}

static bool change(struct xl_ctx *c, const struct xt_set_info *info, enum nft_dynset_op op,
		   const struct xt_set_info_target_v3 *i)
{
	struct change ch = { .info = info, .op = op };
	const struct xt_ipset *s;

	if (info->index == IPSET_INVALID_ID)
		return true;
	ch.use = xl_set_use(c, info->index);
	if (!ch.use)
		return false;
	s = ch.use->ipset;
	if (xl_set_fixed(s))
		return xl_refuse(c, "SET cannot change the ipset \"%s\": %s", s->name,
				 xl_set_fixed(s));
	if (ch.use->several)
		return xl_refuse(
			c,
			"the ipset \"%s\" is used in several tables, and an nft set belongs"
			" to one: what SET changes would not be seen in the others",
			s->name);
	if (s->has_timeout) {
		ch.timeout = i->timeout == UINT32_MAX ? s->timeout : i->timeout;
		if (ch.timeout > MAX_TIMEOUT)
			ch.timeout = MAX_TIMEOUT;
		if (op == NFT_ADD && i->flags & IPSET_FLAG_EXIST)
			ch.op = NFT_UPDATE;
		if (op == NFT_DELETE)
			ch.timeout = 0;
		else if (!check_permanent(c, &ch))
			return false;
	}
	return emit(c, &ch);
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_set_info_target_v3 *i = c->data;

	if (i->map_set.index != IPSET_INVALID_ID)
		return xl_refuse(c, "--map-set is not translated; its values can be put into an nft"
				    " map by hand");
	return change(c, &i->add_set, NFT_ADD, i) && change(c, &i->del_set, NFT_DELETE, i);
}

const struct xl_ext xl_target_SET[] = {
	{ "SET", XL_TARGET, XL_BOTH, 3, 3, sizeof(struct xt_set_info_target_v3), translate },
	XL_EXT_END,
};

const struct xl_option xl_target_SET_options[] = {
	{ .ext = "SET",
	  .name = "--add-set",
	  .how = XL_PARTLY,
	  .why = "sets that one table uses, of types that nft can change from a packet" },
	{ .ext = "SET",
	  .name = "--del-set",
	  .how = XL_PARTLY,
	  .why = "sets that one table uses, of types that nft can change from a packet" },
	{ .ext = "SET",
	  .name = "--exist",
	  .how = XL_PARTLY,
	  .why = "for sets whose elements have a timeout" },
	{ .ext = "SET", .name = "--timeout" },
	{ .ext = "SET",
	  .name = "--map-set",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft has maps, not values beside a set's elements" },
	{ .ext = "SET", .name = "--map-mark", .how = XL_IMPOSSIBLE, .why = "goes with --map-set" },
	{ .ext = "SET", .name = "--map-prio", .how = XL_IMPOSSIBLE, .why = "goes with --map-set" },
	{ .ext = "SET", .name = "--map-queue", .how = XL_IMPOSSIBLE, .why = "goes with --map-set" },
	XL_OPTION_END,
};
