// SPDX-License-Identifier: GPL-2.0-or-later
#include "translate/late.h"

#include "nft/build.h"
#include "nft/names.h"
#include "translate/core.h"
#include "translate/hooks.h"
#include "translate/rule.h"

#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/xt_CT.h>
#include <linux/netfilter/xt_conntrack.h>
#include <string.h>

enum { BEHIND_CONNTRACK = -199 }; /* NF_IP_PRI_CONNTRACK + 1 */

/* Tests whose outcome is the same when they are made again a little later: without state, and of
 * nothing that conntrack or a rule of raw changes. "mark" only where no rule sets one. */
static const char *const steady[] = {
	"addrtype",   "ah",	 "comment", "dccp",	"devgroup", "dscp",	 "dst",
	"esp",	      "frag",	 "hbh",	    "hl",	"icmp",	    "icmp6",	 "iprange",
	"ipv6header", "length",	 "mac",	    "mark",	"mh",	    "multiport", "owner",
	"physdev",    "pkttype", "realm",   "rpfilter", "rt",	    "sctp",	 "set",
	"tcp",	      "tos",	 "ttl",	    "u32",	"udp",	    "udplite",
};

/* Targets of which other rules do not see the effect. */
static const char *const harmless[] = {
	"AUDIT", "LOG", "NFLOG", "TEE", "TRACE",
};

static bool listed(const char *const *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(names[i], name))
			return true;
	return false;
}

static bool is_target(const struct xt_table *t, const struct xt_rule *r, const char *name)
{
	return r->entry && r->action == XT_ACT_TARGET &&
	       !strcmp(xt_target(t->family, r->entry)->u.user.name, name);
}

/* The helper and the events stand at the same place in all revisions of the blob. */
static const struct xt_ct_target_info *tracks(const struct xt_table *t, const struct xt_rule *r)
{
	const struct xt_ct_target_info *i;

	if (!is_target(t, r, "CT"))
		return NULL;
	i = (const void *)xt_target(t->family, r->entry)->data;
	return i->flags & XT_CT_NOTRACK ? NULL : i;
}

static bool sets_helper(const struct xt_table *t, const struct xt_rule *r)
{
	const struct xt_ct_target_info *i = tracks(t, r);

	return i && i->helper[0];
}

static bool sets_events(const struct xt_table *t, const struct xt_rule *r)
{
	const struct xt_ct_target_info *i = tracks(t, r);

	return i && xl_ct_events(i->ct_events, i->exp_events);
}

/* A rule that neither ends the search nor sets a helper is left out. */
static bool is_left_out(const struct xt_table *t, const struct xt_rule *r)
{
	return r->action == XT_ACT_NONE || r->action == XT_ACT_DROP ||
	       (r->action == XT_ACT_TARGET && !is_target(t, r, "CT") &&
		!is_target(t, r, "NOTRACK"));
}

static const char *test_refusal(const struct xl_env *env, const struct xt_table *t,
				const struct xt_rule *r)
{
	const struct xt_entry_match *m = xt_first_match(t->family, r->entry);

	for (; m; m = xt_next_match(t->family, r->entry, m))
		if (!listed(steady, sizeof(steady) / sizeof(steady[0]), m->u.user.name))
			return xl_printf(env->arena, "-m %s in this table cannot be tested twice",
					 m->u.user.name);
	return NULL;
}

static const char *rule_refusal(const struct xl_env *env, const struct xt_table *t,
				const struct xt_rule *r)
{
	const char *name;

	if (!is_left_out(t, r))
		return r->action == XT_ACT_QUEUE
			       ? "rules of this table queue packets, which may come back changed"
			       : test_refusal(env, t, r);
	if (r->action != XT_ACT_TARGET)
		return NULL;
	name = xt_target(t->family, r->entry)->u.user.name;
	if (listed(harmless, sizeof(harmless) / sizeof(harmless[0]), name))
		return NULL;
	return xl_printf(env->arena, "-j %s in this table may change what its tests see", name);
}

static bool any_rule(const struct xt_table *t,
		     bool (*test)(const struct xt_table *t, const struct xt_rule *r))
{
	for (const struct xt_chain *c = t->chains; c; c = c->next)
		for (const struct xt_rule *r = c->rules; r; r = r->next)
			if (test(t, r))
				return true;
	return false;
}

