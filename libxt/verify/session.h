/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_SESSION_H
#define VF_SESSION_H

/* A comparison while it runs; inside the verifier only. */

#include "verify/verify.h"

#include <sched.h>

/** A packet that a rule for NAT takes, and its rule's ports. */
struct vf_draw {
	struct vf_nat nat;
	struct vf_probe p;
};

/**
 * struct vf_session
 * @counts: what the rules of each side had counted when last asked; @before: at vf_keep_counts();
 *	@start: at the start, but for what was counted apart; @loaded: really then
 * @seen: what came of the last probe, on each side
 * @gen: in use; @gens: by family, IPv4 first
 * @number: of the next probe
 * @began: when the first one was sent, vf_now_ms()
 * @reached, @chance, @dice: by number of the rule; see vf_chance()
 * @slack: by number of the rule: how many packets fewer or more the sides may have counted, since
 *	a rate or the like took probes differently
 * @hits: likewise: the last probe that was made to match it; only where there is chance, else NULL
 * @pairs: likewise, one that a rule behind it would take, too
 * @draws: packets that rules for NAT take
 * @listening: the listeners are open
 * @anew: how often counters were read around a probe, to know what chance has decided
 * @settled: how often vf_settle() was asked
 * @afresh: how often a probe has been tried with fresh rules
 * @aside: what was counted at vf_apart_begin()
 * @apart: what is counted is not compared
 * @residues: which kinds there may be, for IPv4 and IPv6; residue.c
 * @connections: their marks can be seen
 * @refused: the side that was opened last refuses its rules
 * @left_out: rules that are on no side, since one of them refuses them
 * @extended: the last rule whose packet came with an extension header
 * @marked: likewise, with marks; @marks: either ruleset has any
 */
struct vf_session {
	const struct vf_setup *setup;
	struct vf_result *res;
	struct vf_side sides[VF_SIDES];
	struct vf_count *counts[VF_SIDES], *before[VF_SIDES], *start[VF_SIDES], *loaded[VF_SIDES];
	struct xl_buf seen[VF_SIDES];
	struct vf_generator *gen, *gens[2];
	const struct xt_rule *extended, *marked;
	uint32_t number;
	double began;
	bool *reached;
	struct vf_count *aside[VF_SIDES];
	struct vf_unchecked *left_out;
	size_t n_left_out, left_out_cap;
	bool connections, listening, apart, refused, marks;
	uint8_t *chance, *dice;
	uint32_t *slack;
	struct vf_probe *hits, *pairs;
	struct vf_draw *draws;
	size_t n_draws, draws_cap;
	unsigned int settled, afresh, anew, residues[2];
	enum xl_exit status;
	cpu_set_t cpus; /* on which this thread could run before */
	bool stays;
};

/** Notes why the run ends; returns false. */
bool vf_stop(struct vf_session *r, enum xl_exit status, const char *why);
/** Whether the user wants it to end; notes it in the result. */
bool vf_stopped(struct vf_session *r);

/** A session with nothing opened. */
struct vf_session *vf_session_new(const struct vf_setup *setup, struct vf_result *result);
/** Likewise, of the rules that another has. */
struct vf_session *vf_session_like(const struct vf_session *of);
/** Takes over another ruleset; its sides are to be loaded by the caller. */
void vf_session_use(struct vf_session *r, const struct vf_setup *setup, struct vf_result *result);
/** Opens and loads all sides; without the rules that one of them refuses, where the translation is
 * ours. */
bool vf_open_sides(struct vf_session *r);
void vf_close_sides(struct vf_session *r);

/* verify/differ.c; all false when the run cannot go on */

/** Whether this side's counters are those of the rules. */
bool vf_has_counts(const struct vf_session *r, size_t side);
bool vf_count_side(struct vf_session *r, size_t side);
bool vf_count_all(struct vf_session *r);
void vf_keep_counts(struct vf_session *r);
/** Sends one probe through all sides; true in *@same when all saw the same. */
bool vf_send_all(struct vf_session *r, const struct vf_probe *p, bool *same);
/** Sends a probe that differed again, and notes the difference when it stays. */
bool vf_confirm(struct vf_session *r, struct vf_probe *p);
/** Whether the last probe met rules of this chance, as far as the counters since vf_keep_counts()
 * tell. */
bool vf_met(const struct vf_session *r, const uint8_t *chance);
/** What the sides have counted apart since vf_keep_counts() is not to count. */
void vf_note_slack(struct vf_session *r);
/** Notes a difference as it is. */
bool vf_add_difference(struct vf_session *r, const struct vf_probe *p);

/* verify/settle.c: where rules decide by chance or by the clock */

/** Whether there are such rules, and their counters can be compared. */
bool vf_can_settle(const struct vf_session *r);
/** Whether that has not taken too long yet: with many rules, reading counters does. */
bool vf_may_settle(const struct vf_session *r);
/** Sends a probe that differed until chance has decided alike on all sides. */
bool vf_settle(struct vf_session *r, struct vf_probe *p);
/** Lists the rules that have counted differently. */
bool vf_compare_counts(struct vf_session *r);
/** Notes that a rule has counted differently since @then. */
void vf_add_miscount(struct vf_session *r, size_t at, struct vf_count *const *counts,
		     struct vf_count *const *then);
/** What each rule has counted since @start, into the result. */
void vf_total_counts(struct vf_session *r);

/* verify/outcomes.c: where dice decide, and counters do not tell how */

bool vf_only_dice(const struct vf_session *r);
/** Sends a probe that differed so often that each side shows what it can come to. */
bool vf_compare_outcomes(struct vf_session *r, struct vf_probe *p);

/* verify/draws.c: ports that NAT chooses */

/** Keeps such a packet for vf_compare_draws(). */
void vf_keep_draw(struct vf_session *r, const struct vf_probe *p);
/** Compares what ports the rules choose. */
void vf_compare_draws(struct vf_session *r);

/* verify/way.c */

/** The last probe's way: what has been counted since vf_keep_counts(). */
void vf_find_way(const struct vf_session *r, const struct vf_probe *p, struct vf_way *way);
/** The first rule that only one of the reference and nft has counted; NULL: not known. */
const struct vf_step *vf_parting(const struct vf_session *r, const struct vf_way *way);

/* verify/afresh.c */

/** Whether the sides differ for the probe with rules that have just been loaded, too, so that their
 * rates are all where they begin and there are no connections; @r->seen is then from there. */
bool vf_differs_afresh(struct vf_session *r, const struct vf_probe *p);

/* verify/leave_out.c */

/** After the last side has refused its rules: finds which, and takes them out. False: the session
 * is as it was. */
bool vf_leave_out(struct vf_session *r);

/* verify/unchecked.c */

/** Lists what cannot be checked, and counts what was. */
void vf_list_unchecked(struct vf_session *r);

/* verify/rounds.c */

bool vf_note_reached(struct vf_session *r);
bool vf_all_rounds(struct vf_session *r);
/** Counts which rules have been reached so far. */
bool vf_note_reached(struct vf_session *r);
/** Opens the listeners, or closes them. */
bool vf_listen_all(struct vf_session *r, bool on);
void vf_list_unreached(struct vf_session *r);

#endif
