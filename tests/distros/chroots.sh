# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Debian releases below a folder, for the scripts here.

chroots=${XL_CHROOTS:-/var/tmp/xtlate-chroots}

skip()
{
	echo "skipped: $*"
	exit 0
}

# The first Debian mirror in apt's files, in the old form or the new.
mirror()
{
	sed -n -e 's|^deb \(\[.*\] \)*\(https*://[^ ]*/debian\)/* .*|\2|p' \
		-e 's|^URIs: *\(https*://[^ ]*/debian\)/*$|\1|p' \
		/etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null | head -n 1
}

# install RELEASE ROOT
install()
{
	[ ! -e "$2/.complete" ] || return 0
	rm -rf "$2"
	debootstrap --variant=minbase "$1" "$2" "$mirror" >"$2.log" 2>&1 || return
	# A mirror may be a copy of a certain day, or this machine's clock be wrong.
	echo 'Acquire::Check-Valid-Until "false";' >"$2/etc/apt/apt.conf.d/90xtlate"
	touch "$2/.complete"
}

# add_packages ROOT PACKAGE...
add_packages()
{
	root=$1
	shift
	cp -L /etc/resolv.conf "$root/etc/resolv.conf"
	chroot "$root" env DEBIAN_FRONTEND=noninteractive sh -c '
		dpkg -s "$@" >/dev/null 2>&1 || { apt-get update -qq && apt-get install -qq -y --no-install-recommends "$@"; }
	' sh "$@" >>"$root.log" 2>&1
}

# Sets $mirror, or ends with a reason.
need_chroots()
{
	command -v debootstrap >/dev/null || skip "debootstrap is not installed"
	[ "$(id -u)" -eq 0 ] || skip "only root can make a chroot"
	mirror=${XL_MIRROR:-$(mirror)}
	[ -n "$mirror" ] || skip "apt has no Debian mirror; name one in XL_MIRROR"
	mkdir -p "$chroots"
}
