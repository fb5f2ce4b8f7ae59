// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/residue.h"

#include "verify/wire.h"

#include <linux/netfilter_ipv6/ip6_tables.h>
#include <netinet/in.h>
#include <string.h>

#define COUNT(v) (sizeof(v) / sizeof((v)[0]))

enum { TCP_LEAST = 20 };

/* What iptables' matches want of a header. */
static const struct {
	uint8_t proto, size;
} headers[] = {
	{ IPPROTO_TCP, TCP_LEAST }, { IPPROTO_UDP, 8 },	   { IPPROTO_UDPLITE, 8 },
	{ IPPROTO_ICMP, 8 },	    { IPPROTO_ICMPV6, 8 }, { IPPROTO_SCTP, 12 },
	{ IPPROTO_DCCP, 12 },	    { IPPROTO_ESP, 8 },	   { IPPROTO_AH, 12 },
	{ IPPROTO_COMP, 4 },
};

static bool later_fragment(const struct vf_probe *p)
{
	return p->flags & VF_FRAGMENT && p->frag_off;
}

/* tcp_mt(), net/netfilter/xt_tcpudp.c: it looks at the header's own length, and for options as far
 * as that goes. */
static bool bad_length(const struct vf_probe *p)
{
	unsigned int room = p->flags & VF_SHORT ? p->cut : TCP_LEAST + p->payload;

	return p->proto == IPPROTO_TCP && p->doff && (p->doff < 5 || p->doff * 4U > room);
}

/* mh_mt6(), net/ipv6/netfilter/ip6t_mh.c: nothing may follow the header. */
static bool bad_mobility(const struct vf_probe *p)
{
	return p->family == NFPROTO_IPV6 && p->proto == IPPROTO_MH &&
	       (p->payload < 8 || !p->n_data || p->data[0] != IPPROTO_NONE);
}

static bool malformed(const struct vf_probe *p)
{
	/* tcp_mt() drops what would overwrite the flags. */
	if (later_fragment(p))
		return p->proto == IPPROTO_TCP && p->frag_off == 1;
	if (p->flags & VF_CUT_EXT || bad_length(p) || bad_mobility(p))
		return true;
	if (p->proto == IPPROTO_COMP && p->payload < 4)
		return true;
	for (size_t i = 0; p->flags & VF_SHORT && i < COUNT(headers); i++)
		if (headers[i].proto == p->proto)
			return p->cut < headers[i].size;
	return false;
}

static bool behind_ah(const struct vf_probe *p)
{
	return p->family == NFPROTO_IPV6 && (p->flags & VF_AH || p->proto == IPPROTO_AH);
}

/* tcpmss_mangle_packet(), net/netfilter/xt_TCPMSS.c */
static bool wants_mss(const struct vf_probe *p)
{
	return p->proto == IPPROTO_TCP && p->tcp_flags & 2 && !p->payload && !later_fragment(p) &&
	       (!(p->flags & VF_TCP_OPTION) || p->tcp_option != 2);
}

/* synproxy_tg4(), net/ipv4/netfilter/ipt_SYNPROXY.c. Where a raw socket gives no source address,
 * the kernel fills it in, and the checksum is of another one: raw_send_hdrinc(). */
static bool bad_sum(const struct vf_probe *p)
{
	static const uint8_t none[16];

	return p->proto == IPPROTO_TCP &&
	       (p->flags & VF_BAD_SUM ||
		(p->in == VF_OUT && !memcmp(p->saddr, none, sizeof(none))));
}

static bool link_local(const struct vf_probe *p)
{
	return p->family == NFPROTO_IPV6 &&
	       ((p->saddr[0] == 0xfe && (p->saddr[1] & 0xc0) == 0x80) ||
		(p->daddr[0] == 0xfe && (p->daddr[1] & 0xc0) == 0x80));
}

static bool of_connection(const struct vf_probe *p)
{
	return p->ct != VF_CT_NONE && p->ct != VF_CT_INVALID;
}

/* connlimit_mt() drops it for not being of a connection, and so does nft_connlimit_do_eval(),
 * unless the rest of the rule cannot match, so that it is left out. */
static bool is_empty(const struct vf_probe *p)
{
	return p->family == NFPROTO_IPV6 && p->proto == IPPROTO_NONE;
}

/* nf_ct_frag6_gather() lets it pass as it is; then nft takes the first bytes for a header. */
static bool odd_fragment(const struct vf_probe *p)
{
	uint8_t wire[VF_WIRE_MAX];

	return p->family == NFPROTO_IPV6 && later_fragment(p) && p->frag_more &&
	       vf_wire(p, wire) % 8;
}

