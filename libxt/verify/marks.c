// SPDX-License-Identifier: GPL-2.0-or-later
/* Follows marks through the hooks, from the first, where they may be any. Every jump is followed
 * with what its way has asked for, so that a chain that all of its packets leave with a mark is
 * known to give it. */
#include "verify/marks.h"

#include "verify/cover.h"

#include <linux/netfilter/xt_CONNMARK.h>
#include <linux/netfilter/xt_MARK.h>
#include <linux/netfilter/xt_mark.h>
#include <linux/netfilter_ipv4/ip_tables.h>
#include <string.h>

enum { MAX_STEPS = 1 << 18, MAX_DEPTH = 64 };

/**
 * struct known - what is known of the mark at a point
 * @none: no packet comes here
 * @bits, @value: those of its bits that are known
 * @by: the rules that have told of each bit
 */
struct known {
	bool none;
	uint32_t bits, value;
	const struct vf_rule *by[32];
};

/** struct walk - @left: steps; @passed: what goes on from the base chain where it is */
struct walk {
	const struct vf_chains *c;
	unsigned int left;
	struct known passed;
};

static struct known either(struct known a, struct known b)
{
	if (a.none)
		return b;
	if (b.none)
		return a;
	a.bits &= b.bits & ~(a.value ^ b.value);
	a.value &= a.bits;
	return a;
}

static bool is_mark(const struct vf_cond *c)
{
	return c->kind && !strcmp(c->kind->name, "mark");
}

/* What a test of the mark says of those that come. */
static enum vf_test mark_is(const struct vf_cond *c, const struct known *k)
{
	const struct xt_mark_mtinfo1 *m = c->data;

	if ((k->value ^ m->mark) & k->bits & m->mask || m->mark & ~m->mask)
		return m->invert ? VF_YES : VF_NO;
	if ((k->bits & m->mask) == m->mask)
		return m->invert ? VF_NO : VF_YES;
	return VF_UNKNOWN;
}

static void told(struct known *k, uint32_t bits, const struct vf_rule *by)
{
	for (unsigned int i = 0; i < 32; i++)
		if (bits & 1U << i)
			k->by[i] = by;
}

static void learn(struct known *k, uint32_t bits, uint32_t value, const struct vf_rule *by)
{
	bits &= ~k->bits;
	k->bits |= bits;
	k->value |= value & bits;
	told(k, bits, by);
}

/* Of those that match the test, or of the others. */
static void learn_from(struct known *k, const struct vf_cond *c, bool match,
		       const struct vf_rule *by)
{
	const struct xt_mark_mtinfo1 *m = c->data;

	if (match != !!m->invert)
		learn(k, m->mask, m->mark, by);
	else if (!(m->mask & (m->mask - 1)))
		learn(k, m->mask, ~m->mark, by);
}

bool vf_sets_mark(const struct vf_rule *r, uint32_t *mark)
{
	const struct xt_mark_tginfo2 *m = (const void *)r->target->data;

	if (r->xt->action != XT_ACT_TARGET || strcmp(r->target->u.user.name, "MARK") != 0 ||
	    r->target->u.user.revision != 2)
		return false;
	*mark = (*mark & ~m->mask) ^ m->mark;
	return true;
}

/* What is left of the mark by a target of which more is not known. */
static uint32_t keeps(const struct vf_rule *r)
{
	static const char *const all[] = {
		"AUDIT", "CHECKSUM", "CLASSIFY", "CT",	    "DSCP",    "ECN",	 "HL",
		"LED",	 "LOG",	     "NFLOG",	 "NOTRACK", "RATEEST", "TCPMSS", "TCPOPTSTRIP",
		"TEE",	 "TOS",	     "TRACE",	 "TTL",	    "ULOG",
	};
	const struct xt_connmark_tginfo1 *one = (const void *)r->target->data;
	const struct xt_connmark_tginfo2 *two = (const void *)r->target->data;
	uint8_t rev = r->target->u.user.revision;

	if (r->xt->action != XT_ACT_TARGET)
		return UINT32_MAX;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (!strcmp(r->target->u.user.name, all[i]))
			return UINT32_MAX;
	if (strcmp(r->target->u.user.name, "CONNMARK") != 0 || rev < 1 || rev > 2)
		return 0;
	if ((rev == 1 ? one->mode : two->mode) != XT_CONNMARK_RESTORE)
		return UINT32_MAX;
	/* connmark_tg_shift(): these bits are replaced; with a shift, others are. */
	return rev == 1 || !two->shift_bits ? ~(one->nfmask | one->ctmask) : 0;
}

