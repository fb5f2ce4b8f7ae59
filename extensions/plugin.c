// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin.h"

#include <arpa/inet.h>
#include <stddef.h>
#include <string.h>

#include <linux/netfilter_ipv4/ip_tables.h>
#include <linux/netfilter_ipv6/ip6_tables.h>

/* libxtables ends the program when a translation is longer than its buffer of 10240 bytes. */
enum { XLATE_MAX = 8192 };

uint8_t plugin_family;

uint8_t plugin_proto(const void *entry, bool *inverted)
{
	const struct ipt_entry *e4 = entry;
	const struct ip6t_entry *e6 = entry;

	if (plugin_family == NFPROTO_IPV4) {
		*inverted = e4->ip.invflags & XT_INV_PROTO;
		return (uint8_t)e4->ip.proto;
	}
	*inverted = e6->ipv6.invflags & XT_INV_PROTO;
	return (uint8_t)e6->ipv6.proto;
}

struct xt_entry_target *plugin_target(void *data)
{
	return (void *)((char *)data - offsetof(struct xt_entry_target, data));
}

/* The length of the address that @arg begins with, after a bracket; 0 when it is none of @family.
 */
static size_t leading_address(const char *arg, uint8_t family)
{
	bool v4 = family == NFPROTO_IPV4;
	/* What ends an address: the mask, the range, the port. */
	size_t n = strcspn(arg, v4 ? "]/-:" : "]/-");
	char text[INET6_ADDRSTRLEN];
	struct in6_addr addr;

	if (n >= sizeof(text))
		return 0;
	memcpy(text, arg, n);
	text[n] = '\0';
	return inet_pton(v4 ? AF_INET : AF_INET6, text, &addr) == 1 ? n : 0;
}

void plugin_check_family(const char *name, const char *option, const char *arg)
{
	bool v4 = plugin_family == NFPROTO_IPV4;

	if (leading_address(arg + (*arg == '['), v4 ? NFPROTO_IPV6 : NFPROTO_IPV4))
		xtables_error(PARAMETER_PROBLEM,
			      "%s: --%s \"%s\": this is an %s address; give an %s one, or use %s",
			      name, option, arg, v4 ? "IPv6" : "IPv4", v4 ? "IPv4" : "IPv6",
			      v4 ? "ip6tables" : "iptables");
}

void plugin_check_host(const char *name, const char *option, const char *arg, bool mask)
{
	size_t n = leading_address(arg, plugin_family);

	plugin_check_family(name, option, arg);
	if (*arg == '[' || (n && arg[n] == '-') || (!mask && strchr(arg, '/')))
		xtables_error(PARAMETER_PROBLEM,
			      "%s: --%s \"%s\": one address is needed, without brackets", name,
			      option, arg);
}

int plugin_xlate(struct xt_xlate *xl, const struct xt_xlate_tg_params *p, const struct xl_ext *ext)
{
	struct ip6t_entry e6 = { 0 };
	const void *entry = p->ip;
	struct xl_buf text = { 0 };
	int done;

	/* ip6tables-translate 1.8.7 leaves out the flag. */
	if (plugin_family == NFPROTO_IPV6) {
		e6.ipv6 = *(const struct ip6t_ip6 *)p->ip;
		e6.ipv6.flags |= e6.ipv6.proto ? IP6T_F_PROTO : 0;
		entry = &e6;
	}
	done = xl_target_text(ext, plugin_family, plugin_hook(), entry, p->target, &text) &&
	       text.len < XLATE_MAX;
	if (done)
		xt_xlate_add(xl, "%s", text.s);
	xl_buf_free(&text);
	return done;
}
