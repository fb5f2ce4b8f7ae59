# SPDX-License-Identifier: GPL-2.0-or-later
# bats file_tags=plain-build
# Alpine and OpenWrt have musl: what is portable is seen by compiling against its headers. The
# libraries needed are glibc's here, so nothing is linked.

# Headers that do not come with a C library: the kernel's, and those of the libraries needed.
headers() {
	local name dir

	mkdir "$1"
	for name in linux asm asm-generic xtables.h xtables-version.h nftables jansson.h jansson_config.h; do
		for dir in /usr/include "/usr/include/$(gcc -print-multiarch)"; do
			[ ! -e "$dir/$name" ] || ln -s "$dir/$name" "$1"
		done
	done
}

@test "every file compiles against musl" {
	command -v musl-gcc >/dev/null || skip "musl-gcc is not installed"
	cd "$XL_SRCDIR"
	headers "$BATS_TEST_TMPDIR/include"
	find libxt xtlate extensions examples -name '*.c' -print0 |
		xargs -0 -P "$(nproc)" -n 8 musl-gcc -std=gnu11 -fsyntax-only -Wall -Wextra -Werror \
			-D_GNU_SOURCE -DHAVE_CONFIG_H -DXTLIBDIR='""' -DXL_PLUGINDIR='""' \
			-isystem "$BATS_TEST_TMPDIR/include" -I"$XL_BUILDDIR" -I"$XL_BUILDDIR/libxt" \
			-I"$XL_BUILDDIR/xtlate" -Iinclude -Ilibxt -Ixtlate
}