static bool rule_has(const struct xt_rule *rule, uint8_t family, const char *name)
{
	const struct xt_entry_match *m = xt_first_match(family, rule->entry);

	for (; m; m = xt_next_match(family, rule->entry, m))
		if (!strcmp(m->u.user.name, name))
			return true;
	return rule->action == XT_ACT_TARGET &&
	       !strcmp(xt_target(family, rule->entry)->u.user.name, name);
}

static bool ruleset_has(const struct vf_session *r, uint8_t family, const char *name)
{
	for (size_t i = 0; i < r->res->rules.n; i++)
		if (r->res->rules.chain[i]->table->family == family &&
		    rule_has(r->res->rules.v[i], family, name))
			return true;
	return false;
}

/* The first thing that became of it, without bytes and connection. */
static size_t first_outcome(const char *seen)
{
	const char *ct = strstr(seen, " ct ");
	size_t n = strcspn(seen, ":\n");

	return ct && (size_t)(ct - seen) < n ? (size_t)(ct - seen) : n;
}

static bool names_proto(const struct vf_session *r, uint8_t proto)
{
	for (size_t i = 0; i < r->res->rules.n; i++) {
		const struct ip6t_entry *e = (const void *)r->res->rules.v[i]->entry;

		if (r->res->rules.chain[i]->table->family == NFPROTO_IPV6 && e->ipv6.proto == proto)
			return true;
	}
	return false;
}

/* What reads on in the packet, names ESP, or decides otherwise the next time. */
static bool tells_more(const struct vf_session *r)
{
	static const char *const names[] = { "u32", "bpf",    "string", "ipv6header",
					     "esp", "recent", "SET" };

	for (size_t i = 0; i < COUNT(names); i++)
		if (ruleset_has(r, NFPROTO_IPV6, names[i]))
			return true;
	return r->hits || names_proto(r, IPPROTO_ESP);
}

/* Where rules name AH, nft could take the packet for one: "-p ah" never matches in ip6tables. Of a
 * new connection, it has to fare as one of ESP does in the original, where no rule names that;
 * REJECT answers both unseen (nf_reject_verify_csum()). */
static bool fares_as_esp(struct vf_session *r, const struct vf_probe *p)
{
	bool begins = p->proto == IPPROTO_UDP || (p->proto == IPPROTO_TCP && p->tcp_flags == 2);
	size_t n = first_outcome(r->seen[1].s);
	const char *outcome = xl_printf(r->setup->arena, "%.*s", (int)n, r->seen[1].s);
	uint8_t wire[VF_WIRE_MAX];
	struct vf_probe q = *p;
	bool same;

	if (!names_proto(r, IPPROTO_AH) || !begins || p->ct != VF_CT_NONE ||
	    p->flags & (VF_FRAGMENT | VF_SHORT) || tells_more(r))
		return true;
	q.flags &= ~VF_AH;
	q.proto = IPPROTO_ESP;
	q.payload = 0;
	q.payload = (uint16_t)(vf_wire(p, wire) - vf_wire(&q, wire));
	q.number = r->number++;
	return !vf_send_all(r, &q, &same) ||
	       (first_outcome(r->seen[0].s) == n && !strncmp(r->seen[0].s, outcome, n));
}

/**
 * struct residue - what doc/differences.md has a section on
 * @is: packets that it concerns
 * @drops: iptables drops them
 * @ext: a match or target that such a packet meets; NULL: any
 * @but: a match that is no part of it
 * @fares: whether it fares as the documentation says; NULL: any difference is a part of it
 * @behind: the packet is another from there on, for the rules behind
 * @unguarded: only without the guards against later fragments
 */
