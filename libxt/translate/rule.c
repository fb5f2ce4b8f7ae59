// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A rule is its terms, then its counter, then its effects. Plain terms are statements of one nft
 * rule. The others need chains of their own:
 *
 *	none of A1, A2:		… jump h	h: A1 return; A2 return; <rest>
 *	any of A1, A2:		… jump o	o: A1 goto v; A2 goto v		v: <rest>
 *	do R1, R2:		… jump h	h: R1; R2; <rest>
 *
 * The end of such a chain leads back behind the rule, as "no match" must. That does not do when the
 * rule itself ends in "return" or "goto": in a helper they would lead to the wrong place. Then the
 * rest of the chain moves to a chain of its own (the tail), the helper is entered by goto, and
 * failing means "goto tail":
 *
 *	none of A1, return:	… goto h; goto tail	h: A1 goto tail; return
 *
 * Semantics: nft_do_chain() (nf_tables_core.c) and ipt_do_table() (ip_tables.c): goto pushes no
 * return address, and the end of a chain entered by goto is the end of its caller.
 */
#include "translate/rule.h"

#include "nft/build.h"
#include "nft/names.h"
#include "nft/passes.h"

#include <string.h>

struct emit {
	struct xl_place *place;
	const struct xl_source *source;
	struct nft_chain *home;	 /* the chain that the rule stands in */
	struct nft_chain *chain; /* where we are now */
	struct nft_rule *rule;	 /* being filled, in @chain */
	struct nft_chain *tail;	 /* where "no match" goes; NULL: back behind the rule */
	bool state;		 /* @rule already has something stateful */
	bool th;		 /* and before that something of the packet's headers */
	unsigned int weight;	 /* of the tests in @rule; see nft_stmt_weight() */
};

struct nft_chain *xl_place_helper(struct xl_place *p)
{
	struct xl_arena *a = p->env->arena;
	const char *suffix = p->env->opts.name_suffix;
	struct nft_chain *c;
	const char *name;

	name = xl_printf(a, "%s.%u%s%s", p->stem, p->num, suffix ? "." : "", suffix ? suffix : "");
	c = nft_chain_new(p->env->out, p->table, nft_name_claim(a, &p->table->chain_names, name));
	c->helper = true;
	return c;
}

static struct xl_arena *arena(const struct emit *e)
{
	return e->place->env->arena;
}

static void add(struct emit *e, struct nft_stmt *s)
{
	nft_stmts_add(&e->rule->stmts, s);
}

static void add_jump(struct emit *e, struct nft_rule *r, enum nft_verdict v, struct nft_chain *to)
{
	to->uses++;
	nft_stmts_add(&r->stmts, nft_verdict(arena(e), v, to));
}

static void new_rule(struct emit *e)
{
	e->rule = nft_rule_new(e->place->env->out, e->chain, e->source);
	e->state = e->th = false;
	e->weight = 0;
}

/* What falls off the end of a helper that was entered by goto has left the caller as well. */
static void end_helper(struct emit *e)
{
	if (e->tail && e->chain != e->home)
		add_jump(e, nft_rule_new(e->place->env->out, e->chain, e->source), NFT_GOTO,
			 e->tail);
}

/* From the rule being filled into @to: by jump from the rule's own chain, so that its end leads
 * back behind the rule; by goto from a helper, which has that way back already. */
static void enter(struct emit *e, struct nft_chain *to)
{
	bool jump = e->chain == e->home && !e->tail;

	add_jump(e, e->rule, jump ? NFT_JUMP : NFT_GOTO, to);
	end_helper(e);
	e->chain = to;
}

static bool in_fresh_helper(const struct emit *e)
{
	return e->chain != e->home && nft_stmts_empty(&e->rule->stmts);
}

static void take_out_rule(struct emit *e)
{
	struct nft_rule **p = &e->chain->rules;

	while (*p != e->rule)
		p = &(*p)->next;
	*p = NULL;
	e->chain->end = p;
}

