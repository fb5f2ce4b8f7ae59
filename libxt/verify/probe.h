/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_PROBE_H
#define VF_PROBE_H

/*
 * Packets that are sent through both rulesets. They are made from the rules: the model of iptables
 * behind that (model.h) need not be right, since the kernel decides; it only makes good packets.
 */

#include "diag/buf.h"
#include "verify/topology.h"
#include "xt/ipset.h"
#include "xt/ruleset.h"

#include <stdbool.h>
#include <stdint.h>

/** What connection tracking is to know of the packet's connection before it comes. */
enum vf_ct {
	VF_CT_NONE,	   /* nothing: it is new, or invalid by itself */
	VF_CT_ESTABLISHED, /* a connection with replies, in the packet's direction */
	VF_CT_REPLY,	   /* the packet is a reply of a connection seen before */
	VF_CT_RELATED,	   /* an ICMP error about a known connection */
	VF_CT_INVALID,	   /* such as a TCP RST of no connection */
	VF_CT_UNANSWERED,  /* a connection without replies: still new, but it may have a mark */
};

/** Flags of struct vf_probe: parts that are there. */
enum vf_flag {
	VF_FRAGMENT = 1,   /* @frag_off in units of 8 bytes, @frag_more */
	VF_TCP_OPTION = 2, /* @tcp_option with @tcp_option_value (MSS when it is 2) */
	VF_UID = 4,	   /* of the sending socket, with VF_OUT */
	VF_GID = 8,
	VF_AH = 16,  /* IPv6: an AH header before the transport header */
	VF_HBH = 32, /* IPv6: hop-by-hop options */
	VF_DSTOPTS = 64,
	VF_ROUTING = 128,
	VF_BAD_SUM = 256,
	VF_SHORT = 512,	    /* the transport header is cut after @cut bytes */
	VF_CUT_EXT = 1024,  /* IPv6: it ends where its last extension header should be */
	VF_STEP = 2048,	    /* each of its repetitions is of another connection: @sport grows */
	VF_SOCKET = 4096,   /* a socket of this host is what TCP or UDP goes to, wherever that is */
	VF_WILDCARD = 8192, /* that is bound to its port only, not to the address */
	VF_TRANSPARENT = 16384,
};

enum { VF_DATA = 128 };

/**
 * struct vf_probe - one packet
 * @data: the first @n_data bytes of the payload; else those are the number and letters
 * @in: the device by which it comes (place in the topology), or VF_OUT: sent by a local socket
 * @number: which probe of the run it is; part of its payload
 * @aim: the rule it was made for; NULL: for none
 * @hit: it should match @aim (else just miss it)
 * @pair: a rule behind @aim should match it, too
 * @repeat: how often it is sent, at least once; for what counts packets (limit, recent, quota)
 * Addresses in network order, ports and numbers in host order.
 */
struct vf_probe {
	uint8_t family; /* NFPROTO_IPV4 or NFPROTO_IPV6 */
	int in;
	uint32_t number;
	const struct xt_rule *aim;
	bool hit, pair;
	uint16_t repeat;
	unsigned int flags; /* enum vf_flag */
	uint8_t saddr[16], daddr[16];
	uint8_t smac[6];
	uint8_t proto, ttl, tos;
	uint16_t ip_id;
	uint16_t sport, dport;
	uint8_t tcp_flags, type, code; /* type and code: ICMP */
	uint8_t tcp_option;
	uint16_t tcp_option_value;
	uint16_t frag_off;
	bool frag_more;
	uint16_t payload; /* bytes; at least 8 where there is room for the number */
	uint16_t cut;
	uint8_t n_data, data[VF_DATA];
	uint8_t doff; /* what TCP says of its header's length, in words; 0: what it is */
	uint32_t mark, spi;
	uint32_t uid, gid;
	uint32_t socket_mark; /* of the socket that VF_SOCKET means */
	enum vf_ct ct;
	uint32_t ct_mark;
};

enum { VF_OUT = -1 };

struct vf_generator;

/**
 * Makes a generator over all rules of the tables of @family in @rs that have an entry. The same
 * @seed gives the same probes when the functions below are called in the same order. @ipsets may be
 * NULL; then the contents of sets are not known.
 */
struct vf_generator *vf_generator_new(struct xl_arena *a, const struct xt_ruleset *rs,
				      struct xt_ipsets *ipsets, uint8_t family,
				      const struct vf_topology *topo, uint64_t seed);

/** Tells it of the other side's text, for the values that stand there and not in @others. */
void vf_generator_know(struct vf_generator *g, struct xl_arena *a, const char *text,
		       const char *const *others, size_t n);

/** Makes fewer probes for each rule, so that about @n are for all of them. */
void vf_generator_limit(struct vf_generator *g, size_t n);

/** The next probe of the first round: every rule's hits and near misses. False at the end. */
bool vf_next(struct vf_generator *g, struct vf_probe *p);

enum { VF_SEQUENCE = 8 };

/** Packets that are to be sent one after the other; the last is the one that they are for. */
struct vf_sequence {
	struct vf_probe v[VF_SEQUENCE];
	size_t n;
};

/**
 * A further round for a rule that no probe has reached: other choices where earlier rules stood in
 * the way. False when there is nothing more to try.
 */
bool vf_retry(struct vf_generator *g, const struct xt_rule *rule, unsigned int attempt,
	      struct vf_sequence *s);

/** One of the probes made so far; false when there are none. */
bool vf_remembered(struct vf_generator *g, struct vf_probe *p);

/** A packet of random values from the rules' own, for the last round. */
void vf_random(struct vf_generator *g, struct vf_probe *p);

/**
 * enum vf_hope - whether a rule can be reached
 * @VF_HARDLY: it depends on what is hard to make (chance, time)
 * @VF_NOT_HERE: such packets cannot be made here at all (IPsec, bridges)
 * @VF_NEVER: it is certain that no packet gets to the rule, or that none matches it
 */
enum vf_hope { VF_MAY, VF_HARDLY, VF_NOT_HERE, VF_NEVER };

/**
 * Why a rule may well stay unreached ("-m time: the time of day", "no chain leads here"); NULL with
 * VF_MAY when nothing speaks against it.
 */
const char *vf_why_not(struct vf_generator *g, const struct xt_rule *rule, enum vf_hope *hope);

/** For a rule that all attempts have not reached: the rule that took the last packet, in words. */
const char *vf_obstacle(struct vf_generator *g, const struct xt_rule *rule);

/** Whether it is a broadcast or a multicast: what is sent from here leaves, and a copy comes back
 * (__mkroute_output()). */
bool vf_to_many(const struct vf_probe *p);

enum vf_test { VF_NO, VF_YES, VF_UNKNOWN };

/** Whether, as far as the model knows, the packet gets to the rule and matches it. */
enum vf_test vf_expected(struct vf_generator *g, const struct vf_probe *p,
			 const struct xt_rule *rule);

/* verify/probe_text.c */

/** The probe as words: "in=eth0 saddr=192.0.2.1 daddr=198.18.0.1 tcp sport=1 dport=80 flags=syn" */
void vf_probe_text(struct xl_buf *b, const struct vf_topology *t, const struct vf_probe *p);

/** Reads such words; false with @why (in the topology's arena) when they are wrong. */
bool vf_probe_parse(struct vf_probe *p, const struct vf_topology *t, uint8_t family,
		    const char *text, const char **why);

#endif