static const struct residue {
	const char *why;
	bool (*is)(const struct vf_probe *p);
	bool drops;
	const char *ext, *but;
	bool (*fares)(struct vf_session *r, const struct vf_probe *p);
	bool behind, unguarded;
} residues[] = {
	{ .why = "malformed packets that iptables drops (hotdrop)",
	  .is = malformed,
	  .drops = true },
	{ .why = "wrong checksums, for which -j SYNPROXY drops all packets",
	  .is = bad_sum,
	  .drops = true,
	  .ext = "SYNPROXY" },
	{ .why = "IPv6 packets with an authentication header, behind which nft does not look",
	  .is = behind_ah,
	  .but = "ah",
	  .fares = fares_as_esp },
	{ .why = "later fragments, as --no-fragment-guard allows",
	  .is = later_fragment,
	  .unguarded = true },
	{ .why = "later fragments that -m u32 reads on in", .is = later_fragment, .ext = "u32" },
	{ .why = "later fragments that -j ECN changes",
	  .is = later_fragment,
	  .ext = "ECN",
	  .behind = true },
	{ .why = "malformed packets, of which -m set reads no port",
	  .is = malformed,
	  .ext = "set" },
	{ .why = "IPv6 fragments that cannot be put together, for their length",
	  .is = odd_fragment },
	{ .why = "SYNs without an MSS to which iptables adds one",
	  .is = wants_mss,
	  .ext = "TCPMSS",
	  .behind = true },
	{ .why = "IPv6 link-local addresses in -m addrtype", .is = link_local, .ext = "addrtype" },
	{ .why = "packets of connections that -m connlimit has not counted, which iptables drops",
	  .is = of_connection,
	  .drops = true,
	  .ext = "connlimit" },
	{ .why = "packets of connections that -m connlimit has not counted",
	  .is = of_connection,
	  .ext = "connlimit" },
	{ .why = "IPv6 packets with nothing in them, which -m connlimit drops where nothing can "
		 "match",
	  .is = is_empty,
	  .drops = true,
	  .ext = "connlimit" },
	{ .why = "later fragments, which -m tcpmss takes for TCP headers and drops",
	  .is = later_fragment,
	  .drops = true,
	  .ext = "tcpmss" },
	{ .why = "later fragments, which -m tcpmss takes for TCP headers",
	  .is = later_fragment,
	  .ext = "tcpmss" },
};

void vf_residues_init(struct vf_session *r)
{
	for (size_t i = 0; !r->setup->itself && i < COUNT(residues); i++) {
		const struct residue *x = &residues[i];

		if (x->unguarded && !r->setup->unguarded)
			continue;
		for (size_t v6 = 0; v6 < 2; v6++)
			if (!x->ext || ruleset_has(r, v6 ? NFPROTO_IPV6 : NFPROTO_IPV4, x->ext))
				r->residues[v6] |= 1U << i;
	}
}

static const struct residue *find(const struct vf_session *r, const struct vf_probe *p)
{
	unsigned int may = r->residues[p->family == NFPROTO_IPV6];

	for (size_t i = 0; i < COUNT(residues); i++)
		if (may & 1U << i && residues[i].is(p))
			return &residues[i];
	return NULL;
}

bool vf_suspect(const struct vf_session *r, const struct vf_probe *p)
{
	return find(r, p);
}

static void note(struct vf_session *r, const struct vf_probe *p, const struct residue *x)
{
	struct vf_result *res = r->res;
	struct vf_documented d = { x->why, 1, *p };

	for (size_t i = 0; i < res->n_documented; i++)
		if (res->documented[i].why == x->why) {
			res->documented[i].probes++;
			return;
		}
	xl_push(r->setup->arena, res->documented, res->n_documented, res->documented_cap, d);
}

/* Sends it again to see its way. */
static bool find_way(struct vf_session *r, const struct vf_probe *p, struct vf_way *way, bool *same)
{
	if (!vf_count_all(r))
		return false;
	vf_keep_counts(r);
	if (!vf_send_all(r, p, same) || !vf_count_all(r))
		return false;
	vf_find_way(r, p, way);
	return true;
}

/* Whether the ways part at such a rule or, where counters do not tell, or with @behind, lead there
 * before. */
static bool meets(struct vf_session *r, const struct vf_probe *p, const struct vf_way *way,
		  const char *ext, bool behind)
{
	const struct vf_step *parting = vf_parting(r, way);

	if (parting && !behind)
		return rule_has(parting->rule, p->family, ext);
	for (size_t i = 0; i < way->n; i++) {
		if (rule_has(way->steps[i].rule, p->family, ext))
			return true;
		if (&way->steps[i] == parting)
			return false;
	}
	return false;
}

/* Whether a rule of the original has it dropped, so that no malformation need. */
static bool rule_drops(const struct vf_way *way)
{
	for (size_t i = 0; i < way->n; i++)
		if (way->steps[i].by & 1 && way->steps[i].rule->action == XT_ACT_DROP)
			return true;
	return false;
}

/* What comes next that is told of packets, not of connections; "": nothing. */
static const char *packet_line(const char *seen)
{
	while (*seen && (!strncmp(seen, "known ", 6) || !strncmp(seen, "new ", 4)))
		seen += strcspn(seen, "\n") + 1;
	return seen;
}

/* Whether the packets that iptables lets out are the first of nft's: the rest comes of what
 * iptables drops, as do other marks of connections. When it drops no more, since a rate before that
 * is spent, a connection begins that nft knows from what came before. */
