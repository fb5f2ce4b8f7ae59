// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * -m bpf: struct xt_bpf_info, xt_bpf_info_v1. Semantics: bpf_mt(), net/netfilter/xt_bpf.c: the
 * program sees the packet from its network header on, and matches when it returns something else
 * than 0. A load from behind the packet's end returns 0, and ends an nft rule.
 *
 * Of a program that loads from fixed places, compares and jumps, each way through to a match is an
 * alternative, and no packet goes two ways.
 */
#include "translate/raw.h"

#include <linux/netfilter/xt_bpf.h>

enum { MAX_ALTS = 64 };

/* What the accumulator holds: @len bits of the packet under @mask, shifted right. */
struct acc {
	unsigned int off, len; /* in bytes; @len 0: nothing yet */
	uint32_t mask;
	unsigned int shift;
};

/* The accumulator compared with a number; NFT_NOBITS: only loaded. */
struct cond {
	struct acc acc;
	enum nft_relop op;
	uint32_t num;
};

struct way {
	struct cond v[2 * XT_BPF_MAX_NUM_INSTR];
	size_t n;
};

struct walk {
	struct xl_ctx *c;
	const struct sock_filter *prog;
	size_t size;
	struct way way;
	size_t alts;
};

static bool no(struct walk *w, const char *what)
{
	return xl_refuse(w->c,
			 "bpf: nft can only compare bytes at fixed places, and this program %s; "
			 "write the test in nft's words",
			 what);
}

/* A field of bits next to each other, which nft compares as a number. */
static bool write_run(struct xl_ctx *c, const struct cond *k)
{
	unsigned int low = (unsigned int)__builtin_ctz(k->acc.mask);
	unsigned int bits = (unsigned int)__builtin_popcount(k->acc.mask);
	uint64_t num = k->num;

	/* Shifted by less than to its lowest bit, the value has zeros below. */
	if (low > k->acc.shift) {
		if (k->op != NFT_EQ && k->op != NFT_NE)
			return xl_refuse(c, "bpf: it compares a field that is not at the right");
		if (num & ((1ULL << (low - k->acc.shift)) - 1))
			return k->op == NFT_NE;
		num >>= low - k->acc.shift;
	}
	xl_add(c, nft_match(c->arena,
			    nft_raw(c->arena, NFT_BASE_NH,
				    k->acc.off * 8 + k->acc.len * 8 - low - bits, bits),
			    k->op, nft_num(c->arena, NFT_T_HEX, num)));
	return true;
}

static bool write_cond(struct walk *w, const struct cond *k)
{
	uint32_t value = k->num << k->acc.shift;
	uint8_t v[4], mask[4];

	if (xl_is_run(k->acc.mask))
		return write_run(w->c, k);
	if (k->op != NFT_EQ)
		return no(w, "compares bits with holes between them");
	for (unsigned int i = 0; i < k->acc.len; i++) {
		unsigned int at = 8 * (k->acc.len - 1 - i);

		v[i] = (uint8_t)(value >> at);
		mask[i] = (uint8_t)(k->acc.mask >> at);
	}
	xl_raw_bytes(w->c, NFT_BASE_NH, k->acc.off, v, mask, k->acc.len);
	return true;
}

static uint32_t all_bits(unsigned int len)
{
	return len == 4 ? UINT32_MAX : (1U << 8 * len) - 1;
}

/* That the bytes are there, which a comparison of all of them says as well. */
static bool is_told(const struct walk *w, const struct acc *a)
{
	if (a->off + a->len <= (w->c->family == NFPROTO_IPV4 ? 20 : 40))
		return true;
	for (size_t i = 0; i < w->way.n; i++) {
		const struct cond *k = &w->way.v[i];

		if (k->op != NFT_NOBITS && k->acc.off == a->off && k->acc.len == a->len &&
		    k->acc.mask == all_bits(a->len))
			return true;
	}
	return false;
}

static void write_load(struct walk *w, const struct acc *a)
{
	xl_add(w->c,
	       nft_match(w->c->arena, nft_raw(w->c->arena, NFT_BASE_NH, a->off * 8, a->len * 8),
			 NFT_GE, nft_num(w->c->arena, NFT_T_DEC, 0)));
}

static bool write_way(struct walk *w)
{
	if (w->alts == MAX_ALTS)
		return no(w, "has too many ways to a match");
	if (w->alts++)
		xl_next(w->c);
	for (size_t i = 0; i < w->way.n; i++) {
		const struct cond *k = &w->way.v[i];

		if (k->op != NFT_NOBITS) {
			if (!write_cond(w, k))
				return false;
		} else if (!is_told(w, &k->acc)) {
			write_load(w, &k->acc);
		}
	}
	return true;
}

/* 1: always, 0: never, -1: it depends on the packet. */
static int certain(const struct cond *k)
{
	uint32_t most = k->acc.mask >> k->acc.shift;

	switch (k->op) {
	case NFT_EQ:
		return !most && !k->num ? 1 : k->num & ~most ? 0 : -1;
	case NFT_NE:
		return !most && !k->num ? 0 : k->num & ~most ? 1 : -1;
	case NFT_GT:
		return k->num >= most ? 0 : -1;
	case NFT_LE:
		return k->num >= most ? 1 : -1;
	case NFT_GE:
		return !k->num ? 1 : k->num > most ? 0 : -1;
	default:
		return !k->num ? 0 : k->num > most ? 1 : -1;
	}
}

static bool run(struct walk *w, size_t pc, struct acc a);

