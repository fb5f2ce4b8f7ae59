// SPDX-License-Identifier: GPL-2.0-or-later
/* Targets that nft has nothing for, each with what to do instead. */
#include "translate/ext.h"

#include <string.h>

static const struct {
	const char *name, *why;
} reasons[] = {
	{ "CLUSTERIP", "Linux no longer has CLUSTERIP; nft's jhash shares the packets out, "
		       "with an arp table for the multicast MAC" },
	{ "CONNSECMARK",
	  "nft cannot test whether a security mark is set, on which CONNSECMARK depends" },
	{ "DNPT",
	  "nft has no stateless prefix translation; \"dnat prefix to\" maps the same network, "
	  "with connection tracking and other host parts" },
	{ "HMARK",
	  "nft hashes other bytes in another order; \"meta mark set jhash … mod M\" spreads "
	  "packets as well, but to other marks" },
	{ "IDLETIMER",
	  "nft has no timers in sysfs; a set with a timeout and \"nft monitor\" tells as "
	  "much" },
	{ "LED", "nft cannot light LEDs" },
	{ "RATEEST", "nft has no rate estimators; \"limit rate over\" compares with a fixed rate" },
	{ "SECMARK",
	  "a security mark needs an object of its table, with the context as the running "
	  "security module knows it; write \"secmark\" and \"meta secmark set\" by hand" },
	{ "SNPT",
	  "nft has no stateless prefix translation; \"snat prefix to\" maps the same network, "
	  "with connection tracking and other host parts" },
	{ "ULOG", "Linux has not had ULOG since 3.17; use NFLOG" },
};

static bool translate(struct xl_ctx *c)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (!strcmp(reasons[i].name, c->name))
			return xl_refuse(c, "%s", reasons[i].why);
	return false;
}

const struct xl_ext xl_target_gone[] = {
	{ "CLUSTERIP", XL_TARGET, XL_BOTH, 0, UINT8_MAX, 0, translate },
	{ "CONNSECMARK", XL_TARGET, XL_BOTH, 0, UINT8_MAX, 0, translate },
	{ "DNPT", XL_TARGET, XL_BOTH, 0, UINT8_MAX, 0, translate },
	{ "HMARK", XL_TARGET, XL_BOTH, 0, UINT8_MAX, 0, translate },
	{ "IDLETIMER", XL_TARGET, XL_BOTH, 0, UINT8_MAX, 0, translate },
	{ "LED", XL_TARGET, XL_BOTH, 0, UINT8_MAX, 0, translate },
	{ "RATEEST", XL_TARGET, XL_BOTH, 0, UINT8_MAX, 0, translate },
	{ "SECMARK", XL_TARGET, XL_BOTH, 0, UINT8_MAX, 0, translate },
	{ "SNPT", XL_TARGET, XL_BOTH, 0, UINT8_MAX, 0, translate },
	{ "ULOG", XL_TARGET, XL_BOTH, 0, UINT8_MAX, 0, translate },
	XL_EXT_END,
};
