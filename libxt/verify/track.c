// SPDX-License-Identifier: GPL-2.0-or-later
#include "verify/track.h"

#include "verify/attr.h"

#include <arpa/inet.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nf_conntrack_tcp.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <string.h>
#include <sys/socket.h>

/* One direction of a connection. */
struct tuple {
	uint8_t family, proto;
	const uint8_t *src, *dst;
	uint16_t sport, dport; /* ICMP: id, type << 8 | code */
};

/* Attributes that hold others: the length is known at the end. */
static char *nest(char *at, uint16_t type)
{
	return vf_attr_put(at, type | NLA_F_NESTED, "", 0);
}

static char *end_nest(char *start, char *at)
{
	((struct nlattr *)(void *)start)->nla_len = (uint16_t)(at - start);
	return at;
}

static char *put_proto(char *at, const struct tuple *t)
{
	char *start = at;
	uint16_t sport = htons(t->sport), dport = htons(t->dport);
	uint8_t type = (uint8_t)(t->dport >> 8), code = (uint8_t)t->dport;
	bool v6 = t->proto == IPPROTO_ICMPV6;

	at = nest(at, CTA_TUPLE_PROTO);
	at = vf_attr_put(at, CTA_PROTO_NUM, &t->proto, 1);
	if (t->proto == IPPROTO_ICMP || v6) {
		at = vf_attr_put(at, v6 ? CTA_PROTO_ICMPV6_ID : CTA_PROTO_ICMP_ID, &sport, 2);
		at = vf_attr_put(at, v6 ? CTA_PROTO_ICMPV6_TYPE : CTA_PROTO_ICMP_TYPE, &type, 1);
		at = vf_attr_put(at, v6 ? CTA_PROTO_ICMPV6_CODE : CTA_PROTO_ICMP_CODE, &code, 1);
	} else {
		at = vf_attr_put(at, CTA_PROTO_SRC_PORT, &sport, 2);
		at = vf_attr_put(at, CTA_PROTO_DST_PORT, &dport, 2);
	}
	return end_nest(start, at);
}

static char *put_tuple(char *at, uint16_t type, const struct tuple *t)
{
	bool v4 = t->family == NFPROTO_IPV4;
	char *start = at, *ip;

	at = nest(at, type);
	ip = at;
	at = nest(at, CTA_TUPLE_IP);
	at = vf_attr_put(at, v4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, t->src, v4 ? 4 : 16);
	at = vf_attr_put(at, v4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, t->dst, v4 ? 4 : 16);
	at = end_nest(ip, at);
	at = put_proto(at, t);
	return end_nest(start, at);
}

/* Liberal: the sequence numbers of probes fit no window. */
static char *put_tcp(char *at, uint8_t state)
{
	struct nf_ct_tcp_flags flags = { IP_CT_TCP_FLAG_BE_LIBERAL, IP_CT_TCP_FLAG_BE_LIBERAL };
	char *start = at, *tcp;

	at = nest(at, CTA_PROTOINFO);
	tcp = at;
	at = nest(at, CTA_PROTOINFO_TCP);
	at = vf_attr_put(at, CTA_PROTOINFO_TCP_STATE, &state, 1);
	at = vf_attr_put(at, CTA_PROTOINFO_TCP_FLAGS_ORIGINAL, &flags, sizeof(flags));
	at = vf_attr_put(at, CTA_PROTOINFO_TCP_FLAGS_REPLY, &flags, sizeof(flags));
	at = end_nest(tcp, at);
	return end_nest(start, at);
}

/* What a connection is created with. */
struct birth {
	uint32_t mark;
	bool unanswered;
	uint8_t tcp_state;
};

/* With @master, it is one that a helper of that connection expected, and has had no answer:
 * ctnetlink_create_conntrack(). */
static bool create(struct vf_side *s, const struct tuple *orig, const struct tuple *reply,
		   const struct tuple *master, struct birth b)
{
	struct {
		struct nlmsghdr h;
		struct nfgenmsg g;
		char attrs[512];
	} r = {
		.h = { .nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_NEW,
		       .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE },
		.g = { .nfgen_family = orig->family },
	};
	struct {
		struct nlmsghdr h;
		struct nlmsgerr e;
		char rest[512];
	} answer;
	uint32_t answered = IPS_SEEN_REPLY | IPS_ASSURED;
	uint32_t status = htonl(IPS_CONFIRMED | (b.unanswered ? 0 : answered));
	uint32_t mark = htonl(b.mark), timeout = htonl(600);
	char *at = r.attrs;

	at = put_tuple(at, CTA_TUPLE_ORIG, orig);
	at = put_tuple(at, CTA_TUPLE_REPLY, reply);
	if (master)
		at = put_tuple(at, CTA_TUPLE_MASTER, master);
	else
		at = vf_attr_put(at, CTA_STATUS, &status, 4);
	at = vf_attr_put(at, CTA_TIMEOUT, &timeout, 4);
	at = vf_attr_put(at, CTA_MARK, &mark, 4);
	if (orig->proto == IPPROTO_TCP)
		at = put_tcp(at, b.tcp_state);
	r.h.nlmsg_len = (uint32_t)(at - (char *)&r);
	if (send(s->netlink, &r, r.h.nlmsg_len, 0) < 0 ||
	    recv(s->netlink, &answer, sizeof(answer), 0) < 0)
		return false;
	return answer.h.nlmsg_type == NLMSG_ERROR && !answer.e.error;
}