/* Goes on at @pc with one more condition. */
static bool follow(struct walk *w, size_t pc, const struct acc *a, const struct cond *k)
{
	size_t n = w->way.n;
	int sure = certain(k);
	bool ok;

	if (!sure)
		return true;
	if (sure < 0)
		w->way.v[w->way.n++] = *k;
	ok = run(w, pc, *a);
	w->way.n = n;
	return ok;
}

static bool jump(struct walk *w, size_t pc, const struct acc *a)
{
	static const struct {
		uint16_t op;
		enum nft_relop yes, no;
	} ops[] = {
		{ BPF_JEQ, NFT_EQ, NFT_NE },
		{ BPF_JGT, NFT_GT, NFT_LE },
		{ BPF_JGE, NFT_GE, NFT_LT },
		{ BPF_JSET, NFT_NE, NFT_EQ },
	};
	const struct sock_filter *i = &w->prog[pc];
	struct cond k = { .acc = *a, .num = i->k };

	if (BPF_SRC(i->code) != BPF_K || !a->len)
		return no(w, "compares something else");
	for (size_t n = 0; n < sizeof(ops) / sizeof(ops[0]); n++) {
		if (ops[n].op != BPF_OP(i->code))
			continue;
		if (ops[n].op == BPF_JSET) {
			k.acc.mask &= (uint32_t)((uint64_t)i->k << a->shift);
			k.num = 0;
		}
		k.op = ops[n].yes;
		if (!follow(w, pc + 1 + i->jt, a, &k))
			return false;
		k.op = ops[n].no;
		return follow(w, pc + 1 + i->jf, a, &k);
	}
	return no(w, "jumps in another way");
}

static bool load(struct walk *w, const struct sock_filter *i, struct acc *a)
{
	unsigned int len = BPF_SIZE(i->code) == BPF_W ? 4 : BPF_SIZE(i->code) == BPF_H ? 2 : 1;

	if (BPF_MODE(i->code) != BPF_ABS || i->k + len - 1 > XL_RAW_MAX)
		return no(w, "loads from elsewhere");
	*a = (struct acc){ i->k, len, all_bits(len), 0 };
	w->way.v[w->way.n++] = (struct cond){ .acc = *a, .op = NFT_NOBITS };
	return true;
}

static bool compute(struct walk *w, const struct sock_filter *i, struct acc *a)
{
	if (BPF_SRC(i->code) != BPF_K || !a->len)
		return no(w, "computes something else");
	if (BPF_OP(i->code) == BPF_AND) {
		a->mask &= (uint32_t)((uint64_t)i->k << a->shift);
		return true;
	}
	if (BPF_OP(i->code) != BPF_RSH || a->shift + i->k > 31)
		return no(w, "computes something else");
	a->shift += i->k;
	a->mask &= UINT32_MAX << a->shift;
	return true;
}

/* One way from @pc on; every jump goes forward (bpf_check_classic()). */
static bool run(struct walk *w, size_t pc, struct acc a)
{
	for (; pc < w->size; pc++) {
		const struct sock_filter *i = &w->prog[pc];

		switch (BPF_CLASS(i->code)) {
		case BPF_RET:
			if (BPF_RVAL(i->code) != BPF_K)
				return no(w, "returns what it has loaded");
			return i->k ? write_way(w) : true;
		case BPF_JMP:
			if (BPF_OP(i->code) != BPF_JA)
				return jump(w, pc, &a);
			pc += i->k;
			break;
		case BPF_LD:
			if (!load(w, i, &a))
				return false;
			break;
		case BPF_ALU:
			if (!compute(w, i, &a))
				return false;
			break;
		default:
			return no(w, "keeps values");
		}
	}
	return no(w, "has no end");
}

static bool program(struct xl_ctx *c, const struct sock_filter *prog, size_t size)
{
	struct walk *w = xl_new(c->arena, struct walk);

	*w = (struct walk){ .c = c, .prog = prog, .size = size };
	if (size > XT_BPF_MAX_NUM_INSTR)
		return no(w, "is too long");
	xl_begin_one_of(c);
	if (!run(w, 0, (struct acc){ 0 }))
		return false;
	if (!w->alts)
		return xl_never(c);
	xl_end(c);
	return true;
}

static bool translate0(struct xl_ctx *c)
{
	const struct xt_bpf_info *i = c->data;

	return program(c, i->bpf_program, i->bpf_program_num_elem);
}

static bool translate1(struct xl_ctx *c)
{
	const struct xt_bpf_info_v1 *i = c->data;

	if (i->mode != XT_BPF_MODE_BYTECODE)
		return xl_refuse(c,
				 "bpf --object-pinned: nft cannot run BPF programs; attach it by "
				 "itself (bpf link, netfilter) and have it set a mark");
	return program(c, i->bpf_program, i->bpf_program_num_elem);
}

const struct xl_ext xl_match_bpf[] = {
	{ "bpf", XL_MATCH, XL_BOTH, 0, 0, sizeof(struct xt_bpf_info), translate0 },
	{ "bpf", XL_MATCH, XL_BOTH, 1, 1, sizeof(struct xt_bpf_info_v1), translate1 },
	XL_EXT_END,
};

const struct xl_option xl_match_bpf_options[] = {
	{ .ext = "bpf",
	  .name = "--bytecode",
	  .how = XL_PARTLY,
	  .why = "programs that load from fixed places, compare and jump" },
	{ .ext = "bpf",
	  .name = "--object-pinned",
	  .how = XL_IMPOSSIBLE,
	  .why = "nft cannot run BPF programs" },
	XL_OPTION_END,
};
