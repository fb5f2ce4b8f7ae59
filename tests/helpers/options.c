// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * options 4|6 NAME...
 *
 * Prints what options the installed libxtables plugins of these names know, one a line: kind, name,
 * "--option". An extension without options has a line without the last.
 */
#include <getopt.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>
#include <xtables.h>

static jmp_buf failed;
static struct option none[] = { { NULL, 0, NULL, 0 } };

static __attribute__((noreturn)) void fail(enum xtables_exittype status, const char *fmt, ...)
{
	(void)status;
	(void)fmt;
	longjmp(failed, 1);
}

static int any_revision(const char *name, uint8_t rev, int opt)
{
	(void)name;
	(void)rev;
	(void)opt;
	return 1;
}

static struct xtables_globals globals = {
	.program_name = "options",
	.program_version = "1",
	.orig_opts = none,
	.exit_err = fail,
	.compat_rev = any_revision,
};

static void show(const char *kind, const char *name, const struct xt_option_entry *x,
		 const struct option *o)
{
	if (!x && !o)
		printf("%s %s\n", kind, name);
	for (; x && x->name; x++)
		printf("%s %s --%s\n", kind, name, x->name);
	for (; !x && o && o->name; o++)
		printf("%s %s --%s\n", kind, name, o->name);
}

static void match(const char *name)
{
	struct xtables_match *m = xtables_find_match(name, XTF_TRY_LOAD, NULL);

	if (m)
		show("match", name, m->x6_options, m->extra_opts);
}

static void target(const char *name)
{
	struct xtables_target *t = xtables_find_target(name, XTF_TRY_LOAD);

	if (t)
		show("target", name, t->x6_options, t->extra_opts);
}

int main(int argc, char **argv)
{
	if (argc < 2 ||
	    xtables_init_all(&globals, *argv[1] == '6' ? NFPROTO_IPV6 : NFPROTO_IPV4) < 0)
		return 1;
	for (int i = 2; i < argc; i++) {
		if (!setjmp(failed))
			match(argv[i]);
		if (!setjmp(failed))
			target(argv[i]);
	}
	return 0;
}
