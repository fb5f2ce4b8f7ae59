// SPDX-License-Identifier: GPL-2.0-or-later
/* How nft writes values, by type. */
#include "nft/value.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>

/* Words that nft's grammar has for values; other values are written as numbers. */
struct word {
	unsigned int value;
	const char *text;
};

/* Only protocols that the grammar itself names: others would need /etc/protocols at load. */
static const struct word protos[] = {
	{ 1, "icmp" },	 { 2, "igmp" },	  { 6, "tcp" },	      { 17, "udp" },
	{ 33, "dccp" },	 { 50, "esp" },	  { 51, "ah" },	      { 58, "icmpv6" },
	{ 108, "comp" }, { 132, "sctp" }, { 136, "udplite" }, { 0, NULL },
};

static const struct word nfprotos[] = { { 2, "ipv4" }, { 10, "ipv6" }, { 0, NULL } };

static const struct word ethertypes[] = { { 0x0800, "ip" }, { 0x86dd, "ip6" }, { 0, NULL } };

static const struct word tcpflags[] = {
	{ 0x01, "fin" }, { 0x02, "syn" }, { 0x04, "rst" }, { 0x08, "psh" }, { 0x10, "ack" },
	{ 0x20, "urg" }, { 0x40, "ecn" }, { 0x80, "cwr" }, { 0, NULL },
};

static const struct word ctstates[] = {
	{ 0x01, "invalid" }, { 0x02, "established" }, { 0x04, "related" },
	{ 0x08, "new" },     { 0x40, "untracked" },   { 0, NULL },
};

static const struct word ctstatus[] = {
	{ 0x01, "expected" }, { 0x02, "seen-reply" }, { 0x04, "assured" }, { 0x08, "confirmed" },
	{ 0x10, "snat" },     { 0x20, "dnat" },	      { 0x200, "dying" },  { 0, NULL },
};

static const struct word ctdirs[] = { { 0, "original" }, { 1, "reply" }, { 0, NULL } };

static const struct word fibtypes[] = {
	{ 0, "unspec" },   { 1, "unicast" },   { 2, "local" },	   { 3, "broadcast" },
	{ 4, "anycast" },  { 5, "multicast" }, { 6, "blackhole" }, { 7, "unreachable" },
	{ 8, "prohibit" }, { 0, NULL },
};

static const struct word pkttypes[] = {
	{ 0, "host" }, { 1, "broadcast" }, { 2, "multicast" }, { 3, "other" }, { 0, NULL },
};

static const struct word ecns[] = {
	{ 0, "not-ect" }, { 1, "ect1" }, { 2, "ect0" }, { 3, "ce" }, { 0, NULL },
};

static const struct word icmptypes[] = {
	{ 0, "echo-reply" },	       { 3, "destination-unreachable" },
	{ 4, "source-quench" },	       { 5, "redirect" },
	{ 8, "echo-request" },	       { 9, "router-advertisement" },
	{ 10, "router-solicitation" }, { 11, "time-exceeded" },
	{ 12, "parameter-problem" },   { 13, "timestamp-request" },
	{ 14, "timestamp-reply" },     { 15, "info-request" },
	{ 16, "info-reply" },	       { 17, "address-mask-request" },
	{ 18, "address-mask-reply" },  { 0, NULL },
};

static const struct word icmpv6types[] = {
	{ 1, "destination-unreachable" }, { 2, "packet-too-big" },
	{ 3, "time-exceeded" },		  { 4, "parameter-problem" },
	{ 128, "echo-request" },	  { 129, "echo-reply" },
	{ 130, "mld-listener-query" },	  { 131, "mld-listener-report" },
	{ 132, "mld-listener-done" },	  { 133, "nd-router-solicit" },
	{ 134, "nd-router-advert" },	  { 135, "nd-neighbor-solicit" },
	{ 136, "nd-neighbor-advert" },	  { 137, "nd-redirect" },
	{ 138, "router-renumbering" },	  { 0, NULL },
};

