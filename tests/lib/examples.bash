# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Examples in documents: lines "$ COMMAND", what the command prints behind each, and an empty line
# after each block. "> " lines go on with a command.

# Blocks marked as "console".
examples_of_markdown() { # FILE
	awk '/^```console$/ { on = 1; next }
	     /^```/ { if (on) print ""; on = 0 }
	     on' "$1"
}

# Between .EX and .EE. Extensions are taken from the build instead of where they will be installed.
examples_of_man() { # FILE
	local plugins
	plugins=$(make -s -C "$XL_BUILDDIR" --eval 'xl-plugindir: ; @echo $(plugindir)' xl-plugindir | tail -n 1)
	awk '/^\.EX/ { on = 1; next }
	     /^\.EE/ { if (on) print ""; on = 0 }
	     on' "$1" |
		sed -e 's/\\-/-/g' -e "s/\\\\(aq/'/g" -e 's/\\&//g' \
			-e 's/\\(ha/^/g' -e 's/\\(ti/~/g' -e 's/\\(ga/`/g' -e 's/\\e/\\/g' \
			-e "s|$plugins|$XL_BUILDDIR/extensions/.libs|g"
}

# For commands that change the network: what they change is a namespace of their own.
examples_need_namespace() {
	local how
	for how in -n -rn; do
		unshare $how true 2>/dev/null || continue
		examples_namespace=(unshare $how)
		return
	done
	skip "cannot here: no right to make network namespaces"
}

# Variables that a command exports are there for the next.
examples_one() { # COMMAND SHOWN
	local got shown=$2 exported=$BATS_TEST_TMPDIR/exported

	[[ -n $1 ]] || {
		[[ -z $shown ]] || printf 'this is no example:\n%s\n' "$shown"
		[[ -z $shown ]]
		return
	}
	examples_count=$((examples_count + 1))
	[[ -e $exported ]] || : >"$exported"
	# shellcheck disable=SC2016 # for the other bash
	got=$(cd "$XL_SRCDIR" && PATH=$XL_BUILDDIR/xtlate:$PATH "${examples_namespace[@]}" bash -c \
		'. "$1"; eval "$2"; status=$?; export -p >"$1"; exit $status' - "$exported" "$1" 2>&1 </dev/null)
	while [[ $shown == *$'\n' ]]; do
		shown=${shown%$'\n'}
	done
	[[ $got != "$shown" ]] || return 0
	printf 'this is shown, but is not so:\n$ %s\n' "$1"
	diff -u --label shown --label printed <(echo "$shown") <(echo "$got")
	return 1
}

# Runs what is on stdin; fails when nothing is there, something prints what is not shown, or a block
# begins with something else than a command.
examples_run() {
	local line command='' shown='' status=0
	examples_count=0

	while IFS= read -r line; do
		if [[ $line == '$ '* ]]; then
			examples_one "$command" "$shown" || status=1
			command=${line:2} shown=''
		elif [[ $line == '> '* && -z $shown ]]; then
			command+=$'\n'${line:2}
		else
			shown+=$line$'\n'
		fi
	done
	examples_one "$command" "$shown" || status=1
	((examples_count > 0)) || status=1
	return $status
}
