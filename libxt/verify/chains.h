/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_CHAINS_H
#define VF_CHAINS_H

/* The ruleset with each rule's tests taken apart once, and which chains lead to which. */

#include "verify/model.h"

enum vf_effect {
	VF_EFFECT_NONE,
	VF_EFFECT_ACCEPT,
	VF_EFFECT_DROP, /* or whatever ends the packet's way: REJECT, NFQUEUE … */
	VF_EFFECT_RETURN,
	VF_EFFECT_JUMP,
	VF_EFFECT_GOTO,
	VF_EFFECT_CHANGE, /* @change, then on */
	VF_EFFECT_NAT,	  /* @change, then ACCEPT */
};

struct vf_chain;

/** struct vf_rule - @change: what its target does to the packet, or NULL */
struct vf_rule {
	const struct xt_rule *xt;
	struct vf_chain *chain, *jump;
	struct vf_head head;
	struct vf_cond *conds;
	size_t n;
	enum vf_effect effect;
	const struct xt_entry_target *target;
	void (*change)(const struct vf_rule *r, struct vf_packet *k);
	struct vf_rule *hash_next;
	const struct vf_rule *obstacle; /* what took the last packet meant for it */
	const struct vf_rule *by;	/* vf_rule_life() */
	/* vf_marks_find() */
	const struct vf_rule *marked, *uncalled;
	bool may, comes;
	uint8_t life, stops;
};

enum { VF_FAR = 255, VF_TABLES = 5 };

/** struct vf_chain - @depth: jumps from the nearest base chain, VF_FAR: none leads here */
struct vf_chain {
	const struct xt_chain *xt;
	struct vf_rule *rules;
	size_t n;
	struct vf_rule **callers;
	size_t n_callers, callers_cap;
	unsigned int depth;
	bool nat;
	uint8_t end; /* whether what comes here never goes back */
};

/**
 * struct vf_chains
 * @tracks: connections are tracked, and so fragments put together
 * @untracks: unless a rule keeps packets from that
 * @answers: there are rules that answer packets, as parts of their connections
 * @filled: the sets to which rules add
 * @base: the base chains of each hook in the order in which packets meet them
 * @accepts: the rules that let packets pass, for where a policy drops them
 * @changes: the rules that change packets, for where a mark is wanted that they set
 * @dnats: those that change where packets go
 */
struct vf_chains {
	struct xl_arena *arena;
	uint8_t family;
	struct vf_chain *all;
	size_t n, n_rules;
	bool tracks, untracks, answers;
	const struct xt_ipset **filled;
	size_t n_filled, filled_cap;
	struct vf_chain *base[NF_INET_NUMHOOKS][VF_TABLES];
	unsigned int n_base[NF_INET_NUMHOOKS];
	struct vf_rule **accepts, **changes, **dnats;
	size_t n_accepts, accepts_cap, n_changes, changes_cap, n_dnats, dnats_cap;
	struct vf_rule **buckets;
	size_t mask;
};

void vf_chains_init(struct vf_chains *c, struct xl_arena *a, const struct xt_ruleset *rs,
		    struct xt_ipsets *ipsets, uint8_t family);
/** NULL: a rule without an entry, or of another family. */
struct vf_rule *vf_rule_find(const struct vf_chains *c, const struct xt_rule *r);

/**
 * enum vf_life - whether a packet may come to a rule and match it
 * @VF_ALIVE: nothing is known that speaks against it
 * For the others it is certain that none does:
 * @VF_UNCALLED: no chain leads here
 * @VF_TAKEN: an earlier rule takes all that would
 * @VF_CLASH: what it asks, and what a rule on the way asks, is never so of one packet
 * @VF_NOWHERE: no packet has what it asks where it stands ("-o" in INPUT)
 * @VF_MARTIAN: the kernel has dropped packets with such addresses before
 * @VF_EMPTY: a set that it asks of has no elements and gets none
 * @VF_UNTRACKED: a rule keeps all that would come here from being tracked
 * @VF_MARKED: the marks that packets have here are others, given by a rule
 * @VF_MARKED_BEFORE: for their marks, earlier rules take all; the last of them
 * @VF_MARKED_CALLER: and so none comes to the rules that lead here; the first of them
 * And this is certain of the packets that can be made here:
 * @VF_ABSENT: they have not what is asked here or on each way that leads here
 */
enum vf_life {
	VF_LIFE_UNKNOWN,
	VF_ALIVE,
	VF_UNCALLED,
	VF_TAKEN,
	VF_CLASH,
	VF_NOWHERE,
	VF_MARTIAN,
	VF_EMPTY,
	VF_UNTRACKED,
	VF_MARKED,
	VF_MARKED_BEFORE,
	VF_MARKED_CALLER,
	VF_ABSENT,
};
/** *@by: the other rule that makes it so, when there is one; may be NULL. */
enum vf_life vf_rule_life(const struct vf_chains *c, struct vf_rule *r, const struct vf_rule **by);
/** The first of its tests that no packet made here meets; NULL: there is none. */
const struct vf_cond *vf_absent(const struct vf_rule *r);
/** Whether there are rules that add to the set. */
bool vf_fills(const struct vf_chains *c, const struct xt_ipset *set);
/** Whether it asks for elements of a set that has none and gets none. */
bool vf_wants_nothing(const struct vf_chains *c, const struct vf_rule *r);
/** Whether no packet can match both in one table. */
bool vf_rules_clash(const struct vf_rule *a, const struct vf_rule *b);

/** Whether, although it ends most packets' way, it lets some go on. */
bool vf_takes_some(const struct vf_rule *r);

/** What is known of a target's effect; target.c. */
void vf_effect(struct vf_rule *r);
/** Whether it changes where packets go. */
bool vf_is_dnat(const struct vf_rule *r);
/** Whether its target may keep packets from being tracked. */
bool vf_untracks(const struct vf_rule *r);
/** Whether it does so with all that match. */
bool vf_untracks_all(const struct vf_rule *r);

/** All tests of a rule on the packet where it is; @until: see struct vf_kind, the highest. */
enum vf_test vf_rule_test(const struct vf_rule *r, const struct vf_packet *k, unsigned int *until);

/**
 * struct vf_run - a packet's way through the ruleset, as far as the model knows
 * @watch: the rule where it ends; NULL: none
 * @path, @n_path: rules to be taken although their tests are not known
 * @base: the base chain from which @watch is to be come to
 * @budget: how many rules may be tested; then only those of the path are
 * @reached, @matched: @watch was come to, and took the packet
 * @blocker: the rule that kept it from there; NULL with @policy: that chain's policy did
 * @at: at which hook
 * @missed: the furthest rule of the path that it came to and did not match
 * @missed_at: as it was there; @before_missed: the last rule that had changed it by then
 * @until: how often the packet must be sent until one gets there
 * @spent: rules that take only so many packets have taken them; @spendable: there are some
 */
struct vf_run {
	struct vf_packet k;
	const struct vf_rule *watch;
	struct vf_rule *const *path;
	size_t n_path;
	const struct vf_chain *base, *root; /* @root: the base chain it is in */
	unsigned int budget;
	bool reached;
	enum vf_test matched;
	const struct vf_rule *blocker, *changer, *untracker, *missed, *before_missed;
	struct vf_packet missed_at;
	const struct vf_chain *policy;
	int at;
	unsigned int until;
	bool spent, spendable;
};

void vf_run(const struct vf_chains *c, struct vf_run *run);

#endif
