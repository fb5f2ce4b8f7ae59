// SPDX-License-Identifier: GPL-2.0-or-later
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "diag/diag.h"
#include "verbs.h"

#include <stdio.h>
#include <string.h>

const struct verb *const verbs[] = { &verb_ruleset, &verb_rule, &verb_verify, &verb_coverage,
				     NULL };

/* By these names (links to this program) it takes upstream's options and prints upstream's form. */
static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} names[] = {
	{ "iptables-translate", cmd_translate4 },
	{ "ip6tables-translate", cmd_translate6 },
	{ "iptables-restore-translate", cmd_restore_translate4 },
	{ "ip6tables-restore-translate", cmd_restore_translate6 },
};

static void usage(FILE *f)
{
	fputs("Usage: xtlate VERB [OPTION]... [ARGUMENT]...\n"
	      "Translates iptables rulesets to nftables: exact, or refused with the reason.\n\n",
	      f);
	for (size_t i = 0; verbs[i]; i++)
		fprintf(f, "  xtlate %-10s %s\n", verbs[i]->name, verbs[i]->what);
	fputs("\n\"xtlate VERB --help\" tells the verb's options; xtlate(1) has more.\n", f);
}

static const struct verb *find_verb(const char *name)
{
	size_t i = 0;

	while (verbs[i] && strcmp(verbs[i]->name, name) != 0)
		i++;
	return verbs[i];
}

/* "help", or "help VERB" */
static int help(const char *verb)
{
	const struct verb *v = verb ? find_verb(verb) : NULL;

	if (v)
		verb_help(v, stdout);
	else
		usage(stdout);
	return XL_EXIT_OK;
}

static int run_verb(int argc, char **argv)
{
	const struct verb *v = find_verb(argv[1]);

	if (v)
		return v->run(argc - 1, argv + 1);
	if (!strcmp(argv[1], "--version") || !strcmp(argv[1], "-V"))
		return puts("xtlate " PACKAGE_VERSION) < 0 ? XL_EXIT_RESOURCE : XL_EXIT_OK;
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return help(argv[2]);
	if (!strcmp(argv[1], "--dump-options")) /* for doc/options */
		return verbs_dump();
	fprintf(stderr, "xtlate: there is no verb \"%s\"; see xtlate --help\n", argv[1]);
	return XL_EXIT_USAGE;
}

int main(int argc, char **argv)
{
	const char *slash = argc ? strrchr(argv[0], '/') : NULL;
	const char *self = slash ? slash + 1 : argc ? argv[0] : "xtlate";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(names[i].name, self))
			return names[i].run(argc, argv);
	if (argc >= 2)
		return run_verb(argc, argv);
	usage(stderr);
	return XL_EXIT_USAGE;
}
