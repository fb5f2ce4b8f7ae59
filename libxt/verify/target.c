// SPDX-License-Identifier: GPL-2.0-or-later
/* What targets do to a packet, as far as later rules see it. */
#include "verify/chains.h"

#include <linux/netfilter/nf_nat.h>
#include <linux/netfilter/xt_CT.h>
#include <linux/netfilter/xt_CONNMARK.h>
#include <linux/netfilter/xt_MARK.h>
#include <linux/netfilter/xt_TPROXY.h>
#include <netinet/in.h>
#include <string.h>

static void change_mark(const struct vf_rule *r, struct vf_packet *k)
{
	const struct xt_mark_tginfo2 *m = (const void *)r->target->data;

	if (r->target->u.user.revision == 2)
		k->p.mark = (k->p.mark & ~m->mask) ^ m->mark;
}

/* connmark_tg_shift(), net/netfilter/xt_connmark.c, without the shift. */
static void change_connmark(const struct vf_rule *r, struct vf_packet *k)
{
	const struct xt_connmark_tginfo1 *one = (const void *)r->target->data;
	const struct xt_connmark_tginfo2 *two = (const void *)r->target->data;
	uint8_t mode = r->target->u.user.revision == 2 ? two->mode : one->mode;

	if (r->target->u.user.revision == 0)
		return;
	if (mode == XT_CONNMARK_SET)
		k->p.ct_mark = (k->p.ct_mark & ~one->ctmask) ^ one->ctmark;
	else if (mode == XT_CONNMARK_SAVE)
		k->p.ct_mark = (k->p.ct_mark & ~one->ctmask) ^ (k->p.mark & one->nfmask);
	else
		k->p.mark = (k->p.mark & ~one->nfmask) ^ (k->p.ct_mark & one->ctmask);
}

static void notrack(const struct vf_rule *r, struct vf_packet *k)
{
	(void)r;
	k->untracked = true;
}

static void change_ct(const struct vf_rule *r, struct vf_packet *k)
{
	const struct xt_ct_target_info *i = (const void *)r->target->data;

	if (i->flags & XT_CT_NOTRACK)
		k->untracked = true;
}

static void translate4(const struct nf_nat_ipv4_range *n, uint8_t *addr, uint16_t *port)
{
	if (n->flags & NF_NAT_RANGE_MAP_IPS)
		memcpy(addr, &n->min_ip, 4);
	if (n->flags & NF_NAT_RANGE_PROTO_SPECIFIED)
		*port = ntohs(n->min.all);
}

static void translate(const struct vf_rule *r, struct vf_packet *k, uint8_t *addr, uint16_t *port)
{
	const struct nf_nat_ipv4_multi_range_compat *old = (const void *)r->target->data;
	const struct nf_nat_range *n = (const void *)r->target->data;

	if (k->p.family == NFPROTO_IPV4 && r->target->u.user.revision < 2) {
		translate4(&old->range[0], addr, port);
		return;
	}
	if (n->flags & NF_NAT_RANGE_MAP_IPS)
		memcpy(addr, &n->min_addr, k->p.family == NFPROTO_IPV4 ? 4 : 16);
	if (n->flags & NF_NAT_RANGE_PROTO_SPECIFIED)
		*port = ntohs(n->min_proto.all);
}

static void dnat(const struct vf_rule *r, struct vf_packet *k)
{
	k->dnat = true;
	translate(r, k, k->p.daddr, &k->p.dport);
}

/* The first address that the device has in the kernel: of IPv6, that is the last given. */
static const uint8_t *first_own(const struct vf_device *d, uint8_t family)
{
	const uint8_t *first = NULL;

	for (size_t i = 0; i < d->n_own; i++) {
		const struct vf_net *own = &d->own[i];

		if (own->family == family && !vf_is_multicast(family, own->addr) &&
		    (!first || family == NFPROTO_IPV6))
			first = own->addr;
	}
	return first;
}

