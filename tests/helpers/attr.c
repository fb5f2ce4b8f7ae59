// SPDX-License-Identifier: GPL-2.0-or-later
#include "attr.h"

#include <errno.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nfnetlink.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>

const struct nlattr *attr_find(const void *at, size_t n, int type)
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

const void *attr_data(const struct nlattr *a)
{
	return (const char *)a + NLA_HDRLEN;
}

size_t attr_size(const struct nlattr *a)
{
	return (size_t)a->nla_len - NLA_HDRLEN;
}

const struct nlattr *attr_in(const struct nlattr *a, int type)
{
	return a ? attr_find(attr_data(a), attr_size(a), type) : NULL;
}

uint64_t attr_number(const struct nlattr *a)
{
	const uint8_t *b = a ? attr_data(a) : NULL;
	uint64_t v = 0;

	for (size_t i = 0; b && i < attr_size(a); i++)
		v = v << 8 | b[i];
	return v;
}

struct reader {
	void (*each)(void *to, const void *attrs, size_t n);
	void *to;
};

/* Returns 1 when there is more to come, 0 at the end, -1 for an error. */
static int read_messages(const struct reader *r, const char *buf, ssize_t n)
{
	const size_t skip = NLMSG_ALIGN(sizeof(struct nfgenmsg));
	const struct nlmsghdr *h = (const void *)buf;

	for (; NLMSG_OK(h, n); h = NLMSG_NEXT(h, n)) {
		if (h->nlmsg_type == NLMSG_ERROR) {
			errno = -((const struct nlmsgerr *)NLMSG_DATA(h))->error;
			return -1;
		}
		if (h->nlmsg_type == NLMSG_DONE)
			return 0;
		r->each(r->to, (const char *)NLMSG_DATA(h) + skip, NLMSG_PAYLOAD(h, 0) - skip);
	}
	return 1;
}

char *attr_put(char *at, uint16_t type, const void *data, size_t n)
{
	struct nlattr a = { (uint16_t)(NLA_HDRLEN + n), type };

	memcpy(at, &a, sizeof(a));
	memcpy(at + NLA_HDRLEN, data, n);
	return at + NLA_ALIGN(a.nla_len);
}

int dump(int netlink, uint16_t request, const void *which, size_t which_n,
	 void (*each)(void *to, const void *attrs, size_t n), void *to)
{
	struct {
		struct nlmsghdr h;
		struct nfgenmsg g;
	} ask = {
		.h = { .nlmsg_len = (uint32_t)(sizeof(ask) + which_n),
		       .nlmsg_type = request,
		       .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
		.g = { .nfgen_family = which ? NFPROTO_INET : NFPROTO_UNSPEC },
	};
	struct iovec parts[] = { { &ask, sizeof(ask) }, { (void *)(uintptr_t)which, which_n } };
	static char buf[1 << 16] __attribute__((aligned(8)));
	const struct reader r = { each, to };
	ssize_t n;
	int more;

	if (writev(netlink, parts, 2) < 0)
		return -1;
	do {
		n = recv(netlink, buf, sizeof(buf), 0);
		more = n < 0 ? -1 : read_messages(&r, buf, n);
	} while (more > 0);
	return more;
}
