// SPDX-License-Identifier: GPL-2.0-or-later
/* Runs case files: doc/CASES.md. */
#include "bless.h"
#include "case.h"
#include "duel.h"
#include "nft.h"
#include "translation.h"
#include "util.h"
#include "workers.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STATUS_OK, STATUS_FAILED, STATUS_USAGE, STATUS_SKIPPED = 77 };

struct options {
	bool show, text, trace, bless, packets;
};

static void show(const struct xl_case *c, unsigned int family, const struct translation *t)
{
	bool filter = !strcmp(c->table, "filter");

	printf("%c: %s%s%s%s\n%s", family == FAMILY_4 ? '4' : '6', filter ? "" : "-t ",
	       filter ? "" : c->table, filter ? "" : " ", c->rule, text_str(&t->lines));
	if (t->status > 1)
		printf("xtlate ends with status %d:\n%s", t->status, text_str(&t->messages));
}

static bool has_packets(const struct xl_case *c, unsigned int family)
{
	for (size_t i = 0; i < c->n_lines; i++)
		if (is_packet(&c->lines[i], family))
			return true;
	return false;
}

static bool check_packets(const struct xl_case *c, unsigned int family, const struct options *o,
			  const char *rules, const char *listing, struct text *why)
{
	bool packets = has_packets(c, family);

	if (case_has(c, LINE_REFUSED, family) || c->text_only || c->unloadable) {
		if (packets)
			text_f(why, "a refused or text-only case has packets\n");
		return !packets;
	}
	if (!packets && !case_has(c, LINE_NEVER, family)) {
		text_f(why, "no packets: add hit:, miss:, sees: or text-only: and why\n");
		return false;
	}
	return !packets || duel(c, family, rules, listing, o->trace, why);
}

/* What another program makes of the rule, or xtlate for another nft: nothing counts but what it
 * does to packets. */
static bool other_packets(const struct xl_case *c, unsigned int family, const struct options *o,
			  const struct translation *t, struct text *why)
{
	const char *rules = text_str(&t->output);
	struct text listing = { 0 };
	bool ok;

	if (c->unloadable || !strstr(rules, "add rule") || strstr(rules, " NOT TRANSLATED: "))
		return true;
	if (!getenv("XL_CASE_NFT_VERSION"))
		return c->text_only || !has_packets(c, family) ||
		       duel(c, family, rules, rules, o->trace, why);
	ok = nft_round_trip(rules, &listing, why) &&
	     (c->text_only || !has_packets(c, family) ||
	      duel(c, family, rules, text_str(&listing), o->trace, why));
	text_free(&listing);
	return ok;
}

/* Everything is tried, whatever fails first: an author wants to see it all. */
static bool check(const struct xl_case *c, unsigned int family, const struct options *o,
		  const struct translation *t, struct text *why)
{
	const char *rules = text_str(&t->output);
	struct text listing = { 0 };
	bool ok = o->packets || translation_check(t, c, family, why);

	if (o->text || t->status > 1)
		return ok;
	if (o->packets)
		return other_packets(c, family, o, t, why);
	if (c->unloadable)
		return check_packets(c, family, o, rules, "", why) && ok;
	ok &= nft_round_trip(rules, &listing, why) &&
	      check_packets(c, family, o, rules, text_str(&listing), why);
	text_free(&listing);
	return ok;
}

static bool try_case(const struct case_file *f, const struct xl_case *c, unsigned int family,
		     const struct options *o)
{
	struct translation t = translate_case(c, family);
	struct text why = { 0 };
	bool ok = true;

	if (o->show)
		show(c, family, &t);
	else
		ok = check(c, family, o, &t, &why);
	if (!ok)
		printf("%s:%d: (IPv%c) %s\n%s", f->path, c->line, family == FAMILY_4 ? '4' : '6',
		       c->rule, text_str(&why));
	translation_free(&t);
	text_free(&why);
	return ok;
}

/* A case for one family. */
struct job {
	const struct case_file *file;
	const struct xl_case *c;
	unsigned int family;
};

