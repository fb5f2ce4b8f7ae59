// SPDX-License-Identifier: GPL-2.0-or-later
#ifdef HAVE_CONFIG_H
#include "config.h"
#endif

#include "html.h"

#include "output.h"
#include "xtlate/page.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/* The length of the UTF-8 sequence at @s with its code point, or 0. */
static size_t decode(const unsigned char *s, size_t left, uint32_t *c)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc0 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : 4;

	if (!n || s[0] > 0xf4 || n > left)
		return 0;
	*c = n == 1 ? s[0] : s[0] & 0x7fU >> n;
	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (s[i] & 0x3f);
	}
	return *c < least[n] || *c > 0x10ffff || (*c >= 0xd800 && *c < 0xe000) ? 0 : n;
}

/* Characters that show nothing, or move others. */
static bool unseen(uint32_t c)
{
	static const uint32_t ranges[][2] = {
		{ 0, 0x08 },	    { 0x0b, 0x1f },	  { 0x7f, 0x9f },	 { 0xad, 0xad },
		{ 0x61c, 0x61c },   { 0x180e, 0x180e },	  { 0x200b, 0x200f },	 { 0x2028, 0x202e },
		{ 0x2060, 0x206f }, { 0xfe00, 0xfe0f },	  { 0xfeff, 0xfeff },	 { 0xfff9, 0xfffb },
		{ 0xfffe, 0xffff }, { 0x1bca0, 0x1bca3 }, { 0xe0000, 0x10ffff },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++)
		if (c >= ranges[i][0] && c <= ranges[i][1])
			return true;
	return false;
}

static const char *entity(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void html_text_n(struct xl_buf *b, const char *s, size_t left)
{
	for (uint32_t c; left;) {
		size_t n = decode((const unsigned char *)s, left, &c);

		if (!n)
			xl_buf_printf(b, "\\x%02x", (unsigned char)*s);
		else if (unseen(c))
			xl_buf_printf(b, c < 0x80 ? "\\x%02x" : "\\u{%x}", (unsigned int)c);
		else if (n == 1 && entity(*s))
			xl_buf_puts(b, entity(*s));
		else
			xl_buf_add(b, s, n);
		s += n ? n : 1;
		left -= n ? n : 1;
	}
}

void html_text(struct xl_buf *b, const char *s)
{
	html_text_n(b, s, strlen(s));
}

void html_tag(struct xl_buf *b, const char *tag, const char *class, const char *text)
{
	if (class)
		xl_buf_printf(b, "<%s class=\"%s\">", tag, class);
	else
		xl_buf_printf(b, "<%s>", tag);
	html_text(b, text);
	xl_buf_printf(b, "</%s>", tag);
}

void html_number(struct xl_buf *b, unsigned long long n)
{
	char s[32];
	int len = sprintf(s, "%llu", n);

	for (int i = 0; i < len; i++) {
		if (i && !((len - i) % 3))
			xl_buf_putc(b, ',');
		xl_buf_putc(b, s[i]);
	}
}

void html_amount(struct xl_buf *b, unsigned long long n, const char *what)
{
	html_number(b, n);
	xl_buf_printf(b, " %s%s", what, n == 1 ? "" : "s");
}

/* The page is well-formed as XML, too. Nothing is fetched, whatever a ruleset may have smuggled in.
 */
void html_begin(struct xl_buf *b, const char *title)
{
	xl_buf_puts(b, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
		       "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
		       "style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'; "
		       "form-action 'none'\"/>\n"
		       "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
		       "<meta name=\"color-scheme\" content=\"light dark\"/>\n"
		       "<meta name=\"generator\" content=\"xtlate " PACKAGE_VERSION "\"/>\n");
	html_tag(b, "title", NULL, title);
	xl_buf_puts(b, "\n<style>\n");
	xl_buf_puts(b, page_css);
	xl_buf_puts(b, "</style>\n</head>\n<body>\n");
}

void html_end(struct xl_buf *b)
{
	xl_buf_puts(b,
		    "<footer>xtlate " PACKAGE_VERSION "</footer>\n</main>\n<script>//<![CDATA[\n");
	xl_buf_puts(b, page_js);
	xl_buf_puts(b, "//]]></script>\n</body>\n</html>\n");
}

int html_write(const struct run *r, struct xl_buf *b, const char *path)
{
	int ret = -1;

	if (b->failed)
		run_complain(r, "%s: out of memory", path);
	else if (output_write(path, b->s, b->len))
		run_complain(r, "%s: %s", path, strerror(errno));
	else
		ret = 0;
	xl_buf_free(b);
	return ret;
}
