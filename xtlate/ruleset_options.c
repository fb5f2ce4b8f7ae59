// SPDX-License-Identifier: GPL-2.0-or-later
#include "ruleset_options.h"

#include "run_options.h"
#include "verbs.h"

#include <getopt.h>

static int set_lines(struct run *r, void *to, const char *arg)
{
	struct ruleset_options *o = to;

	(void)arg;
	o->form = NFT_LINES;
	r->env.opts.json = false;
	return XL_EXIT_OK;
}

static int set_json(struct run *r, void *to, const char *arg)
{
	struct ruleset_options *o = to;

	(void)arg;
	o->form = NFT_JSON;
	r->env.opts.json = true;
	return XL_EXIT_OK;
}

#define AT(member) .at = offsetof(struct ruleset_options, member)

static const struct option_row output_options[] = {
	{ 'o', "output", "FILE", "@file", OPTION_TEXT, AT(output),
	  .help = "write there instead of standard output",
	  .man = "Writes to FILE instead of standard output; it is replaced in one step." },
	{ 0, "lines", .kind = OPTION_CALL, .take = set_lines,
	  .help = "\"add rule\" lines instead of blocks",
	  .man = "Writes `add rule` lines instead of blocks, at `-O0` unless another level is "
		 "given." },
	{ 0, "json", .kind = OPTION_CALL, .take = set_json,
	  .help = "JSON for libnftables instead of nft's own language",
	  .man = "Writes JSON for `nft -j -f` instead of nft's own language. It holds no comments, "
		 "so "
		 "rules that are not translated are only in the messages and the report; and what "
		 "has "
		 "no form in JSON, such as text of an extension that xtlate does not know, is "
		 "refused." },
	{ 0, "replace", .kind = OPTION_SET, AT(replace),
	  .help = "let the result replace tables that are loaded already",
	  .man = "Puts in front what removes the tables of the result, so that it takes the place "
		 "of "
		 "what was loaded before. Without it, loading twice adds the rules twice." },
	{ 0, "check", .kind = OPTION_SET, AT(check), .help = "have libnftables check the result",
	  .man = "Has libnftables check the result without loading it. This needs the rights to "
		 "load "
		 "it; it can be done in a namespace: `unshare -rn xtlate ruleset --check` and the "
		 "file." },
	{ 0, "strict", .kind = OPTION_SET, AT(strict),
	  .help = "write nothing when a rule could not be translated",
	  .man = "Writes nothing when the exit status would not be 0." },
	{ 0, "report", "FILE", "@file", OPTION_TEXT, AT(report),
	  .help = "write what became of each rule, as JSON",
	  .man = "Writes what became of each rule, as JSON; see `OUTPUT`." },
	{ 0, "html", "FILE", "@file", OPTION_TEXT, AT(html),
	  .help = "write the rules beside their translation, as a page",
	  .man = "Writes a page for a browser: each rule beside its translation, with the reason "
		 "where "
		 "there is none, to search and filter. It is whole in one file and fetches "
		 "nothing." },
	{ 0, "dot", "FILE", "@file", OPTION_TEXT, AT(dot),
	  .help = "write chains and jumps as a graph for graphviz",
	  .man = "Writes a graph for `dot` of graphviz: the hooks, the chains at each by priority, "
		 "and which chain goes to which, with the number of rules." },
	{ 0 },
};

const struct verb verb_ruleset = {
	.name = "ruleset",
	.what = "translate whole iptables-save files",
	.run = cmd_ruleset,
	.usage = "[OPTION]... [FILE]...",
	.about = "Translates iptables-save files (standard input without FILE, or for -).",
	.arguments = "@file",
	.groups = {
		{ "Input", input_options },
		{ "Translation", run_whole_options },
		{ NULL, run_guard_options },
		{ NULL, run_target_options },
		{ "Output", output_options },
		{ "Messages", message_options },
	},
	.examples = {
		{ "xtlate ruleset -o rules.nft rules.v4 rules.v6",
		  "both families, into one file for nft -f" },
		{ "xtlate ruleset --ipset sets.ipset --report report.json rules.v4 >rules.nft",
		  "rules that name ipsets; what became of each rule goes into a report" },
		{ "iptables-save -c | xtlate ruleset -4 - -O2",
		  "this host's rules with their counters, merged into sets and maps" },
		{ "xtlate ruleset --replace --inet rules.v4 rules.v6 | nft -f -",
		  "load them, in the place of what was loaded before" },
	},
	.status = "0 all is the same, 1 something is not, 2 bad usage or input, 3 nft refuses the "
		  "result, 4 out of resources or rights.",
};

/* Maps that count are in nft's language since 1.0.6, and not in its JSON. */
int ruleset_check(const struct run *r)
{
	if (r->level < XL_MERGED)
		return 0;
	if (r->env.opts.json)
		run_complain(
			r,
			"-O2 cannot be written as JSON, which has no counters in maps; take -O1");
	else if (r->env.opts.nft_version && r->env.opts.nft_version < 0x010006)
		run_complain(r,
			     "-O2 needs nft 1.0.6, older ones have no counters in maps; take -O1");
	else
		return 0;
	return XL_EXIT_USAGE;
}

int ruleset_parse(struct run *r, struct ruleset_options *o, int argc, char **argv)
{
	void *const to[] = { &o->in, r, r, r, o, r };
	int ret;

	inputs_init(&o->in, &r->arena, argc);
	ret = options_parse(r, &verb_ruleset, to, argc, argv);
	if (ret)
		return ret;
	for (; optind < argc; optind++)
		inputs_add(&o->in, argv[optind], 0);
	run_ask_version(r, r->messages.verbose);
	return ruleset_check(r);
}
