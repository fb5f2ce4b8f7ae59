/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef HELPERS_PACKET_H
#define HELPERS_PACKET_H

/* Packets from their descriptions: see doc/CASES.md. */

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum packet_to { TO_FORWARD, TO_LOCAL, TO_OUT };
enum { ANY_SADDR = 1, ANY_DADDR = 2, ANY_SPORT = 4, ANY_DPORT = 8 };
enum { PACKET_MAX = 65536 + 64, DATA_MAX = 4096, MAX_EXTS = 8 };

struct bytes {
	size_t n;
	uint8_t b[DATA_MAX];
};

/** A number that may be missing. */
struct maybe {
	bool set;
	uint32_t v;
};

/** An IPv6 extension header. */
struct ext_header {
	uint8_t proto;
	bool has_body;
	struct bytes body; /* what follows the length byte */
};

/**
 * struct packet - a packet and how it is sent
 * @in: the device by which it comes, 'a' or 'b'
 * @l4_cut: how much of what follows the IP header is kept
 * @split: send it as fragments with this much in each; 0: whole
 * @any: ANY_*, what of the outcome is left to chance
 */
struct packet {
	unsigned int family; /* 4 or 6 */
	char in;
	enum packet_to to;
	bool reply, quote, more, df, bad_sum;
	uint8_t proto;
	uint8_t saddr[16], daddr[16];
	bool has_saddr, has_daddr;
	uint8_t smac[6], dmac[6];
	bool has_smac, has_dmac;
	struct maybe sport, dport, type, code, id, echo_id, echo_seq, seq, ack;
	struct maybe mark, ctmark, uid, gid, frag, len, cut, priority;
	uint32_t ttl, tos, win, spi, vtag, flow, split, next, cscov;
	uint8_t flags, any;
	bool has_flags;
	struct bytes data, opts, ipopts;
	bool has_data;
	struct ext_header exts[MAX_EXTS];
	size_t n_exts;
};

/** Fills @p; false with @why (static) when the description is wrong. */
bool packet_parse(struct packet *p, unsigned int family, const char *spec, const char **why);

/** The addresses and ports that were not given. */
void packet_finish(struct packet *p);

/** The IP packet (no Ethernet header); returns its length. */
size_t packet_ip(const struct packet *p, uint8_t *out);

/**
 * Cuts fragment number @i (from 0) out of the IP packet @ip, with @split bytes behind the IP header
 * in each. Returns its length, 0 when there are no more.
 */
size_t packet_fragment(const struct packet *p, const uint8_t *ip, size_t n, size_t i, uint8_t *out);

/** The answer to the IP packet @ip: fills what @p does not say itself. */
void packet_answer(struct packet *p, const uint8_t *ip, size_t n);

/** @any (ANY_*) for the other direction. */
unsigned int any_turned(unsigned int any);

/** The internet checksum over @n bytes, on top of @sum; not folded yet. */
uint32_t sum_add(uint32_t sum, const void *data, size_t n);
uint16_t sum_fold(uint32_t sum);
uint32_t crc32c(const void *data, size_t n);

extern const uint8_t mac_of_device[2][6], mac_of_host[2][6];

#endif
