/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_VERIFY_H
#define VF_VERIFY_H

/*
 * Sends the same packets through the original and the translation, each in a namespace of its own,
 * and compares what comes of them. The kernel is the judge on both sides.
 */

#include "verify/counts.h"
#include "verify/probe.h"
#include "verify/side.h"

#include <signal.h>

enum { VF_SIDES = 3 };

struct xl_env;

/** One of the texts that are loaded: iptables-save text of one family. */
struct vf_text {
	uint8_t family;
	const char *name; /* of the file that it was read from */
	const char *text;
};

/**
 * struct vf_setup - what is compared
 * @xt: the ruleset that @saved holds; @saved is loaded with the rules that @skip names left out.
 *	What cannot be loaded here is taken out of it
 * @ipsets: "ipset restore" texts for the sides that iptables loads
 * @nft_text: the other side; @nft is its model, by which its counters are found, or NULL
 * @same_rules: @nft_text must have @nft's rules one for one
 * @env, @translate: how @nft was made, and how parts of the ruleset can be; NULL: @nft_text is not
 * ours
 * @noflush: how @saved is read
 * @given_topo: @topo is not made from the rules
 * @compat: a third side, loaded with iptables-nft
 * @legacy: the reference is iptables-legacy; else it is iptables-nft
 * @itself: the other side is iptables-legacy, too, so that nothing may differ
 * @or_compat: iptables-nft, too, where there are no legacy tables
 * @unguarded: the translation was made without guards against later fragments
 * @skip: called once for each rule, in order
 * @max: stop after so many probes; 0: none
 * @stop: becomes other than 0 to end early; may be NULL
 * @progress: called now and then; may be NULL
 */
struct vf_setup {
	struct xl_arena *arena;
	struct xt_ruleset *xt;
	const struct vf_topology *topo;
	const struct vf_text *saved;
	size_t n_saved;
	const char *const *ipsets;
	size_t n_ipsets;
	struct xt_ipsets *sets; /* what @ipsets hold */
	const char *nft_text;
	const struct nft_ruleset *nft;
	const struct xl_env *env;
	void (*translate)(void *data, struct xl_env *env);
	void *translate_data;
	bool noflush, given_topo;
	bool same_rules, compat, legacy, itself, or_compat, unguarded;
	bool (*skip)(void *data, const struct xt_rule *rule);
	void *skip_data;
	uint64_t seed;
	size_t max;
	const volatile sig_atomic_t *stop;
	void (*progress)(void *to, size_t done, size_t about);
	void *progress_to;
};

/** A rule that counted a packet. @by: on which sides, 1 << side. */
struct vf_step {
	const struct xt_rule *rule;
	const struct xt_chain *chain;
	unsigned int by;
};

/**
 * struct vf_way - one packet's way
 * @seen: what came of it on each side; "" for nothing
 * @steps: the rules that counted it on any side, in the order in which it met them; each once
 */
struct vf_way {
	const char *seen[VF_SIDES];
	struct vf_step *steps;
	size_t n, cap;
};

/**
 * struct vf_simplest - a difference as simple as it gets
 * @rules: save text of the fewest rules that show it, of the probe's family; NULL: not looked for
 * @n_rules: how many these are
 * @alone: they show it in a network made for them, too, so that xtlate verify can repeat it
 */
struct vf_simplest {
	struct vf_probe probe;
	const char *seen[VF_SIDES];
	const char *rules;
	size_t n_rules;
	bool alone;
};

/**
 * struct vf_difference - a probe with different outcomes
 * @rule: the first at which the ways part, as far as counters tell, or NULL; @nft stands for it
 *	("ip filter INPUT tcp dport 80 counter accept"), or NULL
 * @simplest: NULL: not looked for, or it comes only after other packets
 * @reference_counts: it is the reference side that counted there
 */
struct vf_difference {
	struct vf_probe probe;
	struct vf_way way;
	const struct xt_rule *rule;
	const char *nft;
	bool reference_counts;
	const struct vf_simplest *simplest;
};

/** A rule that counted differently. */
struct vf_miscount {
	const struct xt_rule *rule;
	struct vf_count by[VF_SIDES];
};

struct vf_unreached {
	const struct xt_rule *rule;
	const char *why; /* NULL: no probe got there */
	enum vf_hope hope;
};

/** Probes that differ as doc/differences.md says, for the same reason; the first of them. */
struct vf_documented {
	const char *why;
	size_t probes;
	struct vf_probe probe;
};

/** A rule that packets cannot check, or not altogether. */
struct vf_unchecked {
	const struct xt_rule *rule;
	const char *why;
};

/**
 * struct vf_result
 * @kinds, @sides: what was compared, the reference first
 * @never: rules of which it is certain that no packet can get there or match
 * @beyond: others that nothing reached and that are not checked here: see @unchecked
 * @different: how many probes differed; @differences holds the first of each kind
 * @unsteady: how many differed once and not again (rates, clocks)
 * @checked: of how many rules the counters were compared, packet for packet
 * @loose: how many counters could only be compared roughly, for the same reason
 * @counts: by side, then by rule, what was counted; NULL when a side's counters cannot be told
 * @rough: by rule, whether it is one of @loose
 */
struct vf_result {
	const struct vf_topology *topo;
	enum vf_kind kinds[VF_SIDES];
	size_t sides;
	const char *no_legacy; /* why iptables-nft had to do for iptables-legacy, or NULL */
	const char *not_done;  /* what of a lenient topology the kernel would not do, or NULL */
	bool stopped;	       /* before the end: the rest is what was found so far */
	struct vf_rules rules;
	size_t probes, reached, never, beyond, different, unsteady, loose;
	double seconds;
	struct vf_count *counts[VF_SIDES];
	bool *rough;
	struct vf_difference *differences;
	size_t n_differences, differences_cap;
	struct vf_miscount *miscounts;
	size_t n_miscounts, miscounts_cap;
	struct vf_documented *documented;
	size_t n_documented, documented_cap;
	size_t checked;
	struct vf_unchecked *unchecked;
	size_t n_unchecked, unchecked_cap;
	struct vf_unreached *unreached;
	size_t n_unreached, unreached_cap;
	const char *error; /* when vf_verify() does not return XL_EXIT_OK or XL_EXIT_DIFFERS */
};

/** XL_EXIT_OK: all the same. XL_EXIT_DIFFERS; XL_EXIT_USAGE when iptables refuses the original;
 * XL_EXIT_NFT when nft refuses the other; XL_EXIT_RESOURCE. */
enum xl_exit vf_verify(const struct vf_setup *setup, struct vf_result *result);

/** Sends only @probe. The exit status is as vf_verify()'s; @result has what was compared and
 * what was counted. */
enum xl_exit vf_trace(const struct vf_setup *setup, const struct vf_probe *probe,
		      struct vf_result *result, struct vf_way *way);

/** The nft rule that carries @rule's counter, or the first that stands for it; NULL: none does. */
const char *vf_nft_text(struct xl_arena *a, const struct nft_ruleset *rs,
			const struct xt_rule *rule);

/** "iptables-legacy", "iptables-nft", "nft" */
const char *vf_kind_name(enum vf_kind kind);

#endif
