// SPDX-License-Identifier: GPL-2.0-or-later
#include "html_difference.h"

#include "html.h"
#include "html_way.h"

#include <arpa/inet.h>
#include <string.h>

enum { STEPS_MAX = 60, BYTES_MAX = 128 };

void html_rule_link(struct xl_buf *b, const struct rules_view *view, const struct xt_rule *rule)
{
	const struct xl_source *s = &rule->source;

	xl_buf_printf(b, "<a href=\"#r%zu\" class=\"m\">", html_rules_row(view, s));
	if (s->loc.file)
		html_text(b, s->loc.file);
	xl_buf_printf(b, ":%u</a> <code>", s->loc.line);
	html_text(b, s->text);
	xl_buf_puts(b, "</code>");
}

/* A line of what was seen: words, and perhaps bytes behind a colon. */
struct seen {
	const char *words, *hex;
	size_t n_words, n_hex;
};

static struct seen seen_line(const char *line)
{
	size_t n = strcspn(line, "\n");
	struct seen s = { .words = line, .n_words = n };

	for (size_t i = 0; i + 2 < n; i++) {
		size_t digits = strspn(line + i + 2, "0123456789abcdef");

		if (line[i] != ':' || line[i + 1] != ' ' || digits < 2 || i + 2 + digits != n)
			continue;
		s.n_words = i;
		s.hex = line + i + 2;
		s.n_hex = digits;
		break;
	}
	return s;
}

static const char *nth_line(const char *text, size_t i)
{
	for (; *text && i; i--)
		text = strchr(text, '\n') ? strchr(text, '\n') + 1 : "";
	return text;
}

static bool has_line(const char *text, const char *line)
{
	size_t n = strcspn(line, "\n");

	for (; *text; text = nth_line(text, 1))
		if (strcspn(text, "\n") == n && !memcmp(text, line, n))
			return true;
	return false;
}

static unsigned int digit(char c)
{
	return c <= '9' ? (unsigned int)c - '0' : (unsigned int)c - 'a' + 10;
}

static size_t bytes_of(const struct seen *s, uint8_t *to)
{
	size_t n = s->n_hex / 2 < BYTES_MAX ? s->n_hex / 2 : BYTES_MAX;

	for (size_t i = 0; i < n; i++)
		to[i] = (uint8_t)(digit(s->hex[2 * i]) << 4 | digit(s->hex[2 * i + 1]));
	return n;
}

/* "192.0.2.1 → 198.51.100.5, tcp 40000 → 22, ttl 63"; nothing when it is no IP packet. */
static void packet_words(struct xl_buf *b, const struct seen *s)
{
	uint8_t ip[BYTES_MAX] = { 0 };
	size_t n = bytes_of(s, ip), head;
	char from[INET6_ADDRSTRLEN], to[INET6_ADDRSTRLEN];
	bool v4 = n >= 20 && ip[0] >> 4 == 4;
	uint8_t proto;

	if (!v4 && (n < 40 || ip[0] >> 4 != 6))
		return;
	inet_ntop(v4 ? AF_INET : AF_INET6, ip + (v4 ? 12 : 8), from, sizeof(from));
	inet_ntop(v4 ? AF_INET : AF_INET6, ip + (v4 ? 16 : 24), to, sizeof(to));
	head = v4 ? (ip[0] & 15U) * 4 : 40;
	proto = ip[v4 ? 9 : 6];
	xl_buf_printf(b, ": %s → %s", from, to);
	if (v4 && (ip[6] & 0x1f || ip[7]))
		xl_buf_puts(b, ", a later fragment");
	else if ((proto == IPPROTO_TCP || proto == IPPROTO_UDP) && n >= head + 4)
		xl_buf_printf(b, ", %s %u → %u", proto == IPPROTO_TCP ? "tcp" : "udp",
			      ip[head] << 8 | ip[head + 1], ip[head + 2] << 8 | ip[head + 3]);
	else if ((proto == IPPROTO_ICMP || proto == IPPROTO_ICMPV6) && n >= head + 2)
		xl_buf_printf(b, ", icmp type %u code %u", ip[head], ip[head + 1]);
	else
		xl_buf_printf(b, ", protocol %u", proto);
	xl_buf_printf(b, ", %s %u", v4 ? "ttl" : "hop limit", ip[v4 ? 8 : 7]);
}

