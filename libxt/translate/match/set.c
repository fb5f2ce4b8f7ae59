// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m set: struct xt_set_info_match_v4 (revision 4). Semantics: set_match_v4(), net/netfilter/
 * xt_set.c: ip_set_test(), and that inverted; list_set_ktest() (ip_set_list_set.c) for a list:
 * any of its sets, of which those of the other family never match, nor does a set with more
 * dimensions than the rule names.
 */
#include "translate/ipset.h"
#include "translate/prog.h"

#include <linux/netfilter/xt_set.h>

/* One way in which the set can match. @steady: the key can be loaded from every packet */
struct lookup {
	const struct xt_ipset *ipset;
	enum xl_set_part part;
	struct nft_set *set;
	bool steady;
};

struct lookups {
	struct lookup *v;
	size_t n, cap;
	bool counting; /* each has an effect on the elements' counters */
	bool list;
};

/* What cannot be translated at all, whatever the packet. */
static bool check(struct xl_ctx *c, const struct xt_ipset *s, const struct xt_set_info_match_v4 *i)
{
	bool compares = i->packets.op != IPSET_COUNTER_NONE || i->bytes.op != IPSET_COUNTER_NONE;

	/* ip_set_match_extensions(): ignored for a set without counters. */
	if (compares && s->counters)
		return xl_refuse(
			c,
			"nft cannot compare the counters of elements, which --packets-* and"
			" --bytes-* do for the ipset \"%s\"; create it without counters if"
			" they are not meant",
			s->name);
	if (!s->type->bitmap || !xl_set_has(s, XT_DIM_MAC))
		return true;
	for (size_t k = 0; k < s->n; k++)
		if (!s->elems[k].has_mac)
			return xl_refuse(
				c,
				"the ipset \"%s\" has addresses without a MAC, for which it"
				" learns the first that comes; nft cannot",
				s->name);
	return true;
}

static bool steady(const struct xt_ipset *s)
{
	return !xl_set_has(s, XT_DIM_PORT) && !xl_set_has(s, XT_DIM_PORTNUM) &&
	       !xl_set_has(s, XT_DIM_IFACE) && !xl_set_has(s, XT_DIM_MAC);
}

static unsigned int kind(const struct xt_ipset *s, unsigned int flags, bool in_list)
{
	unsigned int kind = 0;
	unsigned int skip =
		in_list ? IPSET_FLAG_SKIP_SUBCOUNTER_UPDATE : IPSET_FLAG_SKIP_COUNTER_UPDATE;

	/* ip_set_test(): IPSET_TYPE_NOMATCH, which only types with networks have. */
	if (flags & IPSET_FLAG_RETURN_NOMATCH && xl_set_has(s, XT_DIM_NET))
		kind |= XL_SET_NOMATCH;
	if (flags & skip && s->counters)
		kind |= XL_SET_UNCOUNTED;
	return kind;
}

static bool add_parts(struct xl_ctx *c, struct xl_set_use *use,
		      const struct xt_set_info_match_v4 *i, struct lookups *l)
{
	const struct xt_ipset *s = use->ipset;
	unsigned int k = kind(s, i->flags, l->list), parts = xl_set_parts(c, s);
	struct lookup one = { .ipset = s, .steady = steady(s) };

	if (k & XL_SET_UNCOUNTED && use->changed)
		return xl_refuse(c,
				 "nft cannot look up in the ipset \"%s\" without counting, and a"
				 " copy without counters would not see what SET changes",
				 s->name);
	l->counting |= s->counters && !(k & XL_SET_UNCOUNTED);
	for (one.part = 0; one.part < XL_PARTS; one.part++) {
		if (!(parts & 1U << one.part))
			continue;
		one.set = xl_set_copy(c, use, one.part, k);
		if (!one.set && c->prog->refused)
			return false;
		if (one.set)
			xl_push(c->arena, l->v, l->n, l->cap, one);
	}
	return true;
}

static bool gather(struct xl_ctx *c, struct xl_set_use *use, const struct xt_set_info_match_v4 *i,
		   struct lookups *l)
{
	const struct xt_ipset *s = use->ipset;

	if (s->bad.line)
		return xl_refuse(c, "the ipset \"%s\" could not be read in full (%s:%u)", s->name,
				 s->bad.file, s->bad.line);
	if (!xl_set_applies(c, s, i->match_set.dim))
		return true;
	if (!check(c, s, i))
		return false;
	if (!xl_set_has(s, XT_DIM_SET))
		return add_parts(c, use, i, l);
	l->list = true;
	for (size_t k = 0; k < s->n; k++) {
		if (s->elems[k].timeout)
			return xl_refuse(c,
					 "the ipset \"%s\" is a list with members that time out,"
					 " which nft cannot have",
					 s->name);
		if (!gather(c, &c->env->sets->by_id[s->elems[k].member->id], i, l))
			return false;
	}
	return true;
}

