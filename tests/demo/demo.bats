# SPDX-License-Identifier: GPL-2.0-or-later

namespaces() {
	if [ "$(id -u)" -eq 0 ]; then
		unshare --net true
	else
		unshare --user --map-root-user --mount --net true
	fi
}

@test "the demo runs, and who answers is as it says" {
	namespaces 2>/dev/null || skip "cannot here: no rights to make network namespaces"
	"$XL_SRCDIR/examples/demo"
}
