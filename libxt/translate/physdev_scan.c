// SPDX-License-Identifier: GPL-2.0-or-later
/* What the rules of a ruleset ask of bridge ports, and bits of the mark for the answers. */
#include "translate/ext.h"
#include "translate/markbits.h"
#include "translate/physdev.h"
#include "translate/scan.h"

#include <linux/netfilter/xt_physdev.h>
#include <string.h>

static struct xl_physdev *family_for(struct xl_env *env, uint8_t family)
{
	struct xl_physdev **p = &env->physdevs;

	for (; *p; p = &(*p)->next)
		if ((*p)->family == family)
			return *p;
	*p = xl_new(env->arena, struct xl_physdev);
	(*p)->family = family;
	return *p;
}

static void add_port(struct xl_env *env, struct xl_physdev_way *way, const char *name,
		     const char *mask)
{
	struct xl_physdev_port **p = &way->ports, *port;

	for (; *p; p = &(*p)->next)
		if (!memcmp((*p)->name, name, IFNAMSIZ) && !memcmp((*p)->mask, mask, IFNAMSIZ))
			return;
	port = *p = xl_new(env->arena, struct xl_physdev_port);
	memcpy(port->name, name, IFNAMSIZ);
	memcpy(port->mask, mask, IFNAMSIZ);
	port->text = xl_ifname_text(env->arena, port->name, port->mask, &port->why);
	if (!port->text)
		return;
	port->wild = !port->mask[strnlen(port->name, IFNAMSIZ - 1)];
	if (!*port->text)
		way->asked = true;
	else if (!port->wild)
		way->exact++;
}

static void seen(struct xl_env *env, const struct xt_table *t, const struct xt_entry_match *m)
{
	struct xl_physdev *p = family_for(env, t->family);
	struct xt_physdev_info i;

	if (m->u.match_size - sizeof(*m) < sizeof(i))
		return;
	memcpy(&i, m->data, sizeof(i));
	if (i.bitmask & XT_PHYSDEV_OP_IN)
		add_port(env, &p->in, i.physindev, i.in_mask);
	if (i.bitmask & XT_PHYSDEV_OP_OUT)
		add_port(env, &p->out, i.physoutdev, i.out_mask);
	if (i.bitmask & XT_PHYSDEV_OP_ISIN)
		p->in.asked = true;
	if (i.bitmask & (XT_PHYSDEV_OP_ISOUT | XT_PHYSDEV_OP_BRIDGED))
		p->out.asked = true;
	/* "! --physdev-out" is about what came by a port: it leaves by one that is known. */
	if (i.bitmask & i.invert & XT_PHYSDEV_OP_OUT)
		p->in.asked = p->out.asked = true;
}

/* How many bits hold the numbers 0 … @n. */
static unsigned int width(unsigned int n)
{
	unsigned int bits = 0;

	for (; n; n >>= 1)
		bits++;
	return bits;
}

static unsigned int wanted(const struct xl_physdev_way *way)
{
	unsigned int n = way->asked + width(way->exact);

	for (const struct xl_physdev_port *p = way->ports; p; p = p->next)
		n += p->text && *p->text && p->wild;
	return n;
}

/* The highest @n bits of @free. */
static uint32_t take(uint32_t *free, unsigned int n)
{
	uint32_t bits = 0;

	for (uint32_t bit = 1U << 31; n && bit; bit >>= 1) {
		if (!(*free & bit))
			continue;
		bits |= bit;
		*free &= ~bit;
		n--;
	}
	return bits;
}

/* @n with its bits at the places of @field's. */
static uint32_t spread(unsigned int n, uint32_t field)
{
	uint32_t bits = 0;

	for (uint32_t bit = 1; field; bit <<= 1) {
		if (!(field & bit))
			continue;
		field &= ~bit;
		bits |= n & 1 ? bit : 0;
		n >>= 1;
	}
	return bits;
}

static void take_for(struct xl_physdev_way *way, uint32_t *free)
{
	unsigned int n = 0;

	way->known = take(free, way->asked);
	way->number = take(free, width(way->exact));
	for (struct xl_physdev_port *p = way->ports; p; p = p->next) {
		if (!p->text)
			continue;
		if (!*p->text)
			p->bits = way->known;
		else
			p->bits = p->wild ? take(free, 1) : spread(++n, way->number);
	}
}

static void take_bits(struct xl_env *env, struct xl_physdev *p)
{
	uint32_t free = ~xl_mark_bits(env, p->family), left = free;
	unsigned int need = wanted(&p->in) + wanted(&p->out);
	unsigned int have = (unsigned int)__builtin_popcount(free);

	if (need > have) {
		p->why = xl_printf(
			env->arena,
			"physdev: nft sees the ports of a bridge only in a bridge table, which "
			"would have to tell of them in %u bits of the packet mark, and the rules "
			"leave %u unused; give the marks in the rules smaller masks (--mark "
			"0x1/0xff), and do without --restore-skmark and --validmark",
			need, have);
		return;
	}
	take_for(&p->in, &left);
	take_for(&p->out, &left);
	p->all = free & ~left;
}

void xl_scan_physdev(struct xl_env *env)
{
	xl_each_match(env, "physdev", seen);
	for (struct xl_physdev *p = env->physdevs; p; p = p->next)
		if (env->opts.single)
			p->why = "physdev: it takes a bridge table beside the rules; translate the "
				 "whole ruleset instead";
		else
			take_bits(env, p);
}

uint32_t xl_physdev_bits(const struct xl_env *env, uint8_t family)
{
	for (const struct xl_physdev *p = env->physdevs; p; p = p->next)
		if (p->family == family)
			return p->all;
	return 0;
}
