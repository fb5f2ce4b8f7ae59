# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# How the packages are built.

# unpack TARBALL DEBIAN FOLDER: makes the source, ready to be built, in FOLDER/xtlate.
unpack()
{
	version=$(sed -n '1s/.*(\(.*\)-.*/\1/p' "$2/changelog")
	rm -rf "$3"
	mkdir -p "$3/xtlate"
	cp "$1" "$3/xtlate_$version.orig.tar.xz"
	tar -xf "$1" -C "$3/xtlate" --strip-components=1
	cp -a "$2" "$3/xtlate/debian"
}

# build FOLDER OPTIONS [ARGUMENT]...: what comes of it is in FOLDER, with what was said in log.
build()
{
	folder=$1
	options=$2
	shift 2
	(cd "$folder/xtlate" && DEB_BUILD_OPTIONS=$options dpkg-buildpackage -us -uc "$@" >../log 2>&1)
}

# collect FOLDER TO: the packages, without those for debuggers, and the tests.
collect()
{
	mkdir -p "$2/new"
	cp "$1"/*.deb "$2/new"
	rm -f "$2"/new/*-dbgsym_*
	cp -a "$1/xtlate/debian/tests" "$2/tests"
}
