// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What is left of a burst in iptables, which counts credit in ticks, in 32 bits and with a
 * division that rounds: xt_limit.c. doc/differences.md has it in "limit".
 */
#include "verify/rates.h"

#include <linux/netfilter/xt_limit.h>
#include <string.h>
#include <time.h>

enum { SECOND_MS = 1000, DAY = 24 * 60 * 60 };

/* What the kernel's coarse clocks count in. */
unsigned int vf_tick_ms(void)
{
	struct timespec t = { 0 };

	clock_getres(CLOCK_MONOTONIC_COARSE, &t);
	return t.tv_nsec < 1000000 ? 1 : (unsigned int)((t.tv_nsec + 999999) / 1000000);
}

/* user2credits() */
static uint32_t credits(uint32_t user)
{
	uint32_t hz = SECOND_MS / vf_tick_ms(), each = 1;

	while (each <= UINT32_MAX / (hz * DAY) / 2)
		each *= 2;
	if (user > UINT32_MAX / (hz * each))
		return user / XT_LIMIT_SCALE * hz * each;
	return user * hz * each / XT_LIMIT_SCALE;
}

/* limit_mt_check() */
static uint32_t left(const struct xt_rateinfo *l)
{
	uint32_t cost = credits(l->avg),
		 burst = cost ? credits(l->avg * l->burst) / cost : l->burst;

	return burst < l->burst ? burst : l->burst;
}

uint32_t vf_burst_lost(const struct xt_rule *rule, uint8_t family, uint32_t *least)
{
	const struct xt_entry_match *m = xt_first_match(family, rule->entry);
	uint32_t lost = 0;

	for (; m; m = xt_next_match(family, rule->entry, m)) {
		const struct xt_rateinfo *l = (const void *)m->data;

		if (strcmp(m->u.user.name, "limit") != 0 || left(l) == l->burst)
			continue;
		lost += l->burst - left(l);
		if (least && left(l) < *least)
			*least = left(l);
	}
	return lost;
}

uint32_t vf_sure_burst(const struct vf_rules *r)
{
	uint32_t least = UINT32_MAX;

	for (size_t i = 0; i < r->n; i++)
		vf_burst_lost(r->v[i], r->chain[i]->table->family, &least);
	return least;
}
