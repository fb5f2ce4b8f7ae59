# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash disable=SC2034,SC2154
# For scripts that write parts of files which stand between two marks. $src: where the files are;
# $mode: --check only says what is not as it should be. $status is then 1.

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
status=0

# between FILE PART BEGIN END: FILE with PART's lines between the marks.
between()
{
	part=$2 begin=$3 end=$4 awk '
		BEGIN { part = ENVIRON["part"]; begin = ENVIRON["begin"]; end = ENVIRON["end"] }
		$0 == begin { print; while ((getline line <part) > 0) print line; skip = 1; next }
		$0 == end { skip = 0; ends++ }
		!skip { print }
		END { exit ends != 1 }' "$1"
}

# write FILE PART BEGIN END
write()
{
	between "$src/$1" "$2" "$3" "$4" >"$tmp/new"
	if cmp -s "$tmp/new" "$src/$1"; then
		return
	elif [ "$mode" = --check ]; then
		echo "$1 is not what ${0##*/} makes of it"
		status=1
	else
		cat "$tmp/new" >"$src/$1"
	fi
}
