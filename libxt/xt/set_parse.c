// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The options of "-m set" (revision 4) and "-j SET" (revision 3). The system's plugin asks the
 * kernel for the index of the set that is named; here the index is the name's place in the ruleset,
 * so that neither a kernel nor the set is needed.
 */
#include "xt/set_parse.h"

#include "xt/host.h"

#include <getopt.h>
#include <string.h>
#include <xtables.h>

#include <linux/netfilter/xt_set.h>

enum {
	O_MATCH_SET = 1,
	O_RETURN_NOMATCH,
	O_UPDATE_COUNTERS,
	O_UPDATE_SUBCOUNTERS,
	O_PACKETS_EQ,
	O_PACKETS_LT,
	O_PACKETS_GT,
	O_BYTES_EQ,
	O_BYTES_LT,
	O_BYTES_GT,
	O_ADD_SET,
	O_DEL_SET,
	O_MAP_SET,
	O_EXIST,
	O_TIMEOUT,
	O_MAP_MARK,
	O_MAP_PRIO,
	O_MAP_QUEUE,
};

#define FAIL(...) xt_host_fail(xt_host_current(), __VA_ARGS__)

static void no_invert(bool invert, const char *option)
{
	if (invert)
		FAIL("%s cannot be inverted", option);
}

/* "src,dst": the flag bits of the dimensions that are "src", and how many dimensions there are. */
static void parse_directions(struct xt_set_info *info, const char *option, const char *text)
{
	const char *s = text;

	do {
		size_t n = strcspn(s, ",");

		if (info->dim == IPSET_DIM_MAX)
			FAIL("%s: \"%s\" has more than %d directions", option, text, IPSET_DIM_MAX);
		info->dim++;
		if (n == 3 && !strncmp(s, "src", 3))
			info->flags |= (uint8_t)(1U << info->dim);
		else if (n != 3 || strncmp(s, "dst", 3) != 0)
			FAIL("%s: \"%s\" is not a list of src and dst, joined by commas", option,
			     text);
		s += n;
	} while (*s++);
}

/* NAME in optarg, the directions in the word after it. */
static void parse_set(struct xt_set_info *info, const char *option, char **argv)
{
	const char *directions = argv[optind];
	unsigned int index;

	if (info->dim)
		FAIL("%s is given twice", option);
	if (!*optarg || strlen(optarg) >= IPSET_MAXNAMELEN)
		FAIL("%s: the name of a set has 1 to %d characters", option, IPSET_MAXNAMELEN - 1);
	if (!directions || *directions == '-' || !strcmp(directions, "!"))
		FAIL("%s needs two words: the set's name, and src or dst for each of its"
		     " dimensions",
		     option);
	index = xt_set_index(xt_host_current()->rs, optarg);
	if (index >= IPSET_INVALID_ID)
		FAIL("more sets are named than the kernel can have");
	info->index = (ip_set_id_t)index;
	parse_directions(info, option, directions);
	optind++;
}

static void parse_counter(struct ip_set_counter_match *m, uint8_t op, bool invert)
{
	uintmax_t value;

	if (m->op != IPSET_COUNTER_NONE)
		FAIL("a counter is compared twice; use a second -m set");
	if (invert && op != IPSET_COUNTER_EQ)
		FAIL("only --packets-eq and --bytes-eq can be inverted");
	if (!xtables_strtoul(optarg, NULL, &value, 0, UINT64_MAX))
		FAIL("\"%s\" is not a number", optarg);
	m->op = invert ? IPSET_COUNTER_NE : op;
	m->value = value;
}

static int match_parse(int c, char **argv, int invert, unsigned int *flags, const void *entry,
		       struct xt_entry_match **match)
{
	struct xt_set_info_match_v4 *i = (void *)(*match)->data;

	(void)flags;
	(void)entry;
	switch (c) {
	case O_MATCH_SET:
		parse_set(&i->match_set, "--match-set", argv);
		if (invert)
			i->match_set.flags |= IPSET_INV_MATCH;
		break;
	case O_RETURN_NOMATCH:
		no_invert(invert, "--return-nomatch");
		i->flags |= IPSET_FLAG_RETURN_NOMATCH;
		break;
	case O_UPDATE_COUNTERS:
		i->flags |= invert ? IPSET_FLAG_SKIP_COUNTER_UPDATE : 0;
		break;
	case O_UPDATE_SUBCOUNTERS:
		i->flags |= invert ? IPSET_FLAG_SKIP_SUBCOUNTER_UPDATE : 0;
		break;
	case O_PACKETS_EQ:
	case O_PACKETS_LT:
	case O_PACKETS_GT:
		parse_counter(&i->packets, (uint8_t)(IPSET_COUNTER_EQ + (c - O_PACKETS_EQ)),
			      invert);
		break;
	case O_BYTES_EQ:
	case O_BYTES_LT:
	case O_BYTES_GT:
		parse_counter(&i->bytes, (uint8_t)(IPSET_COUNTER_EQ + (c - O_BYTES_EQ)), invert);
		break;
	default:
		return 0;
	}
	return 1;
}

static void match_check(struct xt_fcheck_call *cb)
{
	const struct xt_set_info_match_v4 *i = cb->data;

	if (!i->match_set.dim)
		FAIL("-m set needs --match-set NAME with src or dst");
}

