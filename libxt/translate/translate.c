// SPDX-License-Identifier: GPL-2.0-or-later
/* Whole rulesets: tables, chains, and each rule by way of its program. */
#include "nft/build.h"
#include "nft/names.h"
#include "nft/passes.h"
#include "translate/core.h"
#include "translate/env.h"
#include "translate/hashlimit.h"
#include "translate/hooks.h"
#include "translate/ipset.h"
#include "translate/late.h"
#include "translate/markbits.h"
#include "translate/opaque.h"
#include "translate/physdev.h"
#include "translate/place.h"
#include "translate/recent.h"
#include "translate/registry.h"
#include "translate/rule.h"

#include <linux/netfilter/xt_CT.h>
#include <linux/netfilter/xt_connlabel.h>
#include <linux/netfilter/xt_recent.h>
#include <string.h>

/* A table on its way: its nft side, and its chains' by index. */
struct table_run {
	struct xl_env *env;
	const struct xt_table *from;
	struct nft_table *to;
	const char **names;
	struct nft_chain **chains;
	unsigned int *hooks;
	const char *no_late;
	bool templates; /* see xl_has_templates() */
};

static void run_ext(struct xl_ctx *c, const struct xl_ext *e, enum xl_kind kind, const char *name)
{
	if (!xl_check_place(c, kind, c->reached))
		return;
	if (!e) {
		xl_opaque(c, kind, name);
		return;
	}
	if (c->size < e->size)
		xl_refuse(c, "the blob of %s is shorter than its structure", name);
	else if (!e->translate(c) && !c->prog->refused)
		xl_refuse(c, "%s cannot be translated", name);
}

/* A match that leaves something behind for other rules, whatever those after it say. */
static bool has_effect(const struct xl_ctx *c)
{
	const struct xt_connlabel_mtinfo *label = c->data;
	const struct xt_recent_mtinfo *recent = c->data;

	if (!strcmp(c->name, "connlabel"))
		return label->options & XT_CONNLABEL_OP_SET;
	return !strcmp(c->name, "recent") && !(recent->check_set & XT_RECENT_CHECK);
}

void xl_run_matches(struct xl_ctx *c)
{
	const struct xt_entry_match *m = xt_first_match(c->family, c->entry);
	const char *effect = NULL;

	for (; m && !c->prog->refused; m = xt_next_match(c->family, c->entry, m)) {
		c->at = NULL;
		c->name = m->u.user.name;
		c->rev = m->u.user.revision;
		c->data = m->data;
		c->size = m->u.match_size - sizeof(*m);
		c->blob = m;
		xl_spare_marks(c, XL_MATCH);
		run_ext(c, xl_ext_find(XL_MATCH, c->name, c->family, c->rev), XL_MATCH, c->name);
		if (c->prog->never && effect && !c->prog->refused)
			xl_refuse(c,
				  "no packet can match, but -m %s does its work before -m %s says "
				  "so; leave that out, and the target",
				  effect, m->u.user.name);
		if (!c->prog->never && has_effect(c))
			effect = m->u.user.name;
	}
}

void xl_run_target(struct xl_ctx *c)
{
	const struct xt_entry_target *t = xt_target(c->family, c->entry);

	c->name = t->u.user.name;
	c->rev = t->u.user.revision;
	c->data = t->data;
	c->size = t->u.target_size - sizeof(*t);
	c->blob = t;
	xl_spare_marks(c, XL_TARGET);
	run_ext(c, xl_ext_find(XL_TARGET, c->name, c->family, c->rev), XL_TARGET, c->name);
}

static struct nft_stmt *queue_stmt(struct xl_arena *a)
{
	return nft_stmt(a, NFT_S_QUEUE); /* NF_QUEUE without a number is queue 0 */
}

