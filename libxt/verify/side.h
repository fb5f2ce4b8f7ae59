/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef VF_SIDE_H
#define VF_SIDE_H

/*
 * One of the namespaces that are compared: its devices, what was loaded in it, and what is seen of
 * the packets that are sent through. It goes when the process ends, however that comes.
 */

#include "diag/buf.h"
#include "verify/hide.h"
#include "verify/probe.h"
#include "verify/topology.h"

enum vf_kind { VF_LEGACY, VF_COMPAT, VF_NATIVE };
enum { VF_SENDERS = 64 };

/** A raw socket with the credentials and mark of probes that a process sends. */
struct vf_sender {
	int fd;
	uint8_t family;
	uint32_t uid, gid, mark;
};

/** A listening socket; its number is the TTL of what it sends, so that its answers are known. */
struct vf_listener {
	int fd;
	bool tcp;
	uint16_t port;
};

struct vf_side {
	enum vf_kind kind;
	const struct vf_topology *topo;
	int ns;	  /* the namespace */
	int *tap; /* by device; -1 for lo */
	int *ifindex;
	int netlink, raw4, raw6, log, loop;
	int events; /* of connections; -1: they are not followed */
	struct vf_sender senders[VF_SENDERS];
	size_t n_senders;
	struct vf_listener *listeners;
	size_t n_listeners;
	struct vf_listener called; /* what the probe goes to; see VF_SOCKET */
	struct vf_ranges ranges;   /* set by who opens the side */
	uint16_t drawn[2];	   /* ports that were hidden; see there */
	bool copies;		   /* likewise: a rule has packets copied */
	bool untracks;		   /* likewise: -j CT for what the host sends */
	bool counted;		   /* its rules' counters have been read once */
	bool big_marks;		   /* nft turns the marks that frames carry around */
	bool endless;		   /* more packets came of one than can be */
	bool looping;		   /* the last that was seen went to lo */
	const char *error;	   /* what failed, in the topology's arena */
	bool refused;		   /* that is the user's topology */
	const char *not_done; /* of a lenient topology: what the kernel would not do, or NULL */
};

/** Makes the namespace. False with @s->error set; vf_side_close() is needed either way. */
bool vf_side_open(struct vf_side *s, enum vf_kind kind, const struct vf_topology *topo);
void vf_side_close(struct vf_side *s);
/** Gives the devices their addresses and routes; a part of opening. */
bool vf_side_configure(struct vf_side *s);

/** Sets @s->error and returns false. */
bool vf_side_fail(struct vf_side *s, const char *fmt, ...) XL_PRINTF(2, 3);

/** strerror(), with what to do about it where that helps. */
const char *vf_why(int error);

/** Makes the calling thread act in the namespace, or at home again (NULL). */
bool vf_enter(const struct vf_side *s);

/** Opens listeners on the topology's ports, TCP and UDP, transparent. */
bool vf_side_listen(struct vf_side *s);
void vf_side_deafen(struct vf_side *s);

/** Opens what VF_SOCKET asks for, or nothing where the port is taken. */
void vf_side_answer(struct vf_side *s, const struct vf_probe *p);
/** Closes it. */
void vf_side_hang_up(struct vf_side *s);

/**
 * Runs a program in the namespace with @input on its standard input. True when it ends with 0;
 * else its messages are in @s->error.
 */
bool vf_side_exec(struct vf_side *s, const char *const *argv, const char *input);

/** Why iptables could not load these tables into the side: a program or a part of the kernel is
 * missing; NULL: it could. */
const char *vf_why_not_loadable(const struct vf_side *s, const struct xt_ruleset *rs);
/** Loads save text of one family with the side's iptables-restore. */
bool vf_load_iptables(struct vf_side *s, uint8_t family, const char *text);
bool vf_load_ipset(struct vf_side *s, const char *text);
/** Loads nft text; XL_EXIT_NFT when nft refuses it, with its words in @s->error. */
enum xl_exit vf_load_nft(struct vf_side *s, const char *text);

/** Makes connection tracking depend on packets only; after everything is loaded. */
bool vf_side_settle(struct vf_side *s);

/** Keeps what the kernel says by itself from rules that are loaded then, by a table of this name.
 */
#define VF_EARLY "xtlate-early"
bool vf_hush(struct vf_side *s);
/** Starts to watch packets; before the first is sent, after everything is loaded. Connections'
 * marks too with *@connections, which is cleared when this kernel cannot tell. */
bool vf_watch(struct vf_side *s, bool *connections);
bool vf_send(struct vf_side *s, const struct vf_probe *p);
/**
 * What has come of the packets sent since the last call, as text lines that are the same wherever
 * nothing differs: devices, marks, bytes, sockets.
 */
void vf_seen(struct vf_side *s, const struct vf_probe *p, struct xl_buf *seen);

#endif
