// SPDX-License-Identifier: GPL-2.0-or-later
/* A packet's place, and the matches by name. */
#include "verify/model.h"

#include <string.h>

static const char none[IFNAMSIZ], lo[IFNAMSIZ] = "lo";

static const struct vf_kind *const tables[] = {
	vf_kinds_port, vf_kinds_ct,   vf_kinds_ip,   vf_kinds_rest,
	vf_kinds_set,  vf_kinds_ext6, vf_kinds_data, vf_kinds_host,
};

static const char *way_in(const struct vf_packet *k)
{
	if (k->hook == NF_INET_LOCAL_OUT || k->hook == NF_INET_POST_ROUTING)
		return none;
	if (k->p.in >= 0)
		return k->topo->devices[k->p.in].name;
	return lo;
}

/* The mark sends it to the proxy: "ip rule add fwmark … lookup", "ip route add local default dev
 * lo".
 */
static bool diverted(const struct vf_packet *k)
{
	const struct vf_topology *t = k->topo;

	return t->tproxy_marks && t->mask && (k->p.mark & t->mask) == t->mark;
}

static void look_up(struct vf_packet *k)
{
	if (k->looked && !memcmp(k->looked_up, k->p.daddr, 16))
		return;
	k->looked = true;
	memcpy(k->looked_up, k->p.daddr, 16);
	k->to_own = vf_is_own(k->topo, k->p.family, k->p.daddr);
	k->to_dev = k->to_own ? -1 : vf_route(k->topo, k->p.family, k->p.daddr);
}

bool vf_to_many(const struct vf_probe *p)
{
	static const uint8_t all[4] = { 255, 255, 255, 255 };

	return vf_is_multicast(p->family, p->daddr) ||
	       (p->family == NFPROTO_IPV4 && !memcmp(p->daddr, all, 4));
}

void vf_place(struct vf_packet *k, int hook)
{
	bool leaving = hook == NF_INET_FORWARD || hook == NF_INET_LOCAL_OUT ||
		       hook == NF_INET_POST_ROUTING;

	look_up(k);
	k->hook = hook;
	k->in = way_in(k);
	k->own = k->stolen || diverted(k) || k->to_own;
	k->dev_out = -1;
	k->out = none;
	if (!leaving)
		return;
	if (k->own && k->p.in == VF_OUT && !vf_to_many(&k->p)) {
		k->out = lo;
		return;
	}
	/* What is diverted or stolen comes by a device and stays. */
	k->dev_out = k->to_dev < 0 ? 0 : k->to_dev;
	k->out = k->topo->devices[k->dev_out].name;
}

static const struct vf_kind *find(const char *name, uint8_t rev)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		for (const struct vf_kind *k = tables[i]; k->name; k++)
			if (!strcmp(k->name, name) && rev >= k->rev_min && rev <= k->rev_max)
				return k;
	return NULL;
}

void vf_cond_init(struct vf_cond *c, const struct xt_entry_match *m)
{
	c->m = m;
	c->data = m->data;
	c->rev = m->u.user.revision;
	c->kind = find(m->u.user.name, c->rev);
}

bool vf_needs_tracking(const struct vf_kind *k)
{
	for (const struct vf_kind *ct = vf_kinds_ct; ct->name; ct++)
		if (ct == k)
			return strcmp(k->name, "mark") != 0;
	return false;
}

enum vf_test vf_cond_test(const struct vf_cond *c, const struct vf_packet *k)
{
	return c->kind && c->kind->test ? c->kind->test(c, k) : VF_UNKNOWN;
}

void vf_cond_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	if (!c->kind || !c->kind->make)
		return;
	c->kind->make(c, k, r);
	vf_place(k, k->hook);
}

bool vf_cond_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	if (!c->kind || !c->kind->edge || !c->kind->edge(c, k, n))
		return false;
	vf_place(k, k->hook);
	return true;
}

void vf_set_proto(struct vf_probe *p, uint8_t proto)
{
	if (p->proto == proto)
		return;
	p->proto = proto;
	p->type = p->code = 0;
	p->tcp_flags = 0;
	p->flags &= ~(VF_TCP_OPTION | VF_SHORT);
	if (proto == IPPROTO_TCP)
		p->tcp_flags = p->ct == VF_CT_NONE ? 0x02 : 0x10;
	else if (proto == IPPROTO_ICMP)
		p->type = p->ct == VF_CT_RELATED ? 3 : 8;
	else if (proto == IPPROTO_ICMPV6)
		p->type = p->ct == VF_CT_RELATED ? 1 : 128;
}

bool vf_first_fragment(const struct vf_packet *k)
{
	return !(k->p.flags & VF_FRAGMENT) || !k->p.frag_off;
}

bool vf_has_ports(const struct vf_packet *k)
{
	static const uint8_t with[] = { IPPROTO_TCP, IPPROTO_UDP, IPPROTO_UDPLITE, IPPROTO_SCTP,
					IPPROTO_DCCP };

	return vf_first_fragment(k) && memchr(with, k->p.proto, sizeof(with));
}
