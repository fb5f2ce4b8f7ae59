// SPDX-License-Identifier: GPL-2.0-or-later
#include "duel.h"
#include "nft.h"
#include "side.h"
#include "translation.h"

#include <stdio.h>
#include <stdlib.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

enum { LEGACY, NATIVE, SIDES };

static const char *const side_names[] = { "legacy", "native" };

/**
 * struct duel - a case being tried
 * @counted: what the rules had counted before the current packet
 * @last: the last packet that came out, without its Ethernet header, by @last_dev; else the last
 *	one that was sent
 */
struct duel {
	const struct xl_case *c;
	unsigned int family; /* 4 or 6 */
	struct side sides[SIDES];
	struct count counted[SIDES];
	uint8_t last[SIDES][PACKET_MAX];
	size_t last_n[SIDES];
	char last_dev[SIDES];
	struct text *why;
};

static unsigned int family_bit(const struct duel *d)
{
	return d->family == 4 ? FAMILY_4 : FAMILY_6;
}

const char *duel_missing(void)
{
	if (geteuid())
		return "packets need root";
	if (access("/dev/net/tun", R_OK | W_OK))
		return "cannot here: there is no /dev/net/tun";
	if (access("/usr/sbin/iptables-legacy-restore", X_OK))
		return "cannot here: there is no iptables-legacy-restore";
	return NULL;
}

static bool load_legacy(struct duel *d)
{
	const char *const argv[] = { d->family == 4 ? "iptables-legacy-restore"
						    : "ip6tables-legacy-restore",
				     NULL };
	struct text save = { 0 }, out = { 0 }, err = { 0 };
	bool ok;

	case_save_file(d->c, family_bit(d), &save);
	ok = !run(d->sides[LEGACY].ns, argv, text_str(&save), &out, &err);
	if (!ok)
		text_f(d->why, "%s refuses the rule: %s", argv[0], text_str(&err));
	text_free(&save);
	text_free(&out);
	text_free(&err);
	return ok;
}

static bool load_nft(struct duel *d, int side, const char *rules)
{
	struct text why = { 0 };
	bool ok = nft_load(d->sides[side].ns, rules, &why);

	if (!ok)
		text_f(d->why, "%s", text_str(&why));
	text_free(&why);
	return ok;
}

static struct count counted(const struct duel *d, int side)
{
	return side == LEGACY ? count_legacy(&d->sides[side], d->c->table)
			      : count_nft(&d->sides[side]);
}

/* ICMP errors and echo replies that the router makes have an identification drawn by chance; so it
 * and the header's checksum are not compared for these types. */
static void forget_id(uint8_t *ip, size_t n)
{
	enum { ECHO_REPLY = 0, UNREACHABLE = 3, TIME_EXCEEDED = 11 };

	if (n < 28 || ip[0] != 0x45 || ip[9] != IPPROTO_ICMP ||
	    (ip[20] != ECHO_REPLY && ip[20] != UNREACHABLE && ip[20] != TIME_EXCEEDED))
		return;
	memset(ip + 4, 0, 2);
	memset(ip + 10, 0, 2);
}

/* Reads what came out of a side, remembers the last packet and describes all in @seen. */
static void collect(struct duel *d, int side, struct text *seen)
{
	static uint8_t frame[PACKET_MAX];
	size_t n;

	for (int tap = 0; tap < 2; tap++)
		while ((n = side_receive(&d->sides[side], tap, frame)) > 14) {
			forget_id(frame + 14, n - 14);
			text_f(seen, "out %c: ", 'a' + tap);
			for (size_t i = 14; i < n; i++)
				text_f(seen, "%02x", frame[i]);
			text_f(seen, "\n");
			d->last_n[side] = n - 14;
			memcpy(d->last[side], frame + 14, n - 14);
			d->last_dev[side] = (char)('a' + tap);
		}
}

static void prepare(struct duel *d, int side, struct packet *p)
{
	if (p->reply || p->quote) {
		p->in = d->last_dev[side];
		packet_answer(p, d->last[side], d->last_n[side]);
	}
	packet_finish(p);
}

/* The packets of a case that have a mark when they come in get a sender of their own, by which a
 * table of the test's finds them: a TAP cannot give a mark. */
static void give_sender(struct packet *p, const struct case_line *l)
{
	const uint8_t mac[6] = { 2, 0, 0, 1, (uint8_t)(l->line >> 8), (uint8_t)l->line };

	if (p->to == TO_OUT || p->has_smac || !(p->mark.set || p->ctmark.set))
		return;
	memcpy(p->smac, mac, sizeof(mac));
	p->has_smac = true;
}

static void add_mark(struct text *t, const struct packet *p, struct maybe mark)
{
	if (!mark.set || p->to == TO_OUT)
		return;
	text_f(t, "%s", t->n ? ", " : "");
	for (int i = 0; i < 6; i++)
		text_f(t, "%s%02x", i ? ":" : "", p->smac[i]);
	text_f(t, " : %u", mark.v);
}

static void add_marks(const struct duel *d, const struct case_line *l, struct text *marks,
		      struct text *ctmarks)
{
	struct packet p;
	const char *wrong;

	if (!is_packet(l, family_bit(d)) || !packet_parse(&p, d->family, l->text, &wrong))
		return;
	give_sender(&p, l);
	add_mark(marks, &p, p.mark);
	add_mark(ctmarks, &p, p.ctmark);
}

static void add_marker(struct text *rules, const char *chain, const char *priority,
		       const char *kind, const struct text *marks)
{
	if (!marks->n)
		return;
	text_f(rules,
	       "add table inet test-marks\n"
	       "add chain inet test-marks %s { type filter hook prerouting priority %s; }\n"
	       "add rule inet test-marks %s %s mark set ether saddr map { %s }\n",
	       chain, priority, chain, kind, marks->s);
}

