# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# A Debian system in which packages can be installed and that forgets it.

# in_root ROOT FOLDER COMMAND...: runs the command, as root, in a copy of the system at ROOT that lasts
# as long as it runs, with FOLDER at /packages. The copy is an overlay, so that it costs nothing.
in_root()
{
	# shellcheck disable=SC2016 # the inner shell's
	unshare -m --propagation private sh -euc '
		at=$(mktemp -d "${TMPDIR:-/tmp}/xtlate-root.XXXXXX")
		lower=$1
		folder=$(cd "$2" && pwd -P)
		shift 2
		mount -t tmpfs tmpfs "$at"
		mkdir "$at/upper" "$at/work" "$at/root" "$at/packages"
		mount --bind "$folder" "$at/packages"
		mount -t overlay -o "lowerdir=$lower,upperdir=$at/upper,workdir=$at/work" overlay "$at/root"
		mount -t proc proc "$at/root/proc"
		mount --rbind /sys "$at/root/sys"
		mount --rbind /dev "$at/root/dev"
		mount -t tmpfs tmpfs "$at/root/tmp"
		mount -t tmpfs tmpfs "$at/root/run"
		mkdir -p "$at/root/packages"
		mount --move "$at/packages" "$at/root/packages"
		status=0
		chroot "$at/root" env -i HOME=/root TERM=dumb LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
			PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@" || status=$?
		umount -l "$at"
		rmdir "$at"
		exit "$status"' sh "$@"
}

# A version of the packages in FOLDER/new that is one higher, in FOLDER/newer: the same contents.
make_newer()
{
	mkdir -p "$1/newer"
	for deb in "$1"/new/*.deb; do
		case $deb in *-dbgsym_*) continue ;; esac
		tree=$1/newer/tree
		dpkg-deb -R "$deb" "$tree"
		sed -i -e '/^Version:/s/$/+newer/' -e 's/\(xtlate[a-z0-9-]* (= [^)]*\))/\1+newer)/g' "$tree/DEBIAN/control"
		dpkg-deb -Znone --root-owner-group -b "$tree" "$1/newer" >/dev/null
		rm -rf "$tree"
	done
}