/* Makes sure that the rules that follow are in a helper chain and that nothing precedes them. */
static void into_helper(struct emit *e)
{
	if (in_fresh_helper(e)) {
		take_out_rule(e);
		return;
	}
	enter(e, xl_place_helper(e->place));
}

static void add_all(struct nft_rule *r, struct nft_stmt *list)
{
	struct nft_stmt *next;

	for (; list; list = next) {
		next = list->next;
		nft_stmts_add(&r->stmts, list);
	}
}

static unsigned int weight(const struct xl_alt *alt)
{
	unsigned int n = 0;

	for (const struct nft_stmt *s = alt->stmts.first; s; s = s->next)
		n += nft_stmt_weight(s);
	return n;
}

static bool reads_packet(const struct nft_stmt *s)
{
	const struct nft_expr *l = s->l;

	if (s->kind == NFT_S_GUARD || s->kind == NFT_S_TEXT)
		return true;
	if (s->kind != NFT_S_MATCH)
		return false;
	while (l->kind == NFT_E_BIN || l->kind == NFT_E_CONCAT)
		l = l->kind == NFT_E_BIN ? l->a : l->elems[0];
	if (l->kind == NFT_E_RAW)
		return true;
	/* "ct protocol" is one more test of the packet to nft: see ct_protocol_last(). */
	return l->kind == NFT_E_KEY &&
	       (nft_keys[l->key].layer == NFT_L_NH || nft_keys[l->key].layer == NFT_L_LL ||
		nft_keys[l->key].layer >= NFT_L_TH || l->key == NFT_CT_PROTOCOL);
}

static bool any_reads_packet(const struct nft_stmt *s)
{
	for (; s; s = s->next)
		if (reads_packet(s))
			return true;
	return false;
}

/* Tests for which a rule has no room go into a helper chain, which is entered when the others hold.
 */
static void add_tests(struct emit *e, struct nft_stmt *list)
{
	struct nft_stmt *next;
	unsigned int n;

	for (; list; list = next) {
		next = list->next;
		n = nft_stmt_weight(list);
		if (e->weight + n > NFT_RULE_ROOM) {
			enter(e, xl_place_helper(e->place));
			new_rule(e);
		}
		e->weight += n;
		add(e, list);
	}
}

/* Ends a chain by a goto to @next, and goes on in @to. */
static void go_on(struct emit *e, struct nft_chain *next, struct nft_chain *to)
{
	new_rule(e);
	add_jump(e, e->rule, NFT_GOTO, next);
	e->chain = to;
}

/*
 * A rule of its own for an alternative, in a helper: "A return", "A goto v". One that is too long
 *goes on in a chain of its own, and what comes behind it in another, since there is no way back:
 *
 *	A1 goto x; goto n	x: A2 return; goto n	n: <the next alternative>
 */
static void emit_alt(struct emit *e, struct xl_alt *alt, enum nft_verdict v, struct nft_chain *to)
{
	struct nft_chain *next = NULL, *more;
	struct nft_stmt *s = alt->stmts.first, *after;

	for (new_rule(e); s; s = after) {
		after = s->next;
		if (e->weight + nft_stmt_weight(s) > NFT_RULE_ROOM) {
			more = xl_place_helper(e->place);
			next = next ? next : xl_place_helper(e->place);
			add_jump(e, e->rule, NFT_GOTO, more);
			go_on(e, next, more);
			new_rule(e);
		}
		e->weight += nft_stmt_weight(s);
		add(e, s);
	}
	if (to)
		add_jump(e, e->rule, v, to);
	else
		add(e, nft_verdict(arena(e), v, NULL));
	if (next)
		go_on(e, next, next);
}

/* nft merges equal tests of adjacent header fields into the first of them, also across a statement
 * with state (numgen; 1.0.6 across limit too), which would then count packets that it should not
 * see. What follows state and reads headers again goes into a chain of its own. */
