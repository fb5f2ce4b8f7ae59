// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/aims.h"

#include <linux/netfilter/xt_TCPMSS.h>
#include <string.h>

/* Bits that a target may keep or change. */
static bool marks(const struct vf_rule *r, struct vf_packet *k, unsigned int n)
{
	/* For any two bits, all four ways. */
	static const uint32_t patterns[] = { 0xffffffff, 0,	     0x55555555, 0xaaaaaaaa,
					     0x33333333, 0xcccccccc, 0x0f0f0f0f, 0xf0f0f0f0,
					     0x00ff00ff, 0xff00ff00, 0x0000ffff, 0xffff0000 };
	enum { N = sizeof(patterns) / sizeof(patterns[0]) };

	if (n >= N)
		return false;
	k->p.mark = patterns[n];
	if (strcmp(r->target->u.user.name, "CONNMARK") != 0)
		return true;
	k->p.ct_mark = patterns[(n + 3) % N];
	if (k->p.ct == VF_CT_NONE)
		k->p.ct = VF_CT_ESTABLISHED;
	return true;
}

static bool head_bytes(const struct vf_rule *r, struct vf_packet *k, unsigned int n)
{
	static const uint8_t tos[] = { 0xff, 0, 0x55, 0xaa }, ttl[] = { 255, 2, 65, 129 };

	(void)r;
	if (n >= sizeof(tos))
		return false;
	k->p.tos = tos[n];
	k->p.ttl = ttl[n];
	k->p.tcp_flags = (uint8_t)(k->p.tcp_flags | (n & 1 ? 0xc0 : 0));
	return true;
}

static bool sizes(const struct vf_rule *r, struct vf_packet *k, unsigned int n)
{
	const struct xt_tcpmss_info *i = (const void *)r->target->data;
	const int by[] = { -1, 0, 1, 20000 };

	if (n >= sizeof(by) / sizeof(by[0]))
		return false;
	k->p.flags |= VF_TCP_OPTION;
	k->p.tcp_option = 2;
	k->p.tcp_option_value = (uint16_t)((i->mss == 0xffff ? 1400 : i->mss) + by[n]);
	return true;
}

/* A range of addresses is gone through by a hash of both ends. */
static bool clients(const struct vf_rule *r, struct vf_packet *k, unsigned int n)
{
	struct vf_rng rng = { (uint64_t)n * 77 + 5 };

	(void)r;
	if (n >= 8 || k->p.in < 0)
		return false;
	vf_addr_behind(k, k->p.in, k->p.saddr, &rng);
	return true;
}

static const struct {
	const char *name;
	bool (*edge)(const struct vf_rule *r, struct vf_packet *k, unsigned int n);
} targets[] = {
	{ "CONNMARK", marks }, { "DNAT", clients },   { "DSCP", head_bytes }, { "ECN", head_bytes },
	{ "HL", head_bytes },  { "MARK", marks },     { "NETMAP", clients },  { "SNAT", clients },
	{ "TCPMSS", sizes },   { "TOS", head_bytes }, { "TPROXY", marks },    { "TTL", head_bytes },
};

bool vf_target_edge(const struct vf_rule *r, struct vf_packet *k, unsigned int n)
{
	if (r->xt->action != XT_ACT_TARGET)
		return false;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		if (!strcmp(targets[i].name, r->target->u.user.name))
			return targets[i].edge(r, k, n);
	return false;
}

bool vf_make_pair(struct vf_maker *m, const struct vf_goal *g, struct vf_rule *next,
		  const struct vf_packet *base, struct vf_packet *k)
{
	struct vf_goal both = *g;
	bool comes_back = g->aim->effect == VF_EFFECT_JUMP;

	if (both.n == VF_MAX_NEEDS)
		return false;
	both.hooks[both.n] = g->hooks[g->n_path - 1];
	both.needs[both.n++] = next;
	if (comes_back) {
		both.aim = next;
		both.n_path = both.n;
		return vf_make(m, &both, k) && !vf_unmet(&both, k, NULL);
	}
	*k = *base;
	vf_meet(m, &both, k);
	return !vf_unmet(&both, k, NULL);
}
