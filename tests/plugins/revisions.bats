# SPDX-License-Identifier: GPL-2.0-or-later
# The plugins under a program of ours, which can ask for any revision, and in builds with sanitizers.

setup() {
	. "$XL_SRCDIR/tests/lib/plugins.bash"
}

@test "older revisions of DNAT and TPROXY make what the system's make" {
	plugins_old 4 0 DNAT
	plugins_old 6 1 DNAT
	plugins_old 4 0 TPROXY
}

@test "good input is taken" {
	plugins_alone 4 2 DNAT OK
	plugins_alone 6 2 DNAT OK
	plugins_alone 4 1 TPROXY OK
	plugins_alone 4 0 SNAT OK
	plugins_alone 6 0 MASQUERADE OK
	plugins_alone 4 0 NETMAP OK
}

@test "bad input is refused" {
	plugins_alone 4 2 DNAT FAIL
	plugins_alone 6 2 DNAT FAIL
	plugins_alone 6 1 TPROXY FAIL
	plugins_alone 6 1 SNAT FAIL
	plugins_alone 4 0 REDIRECT FAIL
	plugins_alone 4 0 NETMAP FAIL
}