struct jobs {
	struct options o;
	struct job *v;
	size_t n;
};

static bool do_job(void *arg, size_t i)
{
	const struct jobs *jobs = arg;
	const struct job *j = &jobs->v[i];

	return try_case(j->file, j->c, j->family, &jobs->o);
}

/* @line: of the case that is wanted; 0: all */
static bool chosen(const struct case_file *f, size_t i, long line)
{
	return !line ||
	       (f->cases[i].line <= line && (i + 1 == f->n || f->cases[i + 1].line > line));
}

static void add_job(struct jobs *jobs, struct job job)
{
	jobs->v = realloc(jobs->v, (jobs->n + 1) * sizeof(job));
	if (!jobs->v)
		die("realloc");
	jobs->v[jobs->n++] = job;
}

/* @name: FILE or FILE:LINE */
static void add_file(struct jobs *jobs, char *name)
{
	struct case_file *f = malloc(sizeof(*f));
	char *colon = strrchr(name, ':'), *end = NULL;
	long line = colon ? strtol(colon + 1, &end, 10) : 0;

	if (!f)
		die("malloc");
	if (line && !*end)
		*colon = '\0';
	*f = case_read(name);
	if (jobs->o.bless) {
		bless(f);
		case_free(f);
		*f = case_read(name);
	}
	for (size_t i = 0; i < f->n; i++)
		for (unsigned int family = FAMILY_4; family <= FAMILY_6; family <<= 1)
			if (chosen(f, i, line) && f->cases[i].families & family)
				add_job(jobs, (struct job){ f, &f->cases[i], family });
}

static const struct option longs[] = {
	{ "show", no_argument, NULL, 's' },
	{ "trace", no_argument, NULL, 'v' },
	{ "bless", no_argument, NULL, 'b' },
	{ "text", no_argument, NULL, 't' },
	{ "packets", no_argument, NULL, 'p' },
	{ "help", no_argument, NULL, 'h' },
	{ NULL, 0, NULL, 0 },
};

static const char usage[] =
	"Usage: case-run [--show | --text | --packets | --trace | --bless] FILE[:LINE]...\n"
	"Runs the cases of case files (doc/CASES.md); with LINE, the one that it belongs to.\n\n"
	"      --show   print the cases with what xtlate makes of them, check nothing\n"
	"      --text   compare texts only: needs no rights\n"
	"      --packets  compare only what becomes of packets\n"
	"      --trace  print what the legacy rule makes of each packet, too\n"
	"      --bless  write the texts that xtlate prints now into the files\n\n"
	"Exit status: 0 all passed, 1 some failed, 2 bad usage or file, 77 not possible here.\n";

static int run_jobs(struct jobs *jobs)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct tally t;

	t = do_jobs(jobs->n, jobs->o.show || jobs->o.trace ? 1 : (size_t)cpus * 2, do_job, jobs);
	if (!jobs->o.show)
		printf("%zu passed, %zu failed\n", t.passed, t.failed);
	return t.failed ? STATUS_FAILED : STATUS_OK;
}

int main(int argc, char **argv)
{
	static struct jobs jobs; /* reachable to the end: nothing is freed */
	int opt;

	while ((opt = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		if (opt == '?' || opt == 'h') {
			fputs(usage, opt == 'h' ? stdout : stderr);
			return opt == 'h' ? STATUS_OK : STATUS_USAGE;
		}
		jobs.o.show |= opt == 's';
		jobs.o.text |= opt == 't';
		jobs.o.packets |= opt == 'p';
		jobs.o.trace |= opt == 'v';
		jobs.o.bless |= opt == 'b';
	}
	if (optind == argc) {
		fputs(usage, stderr);
		return STATUS_USAGE;
	}
	if (!jobs.o.show && !jobs.o.text && duel_missing()) {
		printf("%s\n", duel_missing());
		return STATUS_SKIPPED;
	}
	for (char **name = argv + optind; *name; name++)
		add_file(&jobs, *name);
	return run_jobs(&jobs);
}
