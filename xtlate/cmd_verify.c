// SPDX-License-Identifier: GPL-2.0-or-later
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "diag/input.h"
#include "quote.h"
#include "report.h"
#include "verbs.h"
#include "verify_html.h"
#include "verify_network.h"
#include "verify_options.h"
#include "verify_report.h"
#include "verify/verify.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

/* The report has a line a rule, in the order in which rules are asked about. */
struct cursor {
	const struct xl_env *env;
	size_t at;
};

/* What was refused has no counterpart: it is left out on the other side, too. */
static bool refused(void *data, const struct xt_rule *rule)
{
	struct cursor *c = data;

	while (c->at < c->env->nreport && c->env->report[c->at].source != &rule->source)
		c->at++;
	return c->at == c->env->nreport || c->env->report[c->at].outcome == XL_REFUSED;
}

/* The input with the lines of refused rules made comments. */
static const char *without_refused(const struct run *r, struct input *in)
{
	for (size_t i = 0; i < r->env.nreport; i++) {
		const struct xl_rule_report *rep = &r->env.report[i];
		char *line = in->text;

		if (rep->outcome != XL_REFUSED || strcmp(rep->source->loc.file, in->name) != 0)
			continue;
		for (unsigned int n = 1; line && n < rep->source->loc.line; n++)
			line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL;
		if (line && *line && *line != '\n')
			*line = '#';
	}
	return in->text;
}

/* The signal by which the user has it end, or 0. */
static volatile sig_atomic_t stopping;

static void note_signal(int signal)
{
	stopping = signal;
}

/* The first one ends it neatly, the second at once. */
static void catch_signals(void)
{
	static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction sa = { .sa_handler = note_signal, .sa_flags = SA_RESTART | SA_RESETHAND };

	for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
		struct sigaction was;

		if (!sigaction(signals[i], NULL, &was) && was.sa_handler != SIG_IGN)
			sigaction(signals[i], &sa, NULL);
	}
}

/* Each side has a descriptor a device. */
static void allow_files(void)
{
	struct rlimit l;

	if (!getrlimit(RLIMIT_NOFILE, &l) && l.rlim_cur < l.rlim_max) {
		l.rlim_cur = l.rlim_max;
		setrlimit(RLIMIT_NOFILE, &l);
	}
}

/* So that a shell sees what ended it. */
static void die_of_signal(void)
{
	fflush(NULL);
	signal(stopping, SIG_DFL);
	raise(stopping);
}

static void translate_part(void *data, struct xl_env *env)
{
	const struct run *r = data;

	xl_translate(env);
	xl_optimize(env->out, r->level);
}

static void progress(void *to, size_t done, size_t about)
{
	static const char bar[] = "####################";
	static struct timespec from;
	size_t part = about ? (sizeof(bar) - 1) * done / about : 0;
	struct timespec now;
	double seconds;

	(void)to;
	clock_gettime(CLOCK_MONOTONIC, &now);
	if (!from.tv_sec)
		from = now;
	seconds = (double)(now.tv_sec - from.tv_sec) + (double)(now.tv_nsec - from.tv_nsec) / 1e9;
	fprintf(stderr, "\r%zu probes  [%-20.*s] %.1f s, %.0f a second ", done, (int)part, bar,
		seconds, seconds > 0.1 ? (double)done / seconds : 0);
}

static bool setup(struct run *r, struct verify_options *o, struct vf_setup *s,
		  struct vf_topology *topo)
{
	struct cursor *cursor = xl_new(&r->arena, struct cursor);
	struct xl_arena *a = &r->arena;
	struct vf_text *saved = xl_alloc(a, o->in.n * sizeof(*saved));
	const char **ipsets = xl_alloc(a, (o->in.nipsets + 1) * sizeof(*ipsets));
	struct nft_write_opts w = { .form = NFT_BLOCKS };
	size_t size;
	char *text;

	for (size_t i = 0; i < o->in.n; i++)
		saved[i] = (struct vf_text){ o->in.v[i].family, o->in.v[i].name,
					     without_refused(r, &o->in.v[i]) };
	for (size_t i = 0; i < o->in.nipsets; i++)
		ipsets[i] = o->in.ipsets[i].text;
	cursor->env = &r->env;
	nft_write_ruleset(&r->out, &r->nft, &w);
	*s = (struct vf_setup){
		.arena = a,
		.xt = &r->xt,
		.topo = topo,
		.saved = saved,
		.n_saved = o->in.n,
		.ipsets = ipsets,
		.n_ipsets = o->in.nipsets,
		.sets = &r->ipsets,
		.nft_text = r->out.s ? r->out.s : "",
		.nft = &r->nft,
		.env = &r->env,
		.translate = translate_part,
		.translate_data = r,
		.noflush = o->in.noflush,
		.given_topo = o->topology || o->like_here,
		.compat = o->compat,
		.legacy = o->legacy,
		.itself = o->itself,
		.unguarded = !r->env.opts.fragment_guard,
		.or_compat = o->or_compat,
		.skip = refused,
		.skip_data = cursor,
		.seed = o->seed,
		.max = o->max,
		.stop = &stopping,
		.progress = !r->messages.quiet && isatty(2) ? progress : NULL,
	};
	if (!o->against)
		return true;
	text = input_read(o->against, &size);
	if (!text) {
		run_complain(r, "%s: %s", o->against, strerror(errno));
		return false;
	}
	s->nft_text = xl_strdup(a, text);
	s->nft = o->same_rules ? &r->nft : NULL;
	s->same_rules = o->same_rules;
	s->env = NULL;
	free(text);
	return true;
}

