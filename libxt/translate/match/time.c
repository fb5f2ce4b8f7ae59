// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m time: struct xt_time_info. Semantics: time_mt(), net/netfilter/xt_time.c.
 *
 * Numbers are written, not clock times and dates, which nft would take to be of the time zone in
 * which it loads them. "meta hour" is seconds of the UTC day, "meta time" of the epoch; "meta day"
 * is of the kernel's time zone (nft_meta_weekday()), which is UTC unless the hardware clock is not.
 */
#include "translate/ext.h"

#include <linux/netfilter/xt_time.h>

enum { DAY = 86400, LAST = DAY - 1, NEVER_ENDS = 0x7fffffff };

/* Before this no kernel that reads the result has run: 2024-01-01. */
static const int64_t first_day = 1704067200 / DAY;

/* Days in UTC since 1970-01-01 to day of the month (Gregorian, after H. Hinnant). */
static unsigned int day_of_month(int64_t days)
{
	unsigned int doe, yoe, doy;

	days += 719468;
	doe = (unsigned int)(days % 146097);
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	return doy - (153 * ((5 * doy + 2) / 153) + 2) / 5 + 1;
}

static bool in_month(const struct xt_time_info *i, int64_t day)
{
	return i->monthdays_match >> day_of_month(day) & 1;
}

/* Interval ends count to the nanosecond, so they are written one second on. */
static void add_days(struct xl_ctx *c, struct nft_set *set, int64_t from, int64_t to)
{
	struct nft_elem e = {
		.key = nft_range(c->arena, nft_num(c->arena, NFT_T_DEC, (uint64_t)from * DAY),
				 nft_num(c->arena, NFT_T_DEC, (uint64_t)to * DAY)),
	};

	xl_push(c->arena, set->elems, set->n, set->cap, e);
}

/* nft knows no days of the month: the days are written out until the rule ends, which is no later
 * than 2038 in iptables. @shift days later for the part of a --contiguous time after midnight. */
static void month_days(struct xl_ctx *c, const struct xt_time_info *i, int shift)
{
	struct nft_set *set;
	int64_t from = (int64_t)i->date_start / DAY - 1, day, run;

	if (i->monthdays_match == XT_TIME_ALL_MONTHDAYS)
		return;
	set = xl_new_set(c, "monthdays");
	set->type = "typeof meta time";
	set->flags = NFT_SET_INTERVAL;
	for (day = from < first_day ? first_day : from; day <= i->date_stop / DAY; day++) {
		if (!in_month(i, day))
			continue;
		for (run = day; in_month(i, day + 1) && day < i->date_stop / DAY; day++)
			;
		add_days(c, set, run + shift, day + 1 + shift);
	}
	xl_add(c, nft_match(c->arena, nft_key(c->arena, NFT_META_TIME), NFT_EQ,
			    nft_setref(c->arena, set)));
}

/* Bit 1 is Monday, bit 7 Sunday, which is 0 to nft. */
static void week_days(struct xl_ctx *c, const struct xt_time_info *i, int shift)
{
	struct nft_expr *set = nft_anon_set(c->arena);

	if (i->weekdays_match == XT_TIME_ALL_WEEKDAYS)
		return;
	for (int d = 0; d < 7; d++)
		if (i->weekdays_match >> ((d - shift + 6) % 7 + 1) & 1)
			nft_expr_add(c->arena, set, nft_num(c->arena, NFT_T_DEC, (uint64_t)d));
	if (set->n == 1)
		set = set->elems[0];
	xl_add(c, nft_match(c->arena, nft_key(c->arena, NFT_META_DAY), NFT_EQ, set));
}

static void days(struct xl_ctx *c, const struct xt_time_info *i, int shift)
{
	week_days(c, i, shift);
	month_days(c, i, shift);
}

static bool all_days(const struct xt_time_info *i)
{
	return i->weekdays_match == XT_TIME_ALL_WEEKDAYS &&
	       i->monthdays_match == XT_TIME_ALL_MONTHDAYS;
}

static struct nft_expr *span(struct xl_ctx *c, uint32_t from, uint32_t to)
{
	return nft_range(c->arena, nft_num(c->arena, NFT_T_DEC, from),
			 nft_num(c->arena, NFT_T_DEC, to));
}

