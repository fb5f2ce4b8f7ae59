// SPDX-License-Identifier: GPL-2.0-or-later
/* All that completions and manuals are made from: verbs and their options, the built-in chains,
 * and the extensions. */
#include "diag/diag.h"
#include "translate/coverage.h"
#include "verbs.h"
#include "xt/ruleset.h"

#include <jansson.h>
#include <string.h>

static json_t *row_json(const struct option_row *row)
{
	char letter[] = { row->letter, '\0' };

	return json_pack("{s:s*, s:s*, s:s*, s:s*, s:s, s:s}", "letter",
			 row->letter ? letter : NULL, "name", row->name, "argument", row->arg,
			 "values", row->values, "help", row->help, "man",
			 row->man ? row->man : row->help);
}

static json_t *group_json(const struct option_group *g)
{
	json_t *rows = json_array();

	for (const struct option_row *row = g->rows; row->help; row++)
		json_array_append_new(rows, row_json(row));
	return json_pack("{s:s*, s:b, s:o}", "title", g->title, "iptables",
			 g->rows->kind == OPTION_FOREIGN, "options", rows);
}

static json_t *verb_json(const struct verb *v)
{
	json_t *groups = json_array(), *examples = json_array();

	for (size_t g = 0; g < VERB_GROUPS && v->groups[g].rows; g++)
		json_array_append_new(groups, group_json(&v->groups[g]));
	for (size_t i = 0; i < VERB_EXAMPLES && v->examples[i].command; i++)
		json_array_append_new(examples,
				      json_pack("{s:s, s:s}", "command", v->examples[i].command,
						"what", v->examples[i].what));
	return json_pack("{s:s, s:s, s:s*, s:o, s:o}", "name", v->name, "what", v->what,
			 "arguments", v->arguments, "groups", groups, "examples", examples);
}

static json_t *chains_json(void)
{
	static const char *const tables[] = { "filter", "mangle", "nat", "raw", "security" };
	static const char *const chains[] = { "PREROUTING", "INPUT", "FORWARD", "OUTPUT",
					      "POSTROUTING" };
	json_t *j = json_object();

	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++) {
		json_t *list = json_array();

		for (size_t c = 0; c < sizeof(chains) / sizeof(chains[0]); c++)
			if (xt_hook_of(tables[t], chains[c]) >= 0)
				json_array_append_new(list, json_string(chains[c]));
		json_object_set_new(j, tables[t], list);
	}
	return j;
}

/* Matches and targets, each with the names of its options. */
static void extension(void *to, const struct xl_covered *row)
{
	const char *name = row->option->name;
	json_t *kind = json_object_get(to, row->kind), *options = json_object_get(kind, row->ext);

	if (!kind)
		return;
	if (!options) {
		options = json_array();
		json_object_set_new(kind, row->ext, options);
	}
	if (name)
		json_array_append_new(options, json_stringn(name, strcspn(name, " ")));
}

int verbs_dump(void)
{
	json_t *list = json_array(), *extensions = json_pack("{s:{}, s:{}}", "match", "target");
	json_t *j = json_pack("{s:o, s:o, s:o}", "verbs", list, "chains", chains_json(),
			      "extensions", extensions);
	int ret;

	for (size_t i = 0; verbs[i]; i++)
		json_array_append_new(list, verb_json(verbs[i]));
	xl_coverage(extension, extensions);
	ret = json_dumpf(j, stdout, JSON_INDENT(1) | JSON_PRESERVE_ORDER);
	json_decref(j);
	return ret || puts("") < 0 ? XL_EXIT_RESOURCE : XL_EXIT_OK;
}
