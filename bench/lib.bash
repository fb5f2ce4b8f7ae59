# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# What the benchmarks share.

bench=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck disable=SC2034 # for those that source this
build=${XL_BUILDDIR:-$bench/..} xtlate=${XL_BUILDDIR:-$bench/..}/xtlate/xtlate
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

# have PROGRAM: whether it is there
have()
{
	command -v "$1" >/dev/null
}

# seconds COMMAND...: how long it takes, or what became of it. What it prints is lost.
seconds()
{
	local from=$EPOCHREALTIME status=0

	timeout "${XL_BENCH_LIMIT:-300}" "$@" >/dev/null 2>"$tmp/errors" || status=$?
	case $status in
	0) LC_ALL=C awk -v a="$from" -v b="$EPOCHREALTIME" 'BEGIN { printf "%.3f", b - a }' ;;
	124) echo ">${XL_BENCH_LIMIT:-300}" ;;
	*) echo refused ;;
	esac
}

# least TIMES COMMAND...: the least of so many seconds
least()
{
	local n=$1 best='' now
	shift
	while ((n--)); do
		now=$(seconds "$@")
		[[ $now == [0-9]* ]] || {
			echo "$now"
			return
		}
		best=$(LC_ALL=C awk -v a="${best:-$now}" -v b="$now" 'BEGIN { print a < b ? a : b }')
	done
	echo "$best"
}

# ratio A B: A / B, where both are numbers
ratio()
{
	if [[ $1 == [0-9.]* && $2 == [0-9.]* ]]; then
		LC_ALL=C awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'
	elif [[ $1 == '>'* && $2 == [0-9.]* ]]; then
		LC_ALL=C awk -v a="${1#>}" -v b="$2" 'BEGIN { printf ">%.0f", a / b }'
	else
		echo -
	fi
}

# version PROGRAM: its version
version()
{
	"$1" --version 2>/dev/null | head -n 1 | grep -o 'v\?[0-9][0-9.]*[0-9]' | head -n 1
}