static bool stops_early(const char *iptables, const char *nft)
{
	bool begun = strstr(iptables, "new connection: ") && !strstr(nft, "new connection: ");
	bool any = false;
	size_t n;

	iptables = packet_line(iptables);
	nft = packet_line(nft);
	while (*iptables) {
		n = strcspn(iptables, "\n") + 1;
		if (strncmp(iptables, nft, n) != 0)
			return false;
		any = true;
		iptables = packet_line(iptables + n);
		nft = packet_line(nft + n);
	}
	return *nft || !any || begun;
}

/* With @counted, counters were read around it; else it is sent again. */
static bool explains(struct vf_session *r, const struct vf_probe *p, const struct residue *x,
		     bool counted)
{
	struct vf_way way;
	bool same = false;

	if (x->fares && !x->fares(r, p))
		return false;
	if (x->drops && !stops_early(r->seen[0].s, r->seen[1].s))
		return false;
	if (!x->drops && !x->ext && !x->but)
		return true;
	if (counted)
		vf_find_way(r, p, &way);
	else if (!find_way(r, p, &way, &same) || (x->ext && same))
		return false;
	/* A rule that drops by itself does not count what it drops. */
	return !(x->drops && rule_drops(&way)) &&
	       !(x->ext && !x->drops && !meets(r, p, &way, x->ext, x->behind)) &&
	       !(x->but && meets(r, p, &way, x->but, false));
}

static bool is_documented(struct vf_session *r, const struct vf_probe *p, bool counted)
{
	unsigned int may = r->residues[p->family == NFPROTO_IPV6];

	for (size_t i = 0; i < COUNT(residues) && r->status <= XL_EXIT_DIFFERS; i++)
		if (may & 1U << i && residues[i].is(p) && explains(r, p, &residues[i], counted)) {
			note(r, p, &residues[i]);
			return true;
		}
	return false;
}

bool vf_as_documented(struct vf_session *r, const struct vf_probe *p)
{
	return is_documented(r, p, false);
}

bool vf_was_as_documented(struct vf_session *r, const struct vf_probe *p)
{
	return is_documented(r, p, true);
}

bool vf_differs(struct vf_session *r, struct vf_probe *p)
{
	return vf_as_documented(r, p) || (!r->status && vf_confirm(r, p));
}

bool vf_apart_begin(struct vf_session *r)
{
	size_t size = r->res->rules.n * sizeof(**r->aside);

	if (!vf_note_reached(r) || !vf_count_all(r))
		return false;
	for (size_t s = 0; s < r->res->sides; s++)
		memcpy(r->aside[s], r->counts[s], size);
	r->apart = true;
	return true;
}

/* As if the counters had begun higher. */
bool vf_apart_end(struct vf_session *r)
{
	if (!vf_note_reached(r) || !vf_count_all(r))
		return false;
	for (size_t s = 0; s < r->res->sides; s++) {
		for (size_t i = 0; i < r->res->rules.n; i++) {
			struct vf_count *from = &r->start[s][i], *now = &r->counts[s][i];

			from->packets += now->packets - r->aside[s][i].packets;
			from->bytes += now->bytes - r->aside[s][i].bytes;
		}
	}
	r->apart = false;
	return true;
}

static bool spoil_tcp(struct vf_probe *p, unsigned int how)
{
	switch (how) {
	case 0:
		p->doff = 3;
		return true;
	case 1: /* the options end early */
		p->doff = 8;
		p->flags |= VF_SHORT;
		p->cut = TCP_LEAST;
		return true;
	case 2:
		p->flags |= VF_FRAGMENT;
		p->frag_off = 1;
		p->frag_more = false;
		return true;
	default:
		p->payload = 0;
		p->flags &= ~(unsigned int)VF_TCP_OPTION;
		return true;
	}
}

static bool spoil_ext(struct vf_probe *p, unsigned int how)
{
	p->flags |= how ? VF_AH : VF_DSTOPTS | VF_CUT_EXT;
	return p->family == NFPROTO_IPV6;
}

/* Ways 0 and 1 are for all protocols; then those of IPv6, then those of TCP. */
bool vf_spoil(const struct vf_session *r, struct vf_probe *p, unsigned int how)
{
	if (how >= 4)
		return p->proto == IPPROTO_TCP && spoil_tcp(p, how - 4);
	if (how >= 2)
		return spoil_ext(p, how - 2);
	if (how && r->setup->unguarded) {
		p->flags |= VF_FRAGMENT;
		p->frag_off = 3;
		return true;
	}
	p->flags |= VF_SHORT;
	p->cut = how ? 3 : 7;
	return true;
}
