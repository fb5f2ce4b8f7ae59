// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify_options.h"

#include "run_options.h"
#include "verbs.h"

#include <getopt.h>
#include <string.h>

static int set_backends(struct run *r, void *to, const char *arg)
{
	char *list = xl_strdup(&r->arena, arg), *name;
	struct verify_options *o = to;
	bool native = false;

	o->legacy = o->compat = o->or_compat = false;
	o->itself = !strcmp(list, "legacy,legacy");
	while ((name = strsep(&list, ","))) {
		if (!strcmp(name, "legacy")) {
			o->legacy = true;
		} else if (!strcmp(name, "nft-compat")) {
			o->compat = true;
		} else if (!strcmp(name, "native")) {
			native = true;
		} else {
			run_complain(r, "there is no backend \"%s\"", name);
			return XL_EXIT_USAGE;
		}
	}
	if (o->itself || (native && (o->legacy || o->compat)))
		return XL_EXIT_OK;
	run_complain(r, "--backends needs native, and legacy or nft-compat");
	return XL_EXIT_USAGE;
}

#define AT(member) .at = offsetof(struct verify_options, member)

static const struct option_row compare_options[] = {
	{ 0, "against", "FILE", "@file", OPTION_TEXT, AT(against),
	  .help = "compare with this nft file instead of the translation",
	  .man = "Compares with this file for `nft -f` instead of the translation; its rules' "
		 "counters "
		 "are then not compared." },
	{ 0, "same-rules", .kind = OPTION_SET, AT(same_rules),
	  .help = "that file has the translation's rules one for one: compare what they count, too",
	  .man = "The file of `--against` has the translation's rules one for one, such as an "
		 "edited "
		 "copy of it or its listing by `nft list ruleset`; their counters are compared, "
		 "too." },
	{ 0, "backends", "LIST",
	  "legacy,native nft-compat,native legacy,nft-compat,native legacy,legacy", OPTION_CALL,
	  .take = set_backends, .help = "of legacy, nft-compat and native (default: legacy,native)",
	  .man = "Which sides there are: of `legacy`, `nft-compat` (iptables-nft) and `native`, "
		 "which "
		 "has to be one of them. The default is `legacy,native`. `legacy,legacy` compares "
		 "iptables-legacy with itself, which tests the verifier." },
	{ 0, "seed", "N", .kind = OPTION_NUMBER, AT(seed),
	  .help = "other packets; the same N makes the same ones (default: 1)",
	  .man = "Makes other packets; the same number makes the same ones." },
	{ 0, "max", "N", .kind = OPTION_NUMBER, AT(max), .help = "send at most N packets",
	  .man = "Sends no more than so many packets." },
	{ 0, "packet", "PACKET", .kind = OPTION_TEXT, AT(packet),
	  .help = "show one packet's way: 'in=eth0 daddr=192.0.2.1 tcp dport=80'",
	  .man = "Sends only this packet, and shows which rules count it on each side and what "
		 "comes "
		 "of it. It is described in words such as `in=eth0 daddr=192.0.2.1 tcp "
		 "dport=80`." },
	{ 0 },
};

static const struct option_row network_options[] = {
	{ 0, "topology", "FILE", "@file", OPTION_TEXT, AT(topology),
	  .help = "the network: devices, addresses, routes",
	  .man = "The sandboxes have the network that this file describes instead of one made from "
		 "the "
		 "rules; see `THE NETWORK`." },
	{ 0, "like-here", .kind = OPTION_SET, AT(like_here),
	  .help = "the network is as in this host",
	  .man = "They have the devices that are up in this host, with its addresses, routes and "
		 "policy "
		 "routing. These are only read." },
	{ 0 },
};

static const struct option_row output_options[] = {
	{ 0, "report", "FILE", "@file", OPTION_TEXT, AT(report),
	  .help = "write what was found, as JSON",
	  .man = "Writes what was found, as JSON; `doc/verify-report.schema.json` says what is in "
		 "it." },
	{ 0, "html", "FILE", "@file", OPTION_TEXT, AT(html),
	  .help = "write what was found, as a page",
	  .man = "Writes what was found as a page for a browser: each rule beside its translation "
		 "with "
		 "what was found of it and what each side counted, how far each chain was reached, "
		 "and "
		 "each difference with its packet, both outcomes and the way through the hooks. "
		 "With "
		 "`--packet`, the page is about that packet. It is whole in one file and fetches "
		 "nothing." },
	{ 0, "pcap", "FILE", "@file", OPTION_TEXT, AT(pcap),
	  .help = "write the packets that differed",
	  .man = "Writes the packets that came out differently, as they were sent." },
	{ 0 },
};

const struct verb verb_verify = {
	.name = "verify",
	.what = "send the same packets through a ruleset and its translation",
	.run = cmd_verify,
	.usage = "[OPTION]... [FILE]...",
	.about = "Translates iptables-save files, loads original and translation in network namespaces "
		 "of their own, and compares what becomes of the same packets.",
	.arguments = "@file",
	.groups = {
		{ "Input", input_options },
		{ "Translation", run_whole_options },
		{ NULL, run_guard_options },
		{ "Comparison", compare_options },
		{ "Network", network_options },
		{ "Output", output_options },
		{ "Messages", message_options },
	},
	.examples = {
		{ "xtlate verify rules.v4 rules.v6", "is the translation the same?" },
		{ "xtlate verify --html page.html --report report.json rules.v4",
		  "the same, with a page to read and a report to send" },
		{ "xtlate verify --against rules.nft rules.v4", "is this file the same?" },
		{ "xtlate verify --packet 'in=eth0 daddr=192.0.2.1 tcp dport=80' rules.v4",
		  "what becomes of one packet, rule by rule" },
	},
	.status = "0 the same, 1 different, 2 bad usage or input, 3 nft refuses its side, 4 out of "
		  "resources or rights; after Ctrl-C 130, with what was found until then.",
};

int verify_parse(struct run *r, struct verify_options *o, int argc, char **argv)
{
	void *const to[] = { &o->in, r, r, o, o, o, r };
	int ret;

	inputs_init(&o->in, &r->arena, argc);
	ret = options_parse(r, &verb_verify, to, argc, argv);
	if (ret)
		return ret;
	for (; optind < argc; optind++)
		inputs_add(&o->in, argv[optind], 0);
	if (o->topology && o->like_here)
		run_complain(r, "--topology and --like-here cannot both be");
	else if (o->same_rules && !o->against)
		run_complain(r, "--same-rules is for --against");
	else {
		run_ask_version(r, true);
		return 0;
	}
	return XL_EXIT_USAGE;
}
