// SPDX-License-Identifier: GPL-2.0-or-later
/* A probe that met a rate, tried with rules that have not counted anything yet. */
#include "verify/session.h"

#include <linux/netfilter/xt_limit.h>
#include <string.h>
#include <time.h>

enum { TICK_MS = 4 };

static unsigned int interval_ms(const struct xt_rule *rule, uint8_t family)
{
	const struct xt_entry_match *m = xt_first_match(family, rule->entry);

	for (; m; m = xt_next_match(family, rule->entry, m))
		if (!strcmp(m->u.user.name, "limit"))
			return ((const struct xt_rateinfo *)(const void *)m->data)->avg /
			       (XT_LIMIT_SCALE / 1000);
	return UINT32_MAX;
}

/* In how much time no limit of the rules lets another packet through. iptables counts in ticks
 * (limit_mt(), net/netfilter/xt_limit.c), nft does not, so that the sides need not agree on the
 * packet behind that. */
static unsigned int quiet_ms(const struct vf_rules *r)
{
	unsigned int least = UINT32_MAX;

	for (size_t i = 0; i < r->n; i++) {
		unsigned int ms = interval_ms(r->v[i], r->chain[i]->table->family);

		least = ms < least ? ms : least;
	}
	return least > TICK_MS ? least - TICK_MS : 0;
}

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/* In sandboxes of its own, which leave what was seen there; what fails to open tells nothing. */
static bool differs(struct vf_session *r, const struct vf_probe *p)
{
	struct vf_result res = { .topo = r->res->topo, .rules = r->res->rules };
	struct vf_session fresh = {
		.setup = r->setup, .res = &res, .number = 1, .connections = true
	};
	struct vf_probe again = *p;
	unsigned int repeat = p->repeat ? p->repeat : 1;
	bool same = true;
	double from = 0;
	unsigned int sent = 0;

	if (vf_open_sides(&fresh) && (!r->listening || vf_listen_all(&fresh, true)))
		while (sent < repeat && same) {
			from = sent++ ? from : now_ms();
			again.number = fresh.number++;
			again.sport += !!(again.flags & VF_STEP);
			if (!vf_send_all(&fresh, &again, &same))
				break;
		}
	same |= sent > 1 && now_ms() - from >= quiet_ms(&res.rules);
	for (size_t i = 0; i < fresh.res->sides; i++) {
		struct xl_buf seen = r->seen[i];

		r->seen[i] = fresh.seen[i];
		fresh.seen[i] = seen;
	}
	vf_close_sides(&fresh);
	return !same && fresh.status == XL_EXIT_OK;
}

bool vf_differs_afresh(struct vf_session *r, const struct vf_probe *p)
{
	enum { TRIES = 2, MOST = 24, MANY_RULES = 3000, MOST_OF_MANY = 2 };

	if (r->afresh >= (r->res->rules.n > MANY_RULES ? MOST_OF_MANY : MOST))
		return false;
	r->afresh++;
	for (int i = 0; i < TRIES; i++)
		if (!differs(r, p))
			return false;
	return true;
}