static void lookup(struct xl_ctx *c, const struct lookup *l, unsigned int flags, bool neg)
{
	bool known = c->proto && !c->proto_inv;
	struct nft_expr *set = nft_anon_set(c->arena);

	/* ip_set_get_ip4_port(): of later fragments only those of protocols without ports match. */
	if (!l->steady &&
	    (xl_set_has(l->ipset, XT_DIM_PORT) || xl_set_has(l->ipset, XT_DIM_PORTNUM)) &&
	    (l->part != XL_PART_OTHER || c->family == NFPROTO_IPV6))
		xl_first_fragment(c);
	if (xl_set_has(l->ipset, XT_DIM_PORTNUM) && !known) {
		nft_expr_add(c->arena, set, nft_val(c->arena, NFT_META_L4PROTO, IPPROTO_TCP));
		nft_expr_add(c->arena, set, nft_val(c->arena, NFT_META_L4PROTO, IPPROTO_UDP));
		xl_add(c, nft_match(c->arena, nft_key(c->arena, NFT_META_L4PROTO), NFT_EQ, set));
	}
	xl_add(c, nft_match(c->arena, xl_set_key(c, l->ipset, l->part, flags),
			    neg ? NFT_NE : NFT_EQ, nft_setref(c->arena, l->set)));
}

static void emit(struct xl_ctx *c, const struct lookups *l, unsigned int flags)
{
	bool neg = flags & IPSET_INV_MATCH, plain = l->n == 1 || neg;

	/* "!=" will do where each key can be loaded. */
	for (size_t k = 0; k < l->n; k++)
		plain &= l->v[k].steady || !neg;
	if (neg && !plain)
		xl_begin_none(c);
	else if (l->n > 1 && !plain && !l->list)
		xl_begin_one_of(c);
	else if (!plain)
		xl_begin_any(c);
	for (size_t k = 0; k < l->n; k++) {
		if (k && !plain)
			xl_next(c);
		lookup(c, &l->v[k], flags, neg && plain);
	}
	if (l->counting)
		xl_stateful(c);
	if (!plain)
		xl_end(c);
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_set_info_match_v4 *i = c->data;
	struct xl_set_use *use = xl_set_use(c, i->match_set.index);
	struct lookups l = { 0 };

	if (!use)
		return false;
	if (use->ipset->family && use->ipset->family != c->family)
		return xl_refuse(
			c,
			"the ipset \"%s\" holds IPv%d addresses; iptables does not load such"
			" a rule either",
			use->ipset->name, use->ipset->family == NFPROTO_IPV6 ? 6 : 4);
	if (!gather(c, use, i, &l))
		return false;
	if (l.n)
		emit(c, &l, i->match_set.flags);
	else if (!(i->match_set.flags & IPSET_INV_MATCH))
		xl_never(c);
	return true;
}

const struct xl_ext xl_match_set[] = {
	{ "set", XL_MATCH, XL_BOTH, 4, 4, sizeof(struct xt_set_info_match_v4), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_set_options[] = {
	{ .ext = "set",
	  .name = "--match-set",
	  .how = XL_PARTLY,
	  .why = "with --ipset; not for list:set with members that time out, nor for a set that "
		 "learns MAC addresses" },
	{ .ext = "set", .name = "--set" },
	{ .ext = "set", .name = "--return-nomatch" },
	{ .ext = "set",
	  .name = "--update-counters",
	  .how = XL_PARTLY,
	  .why = "not where the set's counters are kept and SET changes it" },
	{ .ext = "set",
	  .name = "--packets-eq",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft cannot compare the counters of elements" },
	{ .ext = "set",
	  .name = "--packets-lt",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft cannot compare the counters of elements" },
	{ .ext = "set",
	  .name = "--packets-gt",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft cannot compare the counters of elements" },
	{ .ext = "set",
	  .name = "--bytes-eq",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft cannot compare the counters of elements" },
	{ .ext = "set",
	  .name = "--bytes-lt",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft cannot compare the counters of elements" },
	{ .ext = "set",
	  .name = "--bytes-gt",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft cannot compare the counters of elements" },
	{ .ext = "set", .name = "--update-subcounters" },
	XL_OPTION_END,
};
