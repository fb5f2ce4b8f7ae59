// SPDX-License-Identifier: GPL-2.0-or-later
/* iptables-restore-translate and ip6tables-restore-translate: upstream's options and form. */
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "diag/diag.h"
#include "verbs.h"

#include <getopt.h>
#include <stdio.h>

static const struct option longs[] = {
	{ "file", required_argument, NULL, 'f' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static int restore_translate(char *family, int argc, char **argv)
{
	char *file = "-";
	char *args[] = { argv[0], "--lines", family, NULL, NULL };
	int c;

	while ((c = getopt_long(argc, argv, "f:hV", longs, NULL)) != -1) {
		switch (c) {
		case 'f':
			file = optarg;
			break;
		case 'h':
			printf("Usage: %s [-f FILE] [-V] [-h]\nSee xtlate(1).\n", argv[0]);
			return XL_EXIT_OK;
		case 'V':
			printf("%s v" PACKAGE_VERSION " (xtlate)\n", argv[0]);
			return XL_EXIT_OK;
		default:
			return XL_EXIT_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "%s: \"%s\" is not expected; name the file with -f\n", argv[0],
			argv[optind]);
		return XL_EXIT_USAGE;
	}
	args[3] = file;
	return ruleset_main(argv[0], argv[0], 4, args);
}

int cmd_restore_translate4(int argc, char **argv)
{
	return restore_translate("-4", argc, argv);
}

int cmd_restore_translate6(int argc, char **argv)
{
	return restore_translate("-6", argc, argv);
}
