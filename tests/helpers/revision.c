// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * revision 4|6 REVISION PROTOCOL TARGET [OPTION [VALUE]]...
 *
 * What the plugin that libxtables finds for a target makes of options in that revision, which
 * iptables itself would use only with an older kernel: prints the blob, the text of -S and of -L.
 */
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xtables.h>

#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

static unsigned int revision;

static int compat_rev(const char *name, uint8_t rev, int opt)
{
	(void)name;
	(void)opt;
	return rev == revision;
}

__attribute__((noreturn, format(printf, 2, 3))) static void fail(enum xtables_exittype status,
								 const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit((int)status);
}

static struct option no_options[] = { { .name = NULL } };

static struct xtables_globals globals = {
	.program_name = "revision",
	.program_version = "0",
	.orig_opts = no_options,
	.opts = no_options,
	.exit_err = fail,
	.compat_rev = compat_rev,
};

static void start(struct xtables_target *t)
{
	size_t size = XT_ALIGN(sizeof(*t->t)) + t->size;

	t->t = xtables_calloc(1, size);
	t->t->u.target_size = (uint16_t)size;
	strcpy(t->t->u.user.name, t->name);
	t->t->u.user.revision = t->revision;
	if (t->udata_size)
		t->udata = xtables_calloc(1, t->udata_size);
	if (t->init)
		t->init(t->t);
}

static void parse(struct xtables_target *t, char **argv, void *entry)
{
	const struct xt_option_entry *o;

	for (; *argv; argv++) {
		/* May be shortened. */
		for (o = t->x6_options; o->name && strncmp(o->name, *argv + 2, strlen(*argv + 2));)
			o++;
		if (!o->name)
			fail(PARAMETER_PROBLEM, "unknown option \"%s\"", *argv);
		optarg = o->type == XTTYPE_NONE ? NULL : *++argv;
		xtables_option_tpcall(o->id, argv, false, t, entry);
	}
	xtables_option_tfcall(t);
}

int main(int argc, char **argv)
{
	union {
		struct ipt_entry v4;
		struct ip6t_entry v6;
	} e = { 0 };
	struct xtables_target *t;
	bool v6;

	if (argc < 5)
		fail(PARAMETER_PROBLEM, "usage: revision 4|6 REVISION PROTOCOL TARGET [OPTION]...");
	v6 = !strcmp(argv[1], "6");
	revision = (unsigned int)atoi(argv[2]);
	xtables_init_all(&globals, v6 ? NFPROTO_IPV6 : NFPROTO_IPV4);
	if (v6)
		e.v6.ipv6.proto = (uint8_t)atoi(argv[3]);
	else
		e.v4.ip.proto = (uint8_t)atoi(argv[3]);
	t = xtables_find_target(argv[4], XTF_LOAD_MUST_SUCCEED);
	start(t);
	parse(t, argv + 5, &e);
	printf("%s %u ", t->name, t->revision);
	for (size_t i = 0; i < t->size; i++)
		printf("%02x", t->t->data[i]);
	putchar('\n');
	t->save(&e, t->t);
	putchar('\n');
	t->print(&e, t->t, 1);
	putchar('\n');
	return 0;
}
