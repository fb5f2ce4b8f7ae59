// SPDX-License-Identifier: GPL-2.0-or-later
/* A probe that met a rate, tried with rules that have not counted anything yet. */
#include "verify/rates.h"
#include "verify/residue.h"

/* In sandboxes of its own, which leave what was seen there; what fails to open tells nothing. */
static bool differs(struct vf_session *r, const struct vf_probe *p)
{
	struct vf_result res = { .topo = r->res->topo, .rules = r->res->rules };
	struct vf_session fresh = {
		.setup = r->setup, .res = &res, .number = 1, .connections = true
	};
	struct vf_probe again = *p;
	unsigned int repeat = p->repeat ? p->repeat : 1, sure = vf_sure_burst(&res.rules);
	bool same = true;
	double from = 0;
	unsigned int sent = 0;

	if (vf_open_sides(&fresh) && (!r->listening || vf_listen_all(&fresh, true)))
		while (sent < repeat && sent < sure && same) {
			from = sent++ ? from : vf_now_ms();
			again.number = fresh.number++;
			again.sport += !!(again.flags & VF_STEP);
			if (!vf_send_all(&fresh, &again, &same))
				break;
		}
	same |= sent > 1 && vf_now_ms() - from >= vf_quiet_ms(&res.rules);
	for (size_t i = 0; i < fresh.res->sides; i++) {
		struct xl_buf seen = r->seen[i];

		r->seen[i] = fresh.seen[i];
		fresh.seen[i] = seen;
	}
	vf_close_sides(&fresh);
	return !same && fresh.status == XL_EXIT_OK;
}

bool vf_differs_afresh(struct vf_session *r, const struct vf_probe *p)
{
	enum { TRIES = 2, MOST = 24, MANY_RULES = 3000, MOST_OF_MANY = 2 };

	/* What may differ as documented does so there, too: a connection that is none of
	 * connlimit's. */
	if (vf_suspect(r, p))
		return false;
	if (r->afresh >= (r->res->rules.n > MANY_RULES ? MOST_OF_MANY : MOST))
		return false;
	r->afresh++;
	for (int i = 0; i < TRIES; i++)
		if (!differs(r, p))
			return false;
	return true;
}