static bool leaves_template(const struct xt_table *t, const struct xt_rule *r)
{
	return tracks(t, r);
}

bool xl_has_templates(const struct xt_table *t)
{
	return any_rule(t, leaves_template);
}

/* "-m state" and "--ctstate" find a template NEW in both. */
bool xl_asks_connection(const struct xt_table *t, const struct xt_rule *r)
{
	static const char *const names[] = { "cluster",	  "connbytes", "connlabel",
					     "connlimit", "connmark",  "helper" };
	const struct xt_entry_match *m = xt_first_match(t->family, r->entry);

	for (; m; m = xt_next_match(t->family, r->entry, m)) {
		const struct xt_conntrack_mtinfo1 *ct = (const void *)m->data;

		if (listed(names, sizeof(names) / sizeof(names[0]), m->u.user.name) ||
		    (!strcmp(m->u.user.name, "conntrack") && m->u.user.revision &&
		     ct->match_flags & ~XT_CONNTRACK_STATE))
			return true;
	}
	return is_target(t, r, "CONNMARK");
}

const char *xl_no_late(const struct xl_env *env, const struct xt_table *t)
{
	const char *why;

	if (strcmp(t->name, "raw") != 0)
		return "it is for the raw table";
	if (env->opts.single)
		return "that takes the rules before it too: translate the whole ruleset";
	if (any_rule(t, sets_helper) && any_rule(t, sets_events))
		return "this table has --helper and --ctevents, which nft sets for connections of "
		       "different states";
	for (const struct xt_chain *c = t->chains; c; c = c->next) {
		for (const struct xt_rule *r = c->rules; r; r = r->next) {
			why = r->entry ? rule_refusal(env, t, r) : NULL;
			if (why)
				return why;
		}
	}
	return NULL;
}

/**
 * struct late - the second set, on its way; arrays by the chains' index
 * @decides: it may end the search, or set a helper
 * @helps: a rule that sets one can be reached from it
 */
struct late {
	struct xl_env *env;
	const struct xt_table *from;
	struct nft_table *to;
	const unsigned int *hooks;
	bool *decides, *helps;
	struct nft_chain **chains;
};

static bool rule_decides(const struct late *l, const struct xt_rule *r)
{
	return r->action == XT_ACT_ACCEPT || r->action == XT_ACT_GOTO ||
	       (r->jump && l->decides[r->jump->index]) || is_target(l->from, r, "CT") ||
	       is_target(l->from, r, "NOTRACK");
}

static bool rule_helps(const struct late *l, const struct xt_rule *r)
{
	return (r->jump && l->helps[r->jump->index]) || sets_helper(l->from, r) ||
	       sets_events(l->from, r);
}

static bool look_at(struct late *l, const struct xt_chain *c)
{
	bool decides = false, helps = false, news;

	for (const struct xt_rule *r = c->rules; r; r = r->next) {
		decides |= rule_decides(l, r);
		helps |= rule_helps(l, r);
	}
	news = decides != l->decides[c->index] || helps != l->helps[c->index];
	l->decides[c->index] = decides;
	l->helps[c->index] = helps;
	return news;
}

/* Which chains matter; again and again, since chains stand in any order. */
static void look(struct late *l)
{
	bool news = true;

	while (news) {
		news = false;
		for (const struct xt_chain *c = l->from->chains; c; c = c->next)
			news |= look_at(l, c);
	}
}

static void make_chain(struct late *l, const struct xt_chain *from)
{
	struct xl_arena *a = l->env->arena;
	const char *name = xl_printf(a, "%s.ct", nft_name_ok(from->name) ? from->name : "chain");
	struct nft_base_chain *base;
	struct nft_chain *c;

	c = nft_chain_new(l->env->out, l->to, nft_name_claim(a, &l->to->chain_names, name));
	c->helper = true;
	l->chains[from->index] = c;
	if (from->hook < 0)
		return;
	base = xl_memdup(a, xl_base_chain(l->from->name, from->hook), sizeof(*base));
	base->prio = BEHIND_CONNTRACK;
	c->base = base;
}

static void make_chains(struct late *l)
{
	unsigned int live = 0;

	for (const struct xt_chain *c = l->from->chains; c; c = c->next)
		if (c->hook >= 0 && l->helps[c->index])
			live |= 1U << c->hook;
	for (const struct xt_chain *c = l->from->chains; c; c = c->next)
		if (l->hooks[c->index] & live && l->decides[c->index])
			make_chain(l, c);
}