static void action(struct xl_ctx *c, const struct table_run *run, const struct xt_rule *r)
{
	struct nft_chain *to = NULL;

	c->at = NULL;
	c->prog->in_target = true;
	if (r->jump) {
		to = run->chains[r->jump->index];
		to->uses++;
	}
	switch (r->action) {
	case XT_ACT_NONE:
		break;
	case XT_ACT_ACCEPT:
		xl_add(c, nft_verdict(c->arena, NFT_ACCEPT, NULL));
		break;
	case XT_ACT_DROP:
		xl_add(c, nft_verdict(c->arena, NFT_DROP, NULL));
		break;
	case XT_ACT_RETURN_:
		xl_add(c, nft_verdict(c->arena, NFT_RETURN, NULL));
		break;
	case XT_ACT_QUEUE:
		xl_add(c, queue_stmt(c->arena));
		break;
	case XT_ACT_JUMP:
		xl_add(c, nft_verdict(c->arena, NFT_JUMP, to));
		break;
	case XT_ACT_GOTO:
		xl_add(c, nft_verdict(c->arena, NFT_GOTO, to));
		break;
	case XT_ACT_TARGET:
		xl_run_target(c);
		break;
	}
}

static void report(struct xl_env *env, const struct xt_rule *r, const struct xt_chain *chain,
		   unsigned int num, enum xl_outcome outcome, const char *why)
{
	struct xl_rule_report rep = {
		.source = &r->source,
		.outcome = outcome,
		.family = xl_nft_family(chain->table->family),
		.table = chain->table->name,
		.chain = chain->name,
		.num = num,
		.why = why,
	};

	xl_push(env->arena, env->report, env->nreport, env->report_cap, rep);
}

/* A rule of which only a comment is written. */
static void comment_rule(struct xl_place *p, const struct xt_rule *r, const char *refused,
			 const char *note)
{
	struct nft_rule *nr = nft_rule_new(p->env->out, p->chain, &r->source);

	nr->refused = refused;
	nr->note = note;
}

static struct nft_stmt *counter(struct xl_arena *a, const struct xt_rule *r)
{
	struct nft_stmt *s = nft_stmt(a, NFT_S_COUNTER);

	s->packets = r->counters ? r->packets : UINT64_MAX;
	s->bytes = r->bytes;
	return s;
}

/* Whether iptables has connections tracked once the rule is loaded: what calls nf_ct_netns_get().
 */
static bool tracks(const struct xl_ctx *c, const struct xt_rule *r)
{
	static const char *const matches[] = { "cluster",   "connbytes", "connlabel",
					       "connlimit", "connmark",	 "conntrack",
					       "helper",    "state",	 NULL };
	static const char *const targets[] = { "CONNMARK", "CONNSECMARK", "CT",	      "DNAT",
					       "NETMAP",   "MASQUERADE",  "REDIRECT", "SNAT",
					       "SYNPROXY", NULL };
	const struct xt_entry_match *m = xt_first_match(c->family, r->entry);
	const struct xt_entry_target *t = xt_target(c->family, r->entry);

	for (; m; m = xt_next_match(c->family, r->entry, m))
		for (size_t i = 0; matches[i]; i++)
			if (!strcmp(m->u.user.name, matches[i]))
				return true;
	for (size_t i = 0; r->action == XT_ACT_TARGET && targets[i]; i++)
		if (!strcmp(t->u.user.name, targets[i]))
			return strcmp(targets[i], "CT") != 0 ||
			       !(((const struct xt_ct_target_info *)t->data)->flags &
				 XT_CT_NOTRACK);
	return false;
}

static enum xl_outcome outcome(const struct xl_prog *prog)
{
	if (prog->opaque)
		return XL_NOT_VOUCHED;
	return prog->approximate ? XL_APPROXIMATED : XL_TRANSLATED;
}