static void hours(struct xl_ctx *c, uint32_t from, uint32_t to)
{
	if (from != 0 || to != LAST)
		xl_cmp_range(c, NFT_META_HOUR, false, from, to);
}

/* A time over midnight belongs to two days, or with --contiguous to the day that it begins on. One
 * that ends when it begins is the whole day. */
static void over_midnight(struct xl_ctx *c, const struct xt_time_info *i)
{
	uint32_t from = i->daytime_start, to = i->daytime_stop;
	bool whole = from <= to + 1;
	struct nft_expr *set;

	if (i->flags & XT_TIME_CONTIGUOUS && !all_days(i) && whole && to == LAST) {
		days(c, i, 1); /* all times are until the end of what began the day before */
		return;
	}
	if (i->flags & XT_TIME_CONTIGUOUS && !all_days(i)) {
		xl_begin_one_of(c);
		hours(c, 0, to);
		days(c, i, 1);
		xl_next(c);
		hours(c, whole ? to + 1 : from, LAST);
		days(c, i, 0);
		xl_end(c);
		return;
	}
	if (!whole) {
		set = nft_anon_set(c->arena);
		nft_expr_add(c->arena, set, span(c, 0, to));
		nft_expr_add(c->arena, set, span(c, from, LAST));
		xl_add(c, nft_match(c->arena, nft_key(c->arena, NFT_META_HOUR), NFT_EQ, set));
	}
	days(c, i, 0);
}

static void dates(struct xl_ctx *c, const struct xt_time_info *i)
{
	struct nft_expr *now = nft_key(c->arena, NFT_META_TIME);

	if (i->date_start)
		xl_add(c, nft_match(c->arena, now, NFT_GE,
				    nft_num(c->arena, NFT_T_DEC, i->date_start)));
	if (i->date_stop < NEVER_ENDS)
		xl_add(c, nft_match(c->arena, now, NFT_LT,
				    nft_num(c->arena, NFT_T_DEC, i->date_stop + 1ULL)));
}

static bool translate(struct xl_ctx *c)
{
	const struct xt_time_info *i = c->data;
	bool all_day = i->daytime_start == i->daytime_stop ||
		       (!i->daytime_start && i->daytime_stop == LAST);

	if (i->daytime_start > LAST || i->daytime_stop > LAST)
		return xl_refuse(c, "time has an hour that no day has");
	if (i->flags & XT_TIME_LOCAL_TZ &&
	    !(all_day && !i->date_start && i->date_stop >= NEVER_ENDS &&
	      i->monthdays_match == XT_TIME_ALL_MONTHDAYS) &&
	    !xl_approximate(c))
		return xl_refuse(c, "time --kerneltz: nft counts hours and dates in UTC; give them "
				    "in UTC without --kerneltz, or use --approximate where the "
				    "kernel's time zone is UTC");
	if (!(i->weekdays_match & XT_TIME_ALL_WEEKDAYS) ||
	    !(i->monthdays_match & XT_TIME_ALL_MONTHDAYS) || i->date_start > i->date_stop)
		return xl_never(c);
	dates(c, i);
	if (i->daytime_start >= i->daytime_stop) {
		over_midnight(c, i);
		return true;
	}
	hours(c, i->daytime_start, i->daytime_stop);
	days(c, i, 0);
	return true;
}

const struct xl_ext xl_match_time[] = {
	{ "time", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_time_info), translate },
	XL_EXT_END,
};

const struct xl_option xl_match_time_options[] = {
	{ .ext = "time", .name = "--datestart" },
	{ .ext = "time", .name = "--datestop" },
	{ .ext = "time", .name = "--timestart" },
	{ .ext = "time", .name = "--timestop" },
	{ .ext = "time", .name = "--contiguous" },
	{ .ext = "time", .name = "--weekdays" },
	{ .ext = "time", .name = "--monthdays" },
	{ .ext = "time",
	  .name = "--localtz",
	  .how = XL_PARTLY,
	  .why = "as --kerneltz, its new name" },
	{ .ext = "time", .name = "--utc" },
	{ .ext = "time",
	  .name = "--kerneltz",
	  .how = XL_PARTLY,
	  .why = "only where nothing but days of the week is asked for: nft counts hours and dates "
		 "in UTC, for which --approximate takes the kernel's time zone" },
	XL_OPTION_END,
};
