// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a rate lets through at once. In a long run the clock decides with it; where rules have just
 * been loaded and all packets come in less time than the next one takes to be allowed, both sides
 * must count the same, packet for packet.
 */
#include "verify/rates.h"

#include "verify/chance.h"
#include "verify/residue.h"
#include "verify/wire.h"

#include <linux/netfilter/xt_connlimit.h>
#include <linux/netfilter/xt_hashlimit.h>
#include <linux/netfilter/xt_limit.h>
#include <linux/netfilter/xt_quota.h>
#include <linux/netfilter/xt_recent.h>
#include <linux/netfilter/xt_statistic.h>
#include <string.h>
#include <time.h>

enum {
	MOST_RULES = 24,   /* that are tried; each takes sandboxes of its own */
	MANY_RULES = 3000, /* which take long to load: */
	MOST_OF_MANY = 2,
	VERY_MANY_RULES = 20000,
	MOST_PACKETS = 300,
	LONG_PAYLOAD = 1200,
	TRIES = 3, /* until it was quick enough, and to confirm a difference */
};

static unsigned int limit_ms(const struct xt_entry_match *m)
{
	const struct xt_rateinfo *l = (const void *)m->data;

	return l->avg / (XT_LIMIT_SCALE / 1000);
}

static unsigned int limit_packets(const struct xt_entry_match *m, const struct vf_probe *p)
{
	const struct xt_rateinfo *l = (const void *)m->data;

	(void)p;
	return l->burst + 1;
}

/* Bytes are counted in another way: user2credits_byte(), net/netfilter/xt_hashlimit.c. */
static bool counts_bytes(const struct xt_entry_match *m)
{
	const struct xt_hashlimit_mtinfo1 *one = (const void *)m->data;
	const struct xt_hashlimit_mtinfo3 *three = (const void *)m->data; /* 2 begins alike */

	return !strcmp(m->u.user.name, "hashlimit") &&
	       (m->u.user.revision == 1 ? one->cfg.mode : three->cfg.mode) & XT_HASHLIMIT_BYTES;
}

/* After how long without packets nft forgets what came. */
static unsigned int hashlimit_expires(const struct xt_entry_match *m)
{
	const struct xt_hashlimit_mtinfo1 *one = (const void *)m->data;
	const struct xt_hashlimit_mtinfo3 *three = (const void *)m->data;

	return m->u.user.revision == 1 ? one->cfg.expire : three->cfg.expire;
}

static bool is_above(const struct xt_entry_match *m)
{
	const struct xt_hashlimit_mtinfo1 *one = (const void *)m->data;
	const struct xt_hashlimit_mtinfo3 *three = (const void *)m->data;

	return (m->u.user.revision == 1 ? one->cfg.mode : three->cfg.mode) & XT_HASHLIMIT_INVERT;
}

static unsigned int hashlimit_ms(const struct xt_entry_match *m)
{
	const struct xt_hashlimit_mtinfo1 *one = (const void *)m->data;
	const struct xt_hashlimit_mtinfo3 *three = (const void *)m->data;
	unsigned int expires = hashlimit_expires(m);
	uint64_t ms = m->u.user.revision == 1 ? one->cfg.avg / 10 : three->cfg.avg / 1000;

	if (counts_bytes(m))
		return 0;
	return ms < expires ? (unsigned int)ms : expires;
}

static unsigned int hashlimit_packets(const struct xt_entry_match *m, const struct vf_probe *p)
{
	const struct xt_hashlimit_mtinfo1 *one = (const void *)m->data;
	const struct xt_hashlimit_mtinfo3 *three = (const void *)m->data;

	(void)p;
	return m->u.user.revision == 1		 ? one->cfg.burst + 1
	       : three->cfg.burst < MOST_PACKETS ? (unsigned int)three->cfg.burst + 1
						 : MOST_PACKETS + 1;
}

static unsigned int recent_ms(const struct xt_entry_match *m)
{
	const struct xt_recent_mtinfo *i = (const void *)m->data;

	return i->seconds && i->seconds < 100000 ? i->seconds * 1000 : UINT32_MAX;
}

static unsigned int recent_packets(const struct xt_entry_match *m, const struct vf_probe *p)
{
	const struct xt_recent_mtinfo *i = (const void *)m->data;

	(void)p;
	return i->hit_count + 2;
}

