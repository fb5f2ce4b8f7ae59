// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify_network.h"

#include "diag/input.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static int read_file(struct run *r, struct vf_topology *t, const char *path)
{
	const char *name = strcmp(path, "-") ? xl_printable(&r->arena, path) : "stdin";
	size_t size, before = xl_diag_count(&r->diags, XL_ERROR);
	char *text = input_read(path, &size);

	if (!text) {
		run_complain(r, "%s: %s", path, strerror(errno));
		return XL_EXIT_USAGE;
	}
	vf_topology_read(t, &r->arena, &r->diags, name, text);
	free(text);
	return xl_diag_count(&r->diags, XL_ERROR) > before ? XL_EXIT_USAGE : XL_EXIT_OK;
}

static int read_host(struct run *r, struct vf_topology *t)
{
	size_t before = xl_diag_count(&r->diags, XL_ERROR);
	struct xl_buf b = { 0 };

	xl_buf_puts(&b, "");
	if (!vf_topology_here(&b, &r->diags) || b.failed) {
		run_complain(r, "this host's network: %s", strerror(errno));
		xl_buf_free(&b);
		return XL_EXIT_RESOURCE;
	}
	vf_topology_read(t, &r->arena, &r->diags, "this host's network", b.s);
	xl_buf_free(&b);
	t->given->lenient = true;
	return xl_diag_count(&r->diags, XL_ERROR) > before ? XL_EXIT_RESOURCE : XL_EXIT_OK;
}

int verify_network(struct run *r, struct vf_topology *t, const char *file, bool like_here)
{
	int ret;

	if (!file && !like_here) {
		vf_topology_from_rules(t, &r->arena, &r->xt);
		return XL_EXIT_OK;
	}
	ret = file ? read_file(r, t, file) : read_host(r, t);
	if (ret)
		return ret;
	vf_topology_complete(t, &r->xt);
	for (size_t i = 0; i < t->n; i++)
		if (!t->devices[i].given && strcmp(t->devices[i].name, "lo") != 0)
			xl_report(&r->diags, XL_NOTE, (struct xl_loc){ .file = t->given->file },
				  NULL,
				  "has no device %s, which is made and has addresses of its own",
				  t->devices[i].name);
	return XL_EXIT_OK;
}
