#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
# The tests here leave out a backend that the machine cannot have. This is where that shows.

load ../lib/hosts

@test "rules can be loaded with iptables-legacy" {
	netns_needed
	backend_works legacy || skip "cannot here: no iptables-legacy, or a kernel without it"
}

@test "rules can be loaded with iptables-nft" {
	netns_needed
	backend_works nft || skip "cannot here: no iptables-nft, or a kernel without it"
}