static unsigned int quota_packets(const struct xt_entry_match *m, const struct vf_probe *p)
{
	const struct xt_quota_info *q = (const void *)m->data;
	uint8_t wire[VF_WIRE_MAX];
	size_t len = vf_wire(p, wire);

	return q->quota / len < MOST_PACKETS ? (unsigned int)(q->quota / len) + 2
					     : MOST_PACKETS + 1;
}

static unsigned int every_nth(const struct xt_entry_match *m, const struct vf_probe *p)
{
	const struct xt_statistic_info *s = (const void *)m->data;

	(void)p;
	return s->mode != XT_STATISTIC_MODE_NTH	   ? 1
	       : s->u.nth.every < MOST_PACKETS / 2 ? 2 * s->u.nth.every + 2
						   : MOST_PACKETS + 1;
}

static unsigned int connections(const struct xt_entry_match *m, const struct vf_probe *p)
{
	const struct xt_connlimit_info *i = (const void *)m->data;

	(void)p;
	return i->limit < MOST_PACKETS ? i->limit + 2 : MOST_PACKETS + 1;
}

/**
 * struct rate - a match that counts packets
 * @ms: how long it takes until it lets another one through; NULL: forever
 * @packets: how many show where it ends
 * @sources: it may count for each address
 * @each: which ones it takes shows, not how many
 * @lasts: it counts connections, which have to stay: all packets but the last two get through
 */
static const struct rate {
	const char *name;
	unsigned int (*ms)(const struct xt_entry_match *m);
	unsigned int (*packets)(const struct xt_entry_match *m, const struct vf_probe *p);
	bool sources, each, lasts;
} rates[] = {
	{ "connlimit", NULL, connections, .sources = true, .lasts = true },
	{ "hashlimit", hashlimit_ms, hashlimit_packets, .sources = true },
	{ "limit", limit_ms, limit_packets, .sources = false },
	{ "quota", NULL, quota_packets, .sources = false },
	{ "recent", recent_ms, recent_packets, .sources = true },
	{ "statistic", NULL, every_nth, .each = true },
};

static const struct rate *rate_of(const struct xt_entry_match *m)
{
	for (size_t i = 0; i < sizeof(rates) / sizeof(rates[0]); i++)
		if (!strcmp(rates[i].name, m->u.user.name))
			return &rates[i];
	return NULL;
}

static unsigned int interval_ms(const struct xt_rule *rule, uint8_t family)
{
	const struct xt_entry_match *m = xt_first_match(family, rule->entry);
	unsigned int least = UINT32_MAX;

	for (; m; m = xt_next_match(family, rule->entry, m)) {
		const struct rate *rate = rate_of(m);
		unsigned int ms = rate && rate->ms ? rate->ms(m) : UINT32_MAX;

		least = ms < least ? ms : least;
	}
	return least;
}

bool vf_lets_through(const struct xt_rule *rule, uint8_t family, double ms, bool more)
{
	const struct xt_entry_match *m = xt_first_match(family, rule->entry);

	for (; m; m = xt_next_match(family, rule->entry, m)) {
		bool hash = !strcmp(m->u.user.name, "hashlimit");

		if (!hash && strcmp(m->u.user.name, "limit") != 0)
			continue;
		if (((!counts_bytes(m) && rate_of(m)->ms(m) < vf_tick_ms()) ||
		     (hash && hashlimit_expires(m) < ms)) &&
		    more != (hash && is_above(m)))
			return true;
	}
	return more && vf_burst_lost(rule, family, NULL);
}

/* iptables counts in ticks (limit_mt(), net/netfilter/xt_limit.c), nft does not, so that the sides
 * need not agree on the packet behind that. */
unsigned int vf_quiet_ms(const struct vf_rules *r)
{
	unsigned int least = UINT32_MAX;

	for (size_t i = 0; i < r->n; i++) {
		unsigned int ms = interval_ms(r->v[i], r->chain[i]->table->family);

		least = ms < least ? ms : least;
	}
	return least > vf_tick_ms() ? least - vf_tick_ms() : 0;
}

double vf_now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

/**
 * struct burst - what is sent for a rule
 * @at: number of the rule
 * @n: how many packets; the same for each of @p's kind
 * @sources, @each, @lasts: see struct rate
 * @apart: the first packet of which something else came on another side; 0: none
 */
struct burst {
	size_t at;
	unsigned int n, apart;
	bool sources, each, lasts;
	struct vf_probe p;
};