static void one_rule(struct table_run *run, struct xl_place *place, const struct xt_chain *chain,
		     const struct xt_rule *r)
{
	struct xl_env *env = run->env;
	unsigned int hooks = run->hooks[chain->index];
	struct xl_prog prog;
	struct xl_ctx c = {
		.arena = env->arena,
		.env = env,
		.place = place,
		.family = run->from->family,
		.table = run->from->name,
		.hooks = hooks ? hooks : xt_table_hooks(run->from->name),
		.reached = hooks != 0,
		.entry = r->entry,
		.source = &r->source,
		.no_late = run->no_late,
		.prog = &prog,
	};

	if (!r->entry) {
		comment_rule(place, r, r->why, NULL);
		report(env, r, chain, place->num, XL_REFUSED, r->why);
		return;
	}
	xl_prog_init(&prog);
	prog.loc = r->source.loc;
	if (run->templates && xl_asks_connection(run->from, r))
		xl_refuse(&c, "where -j CT has left a template, iptables takes that for the "
			      "packet's connection, and nft does not; put the rule into the mangle "
			      "table");
	xl_core_proto(&c);
	if (xl_core_header(&c))
		xl_run_matches(&c);
	if (!prog.refused)
		action(&c, run, r);
	if (!prog.refused && env->opts.single && xl_needs_tail(&prog))
		xl_refuse(
			&c,
			"with RETURN or -g this rule needs the rest of its chain in a chain of its"
			" own; translate the whole ruleset instead");
	if (prog.refused) {
		xl_report(env->diags, XL_ERROR, prog.loc, NULL, "not translated: %s", prog.refused);
		comment_rule(place, r, prog.refused, NULL);
		report(env, r, chain, place->num, XL_REFUSED, prog.refused);
	} else if (prog.never) {
		place->table->tracks |= tracks(&c, r);
		comment_rule(place, r, NULL,
			     xl_printf(env->arena, "no packet can match: %s", r->source.text));
		report(env, r, chain, place->num, XL_NEVER_MATCHES, NULL);
	} else {
		if (prog.approximate)
			xl_report(env->diags, XL_WARNING, prog.loc, NULL,
				  "translated approximately, as --approximate asks for");
		xl_emit_rule(place, &r->source, &prog, counter(env->arena, r));
		report(env, r, chain, place->num, outcome(&prog), NULL);
	}
}

/* nft has no counter for a policy; a last rule that only counts comes nearest. */
static void policy_counter(struct xl_env *env, struct nft_chain *to, const struct xt_chain *from)
{
	struct nft_rule *r;
	struct nft_stmt *s;

	if (from->hook < 0 || !from->counters || (!from->packets && !from->bytes))
		return;
	r = nft_rule_new(env->out, to, NULL);
	s = nft_stmt(env->arena, NFT_S_COUNTER);
	s->packets = from->packets;
	s->bytes = from->bytes;
	nft_stmts_add(&r->stmts, s);
	r->comment = "policy";
}

static void one_chain(struct table_run *run, const struct xt_chain *chain)
{
	struct xl_place place = {
		.env = run->env,
		.table = run->to,
		.chain = run->chains[chain->index],
		.stem = run->chains[chain->index]->name,
	};

	for (const struct xt_rule *r = chain->rules; r; r = r->next) {
		place.num++;
		one_rule(run, &place, chain, r);
	}
	policy_counter(run->env, place.chain, chain);
}

static struct nft_chain *new_chain(struct table_run *run, const struct xt_chain *from)
{
	struct xl_arena *a = run->env->arena;
	const char *name = run->names[from->index];
	struct nft_chain *c = nft_chain_new(run->env->out, run->to, name);
	struct nft_base_chain *base;

	if (strcmp(name, from->name) != 0)
		c->orig = from->name;
	if (from->hook < 0)
		return c;
	base = xl_memdup(a, xl_base_chain(run->from->name, from->hook), sizeof(*base));
	if (from->policy == XT_POLICY_DROP)
		base->policy = NFT_DROP;
	c->base = base;
	return c;
}

/* Names that nft reads stay as they are, whatever the others have to be changed to. */
static const char **chain_names(struct xl_arena *a, struct nft_table *to, const struct xt_table *t)
{
	const char **names = xl_alloc(a, t->n * sizeof(*names));

	for (int odd = 0; odd < 2; odd++)
		for (const struct xt_chain *c = t->chains; c; c = c->next)
			if (nft_name_ok(c->name) == !odd)
				names[c->index] = nft_name_claim(a, &to->chain_names, c->name);
	return names;
}

