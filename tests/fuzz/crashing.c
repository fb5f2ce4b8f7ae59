// SPDX-License-Identifier: GPL-2.0-or-later
/* -m crashing: a libxtables plugin that does what its option says. */
#include <getopt.h>
#include <signal.h>
#include <stdlib.h>
#include <xtables.h>

static const struct option options[] = {
	{ "exit", no_argument, NULL, 1 },
	{ "abort", no_argument, NULL, 2 },
	{ "segfault", no_argument, NULL, 3 },
	{ NULL, 0, NULL, 0 },
};

static int parse(int c, char **argv, int invert, unsigned int *flags, const void *entry,
		 struct xt_entry_match **match)
{
	(void)argv;
	(void)invert;
	(void)flags;
	(void)entry;
	(void)match;
	if (c == 1)
		exit(0);
	if (c == 2)
		abort();
	raise(SIGSEGV);
	return 1;
}

static void help(void)
{
}

static struct xtables_match crashing = {
	.name = "crashing",
	.version = XTABLES_VERSION,
	.family = NFPROTO_UNSPEC,
	.size = XT_ALIGN(4),
	.userspacesize = XT_ALIGN(4),
	.help = help,
	.parse = parse,
	.extra_opts = options,
};

static void __attribute__((constructor)) load(void)
{
	xtables_register_match(&crashing);
}