static void measure(struct burst *b, const struct xt_rule *rule)
{
	const struct xt_entry_match *m = xt_first_match(b->p.family, rule->entry);

	b->n = 0;
	b->sources = b->each = b->lasts = false;
	for (; m; m = xt_next_match(b->p.family, rule->entry, m)) {
		const struct rate *rate = rate_of(m);
		unsigned int n = rate ? rate->packets(m, &b->p) : 0;

		b->n = n > b->n ? n : b->n;
		b->sources |= rate && rate->sources;
		b->each |= rate && rate->each;
		b->lasts |= rate && rate->lasts;
	}
}

/* How the packets are sent: each of a connection of its own where it can be. */
static bool prepare(struct vf_session *r, size_t at, const struct vf_probe *hit, struct burst *b)
{
	struct vf_generator *g = r->gens[hit->family == NFPROTO_IPV6];
	const struct xt_rule *rule = r->res->rules.v[at];
	struct vf_probe other;

	*b = (struct burst){ .at = at, .p = *hit };
	measure(b, rule);
	if (b->n > MOST_PACKETS && b->p.payload < LONG_PAYLOAD) {
		b->p.payload = LONG_PAYLOAD;
		measure(b, rule);
	}
	if (!b->n || b->n > MOST_PACKETS || vf_expected(g, &b->p, rule) == VF_NO)
		return false;
	b->p.repeat = (uint16_t)b->n;
	other = b->p;
	other.sport++;
	if (b->p.ct == VF_CT_NONE && vf_expected(g, &other, rule) != VF_NO)
		b->p.flags |= VF_STEP;
	return true;
}

/* By how much counters may be off: what is let through may come back by lo, with its answer, and
 * meet a rule by several ways. */
static uint64_t all_lost(const struct vf_rules *r)
{
	uint64_t lost = 0;

	for (size_t i = 0; i < r->n; i++)
		lost += 8 * vf_burst_lost(r->v[i], r->chain[i]->table->family, NULL);
	return lost;
}

static bool counts_differ(const struct vf_session *r, const struct vf_session *fresh, size_t at,
			  uint64_t lost)
{
	uint64_t first = fresh->counts[0][at].packets - fresh->before[0][at].packets, n;

	for (size_t s = 1; s < fresh->res->sides; s++) {
		if (r->dice[at] || !vf_has_counts(r, s))
			continue;
		n = fresh->counts[s][at].packets - fresh->before[s][at].packets;
		if (n > first + lost || n + lost < first)
			return true;
	}
	return false;
}

static bool any_differ(const struct vf_session *r, const struct vf_session *fresh)
{
	uint64_t lost = all_lost(&r->res->rules);

	for (size_t i = 0; i < r->res->rules.n; i++)
		if (counts_differ(r, fresh, i, lost))
			return true;
	return false;
}

/* A connection whose first packet is dropped is forgotten at once: which of them are counted then
 * depends on the moment (find_or_evict(), net/netfilter/nf_conncount.c). */
static bool came_through(const struct vf_session *fresh)
{
	return strstr(fresh->seen[0].s, "is delivered") || strstr(fresh->seen[0].s, "is sent");
}

static void note_apart(struct vf_session *r, const struct vf_session *fresh, struct burst *b,
		       unsigned int at)
{
	b->apart = at;
	for (size_t s = 0; s < r->res->sides; s++) {
		r->seen[s].len = 0;
		xl_buf_puts(&r->seen[s], fresh->seen[s].s);
	}
}

/* Ends where the sides have counted differently, if that is looked for at each packet. */
static bool send_many(struct vf_session *r, struct vf_session *fresh, struct burst *b)
{
	uint32_t sure = vf_sure_burst(&r->res->rules);
	bool same;

	for (unsigned int i = 0; i < b->n; i++) {
		b->p.number = fresh->number++;
		b->p.sport += i && b->p.flags & VF_STEP;
		if (!vf_send_all(fresh, &b->p, &same) ||
		    (b->lasts && i + 2 < b->n && !came_through(fresh)) ||
		    (b->each && !vf_count_all(fresh)))
			return false;
		if (!same && !b->apart && i < sure)
			note_apart(r, fresh, b, i + 1);
		if (b->each && any_differ(r, fresh))
			break;
	}
	return true;
}

