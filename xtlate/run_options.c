// SPDX-License-Identifier: GPL-2.0-or-later
#include "run_options.h"

#include "run.h"

static int set_level(struct run *r, void *to, const char *arg)
{
	(void)to;
	if (*arg < '0' || *arg > '2' || arg[1]) {
		run_complain(r, "there is no -O%s: only -O0, -O1 and -O2", arg);
		return XL_EXIT_USAGE;
	}
	r->level = (enum xl_level)(*arg - '0');
	r->level_given = true;
	return XL_EXIT_OK;
}

static int set_version(struct run *r, void *to, const char *arg)
{
	(void)to;
	return run_write_for(r, arg);
}

const struct option_row run_whole_options[] = {
	{ 'O', NULL, "LEVEL", "0 1 2", OPTION_CALL, .take = set_level,
	  .help = "0: one rule for one rule; 1, the default: the same, with sets that rules share; "
		  "2: rules as elements of sets and maps",
	  .man = "How much is done so that the kernel loads and runs the result well. Whatever the "
		 "level, every packet fares the same and every rule keeps its counter and "
		 "comment.\n"
		 "With `-O0` each rule is written for itself.\n"
		 "With `-O1`, the default, lists of ports, addresses, interfaces and the like that "
		 "several rules have become one set with a name, such as `ports-1`; lists that "
		 "only "
		 "one rule has stay in it, unless a table has more than a hundred of them.\n"
		 "With `-O2`, rules that test the same fields and differ in the values become "
		 "elements "
		 "of one set, verdict map or map of addresses and ports, each with the counter and "
		 "comment of its rule; a rule with a list of ports becomes several elements, which "
		 "count together. Of two rules that can match one packet the first stays first: "
		 "networks within others are looked up one after the other, and a rule is moved "
		 "past "
		 "another only when no packet can match both. What limits, logs, counts "
		 "connections "
		 "or the like is not moved; a long run of such rules that all test one field is "
		 "split "
		 "by a verdict map of it. Fewer than eight rules stay as they are. This level "
		 "needs "
		 "nft 1.0.6, and has no form in JSON." },
	{ 0, "inet", .kind = OPTION_SET, .at = offsetof(struct run, env.opts.inet),
	  .help = "one table for IPv4 and IPv6 where both have it",
	  .man = "Makes one `inet` table of each two that IPv4 and IPv6 have of the same name. "
		 "Rules "
		 "stay those of one family, each with its own counter, in chains of their own: "
		 "where "
		 "both have a chain INPUT, that of IPv6 becomes `INPUT-v6`. Tables stay apart "
		 "where a "
		 "rule cannot be in an inet table (`-j TEE`, text of extensions that xtlate does "
		 "not "
		 "know), or where it would turn on connection tracking for a family that has none; "
		 "a "
		 "message says so. Chains of type nat in such tables need Linux 5.2." },
	{ 0 },
};

const struct option_row run_guard_options[] = {
	{ 0, "no-fragment-guard", .kind = OPTION_CLEAR,
	  .at = offsetof(struct run, env.opts.fragment_guard),
	  .help = "leave out the tests that keep later fragments away",
	  .man = "Leaves out the tests that keep later fragments away from matches on ports and "
		 "the "
		 "like. They are written only where nothing in the ruleset makes the kernel put "
		 "fragments together." },
	{ 0 },
};

const struct option_row run_target_options[] = {
	{ 0, "approximate", .kind = OPTION_SET, .at = offsetof(struct run, env.opts.approximate),
	  .help = "allow translations that are only nearly the same",
	  .man = "Allows translations that are only nearly the same, where no exact one is "
		 "possible. "
		 "Each is marked in the result and told, and the exit status is then 1." },
	{ 0, "nft-version", "VERSION", .kind = OPTION_CALL, .take = set_version,
	  .help = "write for this nft, 0.9.8 or newer (default: the one that is installed)",
	  .man = "Writes for this version of nft, 0.9.8 or newer. The default is the nft that is "
		 "installed, or 1.0.6, whose text all newer versions read, too; nft before that "
		 "needs "
		 "another form for some rules, and others are then refused." },
	{ 0 },
};