static void add_jump(struct xl_ctx *c, enum nft_verdict v, struct nft_chain *to)
{
	to->uses++;
	xl_add(c, nft_verdict(c->arena, v, to));
}

/* What @r does to the search; false: nothing. What it dropped does not come here. */
static bool action(const struct late *l, struct xl_ctx *c, const struct xt_rule *r)
{
	struct nft_chain *to = r->jump ? l->chains[r->jump->index] : NULL;

	if (r->action == XT_ACT_ACCEPT)
		xl_add(c, nft_verdict(c->arena, NFT_ACCEPT, NULL));
	else if (r->action == XT_ACT_RETURN_ || (r->action == XT_ACT_GOTO && !to))
		xl_add(c, nft_verdict(c->arena, NFT_RETURN, NULL));
	else if (to)
		add_jump(c, r->action == XT_ACT_GOTO ? NFT_GOTO : NFT_JUMP, to);
	else if (is_target(l->from, r, "CT") || is_target(l->from, r, "NOTRACK"))
		xl_run_target(c);
	else
		return false;
	return true;
}

static void one_rule(struct late *l, struct xl_place *place, const struct xt_chain *chain,
		     const struct xt_rule *r)
{
	struct xl_prog prog;
	struct xl_ctx c = {
		.arena = l->env->arena,
		.env = l->env,
		.place = place,
		.family = l->from->family,
		.table = l->from->name,
		.hooks = l->hooks[chain->index],
		.reached = true,
		.entry = r->entry,
		.source = &r->source,
		.late = true,
		.prog = &prog,
	};

	xl_prog_init(&prog);
	prog.loc = r->source.loc;
	xl_core_proto(&c);
	if (xl_core_header(&c))
		xl_run_matches(&c);
	c.at = NULL;
	prog.in_target = true;
	prog.comment = NULL;
	if (!prog.refused && !prog.never && action(l, &c, r) && !prog.refused)
		xl_emit_rule(place, &r->source, &prog, NULL);
}

/* A connection gets its helper with its first packet, when conntrack has just made it. One that was
 * expected gets none from a rule (init_conntrack(), nf_conntrack_core.c); its state is "related".
 * It does get its events, as every connection that is not yet confirmed.
 */
static void only_new(const struct late *l, struct nft_chain *c)
{
	struct xl_arena *a = l->env->arena;
	struct nft_rule *r = nft_rule_new(l->env->out, c, NULL);
	struct nft_stmt *old;

	if (any_rule(l->from, sets_events))
		old = nft_match(a, nft_key(a, NFT_CT_STATUS), NFT_EQ,
				nft_val(a, NFT_CT_STATUS, IPS_CONFIRMED));
	else
		old = nft_match(a, nft_key(a, NFT_CT_STATE), NFT_NE,
				nft_val(a, NFT_CT_STATE, NF_CT_STATE_BIT(IP_CT_NEW)));
	nft_stmts_add(&r->stmts, old);
	nft_stmts_add(&r->stmts, nft_verdict(a, NFT_ACCEPT, NULL));
}

static void fill_chain(struct late *l, const struct xt_chain *from)
{
	struct nft_chain *to = l->chains[from->index];
	struct xl_place place = { .env = l->env, .table = l->to, .chain = to };

	if (!to)
		return;
	place.stem = to->name;
	if (to->base)
		only_new(l, to);
	for (const struct xt_rule *r = from->rules; r; r = r->next) {
		place.num++;
		if (r->entry)
			one_rule(l, &place, from, r);
	}
}

void xl_late_chains(struct xl_env *env, const struct xt_table *t, struct nft_table *to,
		    const unsigned int *hooks)
{
	struct late l = { .env = env, .from = t, .to = to, .hooks = hooks };

	l.decides = xl_alloc(env->arena, t->n * sizeof(*l.decides));
	l.helps = xl_alloc(env->arena, t->n * sizeof(*l.helps));
	l.chains = xl_alloc(env->arena, t->n * sizeof(struct nft_chain *));
	look(&l);
	make_chains(&l);
	for (const struct xt_chain *c = t->chains; c; c = c->next)
		fill_chain(&l, c);
}