static void emit_plain(struct emit *e, struct xl_term *t)
{
	bool reads = any_reads_packet(t->alts->stmts.first);

	if (e->state && e->th && reads) {
		enter(e, xl_place_helper(e->place));
		new_rule(e);
	}
	add_tests(e, t->alts->stmts.first);
	e->th |= reads;
	e->state |= t->stateful;
}

static void emit_none(struct emit *e, struct xl_term *t)
{
	into_helper(e);
	for (struct xl_alt *alt = t->alts; alt; alt = alt->next)
		emit_alt(e, alt, e->tail ? NFT_GOTO : NFT_RETURN, e->tail);
	new_rule(e);
}

/* The rule being filled stays the last of its chain, so that it keeps its comment. */
static void emit_do(struct emit *e, struct xl_term *t)
{
	if (!nft_stmts_empty(&e->rule->stmts)) {
		enter(e, xl_place_helper(e->place));
		new_rule(e);
	}
	take_out_rule(e);
	for (struct xl_alt *alt = t->alts; alt; alt = alt->next)
		add_all(nft_rule_new(e->place->env->out, e->chain, e->source), alt->stmts.first);
	*e->chain->end = e->rule;
	e->chain->end = &e->rule->next;
	e->state = true;
}

static struct nft_stmt *copy_stmts(struct xl_arena *a, const struct nft_stmt *s)
{
	struct nft_stmt *first = NULL, **end = &first;

	for (; s; s = s->next) {
		*end = nft_stmt_copy(a, s);
		end = &(*end)->next;
	}
	*end = NULL;
	return first;
}

static bool is_end(const struct nft_stmt *s)
{
	return s->kind == NFT_S_NAT || s->kind == NFT_S_REJECT ||
	       (s->kind == NFT_S_VERDICT && (s->verdict == NFT_ACCEPT || s->verdict == NFT_DROP));
}

/* Whether the effect is surely the end of the packet's way through the table. */
static bool ends(const struct xl_prog *prog)
{
	const struct xl_alt *alt = prog->effects;
	const struct nft_stmt *s;

	while (alt && alt->next)
		alt = alt->next;
	s = alt ? alt->stmts.first : NULL;
	while (s && s->kind == NFT_S_LOG)
		s = s->next;
	return s && is_end(s);
}

/*
 * Whether a choice between a few can do without a chain of its own:
 *
 *	any of A1, A2:		… A1 jump v; … A2 jump v	v: <rest>
 *
 * What is tested twice must not have state, and no packet may go through the rest twice: there is
 * no way back from it, or it changes nothing and at most one alternative holds.
 */
static bool can_repeat(const struct emit *e, const struct xl_prog *prog, const struct xl_term *t)
{
	unsigned int n = 0;

	for (const struct xl_alt *alt = t->alts; alt; alt = alt->next, n++)
		if (e->weight + weight(alt) > NFT_RULE_ROOM)
			return false;
	if (n > 3 || e->chain != e->home || e->tail || e->state || e->place->env->opts.single)
		return false;
	for (const struct xl_term *rest = t; rest; rest = rest->next)
		if (rest->stateful)
			return false;
	return ends(prog) || (t->disjoint && !prog->effects);
}

static void emit_repeated(struct emit *e, struct xl_term *t)
{
	struct nft_chain *v = xl_place_helper(e->place);
	struct nft_stmt *again;

	for (struct xl_alt *alt = t->alts; alt; alt = alt->next) {
		again = alt->next ? copy_stmts(arena(e), e->rule->stmts.first) : NULL;
		add_all(e->rule, alt->stmts.first);
		add_jump(e, e->rule, NFT_JUMP, v);
		if (!alt->next)
			break;
		new_rule(e);
		add_all(e->rule, again);
	}
	e->chain = v;
	new_rule(e);
}

