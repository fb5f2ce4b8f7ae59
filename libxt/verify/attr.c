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

bool vf_ask(int netlink, const struct nlmsghdr *request,
	    void (*each)(void *to, const struct nlmsghdr *m), void *to)
{
	char buf[1 << 16] __attribute__((aligned(8)));

	if (send(netlink, request, request->nlmsg_len, 0) < 0)
		return false;
	for (;;) {
		ssize_t n = recv(netlink, buf, sizeof(buf), 0);

		if (n < 0)
			return false;
		for (const struct nlmsghdr *m = (const void *)buf; NLMSG_OK(m, n);
		     m = NLMSG_NEXT(m, n)) {
			if (m->nlmsg_type == NLMSG_DONE)
				return true;
			if (m->nlmsg_type == NLMSG_ERROR) {
				errno = -((const struct nlmsgerr *)NLMSG_DATA(m))->error;
				return false;
			}
			each(to, m);
		}
	}
}

/* Those who ask of nfnetlink want attributes. */
struct reader {
	void (*each)(void *to, const void *attrs, size_t n);
	void *to;
};

static void read_attrs(void *to, const struct nlmsghdr *m)
{
	const size_t skip = NLMSG_ALIGN(sizeof(struct nfgenmsg));
	const struct reader *r = to;

	r->each(r->to, (const char *)NLMSG_DATA(m) + skip, NLMSG_PAYLOAD(m, 0) - skip);
}

bool vf_dump(int netlink, uint16_t request, uint8_t family, const void *which, size_t n,
	     void (*each)(void *to, const void *attrs, size_t n), void *to)
{
	struct {
		struct nlmsghdr h;
		struct nfgenmsg g;
		char which[640];
	} ask = {
		.h = { .nlmsg_len = (uint32_t)(NLMSG_LENGTH(sizeof(ask.g)) + n),
		       .nlmsg_type = request,
		       .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.g = { .nfgen_family = family },
	};
	struct reader r = { each, to };

	if (n > sizeof(ask.which)) {
		errno = EMSGSIZE;
		return false;
	}
	if (n)
		memcpy(ask.which, which, n);
	return vf_ask(netlink, &ask.h, read_attrs, &r);
}
