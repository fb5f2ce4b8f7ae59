// SPDX-License-Identifier: GPL-2.0-or-later
/* Which probes are sent, in what order. */
#include "translate/physdev.h"
#include "verify/residue.h"

#include <string.h>

enum {
	RETRIES = 12,	  /* for a rule that nothing reached */
	SPOILT = 512,	  /* malformed packets */
	VAIN = 4000,	  /* probes: retries that reach nothing in so many will not */
	VAIN_RETRIES = 2, /* nor in so many rounds */
	RANDOM_SHARE = 4, /* one random probe to so many made ones */
	RANDOM_MOST = 16384,
};

bool vf_note_reached(struct vf_session *r)
{
	if (!vf_count_side(r, 0))
		return false;
	r->res->reached = 0;
	for (size_t i = 0; i < r->res->rules.n; i++) {
		r->reached[i] |= r->counts[0][i].packets != r->start[0][i].packets;
		r->res->reached += r->reached[i];
	}
	return true;
}

static void progress(struct vf_session *r, size_t about)
{
	if (r->setup->progress && !(r->res->probes % 512))
		r->setup->progress(r->setup->progress_to, r->res->probes, about);
}

enum { EXTENSIONS = VF_HBH | VF_DSTOPTS | VF_ROUTING };

/* The plainest: what was a later fragment may not match after all. Of pairs, that with the nearest
 * rule. */
static void keep_hit(struct vf_session *r, const struct vf_probe *p)
{
	size_t i = vf_rules_find(&r->res->rules, &p->aim->source);
	struct vf_probe *hits = p->pair ? r->pairs : r->hits;

	if (i == r->res->rules.n || !r->chance[i] ||
	    (hits[i].aim && (p->pair || p->flags & (EXTENSIONS | VF_FRAGMENT))))
		return;
	hits[i] = *p;
}

static bool send_probe(struct vf_session *r, struct vf_probe *p, size_t about)
{
	const struct xl_env *env = r->setup->env;
	bool alone = !r->apart && vf_suspect(r, p), same = true;

	/* Nobody is to send marks with the bits that say which port of a bridge a packet came by.
	 */
	if (env)
		p->mark &= ~xl_physdev_bits(env, p->family);
	if (vf_stopped(r) || (alone && !vf_apart_begin(r)))
		return false;
	if (r->hits && p->hit && p->aim && !alone && !r->apart)
		keep_hit(r, p);
	vf_keep_draw(r, p);
	for (unsigned int i = 0; same && i < (p->repeat ? p->repeat : 1U); i++) {
		p->number = r->number++;
		p->sport += i && p->flags & VF_STEP;
		r->res->probes++;
		progress(r, about);
		if (!vf_send_all(r, p, &same))
			return false;
	}
	if (!same && !vf_differs(r, p))
		return false;
	return alone ? vf_apart_end(r) : true;
}

static bool enough(const struct vf_session *r)
{
	return r->setup->max && r->res->probes >= r->setup->max;
}

/* A packet that matches must not do so as a later fragment, whose first bytes may look the same. */
static bool send_fragment(struct vf_session *r, const struct vf_probe *p, size_t about)
{
	struct vf_probe f = *p;

	if (!p->hit || r->setup->unguarded || p->flags & VF_FRAGMENT || p->ct != VF_CT_NONE ||
	    p->repeat > 1)
		return true;
	f.flags |= VF_FRAGMENT;
	f.frag_off = 3;
	f.frag_more = false;
	return send_probe(r, &f, about);
}

/* One packet for each rule comes with an extension header, which hardly a rule asks for and all
 * must look past. */
static bool send_extended(struct vf_session *r, const struct vf_probe *p, size_t about)
{
	static const unsigned int each[] = { VF_HBH, VF_DSTOPTS, VF_ROUTING };
	struct vf_probe e = *p;

	if (p->family != NFPROTO_IPV6 || !p->hit || p->aim == r->extended || p->repeat > 1 ||
	    p->flags & (EXTENSIONS | VF_FRAGMENT | VF_AH) || p->ct != VF_CT_NONE)
		return true;
	r->extended = p->aim;
	e.flags |= each[r->number % 3];
	return send_probe(r, &e, about);
}

/* One packet for each rule comes again with some bits of a mark, the others, and the first: rules
 * that set, save or restore marks must leave alone or replace each of them. In the end its
 * connection has the others, which what saves a mark for new ones must replace, too. */
