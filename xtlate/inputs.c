// SPDX-License-Identifier: GPL-2.0-or-later
#include "inputs.h"

#include "diag/input.h"
#include "xt/read_save.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

void inputs_init(struct inputs *in, struct xl_arena *a, int argc)
{
	*in = (struct inputs){ .n = 0 };
	in->v = xl_alloc(a, (size_t)(argc + 1) * sizeof(*in->v));
	in->ipsets = xl_alloc(a, (size_t)(argc + 1) * sizeof(*in->ipsets));
}

void inputs_add(struct inputs *in, const char *path, uint8_t family)
{
	in->v[in->n++] = (struct input){ .path = path, .family = family };
}

static int add4(struct run *r, void *to, const char *arg)
{
	(void)r;
	inputs_add(to, arg, NFPROTO_IPV4);
	return XL_EXIT_OK;
}

static int add6(struct run *r, void *to, const char *arg)
{
	(void)r;
	inputs_add(to, arg, NFPROTO_IPV6);
	return XL_EXIT_OK;
}

static int add_ipset(struct run *r, void *to, const char *arg)
{
	struct inputs *in = to;

	(void)r;
	in->ipsets[in->nipsets++] = (struct input){ .path = arg };
	return XL_EXIT_OK;
}

const struct option_row input_options[] = {
	{ '4', "ipv4", "FILE", "@file", OPTION_CALL, .take = add4, .help = "FILE is for iptables",
	  .man = "FILE is for iptables." },
	{ '6', "ipv6", "FILE", "@file", OPTION_CALL, .take = add6,
	  .help = "FILE is for ip6tables (others are guessed)",
	  .man = "FILE is for ip6tables. Other files are guessed, from their text and name." },
	{ 0, "ipset", "FILE", "@file", OPTION_CALL, .take = add_ipset,
	  .help = "take ipsets that the rules name from this \"ipset save\" file",
	  .man = "Sets that rules name are in this file, which `ipset save` wrote. They become "
		 "sets of "
		 "the tables that use them. Without it a rule that names a set is not "
		 "translated." },
	{ 0, "noflush", .kind = OPTION_SET, .at = offsetof(struct inputs, noflush),
	  .help = "a table that comes again adds to the first",
	  .man = "A table that comes again in the input adds to what it had, as with "
		 "`iptables-restore --noflush`. Otherwise it starts anew." },
	{ 0 },
};

/* The text moves to the arena, where all else of the run is. */
static int read_one(struct run *r, struct input *i)
{
	char *text = input_read(i->path, &i->size);

	if (!text) {
		run_complain(r, "%s: %s", i->path, strerror(errno));
		return XL_EXIT_USAGE;
	}
	i->text = xl_memdup(&r->arena, text, i->size + 1);
	free(text);
	i->name = strcmp(i->path, "-") ? xl_printable(&r->arena, i->path) : "stdin";
	run_add_text(r, i->name, i->text, i->size);
	return XL_EXIT_OK;
}

static int read_rules(struct run *r, const struct inputs *in, struct input *i)
{
	struct xt_read_opts opts = { .noflush = in->noflush };
	int ret = read_one(r, i);

	if (ret)
		return ret;
	if (!i->family) {
		i->family = xt_guess_family(i->name, i->text);
		i->guessed = true;
	}
	opts.file = i->name;
	opts.family = i->family;
	xt_read_save(&r->xt, &r->host, &r->diags, i->text, i->size, &opts);
	return XL_EXIT_OK;
}

int inputs_read(struct run *r, struct inputs *in)
{
	int ret = XL_EXIT_OK;

	if (!in->n)
		inputs_add(in, "-", 0);
	for (size_t i = 0; !ret && i < in->nipsets; i++) {
		ret = read_one(r, &in->ipsets[i]);
		if (!ret)
			xt_ipsets_read(&r->ipsets, &r->diags, in->ipsets[i].name,
				       in->ipsets[i].text, in->ipsets[i].size);
	}
	for (size_t i = 0; !ret && i < in->n; i++)
		ret = read_rules(r, in, &in->v[i]);
	return ret;
}