/* To the address of the device by which it came: nf_nat_redirect_ipv4(). */
static void redirect(const struct vf_rule *r, struct vf_packet *k)
{
	const uint8_t *to;

	k->dnat = true;
	translate(r, k, k->p.daddr, &k->p.dport);
	if (k->p.in >= 0) {
		to = first_own(&k->topo->devices[k->p.in], k->p.family);
		if (to)
			memcpy(k->p.daddr, to, sizeof(k->p.daddr));
		return;
	}
	memset(k->p.daddr, 0, 16);
	k->p.daddr[0] = k->p.family == NFPROTO_IPV4 ? 127 : 0;
	k->p.daddr[k->p.family == NFPROTO_IPV4 ? 3 : 15] = 1;
}

static void snat(const struct vf_rule *r, struct vf_packet *k)
{
	(void)r;
	k->snat = true;
}

/* Both revisions begin with the mark. */
static void tproxy(const struct vf_rule *r, struct vf_packet *k)
{
	const struct xt_tproxy_target_info *i = (const void *)r->target->data;

	k->p.mark = (k->p.mark & ~i->mark_mask) ^ i->mark_value;
	k->stolen = true;
}

static const struct {
	const char *name;
	enum vf_effect effect;
	void (*change)(const struct vf_rule *r, struct vf_packet *k);
} targets[] = {
	{ "CONNMARK", VF_EFFECT_CHANGE, change_connmark },
	{ "CT", VF_EFFECT_CHANGE, change_ct },
	{ "DNAT", VF_EFFECT_NAT, dnat },
	{ "MARK", VF_EFFECT_CHANGE, change_mark },
	{ "MASQUERADE", VF_EFFECT_NAT, snat },
	{ "NETMAP", VF_EFFECT_ACCEPT, NULL },
	{ "NFQUEUE", VF_EFFECT_DROP, NULL },
	{ "NOTRACK", VF_EFFECT_CHANGE, notrack },
	{ "REDIRECT", VF_EFFECT_NAT, redirect },
	{ "REJECT", VF_EFFECT_DROP, NULL },
	{ "SNAT", VF_EFFECT_NAT, snat },
	{ "SYNPROXY", VF_EFFECT_DROP, NULL },
	{ "TARPIT", VF_EFFECT_DROP, NULL },
	{ "TPROXY", VF_EFFECT_NAT, tproxy },
};

void vf_effect(struct vf_rule *r)
{
	static const enum vf_effect effects[] = {
		[XT_ACT_ACCEPT] = VF_EFFECT_ACCEPT, [XT_ACT_DROP] = VF_EFFECT_DROP,
		[XT_ACT_QUEUE] = VF_EFFECT_DROP,    [XT_ACT_RETURN_] = VF_EFFECT_RETURN,
		[XT_ACT_JUMP] = VF_EFFECT_JUMP,	    [XT_ACT_GOTO] = VF_EFFECT_GOTO,
		[XT_ACT_NONE] = VF_EFFECT_NONE,	    [XT_ACT_TARGET] = VF_EFFECT_NONE,
	};

	r->effect = effects[r->xt->action];
	if ((r->effect == VF_EFFECT_JUMP || r->effect == VF_EFFECT_GOTO) && !r->jump)
		r->effect = VF_EFFECT_NONE;
	if (r->xt->action != XT_ACT_TARGET)
		return;
	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		if (!strcmp(r->target->u.user.name, targets[i].name)) {
			r->effect = targets[i].effect;
			r->change = targets[i].change;
		}
}

bool vf_is_dnat(const struct vf_rule *r)
{
	return r->change == dnat || r->change == redirect;
}

/* A copy that TEE sends is not tracked: nf_dup_ipv4(). */
bool vf_untracks(const struct vf_rule *r)
{
	bool tee = r->xt->action == XT_ACT_TARGET && !strcmp(r->target->u.user.name, "TEE");

	return tee || r->change == notrack || r->change == change_ct;
}

bool vf_untracks_all(const struct vf_rule *r)
{
	const struct xt_ct_target_info *i = (const void *)r->target->data;

	return r->change == notrack || (r->change == change_ct && i->flags & XT_CT_NOTRACK);
}