static bool send_marked(struct vf_session *r, const struct vf_probe *p, size_t about)
{
	struct vf_probe m = *p;
	uint32_t mark = (r->number | 1) * 2654435761U;

	if (!r->marks || !p->hit || p->aim == r->marked || p->repeat > 1 || p->flags & VF_FRAGMENT)
		return true;
	r->marked = p->aim;
	m.hit = false; /* since it may ask for another mark */
	for (int i = 0; i < 3; i++, mark = ~mark) {
		m.mark = mark;
		if (i == 2 && p->ct == VF_CT_NONE)
			m.ct = VF_CT_UNANSWERED;
		m.ct_mark = m.ct != VF_CT_NONE && m.ct != VF_CT_INVALID ? ~mark : 0;
		if (!send_probe(r, &m, about))
			return false;
	}
	return true;
}

/* Random packets have some, too, or are the first fragment of what does not come. */
static void add_extensions(struct vf_probe *p, size_t at)
{
	if (p->family == NFPROTO_IPV6 && at % 6 == 1)
		p->flags |= EXTENSIONS & (unsigned int)(at / 6 * VF_HBH);
	if (at % 16 == 5 && !(p->flags & VF_FRAGMENT)) {
		p->flags |= VF_FRAGMENT;
		p->frag_off = 0;
		p->frag_more = true;
	}
}

/* Where the number is limited, a third is left for the rounds after it. */
static bool first_round(struct vf_session *r)
{
	size_t about = r->res->rules.n * 24, most = r->setup->max - r->setup->max / 3;
	struct vf_probe p;

	while (!enough(r) && !(most && r->res->probes >= most) && vf_next(r->gen, &p))
		if (!send_probe(r, &p, about) || !send_fragment(r, &p, about) ||
		    !send_extended(r, &p, about) || !send_marked(r, &p, about))
			return false;
	return vf_note_reached(r);
}

/* What makes the kernel itself send: a RST, an ICMP error, an echo reply. */
static bool send_calls(struct vf_session *r, uint8_t family)
{
	bool v4 = family == NFPROTO_IPV4;
	const uint8_t protos[] = { IPPROTO_TCP, IPPROTO_UDP, v4 ? IPPROTO_ICMP : IPPROTO_ICMPV6 };
	const struct vf_topology *t = r->setup->topo;

	for (size_t d = 0; d < t->n; d++) {
		for (size_t i = 0; i < t->devices[d].n_own; i++) {
			const struct vf_net *own = &t->devices[d].own[i];
			struct vf_probe p = {
				.family = family,
				.in = (int)d,
				.ttl = 64,
				.ip_id = 0x1234,
				.sport = 40000,
				.dport = 9,
				.tcp_flags = 2,
				.payload = 16,
				.type = v4 ? 8 : 128,
				.smac = { 2, 0, 0, 0, (uint8_t)d, 2 },
			};

			if (own->family != family || !strcmp(t->devices[d].name, "lo"))
				continue;
			memcpy(p.daddr, own->addr, sizeof(p.daddr));
			memcpy(p.saddr, own->addr, sizeof(p.saddr));
			p.saddr[v4 ? 3 : 15] ^= 2;
			for (size_t k = 0; k < 3; k++) {
				p.proto = protos[k];
				if (!send_probe(r, &p, r->res->probes))
					return false;
			}
		}
	}
	return true;
}

static bool retry_rule(struct vf_session *r, size_t i, unsigned int attempt)
{
	enum vf_hope hope;
	struct vf_sequence s;

	vf_why_not(r->gen, r->res->rules.v[i], &hope);
	if (hope > VF_HARDLY || !vf_retry(r->gen, r->res->rules.v[i], attempt, &s))
		return true;
	for (size_t k = 0; k < s.n; k++)
		if (!send_probe(r, &s.v[k], r->res->probes))
			return false;
	return true;
}

/* What is tried depends on the attempt, so that one in vain is not the last. */
static bool retry_rounds(struct vf_session *r)
{
	size_t reached = r->res->reached, since = r->res->probes;
	unsigned int vain = 0;

	for (unsigned int attempt = 0; attempt < RETRIES && !enough(r); attempt++) {
		for (size_t i = 0; i < r->res->rules.n && !enough(r); i++)
			if (!r->reached[i] && !retry_rule(r, i, attempt))
				return false;
		if (!vf_note_reached(r))
			return false;
		vain++;
		if (r->res->reached > reached) {
			reached = r->res->reached;
			since = r->res->probes;
			vain = 0;
		}
		if (vain >= VAIN_RETRIES && r->res->probes - since >= VAIN)
			break;
	}
	return true;
}

static bool random_round(struct vf_session *r)
{
	size_t n = r->res->probes / RANDOM_SHARE + 64;
	struct vf_probe p;

	if (n > RANDOM_MOST)
		n = RANDOM_MOST;
	for (size_t i = 0; i < n && !enough(r); i++) {
		vf_random(r->gen, &p);
		add_extensions(&p, i);
		if (!p.mark && i % 2)
			p.mark = (uint32_t)(i * 2654435761U); /* marks come with bits of others */
		if (!send_probe(r, &p, r->res->probes + n - i))
			return false;
		p.mark = ~p.mark;
		if (r->marks && i % 4 == 1 && !send_probe(r, &p, r->res->probes + n - i))
			return false;
	}
	return vf_note_reached(r);
}

