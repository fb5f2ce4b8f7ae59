// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -j CT, -j NOTRACK: struct xt_ct_target_info (revision 0), _v1 (revisions 1 and 2).
 *
 * xt_ct_target(), net/netfilter/xt_CT.c: the first such rule that matches decides, since it leaves
 * a template (or "untracked") that the next ones respect. nft's notrack and "ct zone set" respect a
 * template too (nft_notrack_eval(), nft_ct_set_zone_eval()), but the latter not "untracked".
 */
#include "nft/names.h"
#include "translate/ext.h"
#include "translate/late.h"
#include "translate/rule.h"

#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/xt_CT.h>

static bool late(struct xl_ctx *c, const struct xt_ct_target_info *i);

/* nft lists helper, mark and secmark as words that it does not read. */
uint32_t xl_ct_events(uint32_t events, uint32_t expected)
{
	static const uint32_t wordless = 1 << IPCT_HELPER | 1 << IPCT_MARK | 1 << IPCT_SECMARK;

	return expected || events & wordless ? 0 : events;
}

static bool notrack(struct xl_ctx *c)
{
	if (c->late)
		return late(c, NULL);
	xl_add(c, nft_stmt(c->arena, NFT_S_NOTRACK));
	return true;
}

static enum nft_key_id zone_key(unsigned int flags)
{
	switch (flags & (XT_CT_ZONE_DIR_ORIG | XT_CT_ZONE_DIR_REPL)) {
	case XT_CT_ZONE_DIR_ORIG:
		return NFT_CT_ORIG_ZONE;
	case XT_CT_ZONE_DIR_REPL:
		return NFT_CT_REPL_ZONE;
	default:
		return NFT_CT_ZONE;
	}
}

/* Without any option too: its template has zone 0, and keeps later rules from deciding. */
static bool zone(struct xl_ctx *c, unsigned int flags, unsigned int number)
{
	enum nft_key_id key = zone_key(flags);

	xl_cmp(c, NFT_CT_STATE, true, NF_CT_STATE_UNTRACKED_BIT);
	xl_add(c, nft_assign(c->arena, nft_key(c->arena, key), nft_val(c->arena, key, number)));
	return true;
}

/* An object for this helper and protocol in the rule's table. */
static struct nft_object *helper_object(struct xl_ctx *c, const char *helper, const char *proto)
{
	const char *name = xl_printf(c->arena, "%s-%s", helper, proto);
	struct nft_table *t = c->place->table;
	struct nft_object *o = nft_object_find(t, "ct helper", name);

	if (o)
		return o;
	o = nft_object_new(c->env->out, t, "ct helper", name);
	o->body = xl_printf(c->arena, "type \"%s\" protocol %s; l3proto %s;", helper, proto,
			    c->family == NFPROTO_IPV4 ? "ip" : "ip6");
	return o;
}

static const char *helper_proto(const struct xl_ctx *c)
{
	if (c->proto_inv)
		return NULL;
	return c->proto == IPPROTO_TCP ? "tcp" : c->proto == IPPROTO_UDP ? "udp" : NULL;
}

/* Behind conntrack, for a new connection: the first of these rules that matches decides here too.
 */
static bool late(struct xl_ctx *c, const struct xt_ct_target_info *i)
{
	struct nft_stmt *s;

	if (i && xl_ct_events(i->ct_events, i->exp_events) && !(i->flags & XT_CT_NOTRACK))
		xl_add(c, nft_assign(c->arena, nft_key(c->arena, NFT_CT_EVENT),
				     nft_val(c->arena, NFT_CT_EVENT, i->ct_events)));
	if (i && i->helper[0] && !(i->flags & XT_CT_NOTRACK)) {
		s = nft_stmt(c->arena, NFT_S_OBJREF);
		s->name = "ct helper set";
		s->obj = helper_object(c, xl_strndup(c->arena, i->helper, sizeof(i->helper)),
				       helper_proto(c));
		xl_add(c, s);
	}
	xl_add(c, nft_verdict(c->arena, NFT_ACCEPT, NULL));
	return true;
}