static void find_parting(const struct vf_setup *s, struct vf_difference *d)
{
	for (size_t i = 0; !d->rule && s->nft && i < d->way.n; i++) {
		if (!(d->way.steps[i].by & 1) == !(d->way.steps[i].by & 2))
			continue;
		d->rule = d->way.steps[i].rule;
		d->reference_counts = d->way.steps[i].by & 1;
		d->nft = vf_nft_text(s->arena, s->nft, d->rule);
	}
}

/* The family is that of the first file whose addresses these can be. */
static int one_packet(struct run *r, const struct verify_options *o,
		      const struct verify_about *about, const struct vf_setup *s)
{
	struct vf_difference d = { .rule = NULL };
	struct vf_result res;
	const char *wrong = "no family";
	bool ok = false;
	int ret;

	for (size_t i = 0; !ok && i < o->in.n; i++)
		ok = vf_probe_parse(&d.probe, s->topo, o->in.v[i].family, o->packet, &wrong);
	if (!ok) {
		run_complain(r, "--packet: %s", wrong);
		return XL_EXIT_USAGE;
	}
	ret = vf_trace(s, &d.probe, &res, &d.way);
	if (ret > XL_EXIT_DIFFERS)
		run_complain(r, "%s", res.error);
	else
		verify_show_way(&res, &d.way);
	if (ret > XL_EXIT_DIFFERS || !o->html)
		return ret;
	find_parting(s, &d);
	return verify_html_way(r, about, s, &res, &d, o->html) ? XL_EXIT_RESOURCE : ret;
}

/* The command's words, to be given again for one packet: not those by which that would write over
 * this run's reports. */
static const char *words_again(struct run *r, int argc, char **argv)
{
	static const char *const outputs[] = { "--html", "--report", "--pcap" };
	char **kept = xl_alloc(&r->arena, (size_t)argc * sizeof(*kept));
	int n = 0;

	for (int i = 1; i < argc; i++) {
		size_t len = strcspn(argv[i], "=");
		bool output = false;

		for (size_t k = 0; k < sizeof(outputs) / sizeof(outputs[0]); k++)
			output |= strlen(outputs[k]) == len && !strncmp(argv[i], outputs[k], len);
		if (!output)
			kept[n++] = argv[i];
		else if (!argv[i][len])
			i++;
	}
	return quote_words(&r->arena, kept, n);
}

static int verify(struct run *r, struct verify_options *o, int argc, char **argv)
{
	struct vf_topology topo;
	struct vf_result res;
	struct vf_setup s;
	struct verify_about about = { .run = r, .in = &o->in };
	int ret = verify_parse(r, o, argc, argv);

	if (ret)
		return ret < 0 ? XL_EXIT_OK : ret;
	ret = inputs_read(r, &o->in);
	if (ret)
		return ret;
	run_choose_version(r);
	if (r->messages.verbose)
		report_read(r, &o->in, stderr);
	run_translate(r);
	ret = verify_network(r, &topo, o->topology, o->like_here);
	if (ret || !r->messages.quiet)
		run_show_diags(r);
	if (ret)
		return ret;
	catch_signals();
	allow_files();
	if (!setup(r, o, &s, &topo))
		return XL_EXIT_USAGE;
	about.against = o->against;
	about.args = words_again(r, argc, argv);
	about.nft = r->installed;
	about.seed = o->seed;
	if (o->packet)
		return one_packet(r, o, &about, &s);
	ret = vf_verify(&s, &res);
	if (ret > XL_EXIT_DIFFERS)
		run_complain(r, "%s", res.error);
	else
		verify_show(&about, &res);
	if (ret <= XL_EXIT_DIFFERS && ((o->report && verify_report(&about, &res, o->report)) ||
				       (o->html && verify_html(r, &about, &s, &res, o->html)) ||
				       (o->pcap && verify_pcap(r, &res, o->pcap))))
		return XL_EXIT_RESOURCE;
	return ret;
}

int cmd_verify(int argc, char **argv)
{
	static struct run r;
	struct verify_options o = { .legacy = true, .or_compat = true, .seed = 1 };
	int ret = run_start(&r, "verify");

	if (!ret && !setjmp(r.oom)) {
		ret = verify(&r, &o, argc, argv);
	} else if (!ret) {
		xt_host_abandon(&r.host);
		run_complain(&r, "out of memory");
		ret = XL_EXIT_RESOURCE;
	}
	run_end(&r);
	if (stopping)
		die_of_signal();
	return ret;
}
