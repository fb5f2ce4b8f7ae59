/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef XL_PLUGIN_H
#define XL_PLUGIN_H

/* What all of our libxtables plugins share. */

#include "translate/ext.h"

#include <stdbool.h>
#include <stdint.h>
#include <xtables.h>

/**
 * struct plugin_place - where the kernel takes a target
 * @table: the only table
 * @hooks: 1 << NF_INET_* of the chains from which a rule with it may be reached
 * @where: the same in words
 */
struct plugin_place {
	const char *table;
	unsigned int hooks;
	const char *where;
};

/**
 * libxtables does not tell its plugins which family they are called for. So each family has
 * callbacks of its own, which note it: parse4() and so on for parse(), check(), print(), save() and
 * xlate().
 */
#define PLUGIN_CALLBACKS(n, family)                                                    \
	static void parse##n(struct xt_option_call *cb)                                \
	{                                                                              \
		plugin_family = (family);                                              \
		parse(cb);                                                             \
	}                                                                              \
	static void check##n(struct xt_fcheck_call *cb)                                \
	{                                                                              \
		plugin_family = (family);                                              \
		check(cb);                                                             \
	}                                                                              \
	static void print##n(const void *ip, const struct xt_entry_target *t, int num) \
	{                                                                              \
		(void)ip;                                                              \
		(void)num;                                                             \
		plugin_family = (family);                                              \
		print(t);                                                              \
	}                                                                              \
	static void save##n(const void *ip, const struct xt_entry_target *t)           \
	{                                                                              \
		(void)ip;                                                              \
		plugin_family = (family);                                              \
		save(t);                                                               \
	}                                                                              \
	static int xlate##n(struct xt_xlate *xl, const struct xt_xlate_tg_params *p)   \
	{                                                                              \
		plugin_family = (family);                                              \
		return xlate(xl, p);                                                   \
	}

/** NFPROTO_IPV4 or NFPROTO_IPV6: what the callback that runs is for. */
extern uint8_t plugin_family;

/** The protocol of -p in a struct ipt_entry or ip6t_entry, 0 when there is none. */
uint8_t plugin_proto(const void *entry, bool *inverted);

/** The target around its data. */
struct xt_entry_target *plugin_target(void *data);

/** Ends the program when @arg, given for --@option, begins with an address of the other family. */
void plugin_check_family(const char *name, const char *option, const char *arg);
/** Also when it is a range, in brackets, or has a mask and @mask is false: for one host. */
void plugin_check_host(const char *name, const char *option, const char *arg, bool mask);

/**
 * Ends the program when its command line says that the rule goes to a place where the kernel is
 * sure to refuse it.
 */
void plugin_check_place(const char *name, const struct plugin_place *allowed);

/** The chain of the command line as 1 << NF_INET_*; 0 when it is not known or no built-in one. */
unsigned int plugin_hook(void);

/** An xlate callback: 1 when it was translated. */
int plugin_xlate(struct xt_xlate *xl, const struct xt_xlate_tg_params *p, const struct xl_ext *ext);

#endif