/* Bytes that are others on the other side are marked. */
static void put_hex(struct xl_buf *b, const struct seen *s, const struct seen *other)
{
	bool marked = false, comparable = other->hex && other->n_hex == s->n_hex;

	xl_buf_puts(b, "<code>");
	for (size_t i = 0; i < s->n_hex; i += 2) {
		bool differs = comparable && memcmp(s->hex + i, other->hex + i, 2) != 0;

		if (differs != marked)
			xl_buf_puts(b, differs ? "<mark>" : "</mark>");
		marked = differs;
		xl_buf_add(b, s->hex + i, s->n_hex - i < 2 ? 1 : 2);
	}
	xl_buf_puts(b, marked ? "</mark></code>" : "</code>");
}

static void one_outcome(struct xl_buf *b, const struct vf_result *res, const struct vf_way *way,
			size_t s)
{
	const char *others = way->seen[s ? 0 : 1], *line = way->seen[s];

	xl_buf_puts(b, "<div>");
	html_tag(b, "b", NULL, vf_kind_name(res->kinds[s]));
	if (!*line)
		xl_buf_printf(b, "<p class=\"o%s\">nothing comes of it</p>",
			      *others ? " only" : "");
	for (size_t i = 0; *line; line = nth_line(line, 1), i++) {
		struct seen now = seen_line(line), other = seen_line(nth_line(others, i));

		xl_buf_puts(b, has_line(others, line) ? "<div class=\"o\">"
						      : "<div class=\"o only\">");
		html_text_n(b, now.words, now.n_words);
		if (now.hex) {
			packet_words(b, &now);
			put_hex(b, &now, &other);
		}
		xl_buf_puts(b, "</div>");
	}
	xl_buf_puts(b, "</div>\n");
}

static void put_sides(struct xl_buf *b, const struct vf_result *res, unsigned int by)
{
	size_t n = 0;

	for (size_t s = 0; s < res->sides; s++)
		if (by & 1U << s)
			xl_buf_printf(b, "%s%s", n++ ? ", " : "", vf_kind_name(res->kinds[s]));
}

static void one_step(struct xl_buf *b, const struct vf_result *res, const struct rules_view *view,
		     const struct vf_step *step)
{
	unsigned int all = 0;

	for (size_t s = 0; s < res->sides; s++)
		all |= res->counts[s] ? 1U << s : 0;
	xl_buf_printf(b, "<li%s><span class=\"who\">",
		      step->by == all ? "" : " class=\"different\"");
	if (step->by == all) {
		xl_buf_puts(b, "counted on each side");
	} else {
		xl_buf_puts(b, "only ");
		put_sides(b, res, step->by);
	}
	xl_buf_puts(b, "</span><span>");
	html_rule_link(b, view, step->rule);
	xl_buf_puts(b, "</span></li>\n");
}

static void steps(struct xl_buf *b, const struct vf_result *res, const struct rules_view *view,
		  const struct vf_way *way)
{
	xl_buf_puts(b, "<ol class=\"steps\">\n");
	for (size_t i = 0; i < way->n && i < STEPS_MAX; i++)
		one_step(b, res, view, &way->steps[i]);
	if (way->n > STEPS_MAX)
		xl_buf_printf(b, "<li><span class=\"who\">and %zu more</span></li>\n",
			      way->n - STEPS_MAX);
	xl_buf_puts(b, "</ol>\n");
}

bool html_packet_differs(const struct vf_result *res, const struct vf_difference *d)
{
	for (size_t s = 1; s < res->sides; s++)
		if (strcmp(d->way.seen[s], d->way.seen[0]) != 0)
			return true;
	return d->rule;
}

void html_packet_begin(struct xl_buf *b, const struct vf_result *res, const struct rules_view *view,
		       const struct vf_difference *d, const char *title)
{
	struct xl_buf text = { 0 };

	xl_buf_printf(b, "<article class=\"diff %s\"><h3>%s</h3>\n",
		      html_packet_differs(res, d) ? "different" : "same", title);
	vf_probe_text(&text, res->topo, &d->probe);
	html_tag(b, "code", "packet", text.s ? text.s : "");
	xl_buf_free(&text);
	xl_buf_puts(b, "<div class=\"outcomes\">\n");
	for (size_t s = 0; s < res->sides; s++)
		one_outcome(b, res, &d->way, s);
	xl_buf_puts(b, "</div>\n");
	html_way(b, res, view, d);
	if (d->rule) {
		xl_buf_printf(b, "<p>%s counts it at ",
			      vf_kind_name(res->kinds[!d->reference_counts]));
		html_rule_link(b, view, d->rule);
		if (d->nft) {
			xl_buf_puts(b, ", which is <code>");
			html_text(b, d->nft);
			xl_buf_puts(b, "</code>");
		}
		xl_buf_printf(b, "; %s does not.</p>\n",
			      vf_kind_name(res->kinds[d->reference_counts]));
	}
	if (d->way.n)
		steps(b, res, view, &d->way);
}