static struct known changed(const struct vf_rule *r, struct known k)
{
	const struct xt_mark_tginfo2 *m = (const void *)r->target->data;
	uint32_t mark = k.value, kept;

	if (vf_sets_mark(r, &mark)) {
		/* Bits of @mark alone are inverted, those of @mask are replaced. */
		k.bits |= m->mask;
		k.value = mark & k.bits;
		told(&k, m->mask, r);
		return k;
	}
	kept = keeps(r);
	k.bits &= kept;
	k.value &= kept;
	return k;
}

/* Whether all that come with @sum asked for match its other tests. */
static bool takes_others(const struct vf_rule *r, const struct vf_sum *sum)
{
	if (!vf_head_covers(&r->head, &sum->rule.head))
		return false;
	for (size_t i = 0; i < r->n; i++)
		if (!is_mark(&r->conds[i]) && !vf_is_comment(&r->conds[i]) &&
		    !(vf_steady(&r->conds[i]) && vf_asks(&sum->rule, &r->conds[i])))
			return false;
	return true;
}

/* Parts those that come into @in, that match, and @out. */
static void part(const struct vf_rule *r, const struct vf_sum *sum, const struct known *k,
		 struct known *in, struct known *out)
{
	const struct vf_cond *unsure = NULL;
	unsigned int n = 0;

	*in = *out = *k;
	for (size_t i = 0; i < r->n; i++) {
		enum vf_test t = is_mark(&r->conds[i]) ? mark_is(&r->conds[i], in) : VF_YES;

		if (t == VF_NO)
			in->none = true;
		if (t != VF_UNKNOWN)
			continue;
		unsure = &r->conds[i];
		learn_from(in, unsure, true, r);
		n++;
	}
	if (in->none || !takes_others(r, sum))
		return;
	if (!n) {
		out->none = true;
	} else if (n == 1) {
		learn_from(out, unsure, false, r);
	}
}

static struct known walk(struct walk *w, struct vf_chain *c, const struct vf_sum *sum,
			 struct known k, unsigned int depth);

static struct known call(struct walk *w, const struct vf_rule *r, const struct vf_sum *sum,
			 struct known k, unsigned int depth)
{
	struct vf_sum more = *sum;

	if (!vf_sum_add(&more, r))
		return (struct known){ .none = true };
	return walk(w, r->jump, &more, k, depth + 1);
}

static bool is_tproxy(const struct vf_rule *r)
{
	return r->xt->action == XT_ACT_TARGET && !strcmp(r->target->u.user.name, "TPROXY");
}

/* What a target lets go on to the next base chain. TPROXY gives marks, and so may whatever the
 * packets are queued for. */
static void pass(struct walk *w, const struct vf_rule *r, struct known in)
{
	static const char *const drop[] = { "REJECT", "TARPIT" };

	if (r->xt->action == XT_ACT_DROP)
		return;
	for (size_t i = 0; r->xt->action == XT_ACT_TARGET && i < sizeof(drop) / sizeof(drop[0]);
	     i++)
		if (!strcmp(r->target->u.user.name, drop[i]))
			return;
	if (r->effect == VF_EFFECT_DROP || is_tproxy(r))
		in.bits = in.value = 0;
	w->passed = either(w->passed, in);
}

/* Follows those that match; returns what goes on in the chain, *@back is what returns. */
static struct known follow(struct walk *w, const struct vf_rule *r, const struct vf_sum *sum,
			   struct known in, struct known *back, unsigned int depth)
{
	static const struct known nobody = { .none = true };

