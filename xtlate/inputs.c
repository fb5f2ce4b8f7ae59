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

/* -O0, -O1, -O2 */
static int set_level(struct run *r, const char *arg)
{
	if (*arg < '0' || *arg > '2' || arg[1]) {
		run_complain(r, "there is no -O%s: only -O0, -O1 and -O2", arg);
		return XL_EXIT_USAGE;
	}
	r->level = (enum xl_level)(*arg - '0');
	r->level_given = true;
	return XL_EXIT_OK;
}

int inputs_option(struct run *r, struct inputs *in, int c, const char *arg)
{
	switch (c) {
	case '4':
		inputs_add(in, arg, NFPROTO_IPV4);
		return XL_EXIT_OK;
	case '6':
		inputs_add(in, arg, NFPROTO_IPV6);
		return XL_EXIT_OK;
	case INPUTS_IPSET:
		in->ipsets[in->nipsets++] = (struct input){ .path = arg };
		return XL_EXIT_OK;
	case INPUTS_NOFLUSH:
		in->noflush = true;
		return XL_EXIT_OK;
	case INPUTS_INET:
		r->env.opts.inet = true;
		return XL_EXIT_OK;
	case INPUTS_NO_GUARD:
		r->env.opts.fragment_guard = false;
		return XL_EXIT_OK;
	case 'O':
		return set_level(r, arg);
	default:
		return INPUTS_OTHER;
	}
}

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
	return XL_EXIT_OK;
}

static int read_rules(struct run *r, const struct inputs *in, struct input *i)
{
	struct xt_read_opts opts = { .noflush = in->noflush };
	int ret = read_one(r, i);

	if (ret)
		return ret;
	if (!i->family)
		i->family = xt_guess_family(i->name, i->text);
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