static bool is_echo(const struct vf_probe *p)
{
	return p->proto == IPPROTO_ICMP || p->proto == IPPROTO_ICMPV6;
}

static bool is_expected(const struct vf_probe *p)
{
	return p->ct == VF_CT_RELATED && !is_echo(p);
}

/* The two directions of the connection that the probe needs; false: none. */
static bool directions(const struct vf_probe *p, struct tuple *orig, struct tuple *reply)
{
	bool v4 = p->family == NFPROTO_IPV4;
	uint16_t ask = v4 ? 8 << 8 : 128 << 8, answer = v4 ? 0 : 129 << 8;
	struct tuple there = { p->family, p->proto, p->saddr, p->daddr, p->sport, p->dport };
	struct tuple back = { p->family, p->proto, p->daddr, p->saddr, p->dport, p->sport };

	if (p->ct == VF_CT_NONE || p->ct == VF_CT_INVALID)
		return false;
	if (is_expected(p)) {
		*orig = there;
		*reply = back;
		return true;
	}
	if (p->ct == VF_CT_RELATED) { /* the quoted datagram's connection */
		there = (struct tuple){ p->family, IPPROTO_UDP, p->daddr,
					p->saddr,  p->sport,	p->dport };
		back = (struct tuple){ p->family, IPPROTO_UDP, p->saddr,
				       p->daddr,  p->dport,    p->sport };
	} else if (is_echo(p)) {
		there.dport = p->ct == VF_CT_REPLY ? answer : ask;
		back.sport = p->sport;
		back.dport = p->ct == VF_CT_REPLY ? ask : answer;
	}
	*orig = p->ct == VF_CT_REPLY ? back : there;
	*reply = p->ct == VF_CT_REPLY ? there : back;
	return true;
}

/* The connection that has it expected is one of UDP between the same hosts. It may be there. */
static bool expect(struct vf_side *s, const struct vf_probe *p, const struct tuple *orig,
		   const struct tuple *reply, struct birth b)
{
	enum { CONTROL = 21 };
	struct tuple there = { p->family, IPPROTO_UDP, p->saddr, p->daddr, CONTROL, CONTROL };
	struct tuple back = { p->family, IPPROTO_UDP, p->daddr, p->saddr, CONTROL, CONTROL };

	create(s, &there, &back, NULL, (struct birth){ .mark = 0 });
	return create(s, orig, reply, &there, b);
}

bool vf_track(struct vf_side *s, const struct vf_probe *p)
{
	struct birth b = { p->ct_mark, p->ct == VF_CT_UNANSWERED, TCP_CONNTRACK_ESTABLISHED };
	struct tuple orig, reply;

	/* In which another SYN may come. */
	if (b.unanswered && p->tcp_flags & 2)
		b.tcp_state = TCP_CONNTRACK_SYN_SENT;
	if (!directions(p, &orig, &reply))
		return true;
	return is_expected(p) ? expect(s, p, &orig, &reply, b) : create(s, &orig, &reply, NULL, b);
}

char *vf_track_tuple(const struct vf_probe *p, char *at)
{
	struct tuple orig, reply;

	return directions(p, &orig, &reply) ? put_tuple(at, CTA_TUPLE_ORIG, &orig) : NULL;
}

/* A request without a tuple: ctnetlink_flush_conntrack(). */
void vf_forget(struct vf_side *s)
{
	struct {
		struct nlmsghdr h;
		struct nfgenmsg g;
	} r = {
		.h = { .nlmsg_len = sizeof(r),
		       .nlmsg_type = NFNL_SUBSYS_CTNETLINK << 8 | IPCTNL_MSG_CT_DELETE,
		       .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK },
		.g = { .nfgen_family = AF_UNSPEC },
	};
	char answer[512];

	if (send(s->netlink, &r, sizeof(r), 0) > 0)
		recv(s->netlink, answer, sizeof(answer), 0);
}