bool vf_listen_all(struct vf_session *r, bool on)
{
	for (size_t i = 0; i < r->res->sides; i++) {
		if (!on)
			vf_side_deafen(&r->sides[i]);
		else if (!vf_side_listen(&r->sides[i]))
			return vf_stop(r, XL_EXIT_RESOURCE, r->sides[i].error);
	}
	r->listening = on;
	return true;
}

/* Malformed packets, made of good ones. */
static bool spoilt_round(struct vf_session *r)
{
	struct vf_probe p;

	if (!vf_apart_begin(r))
		return false;
	for (unsigned int i = 0; i < SPOILT && !enough(r) && vf_remembered(r->gen, &p); i++) {
		/* Of a broadcast from here, only the copy may be dropped for being malformed. */
		if (!p.hit || p.ct != VF_CT_NONE || p.flags & VF_FRAGMENT ||
		    (p.in == VF_OUT && vf_to_many(&p)) || !vf_spoil(r, &p, i % VF_SPOILS) ||
		    !vf_suspect(r, &p))
			continue;
		p.repeat = 1;
		if (!send_probe(r, &p, r->res->probes + SPOILT - i))
			return false;
	}
	return vf_apart_end(r);
}

static void new_generator(struct vf_session *r, uint8_t family, uint64_t seed)
{
	const struct vf_setup *set = r->setup;
	const char **texts =
		xl_alloc(set->arena, (set->n_saved + set->n_ipsets + 1) * sizeof(*texts));
	size_t n = 0;

	r->gen = vf_generator_new(set->arena, set->xt, set->sets, family, set->topo, seed);
	if (set->max)
		vf_generator_limit(r->gen, set->max / 2);
	if (set->nft && !set->same_rules)
		return;
	for (size_t i = 0; i < set->n_saved; i++)
		texts[n++] = set->saved[i].text;
	for (size_t i = 0; i < set->n_ipsets; i++)
		texts[n++] = set->ipsets[i];
	vf_generator_know(r->gen, set->arena, set->nft_text, texts, n);
}

/* Some of it without listeners. */
static bool deaf_round(struct vf_session *r, uint8_t family)
{
	const struct vf_setup *set = r->setup;
	struct vf_generator *gen = r->gen;
	struct vf_probe p;

	new_generator(r, family, set->seed + 1);
	while (!enough(r) && vf_next(r->gen, &p))
		if (p.hit && !send_probe(r, &p, r->res->probes))
			return false;
	r->gen = gen;
	return true;
}

/* All of it for one family. What is malformed comes last: it may leave a rule that counts (limit,
 * every nth packet) at another point on either side. */
static bool family_rounds(struct vf_session *r, uint8_t family)
{
	const struct vf_setup *set = r->setup;

	new_generator(r, family, set->seed);
	r->gens[family == NFPROTO_IPV6] = r->gen;
	if (!vf_listen_all(r, true) || !send_calls(r, family) || !first_round(r) ||
	    !retry_rounds(r) || !random_round(r) || !vf_listen_all(r, false))
		return false;
	return (!set->topo->n_listen || deaf_round(r, family)) && spoilt_round(r);
}

static bool has_family(const struct xt_ruleset *rs, uint8_t family)
{
	for (const struct xt_table *t = rs->tables; t; t = t->next)
		if (t->family == family)
			return true;
	return false;
}

void vf_list_unreached(struct vf_session *r)
{
	struct vf_result *res = r->res;

	for (size_t i = 0; i < res->rules.n; i++) {
		struct vf_unreached u = { .rule = res->rules.v[i] };
		struct vf_generator *g =
			r->gens[res->rules.chain[i]->table->family == NFPROTO_IPV6];

		if (r->reached[i])
			continue;
		if (g)
			u.why = vf_why_not(g, u.rule, &u.hope);
		if (g && !u.why)
			u.why = vf_obstacle(g, u.rule);
		res->never += u.hope == VF_NEVER;
		xl_push(r->setup->arena, res->unreached, res->n_unreached, res->unreached_cap, u);
	}
}

bool vf_all_rounds(struct vf_session *r)
{
	static const uint8_t families[] = { NFPROTO_IPV4, NFPROTO_IPV6 };

	for (size_t i = 0; i < 2; i++)
		if (has_family(r->setup->xt, families[i]) && !family_rounds(r, families[i]))
			return false;
	return true;
}
