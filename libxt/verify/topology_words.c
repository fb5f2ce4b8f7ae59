// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/topology_read.h"

#include "xt/addr.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define BLANKS " \t\r\v\f"

bool reader_bad(struct reader *r, const char *fmt, ...)
{
	struct xl_loc loc = r->loc;
	va_list ap;

	if (r->bad)
		return false;
	r->bad = true;
	if (r->at && r->at <= r->n)
		loc.col = r->words[r->at - 1].col;
	va_start(ap, fmt);
	xl_report(r->diags, XL_ERROR, loc, NULL, "%s", xl_vprintf(r->t->arena, fmt, ap));
	va_end(ap);
	return false;
}

static void split(struct reader *r, const char *line)
{
	struct word w;

	for (const char *p = line; *(p += strspn(p, BLANKS)) && *p != '#'; p += strlen(w.s)) {
		w.s = xl_strndup(r->t->arena, p, strcspn(p, BLANKS));
		w.col = (unsigned int)(p - line) + 1;
		xl_push(r->t->arena, r->words, r->n, r->cap, w);
	}
}

bool reader_start(struct reader *r, const char *line)
{
	r->n = r->at = 0;
	split(r, line);
	if (!r->n)
		return false;
	r->at = 1;
	r->families = BOTH;
	r->bad = r->elsewhere = false;
	r->net = r->via = (struct vf_net){ .len = 0 };
	r->dev = -1;
	r->cmd.len = 0;
	return true;
}

bool reader_takes(struct reader *r, const char *word)
{
	if (r->at == r->n || strcmp(r->words[r->at].s, word) != 0)
		return false;
	r->at++;
	return true;
}

const char *reader_next(struct reader *r, const char *what)
{
	if (r->at < r->n)
		return r->words[r->at++].s;
	reader_bad(r, "\"%s\" needs %s after it", r->words[r->n - 1].s, what);
	return NULL;
}

static const char *printable(const struct reader *r, const char *s)
{
	return xl_printable(r->t->arena, s);
}

static bool narrow(struct reader *r, uint8_t family)
{
	r->families &= family == NFPROTO_IPV4 ? V4 : V6;
	return r->families ? true : reader_bad(r, "IPv4 and IPv6 in one line");
}

static bool number(const char *s, unsigned long most, int base, unsigned long *v)
{
	char *end;

	errno = 0;
	*v = strtoul(s, &end, base);
	return *s >= '0' && *s <= '9' && !*end && !errno && *v <= most;
}

/* An address, with /LENGTH if @prefix. */
static bool parse_net(struct reader *r, const char *s, bool prefix, struct vf_net *net)
{
	const char *slash = prefix ? strchr(s, '/') : NULL;
	const char *addr = slash ? xl_strndup(r->t->arena, s, (size_t)(slash - s)) : s;
	unsigned long len;

	*net = (struct vf_net){ .family = NFPROTO_IPV4 };
	if (inet_pton(AF_INET, addr, net->addr) != 1) {
		net->family = NFPROTO_IPV6;
		if (inet_pton(AF_INET6, addr, net->addr) != 1)
			return reader_bad(r, "\"%s\" is not an address", printable(r, s));
	}
	len = xt_addr_bits(net->family);
	if (slash && !number(slash + 1, len, 10, &len))
		return reader_bad(r, "\"%s\" is not the length of a prefix",
				  printable(r, slash + 1));
	net->len = (uint8_t)len;
	return narrow(r, net->family);
}

bool reader_net(struct reader *r, struct vf_net *net)
{
	const char *s = reader_next(r, "an address");

	if (!s || !parse_net(r, s, true, net))
		return false;
	xl_buf_printf(&r->cmd, " %s", s);
	return true;
}

bool reader_net_or_all(struct reader *r, struct vf_net *net)
{
	const char *s = reader_next(r, "a network");

	if (!s)
		return false;
	if (!strcmp(s, "default") || !strcmp(s, "all")) {
		xl_buf_puts(&r->cmd, " default");
		return true;
	}
	xl_buf_printf(&r->cmd, " %s", s);
	return parse_net(r, s, true, net);
}

