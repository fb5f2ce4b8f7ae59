# SPDX-License-Identifier: GPL-2.0-or-later
# Examples in documents: lines "$ COMMAND", what the command prints behind each, and an empty line
# after each block. "> " lines go on with a command.

# Blocks marked as "console".
examples_of_markdown() { # FILE
	awk '/^```console$/ { on = 1; next }
	     /^```/ { if (on) print ""; on = 0 }
	     on' "$1"
}

# Between .EX and .EE, where it begins with "$ ".
examples_of_man() { # FILE
	awk '/^\.EX/ { getline; on = /^\$ / }
	     /^\.EE/ { if (on) print ""; on = 0 }
	     on' "$1" |
		sed -e 's/\\-/-/g' -e "s/\\\\(aq/'/g" -e 's/\\&//g' -e 's/\\e/\\/g'
}

examples_one() { # COMMAND SHOWN
	local got shown=$2

	[[ -n $1 ]] || return 0
	examples_count=$((examples_count + 1))
	got=$(cd "$XL_SRCDIR" && PATH=$XL_BUILDDIR/xtlate:$PATH bash -c "$1" 2>&1 </dev/null)
	while [[ $shown == *$'\n' ]]; do
		shown=${shown%$'\n'}
	done
	[[ $got != "$shown" ]] || return 0
	printf 'this is shown, but is not so:\n$ %s\n' "$1"
	diff -u --label shown --label printed <(echo "$shown") <(echo "$got")
	return 1
}

# Runs what is on stdin; fails when nothing is there or something prints what is not shown.
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
