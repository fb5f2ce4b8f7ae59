/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_LATE_H
#define XL_LATE_H

/*
 * What rules of the raw table do to a connection that is only tracked later: CT --helper.
 *
 * iptables hangs a template on the packet, from which conntrack makes the connection. nft has no
 * such template; it sets a helper on a connection that there is, so behind conntrack. There a
 * second set of chains (NAME.ct, priority -199) goes through raw's tests once more.
 */

#include "translate/env.h"
#include "translate/ext.h"

/** Why rules of this table cannot be gone through again; NULL when they can. */
const char *xl_no_late(const struct xl_env *env, const struct xt_table *t);

/** Whether rules of this table leave templates, which other rules of it meet for connections. */
bool xl_has_templates(const struct xt_table *t);
/** Whether the rule asks for more of a connection than its state, or sets its mark. */
bool xl_asks_connection(const struct xt_table *t, const struct xt_rule *r);

/** The events that CT asks nft for; 0: none, or some that nft cannot have. */
uint32_t xl_ct_events(uint32_t events, uint32_t expected);

/** Adds these chains to @to, where a rule needs them. @hooks: see xl_chain_hooks(). */
void xl_late_chains(struct xl_env *env, const struct xt_table *t, struct nft_table *to,
		    const unsigned int *hooks);

/** Appends the matches, or the target, of c->entry. In translate.c. */
void xl_run_matches(struct xl_ctx *c);
void xl_run_target(struct xl_ctx *c);

#endif
