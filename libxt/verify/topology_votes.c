// SPDX-License-Identifier: GPL-2.0-or-later
/* Whether a host that rules name should be this one. */
#include "verify/topology_votes.h"

#include <linux/netfilter.h>
#include <string.h>

enum { BUCKETS = 4096 };

/* How many rules name it, by where packets to it must be seen. */
struct vote {
	struct vote *next;
	uint8_t family, addr[16];
	unsigned int n[VF_VOTES];
};

struct vf_votes {
	struct xl_arena *arena;
	struct vote *buckets[BUCKETS];
};

struct vf_votes *vf_votes_new(struct xl_arena *a)
{
	struct vf_votes *v = xl_new(a, struct vf_votes);

	v->arena = a;
	return v;
}

static struct vote **find(struct vf_votes *v, uint8_t family, const uint8_t *addr)
{
	uint32_t h = family;
	struct vote **p;

	for (int i = 0; i < 16; i++)
		h = (h ^ addr[i]) * 16777619;
	for (p = &v->buckets[(h >> 16) % BUCKETS]; *p; p = &(*p)->next)
		if ((*p)->family == family && !memcmp((*p)->addr, addr, 16))
			break;
	return p;
}

void vf_vote(struct vf_votes *v, uint8_t family, const uint8_t *addr, enum vf_vote what)
{
	struct vote **p = find(v, family, addr);

	if (!*p) {
		*p = xl_new(v->arena, struct vote);
		(*p)->family = family;
		memcpy((*p)->addr, addr, 16);
	}
	(*p)->n[what]++;
}

bool vf_votes_own(struct vf_votes *v, uint8_t family, const uint8_t *addr, enum vf_vote what)
{
	const struct vote *o = *find(v, family, addr);
	unsigned int others;

	if (!o)
		return true;
	others = o->n[VF_VOTE_FORWARD] + (what == VF_VOTE_IN ? 0 : o->n[VF_VOTE_ELSEWHERE]);
	return o->n[VF_VOTE_IN] + o->n[VF_VOTE_LOCAL] >= others;
}
