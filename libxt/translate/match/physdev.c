// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m physdev: struct xt_physdev_info, as tests of the bits that a bridge table sets; see physdev.h.
 *
 * physdev_mt(), net/netfilter/xt_physdev.c: a packet that came by no port, or of which br_netfilter
 * knows nothing, has a match of every inverted option and of no other. Of one that came by a port,
 * the port that it leaves by is known where it is bridged, in FORWARD and POSTROUTING; where it is
 * not, --physdev-out matches neither way.
 */
#include "translate/ext.h"
#include "translate/physdev.h"

#include <linux/netfilter/xt_physdev.h>
#include <string.h>

/* (mark & mask) == value; @never: not with any. */
struct bits {
	uint32_t mask, value;
	bool never;
};

static void want(struct bits *b, uint32_t mask, uint32_t value)
{
	b->never |= (b->value ^ value) & b->mask & mask;
	b->mask |= mask;
	b->value |= value;
}

static void want_known(struct bits *b, uint32_t known, bool neg)
{
	want(b, known, neg ? 0 : known);
}

static const struct xl_physdev_port *find(const struct xl_physdev_way *way, const char *name,
					  const char *mask)
{
	const struct xl_physdev_port *p = way->ports;

	while (p && (memcmp(p->name, name, IFNAMSIZ) != 0 || memcmp(p->mask, mask, IFNAMSIZ) != 0))
		p = p->next;
	return p;
}

static bool port(struct xl_ctx *c, struct bits *b, const struct xl_physdev_way *way,
		 const struct xl_physdev_port *p, bool neg)
{
	if (!p || !p->text)
		return xl_refuse(c, "physdev: %s", p ? p->why : "a port that no rule has");
	if (neg && !p->wild)
		xl_cmp_mask(c, NFT_META_MARK, true, way->number, p->bits);
	else
		want(b, p->wild ? p->bits : way->number, neg ? 0 : p->bits);
	return true;
}

static bool tests(struct xl_ctx *c, const struct xl_physdev *d, const struct xt_physdev_info *i)
{
	struct bits b = { .mask = 0 };
	bool neg_out = i->bitmask & i->invert & XT_PHYSDEV_OP_OUT;

	if (i->bitmask & XT_PHYSDEV_OP_BRIDGED)
		want_known(&b, d->out.known, i->invert & XT_PHYSDEV_OP_BRIDGED);
	if (i->bitmask & XT_PHYSDEV_OP_ISOUT)
		want_known(&b, d->out.known, i->invert & XT_PHYSDEV_OP_ISOUT);
	if (i->bitmask & XT_PHYSDEV_OP_ISIN)
		want_known(&b, d->in.known, i->invert & XT_PHYSDEV_OP_ISIN);
	if (i->bitmask & XT_PHYSDEV_OP_IN &&
	    !port(c, &b, &d->in, find(&d->in, i->physindev, i->in_mask),
		  i->invert & XT_PHYSDEV_OP_IN))
		return false;
	if (i->bitmask & XT_PHYSDEV_OP_OUT &&
	    !port(c, &b, &d->out, find(&d->out, i->physoutdev, i->out_mask), neg_out))
		return false;
	if (b.never)
		return xl_never(c);
	if (b.mask)
		xl_cmp_mask(c, NFT_META_MARK, false, b.mask, b.value);
	/* Not what came by a port and leaves by none that is known. */
	if (neg_out && !(b.value & d->out.known))
		xl_cmp_mask(c, NFT_META_MARK, true, d->in.known | d->out.known, d->in.known);
	return true;
}

static bool translate(struct xl_ctx *c)
{
	const struct xl_physdev *d = c->env ? c->env->physdevs : NULL;

	while (d && d->family != c->family)
		d = d->next;
	if (!d)
		return xl_refuse(c, "physdev: it takes a bridge table beside the rules, which "
				    "xtlate makes with a whole ruleset");
	if (d->why)
		return xl_refuse(c, "%s", d->why);
	return tests(c, d, c->data);
}

const struct xl_ext xl_match_physdev[] = {
	{ "physdev", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_physdev_info), translate },
	XL_EXT_END,
};

#define WHY                                                                                     \
	"for whole rulesets, with a bridge table that writes the ports into bits of the mark; " \
	"these have to be free"

const struct xl_option xl_match_physdev_options[] = {
	{ .ext = "physdev", .name = "--physdev-in", .how = XL_PARTLY, .why = WHY },
	{ .ext = "physdev", .name = "--physdev-out", .how = XL_PARTLY, .why = WHY },
	{ .ext = "physdev", .name = "--physdev-is-in", .how = XL_PARTLY, .why = WHY },
	{ .ext = "physdev", .name = "--physdev-is-out", .how = XL_PARTLY, .why = WHY },
	{ .ext = "physdev", .name = "--physdev-is-bridged", .how = XL_PARTLY, .why = WHY },
	XL_OPTION_END,
};
