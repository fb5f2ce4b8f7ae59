/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_RATES_H
#define VF_RATES_H

#include "verify/session.h"

/** In how much time no rate of the rules lets another packet through. */
unsigned int vf_quiet_ms(const struct vf_rules *r);

/** The kernel's tick. */
unsigned int vf_tick_ms(void);

/** How much of a limit's burst iptables does not have; puts what it has instead into @least, where
 * that is less. */
uint32_t vf_burst_lost(const struct xt_rule *rule, uint8_t family, uint32_t *least);
/** How many packets are let through by all rules whose burst iptables does not have. */
uint32_t vf_sure_burst(const struct vf_rules *r);

/** Whether nft may take more packets for the rule in that time, or fewer, as doc/differences.md
 * says of rates that are faster than iptables' clock, of bursts that it does not have, and of
 * entries of hashlimit that are forgotten. */
bool vf_lets_through(const struct xt_rule *rule, uint8_t family, double ms, bool more);

double vf_now_ms(void);

/** Sends each rule of a rate as many packets as it takes at once and more, in sandboxes of its own;
 * notes the rules that count differently then. */
void vf_compare_rates(struct vf_session *r);

#endif