static bool load_marks(struct duel *d)
{
	struct text marks = { 0 }, ctmarks = { 0 }, rules = { 0 };
	bool ok = true;

	for (size_t i = 0; i < d->c->n_lines; i++)
		add_marks(d, &d->c->lines[i], &marks, &ctmarks);
	add_marker(&rules, "first", "-2147483648", "meta", &marks);
	add_marker(&rules, "tracked", "-199", "ct", &ctmarks);
	for (int i = 0; rules.n && i < SIDES; i++)
		ok &= load_nft(d, i, rules.s);
	text_free(&marks);
	text_free(&ctmarks);
	text_free(&rules);
	return ok;
}

static void send_one(struct duel *d, int side, const struct packet *spec, struct text *seen)
{
	struct packet p = *spec;

	prepare(d, side, &p);
	d->last_n[side] = packet_ip(&p, d->last[side]);
	d->last_dev[side] = (char)('a' + 'b' - p.in);
	side_send(&d->sides[side], &p);
	collect(d, side, seen);
}

static bool check_counts(struct duel *d, const struct case_line *l, const struct count by[SIDES])
{
	uint64_t want = l->kind->what == LINE_HIT;

	if (l->kind->what == LINE_SEES)
		want = by[LEGACY].packets;
	if (by[LEGACY].packets == want && by[NATIVE].packets == want &&
	    by[LEGACY].bytes == by[NATIVE].bytes)
		return true;
	text_f(d->why, "line %d, %s: %s: the rule counts", l->line, l->kind->name, l->text);
	for (int i = 0; i < SIDES; i++)
		text_f(d->why, "%s %lu packets (%lu bytes) in %s", i ? "," : "",
		       (unsigned long)by[i].packets, (unsigned long)by[i].bytes, side_names[i]);
	text_f(d->why, "\n");
	return false;
}

static bool step(struct duel *d, const struct case_line *l)
{
	struct text seen[SIDES] = { { 0 }, { 0 } };
	struct count by[SIDES];
	struct packet p;
	const char *wrong;
	bool ok;

	if (!packet_parse(&p, d->family, l->text, &wrong)) {
		text_f(d->why, "line %d: %s\n", l->line, wrong);
		return false;
	}
	give_sender(&p, l);
	for (int i = 0; i < SIDES; i++) {
		struct count now;

		send_one(d, i, &p, &seen[i]);
		now = counted(d, i);
		by[i] = (struct count){ now.packets - d->counted[i].packets,
					now.bytes - d->counted[i].bytes };
		d->counted[i] = now;
	}
	ok = check_counts(d, l, by);
	if (l->kind->what == LINE_SEES && strcmp(text_str(&seen[0]), text_str(&seen[1]))) {
		text_f(d->why, "line %d, sees: %s: the outcome differs\n", l->line, l->text);
		for (int i = 0; i < SIDES; i++)
			text_f(d->why, "    %s:\n%s", side_names[i], text_str(&seen[i]));
		ok = false;
	}
	for (int i = 0; i < SIDES; i++)
		text_free(&seen[i]);
	return ok;
}

static bool setup(struct duel *d, int side, const struct case_line *l)
{
	const char *const argv[] = { "sh", "-ec", l->text, NULL };
	struct text out = { 0 };
	int status;

	setenv("side", side_names[side], 1);
	status = run(d->sides[side].ns, argv, NULL, &out, &out);
	if (status)
		text_f(d->why, "line %d: setup ends with status %d in %s: %s\n", l->line, status,
		       side_names[side], text_str(&out));
	text_free(&out);
	return !status;
}

static bool setups(struct duel *d)
{
	bool ok = true;

	for (size_t i = 0; i < d->c->n_lines; i++)
		if (line_is(&d->c->lines[i], LINE_SETUP, family_bit(d)))
			for (int side = 0; side < SIDES; side++)
				ok &= setup(d, side, &d->c->lines[i]);
	return ok;
}

static bool load_ipsets(struct duel *d)
{
	const char *const argv[] = { "ipset", "restore", NULL };
	struct text sets = { 0 }, out = { 0 };
	int status = 0;

	for (size_t i = 0; i < d->c->n_lines; i++)
		if (line_is(&d->c->lines[i], LINE_IPSET, family_bit(d)))
			text_f(&sets, "%s\n", d->c->lines[i].text);
	if (sets.n)
		status = run(d->sides[LEGACY].ns, argv, text_str(&sets), &out, &out);
	if (status)
		text_f(d->why, "ipset restore ends with status %d: %s\n", status, text_str(&out));
	text_free(&sets);
	text_free(&out);
	return !status;
}

static bool fight(struct duel *d, const char *rules)
{
	bool ok = true;

	if (!setups(d) || !load_ipsets(d) || !load_marks(d) || !load_legacy(d) ||
	    !load_nft(d, NATIVE, rules))
		return false;
	for (int i = 0; i < SIDES; i++)
		d->counted[i] = counted(d, i);
	for (size_t i = 0; i < d->c->n_lines; i++)
		if (is_packet(&d->c->lines[i], family_bit(d)))
			ok &= step(d, &d->c->lines[i]);
	return ok;
}

bool duel(const struct xl_case *c, unsigned int family, const char *rules, struct text *why)
{
	static struct duel d;
	bool ok;

	d = (struct duel){ .c = c, .family = family == FAMILY_4 ? 4 : 6, .why = why };
	for (int i = 0; i < SIDES; i++)
		d.sides[i] = side_open(side_names[i], d.family);
	ok = fight(&d, rules);
	for (int i = 0; i < SIDES; i++)
		side_close(&d.sides[i]);
	return ok;
}
