// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Ports that NAT chooses. In the run they are hidden, since an earlier connection may have the one
 * that a packet would get; here each packet comes when no connection is known. Then a port that the
 * packet has and may keep is kept, and over many packets all parts of a range are drawn from:
 * nf_nat_l4proto_unique_tuple() and get_unique_tuple(), net/netfilter/nf_nat_core.c.
 */
#include "verify/session.h"

#include "verify/chance.h"
#include "verify/residue.h"
#include "verify/track.h"

#include <netinet/in.h>
#include <string.h>

/*
 * How likely it is that two sides that do the same look different, for a rule:
 * - At an edge, one keeps the packet's port each time and the other never, both by chance: for a
 *   range of n ports (1/n)^TRIES * (1 - 1/n)^TRIES, at most 2^-24, for n = 2. Two edges of a range
 *   are in it, and either side may be the one that keeps: 2.4e-7.
 * - A kind that has the probability q comes OFTEN times or more on one side, and never on the
 *   other: P(Bin(DRAWS, q) >= OFTEN) * (1 - q)^DRAWS, at most 8e-4, for q = 0.07. A range's port
 *   that happens to be the packet's may be as rare. A part has a seventh of the range or more, or
 *   an eighth without that port: at most 1.1e-4 for each. With all kinds and either side as the
 *   one: 2.4e-3, and 1.4e-8 for ROUNDS of them.
 * - All draws are the same port of two or more: less than 2^-190.
 */
enum {
	MOST_RULES = 48,
	TRIES = 12,
	DRAWS = 64,
	OFTEN = DRAWS / 8,
	ROUNDS = 3,
	PARTS = 4, /* of a range */
	KEPT = PARTS,
	OUTSIDE,
	KINDS,
	ANY_LO = 1024, /* without a range, what is not privileged stays so */
	ANY_HI = 65535,
};

static bool has_port(const struct vf_probe *p)
{
	return p->proto == IPPROTO_TCP || p->proto == IPPROTO_UDP || p->proto == IPPROTO_UDPLITE;
}

void vf_keep_draw(struct vf_session *r, const struct vf_probe *p)
{
	enum { EACH = 4 }; /* the rest of the ruleset may drop some */
	struct vf_draw d = { .p = *p };
	size_t n = r->n_draws;

	/* What is malformed differs as it is documented; other packets of the rule show its ports.
	 */
	if (vf_suspect(r, p))
		return;
	if (!p->hit || !p->aim || p->ct != VF_CT_NONE || p->flags & VF_FRAGMENT || !has_port(p) ||
	    n == EACH * MOST_RULES || (n >= EACH && r->draws[n - EACH].p.aim == p->aim) ||
	    p->aim->action != XT_ACT_TARGET || !vf_nat_of(p->family, p->aim, &d.nat) ||
	    (d.nat.lo ? d.nat.lo == d.nat.hi : d.nat.to))
		return;
	d.p.repeat = 1;
	xl_push(r->setup->arena, r->draws, r->n_draws, r->draws_cap, d);
}

static uint16_t *port_of(const struct vf_nat *nat, struct vf_probe *p)
{
	return nat->to ? &p->dport : &p->sport;
}

static void forget_all(struct vf_session *r)
{
	for (size_t s = 0; s < r->res->sides; s++)
		vf_forget(&r->sides[s]);
}

static bool send_drawing(struct vf_session *r, struct vf_probe *p)
{
	bool same;

	p->number = r->number++;
	for (size_t s = 0; s < r->res->sides; s++)
		memset(r->sides[s].drawn, 0, sizeof(r->sides[s].drawn));
	return vf_send_all(r, p, &same);
}

/* Reading counters takes long with many rules: only once there is a difference. */
static bool keep_counts(struct vf_session *r)
{
	if (!vf_count_all(r))
		return false;
	vf_keep_counts(r);
	return true;
}

/* Which of the kinds a side's port is; -1: NAT has chosen none. */
static int kind_of(const struct vf_session *r, size_t side, const struct vf_draw *d,
		   const struct vf_probe *p)
{
	unsigned int port = r->sides[side].drawn[d->nat.to], lo = d->nat.lo, hi = d->nat.hi;

	if (!port)
		return -1;
	if (port == (d->nat.to ? p->dport : p->sport))
		return KEPT;
	if (!hi) {
		lo = ANY_LO;
		hi = ANY_HI;
	}
	return port < lo || port > hi ? OUTSIDE : (int)((port - lo) * PARTS / (hi - lo + 1));
}

/* Whether rules of chance have not taken as many packets on all sides since vf_keep_counts(). */
static bool by_chance(const struct vf_session *r)
{
	for (size_t i = 0; i < r->res->rules.n; i++) {
		uint64_t n = r->counts[0][i].packets - r->before[0][i].packets, other = 0;

		for (size_t s = 1; r->chance[i] & VF_CHANCE && s < r->res->sides; s++) {
			if (vf_has_counts(r, s))
				other = r->counts[s][i].packets - r->before[s][i].packets;
			if (n != other)
				return true;
		}
	}
	return false;
}

/* Notes that the sides choose differently, with what they chose as a part of what came of it. */
static bool add(struct vf_session *r, const struct vf_probe *p, const uint16_t (*ports)[2])
{
	if (!vf_count_all(r))
		return false;
	for (size_t s = 0; s < r->res->sides; s++)
		xl_buf_printf(&r->seen[s],
			      "NAT chooses ports from %u to %u for connections like this\n",
			      ports[s][0], ports[s][1]);
	return by_chance(r) || vf_add_difference(r, p);
}

