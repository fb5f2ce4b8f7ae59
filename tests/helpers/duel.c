// SPDX-License-Identifier: GPL-2.0-or-later
#include "duel.h"
#include "connections.h"
#include "frame.h"
#include "listen.h"
#include "nft.h"
#include "side.h"
#include "translation.h"
#include "watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

enum { LEGACY, NATIVE, RELISTED, SIDES };

static const char *const side_names[] = { "legacy", "native", "relisted" };

/**
 * struct duel - a case being tried
 * @counted: what the rules had counted before the current packet
 * @last: the last packet that came out, without its Ethernet header, by @last_dev; else the last
 *	one that was sent
 * @any: ANY_*, what of the case's connections is left to chance
 */
struct duel {
	const struct xl_case *c;
	unsigned int family; /* 4 or 6 */
	struct side sides[SIDES];
	struct count counted[SIDES];
	uint8_t last[SIDES][PACKET_MAX];
	size_t last_n[SIDES];
	char last_dev[SIDES];
	unsigned int any;
	bool trace;
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

/* Reads what came out of a side, remembers the last packet and describes all in @seen. */
static void collect(struct duel *d, int side, const struct packet *sent, struct text *seen)
{
	static uint8_t frame[PACKET_MAX];
	size_t n;

	if (d->sides[side].log >= 0)
		watch_read(&d->sides[side], sent, seen);
	listen_read(&d->sides[side], seen);
	for (int tap = 0; tap < 2; tap++)
		while ((n = side_receive(&d->sides[side], tap, frame)) > 14) {
			text_f(seen, "  %c:", 'a' + tap);
			frame_describe(seen, sent, frame + 14, n - 14);
			text_f(seen, "\n");
			d->last_n[side] = n - 14;
			memcpy(d->last[side], frame + 14, n - 14);
			d->last_dev[side] = (char)('a' + tap);
		}
	if (d->sides[side].log >= 0)
		connections_read(&d->sides[side], d->any, seen);
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
	collect(d, side, &p, seen);
}

/* Fragments count as often as the rule sees them, but at least once. */
static bool counts_ok(const struct case_line *l, const struct packet *p, struct count legacy)
{
	if (l->kind->what == LINE_SEES || l->kind->what == LINE_DIFFERS)
		return true;
	if (l->kind->what == LINE_HIT && p->split)
		return legacy.packets > 0;
	return legacy.packets == (l->kind->what == LINE_HIT);
}

static bool check_counts(struct duel *d, const struct case_line *l, const struct packet *p,
			 const struct count by[SIDES])
{
	bool ok = counts_ok(l, p, by[LEGACY]), same = true;

	for (int i = 1; i < SIDES; i++)
		same &= by[i].packets == by[LEGACY].packets && by[i].bytes == by[LEGACY].bytes;
	ok &= same != (l->kind->what == LINE_DIFFERS);
	if (ok)
		return true;
	text_f(d->why, "line %d, %s: %s: counted are\n", l->line, l->kind->name, l->text);
	for (int i = 0; i < SIDES; i++)
		text_f(d->why, "    %s: %lu packets, %lu bytes\n", side_names[i],
		       (unsigned long)by[i].packets, (unsigned long)by[i].bytes);
	return false;
}

static void show_seen(struct duel *d, int side, const struct text *seen)
{
	text_f(d->why, "  %s:\n%s", side_names[side], seen->n ? seen->s : "  nothing\n");
}

static bool check_seen(struct duel *d, const struct case_line *l, const struct text seen[SIDES])
{
	bool ok = true;

	for (int i = 1; i < SIDES; i++) {
		if (!strcmp(text_str(&seen[LEGACY]), text_str(&seen[i])))
			continue;
		if (ok) {
			text_f(d->why, "line %d, sees: %s: the outcome differs\n", l->line,
			       l->text);
			show_seen(d, LEGACY, &seen[LEGACY]);
		}
		show_seen(d, i, &seen[i]);
		ok = false;
	}
	return ok;
}

static void add_counted(struct duel *d, int side, struct count *by)
{
	struct count before = d->counted[side];

	d->counted[side] = counted(d, side);
	by->packets += d->counted[side].packets - before.packets;
	by->bytes += d->counted[side].bytes - before.bytes;
}

static void trace(const struct case_line *l, const struct text *seen, struct count by)
{
	printf("line %d, %s: %s\n  counted: %lu packets, %lu bytes\n%s", l->line, l->kind->name,
	       l->text, (unsigned long)by.packets, (unsigned long)by.bytes, text_str(seen));
}

static bool judge(struct duel *d, const struct case_line *l, const struct packet *p,
		  const struct count by[SIDES], const struct text seen[SIDES])
{
	bool ok = check_counts(d, l, p, by);

	if (l->kind->what == LINE_SEES)
		ok &= check_seen(d, l, seen);
	return ok;
}

/* What goes by the loopback device may be left to ksoftirqd. */
static void wait_for_more(struct duel *d, const struct packet *p, struct count by[SIDES],
			  struct text seen[SIDES])
{
	enum { WAIT = 50000 };

