// SPDX-License-Identifier: GPL-2.0-or-later
/* Matches by the sender, by what was counted, and those of which little can be said. */
#include "verify/model.h"

#include <limits.h>
#include <linux/netfilter/xt_hashlimit.h>
#include <linux/netfilter/xt_limit.h>
#include <linux/netfilter/xt_owner.h>
#include <linux/netfilter/xt_physdev.h>
#include <linux/netfilter/xt_policy.h>
#include <linux/netfilter/xt_quota.h>
#include <linux/netfilter/xt_recent.h>
#include <linux/netfilter/xt_statistic.h>
#include <string.h>

enum { MOST_SENT = 300 };

static enum vf_test always(const struct vf_cond *c, const struct vf_packet *k)
{
	(void)c;
	(void)k;
	return VF_YES;
}

static enum vf_test unknown(const struct vf_cond *c, const struct vf_packet *k)
{
	(void)c;
	(void)k;
	return VF_UNKNOWN;
}

/* As owner_mt(), net/netfilter/xt_owner.c: a packet without a socket only meets what is negated. */
static enum vf_test owner_test(const struct vf_cond *c, const struct vf_packet *k)
{
	const struct xt_owner_match_info *o = c->data;
	struct vf_range uid = { o->uid_min, o->uid_max, UINT32_MAX, o->invert & XT_OWNER_UID };
	struct vf_range gid = { o->gid_min, o->gid_max, UINT32_MAX, o->invert & XT_OWNER_GID };

	if (k->p.in != VF_OUT)
		return (o->match ^ o->invert) ? VF_NO : VF_YES;
	if (o->match & XT_OWNER_SOCKET && o->invert & XT_OWNER_SOCKET)
		return VF_NO;
	if (o->match & XT_OWNER_UID && !vf_in(uid, k->p.flags & VF_UID ? k->p.uid : 0))
		return VF_NO;
	if (o->match & XT_OWNER_GID && !vf_in(gid, k->p.flags & VF_GID ? k->p.gid : 0))
		return VF_NO;
	return VF_YES;
}

static void owner_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	const struct xt_owner_match_info *o = c->data;

	if (k->p.in != VF_OUT && o->match ^ o->invert) {
		k->p.in = VF_OUT;
		vf_addr_own(k, -1, k->p.saddr, r);
	}
	if (owner_test(c, k) == VF_YES && vf_one_in(r, 2))
		return;
	if (o->match & XT_OWNER_UID) {
		k->p.flags |= VF_UID;
		k->p.uid = vf_pick((struct vf_range){ o->uid_min, o->uid_max, 65533,
						      o->invert & XT_OWNER_UID },
				   r);
	}
	if (o->match & XT_OWNER_GID) {
		k->p.flags |= VF_GID;
		k->p.gid = vf_pick((struct vf_range){ o->gid_min, o->gid_max, 65533,
						      o->invert & XT_OWNER_GID },
				   r);
	}
}

static bool owner_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	const struct xt_owner_match_info *o = c->data;
	struct vf_range uid = { o->uid_min, o->uid_max, UINT32_MAX - 1, false };
	struct vf_range gid = { o->gid_min, o->gid_max, UINT32_MAX - 1, false };
	unsigned int uids = o->match & XT_OWNER_UID ? vf_bounds(uid) : 0;

	if (k->p.in != VF_OUT)
		return false;
	if (n < uids) {
		k->p.flags |= VF_UID;
		return vf_bound(uid, n, &k->p.uid);
	}
	if (!(o->match & XT_OWNER_GID))
		return false;
	k->p.flags |= VF_GID;
	return vf_bound(gid, n - uids, &k->p.gid);
}

static const char *owner_why(const struct vf_cond *c)
{
	const struct xt_owner_match_info *o = c->data;

	return o->match & o->invert & XT_OWNER_SOCKET
		       ? "-m owner ! --socket-exists: a packet of the kernel's own"
		       : NULL;
}

/* How many packets get through at once. */
static unsigned int limit_until(const struct vf_cond *c)
{
	const struct xt_rateinfo *l = c->data;

	return l->burst < MOST_SENT ? l->burst + 1 : 0;
}

/* What there is of hashlimit's settings here; revision 1 has them elsewhere than 2 and 3. */
struct hashlimit {
	uint32_t mode;
	uint64_t burst;
};