	switch (r->effect) {
	case VF_EFFECT_NONE:
	case VF_EFFECT_CHANGE:
		return changed(r, in);
	case VF_EFFECT_RETURN:
		*back = either(*back, in);
		return nobody;
	case VF_EFFECT_JUMP:
		return call(w, r, sum, in, depth);
	case VF_EFFECT_GOTO:
		*back = either(*back, call(w, r, sum, in, depth));
		return nobody;
	default:
		pass(w, r, in);
		return vf_takes_some(r) ? in : nobody;
	}
}

/* The rule that has told of a bit that @r wants otherwise; itself when it is its own tests. */
static const struct vf_rule *teller(const struct vf_rule *r, const struct known *k)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct xt_mark_mtinfo1 *m = r->conds[i].data;
		uint32_t bits;

		if (!is_mark(&r->conds[i]) || mark_is(&r->conds[i], k) != VF_NO)
			continue;
		bits = k->bits & m->mask & (m->invert ? UINT32_MAX : k->value ^ m->mark);
		if (bits)
			return k->by[__builtin_ctz(bits)];
	}
	return r;
}

static struct known walk(struct walk *w, struct vf_chain *c, const struct vf_sum *sum,
			 struct known k, unsigned int depth)
{
	struct known back = { .none = true };
	const struct vf_rule *last = NULL;

	for (struct vf_rule *r = c->rules; r < c->rules + c->n; r++) {
		struct known in, out;

		if (!w->left || depth > MAX_DEPTH) {
			w->left = 0;
			return k;
		}
		w->left--;
		if (k.none) {
			r->marked = r->marked ? r->marked : last;
			r->comes = false;
			continue;
		}
		if (vf_wants_nothing(w->c, r))
			continue;
		part(r, sum, &k, &in, &out);
		if (in.none) {
			r->comes = true;
			r->marked = teller(r, &k);
			continue;
		}
		r->may = true;
		in = follow(w, r, sum, in, &back, depth);
		k = either(out, in);
		last = r;
	}
	return either(k, back);
}

static bool wanted(const struct vf_chains *c)
{
	for (size_t i = 0; i < c->n; i++)
		for (size_t j = 0; j < c->all[i].n; j++)
			for (size_t k = 0; k < c->all[i].rules[j].n; k++)
				if (is_mark(&c->all[i].rules[j].conds[k]))
					return c->n_changes > 0;
	return false;
}

/* What goes on from a hook; rules of nat see only the first packet of a connection. */
static struct known through(struct walk *w, const struct vf_chains *c, int hook, struct known k)
{
	for (unsigned int i = 0; i < c->n_base[hook] && !k.none; i++) {
		struct vf_chain *base = c->base[hook][i];
		struct vf_sum sum = { .rule = { .head = { .family = c->family } } };
		struct known end;

		w->passed = (struct known){ .none = true };
		end = walk(w, base, &sum, k, 0);
		if (base->xt->policy != XT_POLICY_DROP)
			w->passed = either(w->passed, end);
		k = base->nat ? either(w->passed, k) : w->passed;
	}
	return k;
}

/* Those to which no rule leads that may be taken. */
static void find_uncalled(struct vf_chain *c)
{
	bool may = !c->depth || c->depth == VF_FAR;

	for (size_t i = 0; i < c->n_callers && !may; i++)
		may = c->callers[i]->may;
	for (size_t i = 0; i < c->n && !may; i++)
		c->rules[i].uncalled = c->callers[0];
}

void vf_marks_find(struct vf_chains *c)
{
	struct walk w = { .c = c, .left = MAX_STEPS };
	struct known in, out;
	bool ok = wanted(c);

	if (ok) {
		in = through(&w, c, NF_INET_PRE_ROUTING, (struct known){ 0 });
		through(&w, c, NF_INET_LOCAL_IN, in);
		in = through(&w, c, NF_INET_FORWARD, in);
		out = through(&w, c, NF_INET_LOCAL_OUT, (struct known){ 0 });
		through(&w, c, NF_INET_POST_ROUTING, either(in, out));
	}
	ok = ok && w.left;
	for (size_t i = 0; i < c->n; i++) {
		for (size_t j = 0; j < c->all[i].n; j++)
			if (!ok || c->all[i].rules[j].may)
				c->all[i].rules[j].marked = NULL;
		if (ok)
			find_uncalled(&c->all[i]);
	}
}
