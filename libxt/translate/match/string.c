// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m string: struct xt_string_info, revision 0 (only inverted) and 1 (flags).
 * Semantics: string_mt(), net/netfilter/xt_string.c, and skb_find_text(), net/core/skbuff.c: the
 * pattern lies in [from, to) bytes from the network header. nft looks at one place at a time, so
 * there is an alternative for each place.
 */
#include "translate/raw.h"

#include <linux/netfilter/xt_string.h>

enum { MAX_PLACES = 128 };

static bool is_upper(unsigned int b)
{
	return (b >= 'A' && b <= 'Z') || (b >= 0xc0 && b <= 0xde && b != 0xd7);
}

static bool is_lower(unsigned int b)
{
	return (b >= 'a' && b <= 'z') || (b >= 0xdf && b != 0xf7);
}

/* The kernel's toupper() (lib/ctype.c: Latin 1). */
static unsigned int upper(unsigned int b)
{
	return is_lower(b) ? b - ('a' - 'A') : b;
}

/* Which bits of a byte matter when case does not: false when the bytes that are equal to it differ
 * in more than one bit. */
static bool icase_mask(uint8_t b, uint8_t *mask)
{
	*mask = 0xff;
	for (unsigned int other = 0; other < 256; other++)
		if (upper(other) == upper(b))
			*mask &= (uint8_t) ~(other ^ b);
	return *mask == 0xff || (*mask == 0xdf && (is_upper(b) || is_lower(b)));
}

static bool masks(struct xl_ctx *c, const struct xt_string_info *i, uint8_t *mask, bool icase)
{
	for (unsigned int n = 0; n < i->patlen; n++) {
		mask[n] = 0xff;
		if (icase && !icase_mask((uint8_t)i->pattern[n], &mask[n]))
			return xl_refuse(c,
					 "string --icase: the kernel takes 0x%02x for other "
					 "bytes than its other case",
					 (uint8_t)i->pattern[n]);
	}
	return true;
}

static bool places(struct xl_ctx *c, const struct xt_string_info *i, unsigned int n)
{
	if (n > MAX_PLACES)
		return xl_refuse(c,
				 "string: nft has no search, only tests at fixed places, and this "
				 "window has %u; narrow it with --from and --to to %d or fewer",
				 n, MAX_PLACES);
	if (i->to_offset > XL_RAW_MAX)
		return xl_refuse(c,
				 "string: nft cannot look farther than byte %d in every kernel; "
				 "--to is %u",
				 XL_RAW_MAX, i->to_offset);
	return true;
}

static bool emit(struct xl_ctx *c, bool inv, bool icase)
{
	const struct xt_string_info *i = c->data;
	uint8_t mask[XT_STRING_MAX_PATTERN_SIZE];
	unsigned int n;

	if (!i->patlen || i->patlen > XT_STRING_MAX_PATTERN_SIZE)
		return xl_refuse(c, "string has no pattern");
	if (i->from_offset + i->patlen > i->to_offset)
		return inv ? true : xl_never(c);
	n = i->to_offset - i->patlen - i->from_offset + 1U;
	if (!masks(c, i, mask, icase) || !places(c, i, n))
		return false;
	if (inv)
		xl_begin_none(c);
	else if (n > 1)
		xl_begin_any(c);
	for (unsigned int at = 0; at < n; at++) {
		if (at)
			xl_next(c);
		xl_raw_bytes(c, NFT_BASE_NH, i->from_offset + at, (const uint8_t *)i->pattern, mask,
			     i->patlen);
	}
	xl_end(c);
	return true;
}

static bool translate0(struct xl_ctx *c)
{
	const struct xt_string_info *i = c->data;

	return emit(c, i->u.v0.invert, false);
}

static bool translate1(struct xl_ctx *c)
{
	const struct xt_string_info *i = c->data;

	return emit(c, i->u.v1.flags & XT_STRING_FLAG_INVERT,
		    i->u.v1.flags & XT_STRING_FLAG_IGNORECASE);
}

const struct xl_ext xl_match_string[] = {
	{ "string", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_string_info), translate0 },
	{ "string", XL_MATCH, XL_BOTH, 1, 1, sizeof(struct xt_string_info), translate1 },
	XL_EXT_END,
};

const struct xl_option xl_match_string_options[] = {
	{ .ext = "string", .name = "--from" },
	{ .ext = "string",
	  .name = "--to",
	  .how = XL_PARTLY,
	  .why = "up to the part of the packet that nft can reach in every kernel" },
	{ .ext = "string", .name = "--algo" },
	{ .ext = "string",
	  .name = "--string",
	  .how = XL_PARTLY,
	  .why = "nft tests bytes at fixed places: --from and --to must leave a window of few "
		 "places" },
	{ .ext = "string",
	  .name = "--hex-string",
	  .how = XL_PARTLY,
	  .why = "nft tests bytes at fixed places: --from and --to must leave a window of few "
		 "places" },
	{ .ext = "string",
	  .name = "--icase",
	  .how = XL_PARTLY,
	  .why = "not for bytes above 0x7f, of which the kernel folds some to other letters" },
	XL_OPTION_END,
};