static struct hashlimit hashlimit(const struct vf_cond *c)
{
	const struct xt_hashlimit_mtinfo1 *one = c->data;
	const struct xt_hashlimit_mtinfo2 *two = c->data;
	const struct xt_hashlimit_mtinfo3 *three = c->data;

	if (c->rev == 1)
		return (struct hashlimit){ one->cfg.mode, one->cfg.burst };
	return c->rev == 2 ? (struct hashlimit){ two->cfg.mode, two->cfg.burst }
			   : (struct hashlimit){ three->cfg.mode, three->cfg.burst };
}

/* "--hashlimit-above" matches once the burst is used up. */
static enum vf_test hashlimit_test(const struct vf_cond *c, const struct vf_packet *k)
{
	(void)k;
	return hashlimit(c).mode & XT_HASHLIMIT_INVERT ? VF_UNKNOWN : VF_YES;
}

static unsigned int hashlimit_until(const struct vf_cond *c)
{
	struct hashlimit h = hashlimit(c);

	return h.mode & XT_HASHLIMIT_INVERT ? 0 : h.burst < MOST_SENT ? h.burst + 1 : MOST_SENT;
}

static bool sends_more(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	unsigned int until = c->kind->until ? c->kind->until(c) : 0;

	if (n || !until)
		return false;
	k->p.repeat = until + 1;
	return true;
}

static void hashlimit_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	uint64_t burst = hashlimit(c).burst;

	(void)r;
	if (hashlimit_test(c, k) == VF_UNKNOWN)
		k->p.repeat = burst < MOST_SENT ? burst + 2 : MOST_SENT;
}

static enum vf_test statistic_test(const struct vf_cond *c, const struct vf_packet *k)
{
	const struct xt_statistic_info *s = c->data;
	bool inv = s->flags & XT_STATISTIC_INVERT;

	(void)k;
	if (s->mode == XT_STATISTIC_MODE_NTH)
		return s->u.nth.every == 0 ? (inv ? VF_NO : VF_YES) : VF_UNKNOWN;
	if (s->u.random.probability == 0)
		return inv ? VF_YES : VF_NO;
	return s->u.random.probability >= 0x7fffffff && !inv ? VF_YES : VF_UNKNOWN;
}

static bool statistic_chance(const struct vf_cond *c)
{
	const struct xt_statistic_info *s = c->data;

	return s->mode == XT_STATISTIC_MODE_RANDOM && statistic_test(c, NULL) == VF_UNKNOWN;
}

/* Often enough that one of the packets is very likely taken and another not. */
static void statistic_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	const struct xt_statistic_info *s = c->data;
	uint64_t n = s->mode == XT_STATISTIC_MODE_NTH
			     ? (uint64_t)s->u.nth.every + 1
			     : 8 * (0x80000000ull / (s->u.random.probability | 1));

	(void)r;
	if (statistic_test(c, k) == VF_UNKNOWN && n > k->p.repeat)
		k->p.repeat = n < MOST_SENT ? n : MOST_SENT;
}

static const char *statistic_why(const struct vf_cond *c)
{
	return statistic_chance(c) ? "-m statistic --mode random: chance" : NULL;
}

static bool recent_sets(const struct xt_recent_mtinfo *i)
{
	return i->check_set & XT_RECENT_SET;
}

/* Whether an address is in the list depends on what came before; an empty one has none. */
static enum vf_test recent_test(const struct vf_cond *c, const struct vf_packet *k)
{
	const struct xt_recent_mtinfo *i = c->data; /* revision 1 begins alike */

	(void)k;
	if (recent_sets(i))
		return i->invert ? VF_NO : VF_YES;
	return VF_UNKNOWN;
}

static void recent_make(const struct vf_cond *c, struct vf_packet *k, struct vf_rng *r)
{
	const struct xt_recent_mtinfo *i = c->data;
	unsigned int n = i->hit_count + 2;

	(void)r;
	if (recent_sets(i) || i->invert)
		return;
	if (n > k->p.repeat)
		k->p.repeat = n < MOST_SENT ? n : MOST_SENT;
}

static bool recent_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	const struct xt_recent_mtinfo *i = c->data;

	if (!i->hit_count || n > 2 || i->hit_count > MOST_SENT)
		return false;
	k->p.repeat = i->hit_count + n - (i->hit_count ? 1 : 0);
	if (!k->p.repeat)
		k->p.repeat = 1;
	return true;
}