/* Another client of the same kind, which has a rate of its own or not. */
static bool send_others(struct vf_session *r, struct vf_session *fresh, struct burst *b)
{
	struct vf_generator *g = r->gens[b->p.family == NFPROTO_IPV6];

	b->p.saddr[b->p.family == NFPROTO_IPV4 ? 3 : 15] ^= 1;
	return b->p.in == VF_OUT || vf_expected(g, &b->p, r->res->rules.v[b->at]) == VF_NO ||
	       send_many(r, fresh, b);
}

/* Whether rules have taken packets already: of what the kernel itself sends before vf_watch() keeps
 * it from them. */
static bool begins_alike(const struct vf_session *r, const struct vf_session *fresh)
{
	for (size_t i = 0; i < r->res->rules.n; i++)
		for (size_t s = 1; s < fresh->res->sides; s++)
			if (vf_has_counts(r, s) &&
			    fresh->counts[s][i].packets - r->loaded[s][i].packets !=
				    fresh->counts[0][i].packets - r->loaded[0][i].packets)
				return false;
	return true;
}

/* Sends them in sandboxes of their own. False: it cannot tell, or took too long. */
static bool try_rate(struct vf_session *r, struct vf_session *fresh, struct burst *b)
{
	struct burst more;
	double from;

	if (!vf_open_sides(fresh) || !vf_listen_all(fresh, true) || !vf_count_all(fresh) ||
	    !begins_alike(r, fresh))
		return false;
	vf_keep_counts(fresh);
	from = vf_now_ms();
	b->apart = 0;
	more = *b;
	if (!send_many(r, fresh, &more))
		return false;
	b->apart = more.apart;
	if (b->sources && !send_others(r, fresh, &more))
		return false;
	return vf_now_ms() - from < vf_quiet_ms(&r->res->rules) && vf_count_all(fresh);
}

/* Which rules have counted differently, each time; false: none. */
static bool differ(const struct vf_session *r, const struct vf_session *fresh, bool *rules)
{
	uint64_t lost = all_lost(&r->res->rules);
	bool any = false;

	for (size_t i = 0; i < r->res->rules.n; i++)
		any |= rules[i] = rules[i] && counts_differ(r, fresh, i, lost);
	return any;
}

static void note_differences(struct vf_session *r, const struct vf_session *fresh,
			     const bool *rules)
{
	for (size_t k = 0; k < r->res->rules.n; k++)
		if (rules[k])
			vf_add_miscount(r, k, fresh->counts, fresh->before);
}

/* No counters tell where the ways part. */
static void note_packet(struct vf_session *r, struct burst *b)
{
	vf_keep_counts(r);
	b->p.repeat = (uint16_t)b->apart;
	vf_add_difference(r, &b->p);
}

static void compare_rate(struct vf_session *r, struct burst *b)
{
	bool *rules = xl_alloc(r->setup->arena, r->res->rules.n + 1), counts = true;
	unsigned int told = 0, apart = 0;

	memset(rules, 1, r->res->rules.n);
	for (int i = 0; i < TRIES && told < 2; i++) {
		struct vf_session *fresh = vf_session_like(r);

		if (try_rate(r, fresh, b)) {
			counts = differ(r, fresh, rules);
			apart = told && apart != b->apart ? 0 : b->apart;
			told++;
		}
		if (told == 2 && counts)
			note_differences(r, fresh, rules);
		vf_close_sides(fresh);
		if (told && !counts && !apart)
			return;
	}
	if (told == 2 && !counts && apart)
		note_packet(r, b);
}

static void compare_all(struct vf_session *r, const struct vf_probe *hits, unsigned int most)
{
	for (size_t i = 0; i < r->res->rules.n && most && !vf_stopped(r); i++) {
		struct burst b;

		if (!hits[i].aim || r->dice[i] || !prepare(r, i, &hits[i], &b) ||
		    vf_suspect(r, &b.p))
			continue;
		most--;
		compare_rate(r, &b);
	}
}

/* What a rule behind takes, too, shows whether it has been counted before. */
void vf_compare_rates(struct vf_session *r)
{
	const struct vf_rules *rules = &r->res->rules;
	unsigned int most = rules->n > VERY_MANY_RULES ? 1
			    : rules->n > MANY_RULES    ? MOST_OF_MANY
						       : MOST_RULES;

	if (!r->hits || !vf_quiet_ms(rules))
		return;
	compare_all(r, r->hits, most);
	compare_all(r, r->pairs, most);
}
