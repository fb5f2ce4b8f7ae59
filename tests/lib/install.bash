# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Helpers for tests of what "make install" does.

# install_make TARGET TREE [VARIABLE=VALUE]...: nothing is built that was not, and little is said.
install_make()
{
	make -s -C "$XL_BUILDDIR" "$1" DESTDIR="$2" "${@:3}" >"$2.log" 2>&1 && return
	cat "$2.log"
	return 1
}

# install_value NAME: of the build's Makefile.
install_value()
{
	printf 'include Makefile\n.PHONY: show-value\nshow-value: ; @echo "$(%s)"\n' "$1" |
		make -s -C "$XL_BUILDDIR" -f - show-value
}

# install_list TREE: everything in it, with what it is.
install_list()
{
	(cd "$1" && find . -printf '%p %M %l\n' | LC_ALL=C sort)
}

# install_flags TREE [OPTION]...: pkg-config's, for what is installed there.
install_flags()
{
	PKG_CONFIG_PATH=$1$(install_value pkgconfigdir) pkg-config \
		--define-variable=prefix="$1$(install_value prefix)" "${@:2}" libxtlate
}

# install_compile TREE SOURCE PROGRAM [OPTION]...
install_compile()
{
	local flags

	read -ra flags <<<"$(install_flags "$1" --cflags)"
	"${CC:-gcc}" -Wall -Wextra -Werror -o "$3" "$2" "${flags[@]}" "${@:4}"
}
