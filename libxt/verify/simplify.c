// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/simplify.h"

#include "verify/model.h"

#include <stddef.h>
#include <string.h>

enum { PLAIN_SPORT = 40000, PLAIN_DPORT = 9, LAST_HOST = 9 };

static const unsigned int flags[] = {
	VF_FRAGMENT,
	VF_TCP_OPTION,
	VF_UID,
	VF_GID,
	VF_AH,
	VF_HBH,
	VF_DSTOPTS | VF_CUT_EXT,
	VF_ROUTING,
	VF_BAD_SUM,
	VF_SHORT,
	VF_SOCKET | VF_WILDCARD | VF_TRANSPARENT,
	VF_WILDCARD,
	VF_TRANSPARENT,
};

/* Numbers and what they are in a plain packet. */
static const struct {
	size_t at, size;
	uint32_t plain;
} numbers[] = {
#define N(member, plain)                                                                         \
	{                                                                                        \
		offsetof(struct vf_probe, member), sizeof(((struct vf_probe *)0)->member), plain \
	}
	N(ct, VF_CT_NONE),
	N(ct_mark, 0),
	N(mark, 0),
	N(socket_mark, 0),
	N(repeat, 1),
	N(doff, 0),
	N(code, 0),
	N(ttl, 64),
	N(tos, 0),
	N(ip_id, 0),
	N(payload, 16),
	N(spi, 0),
	N(type, 8),
	N(type, 128),
	N(sport, PLAIN_SPORT),
	N(dport, PLAIN_DPORT),
#undef N
};

static void plain_mac(struct vf_probe *p, const struct vf_topology *t)
{
	(void)t;
	memset(p->smac, 0, sizeof(p->smac));
}

static void plain_flags(struct vf_probe *p, const struct vf_topology *t)
{
	(void)t;
	if (p->proto == IPPROTO_TCP)
		p->tcp_flags = p->ct == VF_CT_NONE ? 0x02 : 0x10;
}

static void plain_proto(struct vf_probe *p, const struct vf_topology *t)
{
	(void)t;
	if (p->proto == IPPROTO_TCP || p->ct == VF_CT_NONE)
		vf_set_proto(p, IPPROTO_UDP);
}

/* Every device has 198.18.k.1/24 and fd00:k::1/64 of its own; topology.h. */
static void address(uint8_t family, uint8_t *addr, int dev, uint8_t host)
{
	memset(addr, 0, 16);
	if (family == NFPROTO_IPV4) {
		memcpy(addr, (const uint8_t[]){ 198, 18, (uint8_t)dev, host }, 4);
		return;
	}
	addr[0] = 0xfd;
	addr[2] = (uint8_t)(dev >> 8);
	addr[3] = (uint8_t)dev;
	addr[15] = host;
}

static void plain_source(struct vf_probe *p, const struct vf_topology *t)
{
	(void)t;
	address(p->family, p->saddr, p->in == VF_OUT ? 0 : p->in, p->in == VF_OUT ? 1 : LAST_HOST);
}

static void to_host(struct vf_probe *p, const struct vf_topology *t)
{
	(void)t;
	if (p->in != VF_OUT)
		address(p->family, p->daddr, p->in, 1);
}

/* Not from one of the host's own addresses to another. */
static void through_host(struct vf_probe *p, const struct vf_topology *t)
{
	if (!vf_is_own(t, p->family, p->daddr))
		address(p->family, p->daddr, p->in == 0 && t->n > 1 ? 1 : 0, LAST_HOST);
}

static void (*const changes[])(struct vf_probe *p, const struct vf_topology *t) = {
	plain_mac, plain_flags, plain_proto, plain_source, to_host, through_host,
};

enum {
	FLAGS = sizeof(flags) / sizeof(flags[0]),
	NUMBERS = sizeof(numbers) / sizeof(numbers[0]),
	CHANGES = sizeof(changes) / sizeof(changes[0]),
};

static void clear_flags(struct vf_probe *p, unsigned int which)
{
	p->flags &= ~which;
	if (!(p->flags & VF_FRAGMENT)) {
		p->frag_off = 0;
		p->frag_more = false;
	}
	if (!(p->flags & VF_SHORT))
		p->cut = 0;
}

/* Little numbers of all sizes; the type of a packet without any stays. */
static void set_number(struct vf_probe *p, size_t i)
{
	bool icmp = p->proto == IPPROTO_ICMP, icmp6 = p->proto == IPPROTO_ICMPV6;
	char *at = (char *)p + numbers[i].at;
	uint8_t one = (uint8_t)numbers[i].plain;
	uint16_t two = (uint16_t)numbers[i].plain;

	if (numbers[i].at == offsetof(struct vf_probe, type) && !(one == 8 ? icmp : icmp6))
		return;
	memcpy(at,
	       numbers[i].size == 1   ? (const void *)&one
	       : numbers[i].size == 2 ? (const void *)&two
				      : (const void *)&numbers[i].plain,
	       numbers[i].size);
}

enum vf_simpler vf_simplify(struct vf_probe *p, const struct vf_topology *t, unsigned int part)
{
	struct vf_probe before;

	memcpy(&before, p, sizeof(before));
	if (part < FLAGS)
		clear_flags(p, flags[part]);
	else if (part < FLAGS + NUMBERS)
		set_number(p, part - FLAGS);
	else if (part < FLAGS + NUMBERS + CHANGES)
		changes[part - FLAGS - NUMBERS](p, t);
	else
		return VF_NO_MORE;
	return memcmp(&before, p, sizeof(before)) ? VF_SIMPLER : VF_AS_IT_WAS;
}