static void one_table(struct xl_env *env, const struct xt_table *t)
{
	struct table_run run = { .env = env, .from = t };

	run.to = nft_table_new(env->out, xl_nft_family(t->family), t->name);
	run.chains = xl_alloc(env->arena, t->n * sizeof(*run.chains));
	run.hooks = xl_chain_hooks(env->arena, t);
	if (env->opts.nft_version < 0x010006) {
		nft_names_of_old(env->arena, &run.to->chain_names);
		nft_names_of_old(env->arena, &run.to->set_names);
	}
	run.names = chain_names(env->arena, run.to, t);
	run.no_late = xl_no_late(env, t);
	run.templates = xl_has_templates(t);
	for (const struct xt_chain *c = t->chains; c; c = c->next)
		run.chains[c->index] = new_chain(&run, c);
	for (const struct xt_chain *c = t->chains; c; c = c->next)
		one_chain(&run, c);
	if (!run.no_late)
		xl_late_chains(env, t, run.to, run.hooks);
}

/* The rest of a chain does not go with the rule that sent it to a chain of its own. */
static void take_tail_back(struct nft_chain *c, struct nft_rule *r)
{
	const struct nft_stmt *s = r->stmts.first;
	struct nft_chain *tail = s && s->kind == NFT_S_VERDICT ? s->chain : NULL;

	if (r->next || !tail || !tail->tail || !tail->rules)
		return;
	r->next = tail->rules;
	c->end = tail->end;
	tail->rules = NULL;
	tail->end = &tail->rules;
}

/* A rule of which a part cannot be is refused whole: the first part says so, the others go. */
static void refuse_source(struct xl_env *env, const struct xl_source *source, const char *why)
{
	bool told = false;

	for (size_t i = 0; i < env->nreport; i++) {
		if (env->report[i].source != source)
			continue;
		env->report[i].outcome = XL_REFUSED;
		env->report[i].why = why;
	}
	xl_report(env->diags, XL_ERROR, source->loc, NULL, "not translated: %s", why);
	for (struct nft_table *t = env->out->tables; t; t = t->next) {
		for (struct nft_chain *c = t->chains; c; c = c->next) {
			for (struct nft_rule *r = c->rules; r; r = r->next) {
				if (r->source != source)
					continue;
				r->refused = told ? NULL : why;
				take_tail_back(c, r);
				nft_stmts_init(&r->stmts);
				r->comment = NULL;
				told = true;
			}
		}
	}
}

/* What passes over nft's side have found that cannot be. */
static void refuse_marked(struct xl_env *env)
{
	for (struct nft_table *t = env->out->tables; t; t = t->next)
		for (struct nft_chain *c = t->chains; c; c = c->next)
			for (struct nft_rule *r = c->rules; r; r = r->next)
				if (r->refused && !nft_stmts_empty(&r->stmts))
					refuse_source(env, r->source, r->refused);
}

void xl_translate(struct xl_env *env)
{
	xl_scan_recent(env);
	xl_scan_hashlimit(env);
	xl_scan_physdev(env);
	xl_sets_scan(env);
	xl_physdev_tables(env);
	for (const struct xt_table *t = env->xt->tables; t; t = t->next)
		one_table(env, t);
	nft_refuse_deep_jumps(env->out);
	if (env->opts.json)
		nft_refuse_for_json(env->out);
	if (env->opts.nft_version < 0x010006)
		nft_refuse_for_old(env->out);
	refuse_marked(env);
	nft_keep_defrag(env->out);
	nft_resolve_guards(env->out, env->opts.fragment_guard);
	if (!env->opts.single)
		nft_group_guards(env->out);
	nft_tidy(env->out);
	if (env->opts.inet)
		nft_merge_families(env->out, env->diags);
	if (env->opts.single)
		nft_inline_helpers(env->out);
	if (env->opts.nft_version < 0x010006)
		nft_fit_old(env->out);
}