static unsigned int quota_until(const struct vf_cond *c)
{
	const struct xt_quota_info *q = c->data;

	return q->quota / 1000 + 1 < MOST_SENT ? q->quota / 1000 + 1 : 0;
}

static enum vf_test quota_test(const struct vf_cond *c, const struct vf_packet *k)
{
	const struct xt_quota_info *q = c->data;

	(void)k;
	return q->flags & XT_QUOTA_INVERT ? VF_UNKNOWN : VF_YES;
}

static bool quota_edge(const struct vf_cond *c, struct vf_packet *k, unsigned int n)
{
	k->p.payload = 1000;
	return sends_more(c, k, n);
}

/* physdev_mt(), net/netfilter/xt_physdev.c, for packets that no bridge has seen. */
static enum vf_test physdev_test(const struct vf_cond *c, const struct vf_packet *k)
{
	const struct xt_physdev_info *i = c->data;

	(void)k;
	return i->bitmask & ~i->invert ? VF_NO : VF_YES;
}

static const char *physdev_why(const struct vf_cond *c)
{
	return physdev_test(c, NULL) == VF_NO ? "-m physdev: a packet that a bridge carries" : NULL;
}

/* policy_mt(), net/netfilter/xt_policy.c, where there is no IPsec. */
static enum vf_test policy_test(const struct vf_cond *c, const struct vf_packet *k)
{
	const struct xt_policy_info *i = c->data;

	(void)k;
	return i->flags & XT_POLICY_MATCH_NONE ? VF_YES : VF_NO;
}

static const char *policy_why(const struct vf_cond *c)
{
	return policy_test(c, NULL) == VF_NO ? "-m policy --pol ipsec: a packet of an IPsec tunnel"
					     : NULL;
}

#define WHY(fn, text)                                  \
	static const char *fn(const struct vf_cond *c) \
	{                                              \
		(void)c;                               \
		return text;                           \
	}

WHY(bpf_why, "-m bpf: a program about the packet")
WHY(time_why, "-m time: the time of day")
WHY(cgroup_why, "-m cgroup: a process in that control group")
WHY(realm_why, "-m realm: a routing realm")
WHY(devgroup_why, "-m devgroup: a device in that group")
WHY(cpu_why, "-m cpu: the processor that handles the packet")
WHY(connlabel_why, "-m connlabel: a label of the connection")

const struct vf_kind vf_kinds_rest[] = {
	{ .name = "comment", .test = always },
	{ .name = "owner",
	  .rev_min = 1,
	  .rev_max = 1,
	  .test = owner_test,
	  .make = owner_make,
	  .edge = owner_edge,
	  .why = owner_why },
	{ .name = "limit", .test = always, .edge = sends_more, .until = limit_until },
	{ .name = "hashlimit",
	  .rev_min = 1,
	  .rev_max = 3,
	  .test = hashlimit_test,
	  .make = hashlimit_make,
	  .edge = sends_more,
	  .until = hashlimit_until },
	{ .name = "statistic",
	  .test = statistic_test,
	  .make = statistic_make,
	  .chance = statistic_chance,
	  .why = statistic_why },
	{ .name = "recent",
	  .rev_max = 1,
	  .test = recent_test,
	  .make = recent_make,
	  .edge = recent_edge },
	{ .name = "quota", .test = quota_test, .edge = quota_edge, .until = quota_until },
	{ .name = "physdev", .test = physdev_test, .why = physdev_why, .absent = true },
	{ .name = "policy", .test = policy_test, .why = policy_why, .absent = true },
	{ .name = "bpf", .rev_max = 1, .test = unknown, .why = bpf_why },
	{ .name = "time", .rev_max = 1, .test = unknown, .why = time_why },
	{ .name = "cgroup", .rev_max = 2, .test = unknown, .why = cgroup_why, .absent = true },
	{ .name = "realm", .test = unknown, .why = realm_why, .absent = true },
	{ .name = "devgroup", .test = unknown, .why = devgroup_why, .absent = true },
	{ .name = "cpu", .test = unknown, .why = cpu_why },
	{ .name = "connlabel", .test = unknown, .why = connlabel_why, .absent = true },
	{ 0 },
};
