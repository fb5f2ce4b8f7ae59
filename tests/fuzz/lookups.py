#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""A random ruleset full of rules that -O2 can make lookups of: few fields, values that overlap, verdicts and marks
mixed, and rules between them that it must not pass. Usage: lookups.py SEED (4|6)"""

import random
import sys

seed, family = int(sys.argv[1]), sys.argv[2]
r = random.Random(f"{seed}.{family}")
V6 = family == "6"
HOSTS = 24


def address():
    net, host = r.randrange(3), r.randrange(HOSTS)
    length = r.choice([None, None, None, 28, 24, 16, 8])
    if V6:
        return f"fd00:{net}::{host:x}/" + str({28: 124, 24: 112, 16: 64, 8: 16}.get(length, 128))
    return f"10.{net}.0.{host}" + (f"/{length}" if length else "")


def ports():
    a, b = sorted(r.sample(range(1, 60), 2))
    return r.choice([f"--dport {a}", f"--dport {a}", f"--dport {a}:{b}", f"--sport {a}", f"--sport {a} --dport {b}"])


def transport():
    p = r.choice(["tcp", "udp"])
    if r.random() < 0.2:
        return f"-p {p} -m multiport --dports {','.join(str(x) for x in sorted(r.sample(range(1, 60), r.randint(2, 4))))}"
    return f"-p {p} -m {p} {ports()}"


FIELDS = {
    "saddr": lambda: f"-s {address()}",
    "daddr": lambda: f"-d {address()}",
    "iif": lambda: f"-i {r.choice(['lan0', 'lan1', 'wan0', 'vpn+'])}",
    "transport": transport,
    "proto": lambda: f"-p {r.choice(['tcp', 'udp', 'icmpv6' if V6 else 'icmp'])}",
    "mark": lambda: f"-m mark --mark {r.randrange(4)}",
    "maskmark": lambda: f"-m mark --mark {r.randrange(4)}/0xf",
    "mac": lambda: f"-m mac --mac-source 02:00:00:00:00:{r.randrange(6):02x}",
}
REST = ["", "", "", "-m conntrack --ctstate NEW", "-m conntrack --ctstate NEW,RELATED", "-p tcp -m tcp --tcp-flags SYN,ACK SYN"]
SHAPES = [["saddr"], ["daddr"], ["saddr", "daddr"], ["daddr", "transport"], ["iif", "saddr"], ["transport"], ["iif", "transport"],
          ["saddr", "mac"], ["mark"], ["mark", "saddr"], ["maskmark"], ["proto", "daddr"], ["iif", "daddr", "transport"]]


def rule(chain, shape, targets, rest):
    tests = " ".join(FIELDS[f]() for f in shape)
    if "-p " in rest and "-p " in tests:
        rest = ""
    target = r.choice(targets)
    return f"-A {chain} {tests} {rest} {target}".rstrip()


def block(chain, targets):
    """Rules of one or two shapes that alternate, now and then one of another kind."""
    shapes, out = r.sample(SHAPES, r.choice([1, 1, 2])), []
    targets = r.sample(targets, min(len(targets), r.choice([1, 2, 3])))
    rest = r.choice(REST)
    for _ in range(r.randint(8, 30)):
        out.append(rule(chain, r.choice(shapes), targets, rest))
        if r.random() < 0.05:
            other = r.choice(SHAPES)
            out.append(rule(chain, other, targets, r.choice(REST)))
    return out


def table(name, chains, targets, users):
    lines = [f"*{name}"] + [f":{c} ACCEPT [0:0]" for c in chains] + [f":{u} - [0:0]" for u in users]
    for u in users:
        lines += block(u, [t for t in targets if "-j u" not in t and "-g u" not in t] + ["-j RETURN"])
    for c in chains:
        for _ in range(r.randint(1, 3)):
            lines += block(c, targets)
    return lines + ["COMMIT"]


lines = table("filter", ["INPUT", "FORWARD"], ["-j ACCEPT", "-j DROP", "", "-j RETURN", "-j u1", "-j u2", "-g u1", "-j REJECT"], ["u1", "u2"])
if r.random() < 0.5:
    lines += table("mangle", ["PREROUTING"], ["-j MARK --set-mark 1", "-j MARK --set-mark 2", "-j ACCEPT", "", "-j u3",
                                              "-j MARK --or-mark 0x10"], ["u3"])
if r.random() < 0.5:
    to = "fd00:9::" if V6 else "10.9.0."
    lines += ["*nat", ":PREROUTING ACCEPT [0:0]", ":OUTPUT ACCEPT [0:0]"]
    for _ in range(r.randint(8, 40)):
        p, port, n = r.choice(["tcp", "udp"]), r.randrange(1, 30), r.randrange(1, 9)
        where = f"[{to}{n}]" if V6 else f"{to}{n}"
        lines.append(f"-A PREROUTING -i wan0 -p {p} -m {p} --dport {port} " + r.choice(
            [f"-j DNAT --to-destination {where}:{80 + n}"] * 3 + [f"-j DNAT --to-destination {to}{n}", f"-j REDIRECT --to-ports {90 + n}",
                                                                    "-j ACCEPT"]))
    lines.append("COMMIT")
print("\n".join(lines))
