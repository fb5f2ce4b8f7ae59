// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * What a difference is reduced to where the translator is wrong: it makes a test for destination
 * port 53 one for 54.
 *
 *	shrink-test FILE
 *
 * prints, for each difference, "packet TEXT", "rules N alone|together" and the rules.
 */
#include "nft/write.h"
#include "translate/env.h"
#include "verify/verify.h"
#include "xt/host.h"
#include "xt/read_save.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct test {
	struct xl_arena arena;
	struct xl_diags diags;
	struct xt_ruleset xt;
	struct xt_host host;
	struct nft_ruleset nft;
	struct xl_env env;
	struct vf_topology topo;
	struct xl_buf nft_text;
	char text[1 << 16];
};

static void mistake(struct nft_rule *r)
{
	for (struct nft_stmt *s = r->stmts.first; s; s = s->next)
		if (s->kind == NFT_S_MATCH && s->r->kind == NFT_E_NUM && s->r->num == 53)
			s->r->num = 54;
}

static void translate(void *data, struct xl_env *env)
{
	(void)data;
	xl_translate(env);
	for (struct nft_table *t = env->out->tables; t; t = t->next)
		for (struct nft_chain *c = t->chains; c; c = c->next)
			for (struct nft_rule *r = c->rules; r; r = r->next)
				mistake(r);
}

static void start(struct test *t, const char *file, uint8_t family)
{
	const struct xt_read_opts opts = { .file = file, .family = family };
	FILE *f = fopen(file, "r");
	size_t n = f ? fread(t->text, 1, sizeof(t->text) - 1, f) : 0;

	if (f)
		fclose(f);
	xl_arena_init(&t->arena);
	t->diags.arena = &t->arena;
	xt_ruleset_init(&t->xt, &t->arena);
	nft_ruleset_init(&t->nft, &t->arena);
	if (!n || !xt_host_init(&t->host, &t->xt))
		exit(2);
	xt_read_save(&t->xt, &t->host, &t->diags, t->text, n, &opts);
	t->env = (struct xl_env){
		.arena = &t->arena,
		.diags = &t->diags,
		.opts = { .nft_version = 0x010006, .fragment_guard = true },
		.xt = &t->xt,
		.host = &t->host,
		.out = &t->nft,
	};
	translate(NULL, &t->env);
	nft_write_ruleset(&t->nft_text, &t->nft, &(struct nft_write_opts){ .form = NFT_BLOCKS });
	vf_topology_from_rules(&t->topo, &t->arena, &t->xt);
}

static bool none(void *data, const struct xt_rule *rule)
{
	(void)data;
	(void)rule;
	return false;
}

static void show(const struct test *t, const struct vf_simplest *s)
{
	struct xl_buf b = { 0 };

	if (!s) {
		puts("nothing");
		return;
	}
	vf_probe_text(&b, &t->topo, &s->probe);
	printf("packet %s\n", b.s);
	xl_buf_free(&b);
	if (s->rules)
		printf("rules %zu %s\n%s", s->n_rules, s->alone ? "alone" : "together", s->rules);
}

int main(int argc, char **argv)
{
	static struct test t;
	struct vf_result res;
	struct vf_setup setup;
	const char *file = argv[argc - 1];
	uint8_t family = argc > 2 ? NFPROTO_IPV6 : NFPROTO_IPV4;
	struct vf_text saved = { family, file, t.text };

	start(&t, file, family);
	setup = (struct vf_setup){
		.arena = &t.arena,
		.xt = &t.xt,
		.topo = &t.topo,
		.saved = &saved,
		.n_saved = 1,
		.nft_text = t.nft_text.s,
		.nft = &t.nft,
		.env = &t.env,
		.translate = translate,
		.legacy = true,
		.skip = none,
		.seed = 1,
	};
	if (vf_verify(&setup, &res) > XL_EXIT_DIFFERS) {
		puts(res.error);
		return 2;
	}
	for (size_t i = 0; i < res.n_differences; i++)
		show(&t, res.differences[i].simplest);
	return 0;
}
