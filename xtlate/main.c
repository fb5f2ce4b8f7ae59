// SPDX-License-Identifier: GPL-2.0-or-later
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "diag/diag.h"
#include "verbs.h"

#include <stdio.h>
#include <string.h>

static const struct verb verbs[] = {
	{ "ruleset", cmd_ruleset, "translate whole iptables-save files" },
	{ "rule", cmd_rule, "translate one iptables command line" },
	{ "verify", cmd_verify, "send the same packets through a ruleset and its translation" },
	{ "coverage", cmd_coverage, "list what is translated, exactly or not, and why not" },
};

/* By these names (links to this program) it takes upstream's options and prints upstream's form. */
static const struct verb names[] = {
	{ "iptables-translate", cmd_translate4, NULL },
	{ "ip6tables-translate", cmd_translate6, NULL },
	{ "iptables-restore-translate", cmd_restore_translate4, NULL },
	{ "ip6tables-restore-translate", cmd_restore_translate6, NULL },
};

static void usage(FILE *f)
{
	fputs("Usage: xtlate VERB [OPTION]... [ARGUMENT]...\n"
	      "Translates iptables rulesets to nftables: exact, or refused with the reason.\n\n",
	      f);
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++)
		fprintf(f, "  xtlate %-10s %s\n", verbs[i].name, verbs[i].what);
	fputs("\n\"xtlate VERB --help\" tells the verb's options; xtlate(1) has all of it.\n", f);
}

static const struct verb *find(const struct verb *v, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(v[i].name, name))
			return &v[i];
	return NULL;
}

int main(int argc, char **argv)
{
	const char *slash = argc ? strrchr(argv[0], '/') : NULL;
	const char *self = slash ? slash + 1 : argc ? argv[0] : "xtlate";
	const struct verb *v = find(names, sizeof(names) / sizeof(names[0]), self);

	if (v)
		return v->run(argc, argv);
	if (argc < 2) {
		usage(stderr);
		return XL_EXIT_USAGE;
	}
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V")) {
		puts("xtlate " PACKAGE_VERSION);
		return XL_EXIT_OK;
	}
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help")) {
		usage(stdout);
		return XL_EXIT_OK;
	}
	v = find(verbs, sizeof(verbs) / sizeof(verbs[0]), argv[1]);
	if (!v) {
		fprintf(stderr, "xtlate: there is no verb \"%s\"; see xtlate --help\n", argv[1]);
		return XL_EXIT_USAGE;
	}
	return v->run(argc - 1, argv + 1);
}