static void emit_any(struct emit *e, const struct xl_prog *prog, struct xl_term *t)
{
	struct nft_chain *v;

	if (!t->alts->next) {
		emit_plain(e, t);
		return;
	}
	if (can_repeat(e, prog, t)) {
		emit_repeated(e, t);
		return;
	}
	into_helper(e);
	v = xl_place_helper(e->place);
	for (struct xl_alt *alt = t->alts; alt; alt = alt->next)
		emit_alt(e, alt, NFT_GOTO, v);
	end_helper(e);
	e->chain = v;
	new_rule(e);
}

static bool is_lone_verdict(const struct xl_alt *alt)
{
	const struct nft_stmt *s = alt->stmts.first;

	return s && !s->next && !alt->next && s->kind == NFT_S_VERDICT &&
	       (s->verdict == NFT_ACCEPT || s->verdict == NFT_DROP);
}

/* Several rules as effect. Where the second is only "drop" and the tests have no state, the tests
 * are written twice, which reads better than a chain. */
static void emit_effects(struct emit *e, struct xl_prog *prog, struct nft_stmt *counter)
{
	struct xl_alt *alt = prog->effects;
	struct nft_stmt *again = NULL;
	bool bare = in_fresh_helper(e);

	if (alt && alt->next && e->chain == e->home && !e->state && is_lone_verdict(alt->next) &&
	    !e->place->env->opts.single)
		again = copy_stmts(arena(e), e->rule->stmts.first);
	if (counter) {
		e->rule->counts = true;
		add(e, counter);
	}
	if (alt && alt->next && !again && !bare) {
		enter(e, xl_place_helper(e->place));
		new_rule(e);
	}
	for (; alt; alt = alt->next) {
		add_all(e->rule, alt->stmts.first);
		if (!alt->next)
			break;
		new_rule(e);
		if (again)
			add_all(e->rule, again);
	}
}

static bool leaves_chain(const struct xl_prog *prog)
{
	const struct nft_stmt *s = prog->effects ? prog->effects->stmts.first : NULL;

	for (; s; s = s->next)
		if (s->kind == NFT_S_VERDICT &&
		    (s->verdict == NFT_RETURN || s->verdict == NFT_GOTO))
			return true;
	return false;
}

static bool needs_helper(const struct xl_prog *prog)
{
	bool state = false;
	unsigned int n = 0;

	for (const struct xl_term *t = prog->terms; t; t = t->next) {
		n += weight(t->alts);
		if (t->kind == XL_NONE || (t->kind == XL_ANY && t->alts->next) ||
		    (t->kind == XL_DO && t != prog->terms))
			return true;
		if (state && any_reads_packet(t->alts->stmts.first))
			return true;
		state |= t->stateful;
	}
	return n > NFT_RULE_ROOM;
}

bool xl_needs_tail(const struct xl_prog *prog)
{
	return leaves_chain(prog) && needs_helper(prog);
}

void xl_emit_rule(struct xl_place *p, const struct xl_source *source, struct xl_prog *prog,
		  struct nft_stmt *counter)
{
	struct emit e = { .place = p, .source = source, .home = p->chain, .chain = p->chain };
	struct nft_rule *first, *r;

	if (xl_needs_tail(prog)) {
		e.tail = xl_place_helper(p);
		e.tail->tail = true;
	}
	new_rule(&e);
	first = e.rule;
	first->comment = prog->comment;
	first->opaque = prog->opaque;
	first->approximate = prog->approximate;
	for (struct xl_term *t = prog->terms; t; t = t->next) {
		if (t->kind == XL_NONE)
			emit_none(&e, t);
		else if (t->kind == XL_ANY)
			emit_any(&e, prog, t);
		else if (t->kind == XL_DO)
			emit_do(&e, t);
		else
			emit_plain(&e, t);
	}
	emit_effects(&e, prog, counter);
	if (!e.tail)
		return;
	if (e.rule->stmts.first != counter)
		end_helper(&e);
	r = nft_rule_new(p->env->out, p->chain, source);
	add_jump(&e, r, NFT_GOTO, e.tail);
	p->chain = e.tail;
}
