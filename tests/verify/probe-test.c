// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Shows what probes are made for a ruleset, as lines of text:
 *
 *	probe-test [-4|-6] [-s SEED] [-i IPSET-FILE] FILE WHAT [ARGUMENT]
 *
 *	probes     each probe: the rule's line, "hit" or "miss", what the model expects, the packet
 *	retry N    probes of the further rounds for the rules that the model does not reach
 *	random N   random probes
 *	topology   devices, addresses, routes
 *	why        the rules of which it is said why they may not be reached
 *	never      the lines of those that certainly are not
 *	coverage   counts and speed, in one line
 *	parse TEXT reads the text of a probe and writes it
 *	hide TEXT  what is compared of packets (in hex, standard input) that come of this probe
 *	meets TEXT the lines of the rules that the model expects to match this packet
 */
#include "verify/hide.h"
#include "verify/probe.h"
#include "xt/host.h"
#include "xt/read_save.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct test {
	struct xl_arena arena;
	struct xl_diags diags;
	struct xt_ruleset rs;
	struct xt_host host;
	struct xt_ipsets ipsets;
	struct vf_topology topo;
	struct vf_generator *g;
	uint8_t family;
	uint64_t seed;
	const char *file, *ipset, *arg;
};

static char *slurp(const char *path, size_t *size)
{
	FILE *f = fopen(path, "r");
	size_t cap = 1 << 24;
	char *s = malloc(cap);

	if (!f || !s) {
		perror(path);
		exit(2);
	}
	*size = fread(s, 1, cap - 1, f);
	s[*size] = '\0';
	fclose(f);
	return s;
}

static void start(struct test *t)
{
	struct xt_read_opts opts = { .file = t->file };
	size_t size;
	char *text;

	xl_arena_init(&t->arena);
	t->diags.arena = &t->arena;
	xt_ruleset_init(&t->rs, &t->arena);
	xt_ipsets_init(&t->ipsets, &t->arena);
	if (!xt_host_init(&t->host, &t->rs))
		exit(2);
	if (t->ipset) {
		text = slurp(t->ipset, &size);
		xt_ipsets_read(&t->ipsets, &t->diags, t->ipset, text, size);
		free(text);
	}
	text = slurp(t->file, &size);
	if (!t->family)
		t->family = xt_guess_family(t->file, text);
	opts.family = t->family;
	xt_read_save(&t->rs, &t->host, &t->diags, text, size, &opts);
	free(text);
	vf_topology_from_rules(&t->topo, &t->arena, &t->rs);
	t->g = vf_generator_new(&t->arena, &t->rs, t->ipset ? &t->ipsets : NULL, t->family,
				&t->topo, t->seed);
}

static void print(const struct test *t, const struct vf_probe *p)
{
	struct xl_buf b = { 0 };

	vf_probe_text(&b, &t->topo, p);
	puts(b.s);
	xl_buf_free(&b);
}

static const char *const tests[] = { [VF_NO] = "no", [VF_YES] = "yes", [VF_UNKNOWN] = "maybe" };

static void print_aimed(struct test *t, const struct vf_probe *p)
{
	printf("%u %s %s ", p->aim->source.loc.line, p->hit ? "hit" : "miss",
	       tests[vf_expected(t->g, p, p->aim)]);
	print(t, p);
}

static void show_probes(struct test *t)
{
	struct vf_probe p;

	while (vf_next(t->g, &p))
		print_aimed(t, &p);
}

/* Calls @each for all rules with an entry. */
static void rules(struct test *t, void (*each)(struct test *t, const struct xt_rule *r, void *data),
		  void *data)
{
	for (const struct xt_table *table = t->rs.tables; table; table = table->next)
		for (const struct xt_chain *c = table->chains; c; c = c->next)
			for (const struct xt_rule *r = c->rules; r; r = r->next)
				if (r->entry)
					each(t, r, data);
}

static void retry(struct test *t, const struct xt_rule *r, void *data)
{
	struct vf_sequence s;
	unsigned int n = *(unsigned int *)data;

	for (unsigned int i = 0; i < n && vf_retry(t->g, r, i, &s); i++)
		print_aimed(t, &s.v[s.n - 1]);
}

static void show_retries(struct test *t)
{
	unsigned int n = atoi(t->arg);

	rules(t, retry, &n);
}

static void show_random(struct test *t)
{
	struct vf_probe p;

	while (vf_next(t->g, &p))
		;
	for (int i = atoi(t->arg); i; i--) {
		vf_random(t->g, &p);
		print(t, &p);
	}
}

static void show_nets(const char *what, const struct vf_net *v, size_t n)
{
	char s[INET6_ADDRSTRLEN];

	for (size_t i = 0; i < n; i++)
		printf(" %s %s/%u", what,
		       inet_ntop(v[i].family == NFPROTO_IPV4 ? AF_INET : AF_INET6, v[i].addr, s,
				 sizeof(s)),
		       v[i].len);
}

static void show_topology(struct test *t)
{
	for (size_t i = 0; i < t->topo.n; i++) {
		const struct vf_device *d = &t->topo.devices[i];

		printf("%s", d->name);
		show_nets("own", d->own, d->n_own);
		show_nets("behind", d->behind, d->n_behind);
		putchar('\n');
	}
	for (size_t i = 0; i < t->topo.n_listen; i++)
		printf("listen %u\n", t->topo.listen[i]);
	if (t->topo.tproxy_marks)
		printf("mark %#x/%#x\n", t->topo.mark, t->topo.mask);
}

