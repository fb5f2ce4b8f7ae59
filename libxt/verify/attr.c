// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/attr.h"

#include <errno.h>
#include <linux/netfilter/nfnetlink.h>
#include <string.h>
#include <sys/socket.h>

const struct nlattr *vf_attr_find(const void *at, size_t n, int type)
{
	const char *p = at, *end = p + n;

	while (p + sizeof(struct nlattr) <= end) {
		const struct nlattr *a = (const void *)p;

		if (a->nla_len < sizeof(*a))
			break;
		if ((a->nla_type & NLA_TYPE_MASK) == type)
			return a;
		p += NLA_ALIGN(a->nla_len);
	}
	return NULL;
}

const void *vf_attr_data(const struct nlattr *a)
{
	return (const char *)a + NLA_HDRLEN;
}

size_t vf_attr_size(const struct nlattr *a)
{
	return a->nla_len - NLA_HDRLEN;
}

const struct nlattr *vf_attr_in(const struct nlattr *a, int type)
{
	return a ? vf_attr_find(vf_attr_data(a), vf_attr_size(a), type) : NULL;
}

uint64_t vf_attr_number(const struct nlattr *a)
{
	const uint8_t *b = a ? vf_attr_data(a) : NULL;
	uint64_t v = 0;

	for (size_t i = 0; a && i < vf_attr_size(a) && i < sizeof(v); i++)
		v = v << 8 | b[i];
	return v;
}

char *vf_attr_put(char *at, uint16_t type, const void *data, size_t n)
{
	struct nlattr a = { .nla_len = (uint16_t)(NLA_HDRLEN + n), .nla_type = type };

	memcpy(at, &a, sizeof(a));
	memcpy(at + NLA_HDRLEN, data, n);
	memset(at + NLA_HDRLEN + n, 0, NLA_ALIGN(n) - n);
	return at + NLA_HDRLEN + NLA_ALIGN(n);
}

/* 1 to go on, 0 at the end of the dump, -1 on an error. */
static int one_message(const struct nlmsghdr *h,
		       void (*each)(void *to, const void *attrs, size_t n), void *to)
{
	const struct nlmsgerr *e = NLMSG_DATA(h);
	size_t skip = NLMSG_ALIGN(sizeof(struct nfgenmsg));

	if (h->nlmsg_type == NLMSG_ERROR) {
		errno = -e->error;
		return -1;
	}
	if (h->nlmsg_type == NLMSG_DONE)
		return 0;
	each(to, (const char *)NLMSG_DATA(h) + skip, NLMSG_PAYLOAD(h, 0) - skip);
	return 1;
}

bool vf_dump(int netlink, uint16_t request, uint8_t family,
	     void (*each)(void *to, const void *attrs, size_t n), void *to)
{
	struct {
		struct nlmsghdr h;
		struct nfgenmsg g;
	} ask = {
		.h = { .nlmsg_len = sizeof(ask),
		       .nlmsg_type = request,
		       .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.g = { .nfgen_family = family },
	};
	char buf[1 << 15] __attribute__((aligned(8)));
	int more = 1;
	ssize_t n;

	if (send(netlink, &ask, sizeof(ask), 0) < 0)
		return false;
	while (more > 0) {
		n = recv(netlink, buf, sizeof(buf), 0);
		if (n < 0)
			return false;
		for (const struct nlmsghdr *h = (const void *)buf; more > 0 && NLMSG_OK(h, n);
		     h = NLMSG_NEXT(h, n))
			more = one_message(h, each, to);
	}
	return !more;
}
