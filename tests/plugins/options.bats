# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=plain-build
# The cases of extensions/NAME.t under the system's programs.

setup() {
	. "$XL_SRCDIR/tests/lib/plugins.bash"
}

@test "legacy, IPv4: -S, -save, -L and the blobs are the system's" {
	plugins_in_netns plugins_compare 4 legacy
}

@test "legacy, IPv6: -S, -save, -L and the blobs are the system's" {
	plugins_in_netns plugins_compare 6 legacy
}

@test "nft, IPv4: -S, -save, -L and the blobs are the system's" {
	plugins_in_netns plugins_compare 4 nft
}

@test "nft, IPv6: -S, -save, -L and the blobs are the system's" {
	plugins_in_netns plugins_compare 6 nft
}

@test "legacy: what -save writes, -restore reads" {
	plugins_in_netns plugins_restore 4 legacy
	plugins_in_netns plugins_restore 6 legacy
}

@test "nft: what -save writes, -restore reads" {
	plugins_in_netns plugins_restore 4 nft
	plugins_in_netns plugins_restore 6 nft
}

@test "legacy: bad input is refused in our words with status 2" {
	plugins_in_netns plugins_refuse 4 legacy
	plugins_in_netns plugins_refuse 6 legacy
}

@test "nft: bad input is refused in our words with status 2" {
	plugins_in_netns plugins_refuse 4 nft
	plugins_in_netns plugins_refuse 6 nft
}

@test "translate: bad input is refused in our words with status 2" {
	plugins_in_netns plugins_refuse 4 translate
	plugins_in_netns plugins_refuse 6 translate
}

@test "IPv4: nft loads what iptables-translate prints" {
	plugins_in_netns plugins_translate 4
}

@test "IPv6: nft loads what ip6tables-translate prints" {
	plugins_in_netns plugins_translate 6
}