static void why(struct test *t, const struct xt_rule *r, void *data)
{
	enum vf_hope hope;
	const char *why = vf_why_not(t->g, r, &hope);

	(void)data;
	if (why)
		printf("%u %s\n", r->source.loc.line, why);
}

static void show_why(struct test *t)
{
	rules(t, why, NULL);
}

static void never(struct test *t, const struct xt_rule *r, void *data)
{
	enum vf_hope hope;

	(void)data;
	if (vf_why_not(t->g, r, &hope) && hope == VF_NEVER)
		printf("%u\n", r->source.loc.line);
}

static void show_never(struct test *t)
{
	rules(t, never, NULL);
}

/* The state of each rule, found by its line. */
struct coverage {
	enum vf_test *of;
	size_t n, rules, sure, maybe, excused, probes, as_said;
};

static void count(struct test *t, const struct xt_rule *r, void *data)
{
	struct coverage *c = data;
	enum vf_test found = c->of[r->source.loc.line % c->n];
	enum vf_hope hope;
	struct vf_sequence s;

	for (unsigned int i = 0; found == VF_NO && i < 8 && vf_retry(t->g, r, i, &s); i++)
		found = vf_expected(t->g, &s.v[s.n - 1], r);
	c->rules++;
	c->sure += found == VF_YES;
	c->maybe += found == VF_UNKNOWN;
	if (found != VF_NO)
		return;
	c->excused += !!vf_why_not(t->g, r, &hope);
	if (t->arg)
		printf("%u not reached: %s | %s\n", r->source.loc.line, r->source.text,
		       vf_why_not(t->g, r, &hope));
}

static double now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return ts.tv_sec + ts.tv_nsec / 1e9;
}

static struct vf_probe *bigger(struct vf_probe *old, size_t *cap)
{
	struct vf_probe *p;

	*cap = *cap ? 2 * *cap : 1024;
	p = realloc(old, *cap * sizeof(*p));
	if (!p)
		abort();
	return p;
}

static void show_coverage(struct test *t)
{
	struct coverage c = { .n = 1 << 20 };
	double from = now(), took;
	struct vf_probe p, *all = NULL;
	size_t cap = 0;

	c.of = calloc(c.n, sizeof(*c.of));
	while (vf_next(t->g, &p)) {
		if (c.probes == cap)
			all = bigger(all, &cap);
		all[c.probes++] = p;
	}
	took = now() - from;
	for (size_t i = 0; i < c.probes; i++) {
		unsigned int line = all[i].aim->source.loc.line % c.n;
		enum vf_test e = vf_expected(t->g, &all[i], all[i].aim);

		c.as_said += (e != VF_NO) == all[i].hit;
		if (e == VF_YES || c.of[line] == VF_NO)
			c.of[line] = e;
	}
	rules(t, count, &c);
	printf("rules %zu sure %zu maybe %zu excused %zu probes %zu as-said %zu us-each %.2f\n",
	       c.rules, c.sure, c.maybe, c.excused, c.probes, c.as_said,
	       c.probes ? took * 1e6 / c.probes : 0);
	free(all);
	free(c.of);
}

static void parse(struct test *t, struct vf_probe *p)
{
	const char *why;

	if (vf_probe_parse(p, &t->topo, t->family, t->arg, &why))
		return;
	puts(why);
	exit(1);
}

static void show_parsed(struct test *t)
{
	struct vf_probe p;

	parse(t, &p);
	print(t, &p);
}

static void show_hidden(struct test *t)
{
	static struct vf_ranges ranges;
	char line[4096];
	uint8_t ip[2048];
	struct vf_probe p;
	size_t n;

	parse(t, &p);
	vf_ranges_find(&ranges, &t->arena, &t->rs);
	while (fgets(line, sizeof(line), stdin)) {
		for (n = 0; sscanf(line + 2 * n, "%2hhx", &ip[n]) == 1; n++)
			;
		n = vf_hide(&ranges, &p, ip, n);
		for (size_t i = 0; i < n; i++)
			printf("%02x", ip[i]);
		putchar('\n');
	}
}

static void meets(struct test *t, const struct xt_rule *r, void *data)
{
	enum vf_test e = vf_expected(t->g, data, r);

	if (e != VF_NO)
		printf("%u %s\n", r->source.loc.line, tests[e]);
}

static void show_met(struct test *t)
{
	struct vf_probe p;

	parse(t, &p);
	rules(t, meets, &p);
}

static const struct {
	const char *name;
	void (*show)(struct test *t);
} modes[] = {
	{ "probes", show_probes },     { "retry", show_retries }, { "random", show_random },
	{ "topology", show_topology }, { "why", show_why },	  { "never", show_never },
	{ "coverage", show_coverage }, { "parse", show_parsed },  { "meets", show_met },
	{ "hide", show_hidden },
};

int main(int argc, char **argv)
{
	static struct test t;
	const char *what;
	int o;

	while ((o = getopt(argc, argv, "46s:i:")) != -1) {
		if (o == '4' || o == '6')
			t.family = o == '4' ? NFPROTO_IPV4 : NFPROTO_IPV6;
		else if (o == 's')
			t.seed = strtoull(optarg, NULL, 0);
		else if (o == 'i')
			t.ipset = optarg;
		else
			return 2;
	}
	if (argc - optind < 2)
		return 2;
	t.file = argv[optind];
	what = argv[optind + 1]; /* plugins use getopt, too */
	t.arg = argv[optind + 2];
	start(&t);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++)
		if (!strcmp(modes[i].name, what))
			modes[i].show(&t);
	xt_host_fini(&t.host);
	xl_arena_free(&t.arena);
	return 0;
}