static void target_init(struct xt_entry_target *target)
{
	struct xt_set_info_target_v3 *i = (void *)target->data;

	i->add_set.index = i->del_set.index = i->map_set.index = IPSET_INVALID_ID;
	i->timeout = UINT32_MAX; /* the set's own */
}

static void parse_timeout(struct xt_set_info_target_v3 *i)
{
	unsigned int value;

	if (!xtables_strtoui(optarg, NULL, &value, 0, UINT32_MAX - 1))
		FAIL("--timeout: \"%s\" is not a number of seconds", optarg);
	i->timeout = value;
}

static int target_parse(int c, char **argv, int invert, unsigned int *flags, const void *entry,
			struct xt_entry_target **target)
{
	struct xt_set_info_target_v3 *i = (void *)(*target)->data;

	(void)entry;
	no_invert(invert, "an option of SET");
	switch (c) {
	case O_ADD_SET:
		parse_set(&i->add_set, "--add-set", argv);
		break;
	case O_DEL_SET:
		parse_set(&i->del_set, "--del-set", argv);
		break;
	case O_MAP_SET:
		parse_set(&i->map_set, "--map-set", argv);
		break;
	case O_EXIST:
		i->flags |= IPSET_FLAG_EXIST;
		break;
	case O_TIMEOUT:
		parse_timeout(i);
		break;
	case O_MAP_MARK:
		i->flags |= IPSET_FLAG_MAP_SKBMARK;
		break;
	case O_MAP_PRIO:
		i->flags |= IPSET_FLAG_MAP_SKBPRIO;
		break;
	case O_MAP_QUEUE:
		i->flags |= IPSET_FLAG_MAP_SKBQUEUE;
		break;
	default:
		return 0;
	}
	*flags |= 1U << c;
	return 1;
}

static void target_check(struct xt_fcheck_call *cb)
{
	const unsigned int map = 1U << O_MAP_MARK | 1U << O_MAP_PRIO | 1U << O_MAP_QUEUE;
	unsigned int given = cb->xflags;

	if (!(given & (1U << O_ADD_SET | 1U << O_DEL_SET | 1U << O_MAP_SET)))
		FAIL("SET needs --add-set, --del-set or --map-set");
	if (given & (1U << O_EXIST | 1U << O_TIMEOUT) && !(given & 1U << O_ADD_SET))
		FAIL("--exist and --timeout need --add-set");
	if (given & map && !(given & 1U << O_MAP_SET))
		FAIL("--map-mark, --map-prio and --map-queue need --map-set");
	if (given & 1U << O_MAP_SET && !(given & map))
		FAIL("--map-set needs --map-mark, --map-prio or --map-queue");
}

static const struct option match_opts[] = {
	{ "match-set", required_argument, NULL, O_MATCH_SET },
	{ "set", required_argument, NULL, O_MATCH_SET },
	{ "return-nomatch", no_argument, NULL, O_RETURN_NOMATCH },
	{ "update-counters", no_argument, NULL, O_UPDATE_COUNTERS },
	{ "update-subcounters", no_argument, NULL, O_UPDATE_SUBCOUNTERS },
	{ "packets-eq", required_argument, NULL, O_PACKETS_EQ },
	{ "packets-lt", required_argument, NULL, O_PACKETS_LT },
	{ "packets-gt", required_argument, NULL, O_PACKETS_GT },
	{ "bytes-eq", required_argument, NULL, O_BYTES_EQ },
	{ "bytes-lt", required_argument, NULL, O_BYTES_LT },
	{ "bytes-gt", required_argument, NULL, O_BYTES_GT },
	{ NULL, 0, NULL, 0 },
};

static const struct option target_opts[] = {
	{ "add-set", required_argument, NULL, O_ADD_SET },
	{ "del-set", required_argument, NULL, O_DEL_SET },
	{ "map-set", required_argument, NULL, O_MAP_SET },
	{ "exist", no_argument, NULL, O_EXIST },
	{ "timeout", required_argument, NULL, O_TIMEOUT },
	{ "map-mark", no_argument, NULL, O_MAP_MARK },
	{ "map-prio", no_argument, NULL, O_MAP_PRIO },
	{ "map-queue", no_argument, NULL, O_MAP_QUEUE },
	{ NULL, 0, NULL, 0 },
};

static struct xtables_match set_match = {
	.version = XTABLES_VERSION,
	.name = "set",
	.revision = 4,
	.family = NFPROTO_UNSPEC,
	.size = XT_ALIGN(sizeof(struct xt_set_info_match_v4)),
	.userspacesize = XT_ALIGN(sizeof(struct xt_set_info_match_v4)),
	.parse = match_parse,
	.x6_fcheck = match_check,
	.extra_opts = match_opts,
};

static struct xtables_target set_target = {
	.version = XTABLES_VERSION,
	.name = "SET",
	.revision = 3,
	.family = NFPROTO_UNSPEC,
	.size = XT_ALIGN(sizeof(struct xt_set_info_target_v3)),
	.userspacesize = XT_ALIGN(sizeof(struct xt_set_info_target_v3)),
	.init = target_init,
	.parse = target_parse,
	.x6_fcheck = target_check,
	.extra_opts = target_opts,
};

void xt_set_parsers_register(void)
{
	xtables_register_match(&set_match);
	xtables_register_target(&set_target);
}