static const struct {
	const struct word *words;
	const char *number; /* how to write what has no word; NULL: in decimal */
	bool bits;
} types[] = {
	[NFT_T_DEC] = { NULL, NULL, false },
	[NFT_T_HEX] = { NULL, "0x%02" PRIx64, false },
	[NFT_T_MARK] = { NULL, "0x%08" PRIx64, false },
	[NFT_T_ETHERTYPE] = { ethertypes, "0x%04" PRIx64, false },
	[NFT_T_PROTO] = { protos, NULL, false },
	[NFT_T_NFPROTO] = { nfprotos, NULL, false },
	[NFT_T_TCPFLAGS] = { tcpflags, "0x%" PRIx64, true },
	[NFT_T_CTSTATE] = { ctstates, "0x%" PRIx64, true },
	[NFT_T_CTSTATUS] = { ctstatus, "0x%" PRIx64, true },
	[NFT_T_CTDIR] = { ctdirs, NULL, false },
	[NFT_T_FIBTYPE] = { fibtypes, NULL, false },
	[NFT_T_PKTTYPE] = { pkttypes, NULL, false },
	[NFT_T_ECN] = { ecns, NULL, false },
	[NFT_T_ICMPTYPE] = { icmptypes, NULL, false },
	[NFT_T_ICMPV6TYPE] = { icmpv6types, NULL, false },
	[NFT_T_SECONDS] = { NULL, "%" PRIu64 "s", false },
};

static const char *word_for(const struct word *w, uint64_t value)
{
	for (; w && w->text; w++)
		if (w->value == value)
			return w->text;
	return NULL;
}

static bool write_bits(struct xl_buf *b, const struct word *w, uint64_t value, const char *sep)
{
	bool first = true;
	uint64_t rest = value;

	for (const struct word *i = w; i->text; i++)
		rest &= ~(uint64_t)i->value;
	if (rest || !value)
		return false;
	for (; w->text; w++) {
		if (!(value & w->value))
			continue;
		if (!first)
			xl_buf_puts(b, sep);
		xl_buf_puts(b, w->text);
		first = false;
	}
	return true;
}

bool nft_type_is_bits(enum nft_type type)
{
	return type < sizeof(types) / sizeof(types[0]) && types[type].bits;
}

static void write_classid(struct xl_buf *b, uint64_t v)
{
	if (v == 0)
		xl_buf_puts(b, "none");
	else if (v == 0xffffffff)
		xl_buf_puts(b, "root");
	else
		xl_buf_printf(b, "%x:%x", (unsigned int)(v >> 16), (unsigned int)(v & 0xffff));
}

void nft_write_num(struct xl_buf *b, enum nft_type type, uint64_t value, const char *bitsep)
{
	const char *text;

	if (type == NFT_T_CLASSID) {
		write_classid(b, value);
		return;
	}
	if (nft_type_is_bits(type) && write_bits(b, types[type].words, value, bitsep))
		return;
	text = nft_type_is_bits(type) ? NULL : word_for(types[type].words, value);
	if (text)
		xl_buf_puts(b, text);
	else if (types[type].number)
		xl_buf_printf(b, types[type].number, value);
	else
		xl_buf_putu(b, value);
}

static void write_ipv4(struct xl_buf *b, const uint8_t *addr)
{
	for (unsigned int i = 0; i < 4; i++) {
		if (i)
			xl_buf_putc(b, '.');
		xl_buf_putu(b, addr[i]);
	}
}

void nft_write_addr(struct xl_buf *b, enum nft_type type, const uint8_t *addr)
{
	char text[INET6_ADDRSTRLEN];

	if (type == NFT_T_ETHER) {
		xl_buf_printf(b, "%02x:%02x:%02x:%02x:%02x:%02x", addr[0], addr[1], addr[2],
			      addr[3], addr[4], addr[5]);
		return;
	}
	if (type == NFT_T_IPV4)
		write_ipv4(b, addr);
	else if (inet_ntop(AF_INET6, addr, text, sizeof(text)))
		xl_buf_puts(b, text);
}