static void widen(const struct vf_session *r, const struct vf_nat *nat, uint16_t (*ports)[2])
{
	for (size_t s = 0; s < r->res->sides; s++) {
		uint16_t port = r->sides[s].drawn[nat->to];

		if (port && (!ports[s][0] || port < ports[s][0]))
			ports[s][0] = port;
		if (port > ports[s][1])
			ports[s][1] = port;
	}
}

/* A packet with a port at an end of the range, or beside it: kept or not, each time. */
static bool compare_edge(struct vf_session *r, const struct vf_draw *d, struct vf_probe *p)
{
	uint16_t ports[VF_SIDES][2] = { 0 };
	int first[VF_SIDES] = { 0 };

	for (int i = 0; i < TRIES; i++) {
		bool differ = false;

		if (i == 1 && !keep_counts(r))
			return false;
		forget_all(r);
		if (!send_drawing(r, p))
			return false;
		for (size_t s = 0; s < r->res->sides; s++) {
			int k = kind_of(r, s, d, p);
			int way = k < 0 ? k : k < KEPT ? 0 : k;

			if (way < 0 || (i && way != first[s]))
				return true;
			first[s] = way;
			differ |= way != first[0];
		}
		if (!differ || first[0] == OUTSIDE)
			return true;
		widen(r, &d->nat, ports);
	}
	return add(r, p, ports);
}

static bool compare_edges(struct vf_session *r, const struct vf_draw *d)
{
	struct vf_generator *g = r->gens[d->p.family == NFPROTO_IPV6];
	const int edges[] = { d->nat.lo - 1, d->nat.lo, d->nat.hi, d->nat.hi + 1 };

	for (size_t i = 0; d->nat.hi && i < sizeof(edges) / sizeof(edges[0]); i++) {
		struct vf_probe p = d->p;
		size_t before = r->res->different;

		if (edges[i] < 1 || edges[i] > 65535)
			continue;
		*port_of(&d->nat, &p) = (uint16_t)edges[i];
		if (vf_expected(g, &p, p.aim) == VF_NO)
			continue;
		if (!compare_edge(r, d, &p))
			return false;
		if (r->res->different != before)
			return true;
	}
	return true;
}

/* Another connection, with a port that the range has not, unless that has nearly all. The same
 * connection would be given the same port: nf_nat_masquerade_ipv4() and the like are asked once. */
static bool next_port(struct vf_session *r, const struct vf_draw *d, struct vf_probe *p)
{
	unsigned int port = p->sport + 1U, lo = d->nat.lo, hi = d->nat.hi;
	bool room = lo >= ANY_LO + DRAWS || hi <= ANY_HI - DRAWS;

	if (!d->nat.to && room && port >= lo && port <= hi)
		port = hi + 1U;
	p->sport = port > 65535 || port < ANY_LO ? ANY_LO : (uint16_t)port;
	return vf_expected(r->gens[p->family == NFPROTO_IPV6], p, p->aim) != VF_NO;
}

/* False when they do not tell, or the run ends. */
static bool draw(struct vf_session *r, const struct vf_draw *d, unsigned int (*n)[KINDS],
		 uint16_t (*ports)[2])
{
	struct vf_probe p = d->p;

	forget_all(r);
	for (int i = 0; i < DRAWS; i++) {
		if (!next_port(r, d, &p) || !send_drawing(r, &p))
			return false;
		widen(r, &d->nat, ports);
		for (size_t s = 0; s < r->res->sides; s++) {
			int k = kind_of(r, s, d, &p);

			if (k < 0)
				return false;
			n[s][k]++;
		}
	}
	return true;
}

/* What one side does often and another never; or one has always the same port, and another not. */
static bool spread_differs(const struct vf_session *r, unsigned int (*n)[KINDS],
			   const uint16_t (*ports)[2])
{
	bool one = ports[0][0] == ports[0][1];

	for (size_t s = 1; s < r->res->sides; s++) {
		if (one != (ports[s][0] == ports[s][1]) || (one && ports[s][0] != ports[0][0]))
			return true;
		for (int k = 0; k < KINDS; k++)
			if ((!n[0][k] && n[s][k] >= OFTEN) || (!n[s][k] && n[0][k] >= OFTEN))
				return true;
	}
	return false;
}

static bool compare_spread(struct vf_session *r, const struct vf_draw *d, bool *told)
{
	uint16_t ports[VF_SIDES][2] = { 0 };

	for (int i = 0; i < ROUNDS; i++) {
		unsigned int n[VF_SIDES][KINDS] = { 0 };

		if (i == 1 && !keep_counts(r))
			return false;
		/* What the rules do not say is some other rule's. */
		if (!draw(r, d, n, ports) || n[0][OUTSIDE])
			return !r->status;
		*told = true;
		if (!spread_differs(r, n, ports))
			return true;
	}
	return add(r, &d->p, ports);
}

void vf_compare_draws(struct vf_session *r)
{
	const struct xt_rule *done = NULL;

	for (size_t i = 0; i < r->n_draws && !vf_stopped(r); i++) {
		const struct vf_draw *d = &r->draws[i];
		size_t before = r->res->different;
		bool told = false;

		if (d->p.aim == done)
			continue;
		if (!compare_edges(r, d))
			return;
		told = r->res->different != before;
		if (!told && !compare_spread(r, d, &told))
			return;
		if (told)
			done = d->p.aim;
	}
}