static bool read_address(struct reader *r, struct vf_net *net)
{
	const char *s = reader_next(r, "an address");

	if (!s || !parse_net(r, s, false, net))
		return false;
	xl_buf_printf(&r->cmd, " %s", s);
	return true;
}

static bool read_device(struct reader *r, int *dev)
{
	const char *s = reader_next(r, "a device");

	if (!s)
		return false;
	*dev = vf_device_find(r->t, s);
	if (*dev < 0 && strcmp(s, "lo") != 0)
		return reader_bad(r, "there is no device \"%s\" in the lines above",
				  printable(r, s));
	xl_buf_printf(&r->cmd, " %s", s);
	return true;
}

bool reader_number(struct reader *r, unsigned long *v)
{
	const char *s = reader_next(r, "a number");

	if (!s)
		return false;
	if (!number(s, UINT32_MAX, 0, v))
		return reader_bad(r, "\"%s\" is not a number", printable(r, s));
	xl_buf_printf(&r->cmd, " %lu", *v);
	return true;
}

/* The host's names of tables are not the sandbox's. */
static bool read_table(struct reader *r)
{
	const char *s = r->at < r->n ? r->words[r->at].s : "";
	unsigned long v = 0;

	if (!strcmp(s, "main") || !strcmp(s, "local") || !strcmp(s, "default")) {
		r->at++;
		xl_buf_printf(&r->cmd, " %s", s);
		v = s[0] == 'm' ? 254 : s[0] == 'l' ? 255 : 253;
	} else if (!reader_number(r, &v)) {
		return false;
	}
	r->elsewhere = v != 254 && v != 255;
	return true;
}

static bool read_mark(struct reader *r)
{
	const char *s = reader_next(r, "a mark"), *slash = s ? strchr(s, '/') : NULL;
	unsigned long v, mask;

	if (!s)
		return false;
	if (!number(slash ? xl_strndup(r->t->arena, s, (size_t)(slash - s)) : s, UINT32_MAX, 0,
		    &v) ||
	    (slash && !number(slash + 1, UINT32_MAX, 0, &mask)))
		return reader_bad(r, "\"%s\" is not a mark", printable(r, s));
	xl_buf_printf(&r->cmd, " %s", s);
	return true;
}

/* Letters and digits that ip(8) knows better. */
static bool read_plain(struct reader *r, const char *what)
{
	const char *s = reader_next(r, what);

	if (!s)
		return false;
	if (s[strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-")])
		return reader_bad(r, "\"%s\" is not %s", printable(r, s), what);
	xl_buf_printf(&r->cmd, " %s", s);
	return true;
}

static bool read_option(struct reader *r, const struct option *o)
{
	struct vf_net net;
	unsigned long v;
	int dev;

	xl_buf_printf(&r->cmd, " %s", o->word);
	switch (o->kind) {
	case FLAG:
		return true;
	case NET:
		return reader_net_or_all(r, &net);
	case ADDRESS:
		return read_address(r, &net);
	case GATEWAY:
		return read_address(r, &r->via);
	case DEVICE:
		return read_device(r, &dev);
	case LEAVING:
		return read_device(r, &r->dev);
	case TABLE:
		return read_table(r);
	case NUMBER:
		return reader_number(r, &v);
	case MARK:
		return read_mark(r);
	case PROTOCOL:
		return read_plain(r, "a protocol");
	default:
		return read_plain(r, "ports");
	}
}

bool reader_options(struct reader *r, const struct option *options)
{
	while (r->at < r->n) {
		const char *s = r->words[r->at++].s;
		const struct option *o = options;

		while (o->word && strcmp(o->word, s) != 0)
			o++;
		if (!o->word)
			return reader_bad(r, "\"%s\" is not known here", printable(r, s));
		if (!read_option(r, o))
			return false;
	}
	return true;
}