/* Whether late() will be able to set the helper. */
static bool check_helper(struct xl_ctx *c, const struct xt_ct_target_info *i)
{
	const char *name = xl_strndup(c->arena, i->helper, sizeof(i->helper));

	if (c->no_late || !c->place)
		return xl_refuse(c,
				 "--helper %s: nft sets it behind connection tracking, where the "
				 "raw table's rules are gone through again, but %s",
				 name, c->no_late ? c->no_late : "here is only one rule");
	if (!nft_name_ok(xl_printf(c->arena, "%s-udp", name)))
		return xl_refuse(c, "the helper's name %s has a character that nft cannot read",
				 name);
	if (!helper_proto(c))
		return xl_refuse(c, "--helper needs -p tcp or -p udp in the same rule");
	return true;
}

/* Whether late() will be able to set the events. */
static bool check_events(struct xl_ctx *c, const struct xt_ct_target_info *i)
{
	if (i->exp_events)
		return xl_refuse(c, "--expevents: nft has no events of expectations");
	if (c->no_late || !c->place)
		return xl_refuse(
			c,
			"--ctevents: nft sets events behind connection tracking, where the "
			"raw table's rules are gone through again, but %s",
			c->no_late ? c->no_late : "here is only one rule");
	if (!xl_ct_events(i->ct_events, 0))
		return xl_refuse(c, "--ctevents with helper, mark or secmark: nft lists these as "
				    "words that it does not read; leave them out");
	return true;
}

static bool emit(struct xl_ctx *c, const struct xt_ct_target_info *i, const char *timeout)
{
	if (c->late)
		return late(c, i);
	if (i->flags & XT_CT_NOTRACK)
		return notrack(c);
	if (i->flags & XT_CT_ZONE_MARK)
		return xl_refuse(
			c, "nft cannot take a zone from the mark: write a rule for each mark, "
			   "with -m mark and its zone");
	if (*timeout)
		return xl_refuse(c,
				 "--timeout %.32s is a policy in the kernel (nfct timeout), which "
				 "the rules do not hold; write a \"ct timeout\" object by hand",
				 timeout);
	if ((i->ct_events || i->exp_events) && !check_events(c, i))
		return false;
	if (i->helper[0] && !check_helper(c, i))
		return false;
	return zone(c, i->flags, i->zone);
}

static bool translate0(struct xl_ctx *c)
{
	return emit(c, c->data, "");
}

static bool translate1(struct xl_ctx *c)
{
	const struct xt_ct_target_info_v1 *i = c->data;

	return emit(c, c->data, i->timeout);
}

const struct xl_ext xl_target_CT[] = {
	{ "CT", XL_TARGET, XL_BOTH, 0, 0, sizeof(struct xt_ct_target_info), translate0 },
	{ "CT", XL_TARGET, XL_BOTH, 1, 2, sizeof(struct xt_ct_target_info_v1), translate1 },
	{ "NOTRACK", XL_TARGET, XL_BOTH, 0, 0, 0, notrack },
	XL_EXT_END,
};

const struct xl_option xl_target_CT_options[] = {
	{ .ext = "CT", .name = "--notrack" },
	{ .ext = "CT",
	  .name = "--helper",
	  .how = XL_PARTLY,
	  .why = "with -p tcp or udp in the same rule, where the rules can be gone through again "
		 "behind connection tracking" },
	{ .ext = "CT",
	  .name = "--timeout",
	  .how = XL_IMPOSSIBLE,
	  .why = "a timeout policy is in the kernel, not in the rules" },
	{ .ext = "CT",
	  .name = "--ctevents",
	  .how = XL_PARTLY,
	  .why = "not helper, mark and secmark, which nft lists as words that it does not read; "
		 "where the raw table can be gone through again behind connection tracking" },
	{ .ext = "CT",
	  .name = "--expevents",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft has no events of expectations" },
	{ .ext = "CT", .name = "--zone-orig", .how = XL_PARTLY, .why = "a number, not \"mark\"" },
	{ .ext = "CT", .name = "--zone-reply", .how = XL_PARTLY, .why = "a number, not \"mark\"" },
	{ .ext = "CT", .name = "--zone", .how = XL_PARTLY, .why = "a number, not \"mark\"" },
	{ .ext = "NOTRACK" },
	XL_OPTION_END,
};
