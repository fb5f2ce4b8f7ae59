// SPDX-License-Identifier: GPL-2.0-or-later
#include "rule_options.h"

#include "run_options.h"
#include "verbs.h"

static int set_4(struct run *r, void *to, const char *arg)
{
	struct rule_options *o = to;

	(void)r, (void)arg;
	o->family = NFPROTO_IPV4;
	return XL_EXIT_OK;
}

static int set_6(struct run *r, void *to, const char *arg)
{
	struct rule_options *o = to;

	(void)r, (void)arg;
	o->family = NFPROTO_IPV6;
	return XL_EXIT_OK;
}

static const struct option_row family_options[] = {
	{ '4', "ipv4", .kind = OPTION_CALL, .take = set_4, .help = "a line of iptables (default)",
	  .man = "The line is for iptables, which is the default." },
	{ '6', "ipv6", .kind = OPTION_CALL, .take = set_6, .help = "a line of ip6tables",
	  .man = "The line is for ip6tables." },
	{ 0 },
};

#define ARGUMENT(letter, name, arg, values, help)                              \
	{                                                                      \
		letter, name, arg, values, OPTION_FOREIGN, 0, NULL, help, NULL \
	}

/* Parsed by xt_command_parse(). */
static const struct option_row iptables_options[] = {
	ARGUMENT('t', "table", "TABLE", "filter mangle nat raw security", "default: filter"),
	ARGUMENT('A', "append", "CHAIN", "@chain", "adds the rule at the end"),
	ARGUMENT('I', "insert", "CHAIN", "@chain",
		 "inserts the rule, in front of rule NUMBER if that follows"),
	ARGUMENT('D', "delete", "CHAIN", "@chain", "deletes the rule, or rule NUMBER"),
	ARGUMENT('R', "replace", "CHAIN", "@chain", "replaces rule NUMBER"),
	ARGUMENT('C', "check", "CHAIN", "@chain", "whether the rule is there"),
	ARGUMENT('N', "new-chain", "CHAIN", NULL, "makes a chain"),
	ARGUMENT('X', "delete-chain", "CHAIN", NULL, "deletes a chain"),
	ARGUMENT('F', "flush", "CHAIN", "@chain",
		 "deletes the rules of the chain, or of the table"),
	ARGUMENT('Z', "zero", "CHAIN", "@chain", "sets counters to zero, or those of rule NUMBER"),
	ARGUMENT('P', "policy", "CHAIN", "@chain", "sets the policy: ACCEPT or DROP behind it"),
	ARGUMENT('E', "rename-chain", "CHAIN", NULL, "gives the chain the name behind it"),
	ARGUMENT('p', "protocol", "PROTOCOL", "tcp udp icmp icmpv6 sctp dccp udplite esp ah all",
		 "of the packet"),
	ARGUMENT('s', "source", "ADDRESS", NULL, "address or network that it is from"),
	ARGUMENT('d', "destination", "ADDRESS", NULL, "address or network that it is for"),
	ARGUMENT('i', "in-interface", "DEVICE", "@interface", "that it came by"),
	ARGUMENT('o', "out-interface", "DEVICE", "@interface", "that it leaves by"),
	ARGUMENT('m', "match", "MATCH", "@match", "an extension, with its options behind it"),
	ARGUMENT('j', "jump", "TARGET", "@target", "verdict, chain or extension"),
	ARGUMENT('g', "goto", "CHAIN", NULL, "chain to go on in"),
	{ 0 },
};

const struct verb verb_rule = {
	.name = "rule",
	.what = "translate one iptables command line",
	.run = cmd_rule,
	.usage = "[OPTION]... IPTABLES-ARGUMENT...",
	.about = "Prints the nft commands for one iptables or ip6tables command line. Options of xtlate "
		 "stand before those of iptables.",
	.arguments = NULL,
	.groups = {
		{ "Translation", family_options },
		{ NULL, run_guard_options },
		{ NULL, run_target_options },
		{ "Messages", message_options },
		{ "Arguments of iptables", iptables_options },
	},
	.examples = {
		{ "xtlate rule -A INPUT -p tcp --dport 22 -j ACCEPT", "a rule for IPv4" },
		{ "xtlate rule -6 -t nat -A PREROUTING -p tcp --dport 80 -j REDIRECT --to-ports 8080",
		  "a rule for IPv6" },
		{ "xtlate rule -P FORWARD DROP", "a policy" },
	},
	.status = "0 all is the same, 1 something is not, 2 bad usage, 4 out of resources.",
};

int rule_parse(struct run *r, struct rule_options *o, int *words, int argc, char **argv)
{
	void *const to[] = { o, r, r, r, NULL };
	int ret;

	*words = options_leading(&verb_rule, argc, argv);
	ret = options_parse(r, &verb_rule, to, *words + 1, argv);
	if (!ret && *words + 1 < argc)
		return 0;
	if (!ret)
		verb_help(&verb_rule, stderr);
	return ret ? ret : XL_EXIT_USAGE;
}