	usleep(WAIT);
	for (int i = 0; i < SIDES; i++) {
		collect(d, i, p, &seen[i]);
		add_counted(d, i, &by[i]);
	}
}

static bool send_to_all(struct duel *d, const struct case_line *l, const struct packet *p)
{
	struct text seen[SIDES] = { 0 };
	struct count by[SIDES] = { 0 };
	size_t complaints = d->why->n;
	bool ok;

	for (int i = 0; i < SIDES; i++) {
		send_one(d, i, p, &seen[i]);
		add_counted(d, i, &by[i]);
	}
	ok = judge(d, l, p, by, seen);
	if (!ok) {
		text_cut(d->why, complaints);
		wait_for_more(d, p, by, seen);
		ok = judge(d, l, p, by, seen);
	}
	if (d->trace)
		trace(l, &seen[LEGACY], by[LEGACY]);
	for (int i = 0; i < SIDES; i++)
		text_free(&seen[i]);
	return ok;
}

static bool step(struct duel *d, const struct case_line *l)
{
	struct packet p;
	const char *wrong;

	if (!packet_parse(&p, d->family, l->text, &wrong)) {
		text_f(d->why, "line %d: %s\n", l->line, wrong);
		return false;
	}
	give_sender(&p, l);
	d->any |= p.reply ? any_turned(p.any) : p.any;
	return send_to_all(d, l, &p);
}

static bool setup(struct duel *d, int side, const struct case_line *l)
{
	const char *const argv[] = { "sh", "-ec", l->text, NULL };
	struct text out = { 0 };
	int status;

	setenv("side", side == LEGACY ? "legacy" : "native", 1);
	status = run(d->sides[side].ns, argv, NULL, &out, &out);
	if (status)
		text_f(d->why, "line %d: setup ends with status %d in %s: %s\n", l->line, status,
		       side_names[side], text_str(&out));
	text_free(&out);
	return !status;
}

/* Runs the case's lines of a kind for each side. */
static bool each_line(struct duel *d, enum line_what what,
		      bool (*act)(struct duel *d, int side, const struct case_line *l))
{
	bool ok = true;

	for (size_t i = 0; i < d->c->n_lines; i++)
		for (int side = 0; side < SIDES && line_is(&d->c->lines[i], what, family_bit(d));
		     side++)
			ok &= act(d, side, &d->c->lines[i]);
	return ok;
}

static bool open_listener(struct duel *d, int side, const struct case_line *l)
{
	bool ok = listen_open(&d->sides[side], l->text);

	if (!ok)
		text_f(d->why, "line %d: expected listen: tcp|udp PORT [ADDRESS] [transparent]\n",
		       l->line);
	return ok;
}

/* Looking at every packet takes time: only where something asks for it. */
static bool watch(struct duel *d)
{
	bool ok = true;

	for (int i = 0; i < SIDES && (d->trace || case_has(d->c, LINE_SEES, family_bit(d))); i++) {
		ok &= load_nft(d, i, watch_rules);
		watch_open(&d->sides[i]);
	}
	return ok;
}

static bool load_sets(struct duel *d)
{
	const char *const argv[] = { "ipset", "restore", NULL };
	struct text sets = { 0 }, out = { 0 };
	bool ok = true;

	case_lines(d->c, LINE_IPSET, family_bit(d), &sets);
	if (sets.n)
		ok = !run(d->sides[LEGACY].ns, argv, sets.s, &out, &out);
	if (!ok)
		text_f(d->why, "ipset: %s", text_str(&out));
	text_free(&sets);
	text_free(&out);
	return ok;
}

/* That two rules have the same effect is not shown by packets that both pass by. */
static bool reached(struct duel *d)
{
	if (d->counted[LEGACY].packets || !case_has(d->c, LINE_SEES, family_bit(d)) ||
	    case_has(d->c, LINE_NEVER, family_bit(d)))
		return true;
	text_f(d->why, "sees: but the rule counts none of the packets\n");
	return false;
}

static bool fight(struct duel *d, const char *rules, const char *listing)
{
	bool ok = true;

	if (!each_line(d, LINE_SETUP, setup) || !each_line(d, LINE_LISTEN, open_listener) ||
	    !load_marks(d) || !watch(d) || !load_sets(d) || !load_legacy(d) ||
	    !load_nft(d, NATIVE, rules) || !load_nft(d, RELISTED, listing))
		return false;
	for (int i = 0; i < SIDES; i++)
		d->counted[i] = counted(d, i);
	for (size_t i = 0; i < d->c->n_lines; i++)
		if (is_packet(&d->c->lines[i], family_bit(d)))
			ok &= step(d, &d->c->lines[i]);
	return reached(d) && ok;
}

bool duel(const struct xl_case *c, unsigned int family, const char *rules, const char *listing,
	  bool trace, struct text *why)
{
	static struct duel d;
	bool ok;

	d = (struct duel){
		.c = c, .family = family == FAMILY_4 ? 4 : 6, .trace = trace, .why = why
	};
	for (int i = 0; i < SIDES; i++)
		d.sides[i] = side_open(side_names[i], d.family);
	ok = fight(&d, rules, listing);
	for (int i = 0; i < SIDES; i++) {
		listen_close(&d.sides[i]);
		side_close(&d.sides[i]);
	}
	return ok;
}
