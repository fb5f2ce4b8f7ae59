# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=bash
# Our libxtables plugins under the system's iptables. The cases are in extensions/NAME.t.

plugins_system=$(sed -n 's/^xtlibdir = //p' "$XL_BUILDDIR/Makefile")
plugins_ours=$XL_BUILDDIR/extensions/.libs:$plugins_system
plugins_blobs=$XL_BUILDDIR/tests/helpers/blobs
plugins_revision=$XL_BUILDDIR/tests/helpers/revision
plugins_names=(DNAT MASQUERADE NETMAP REDIRECT SNAT TPROXY)

# plugins_in_netns FUNCTION [ARGUMENT]...: calls the function in a new network namespace.
plugins_in_netns() {
	unshare -n true 2>/dev/null || skip "cannot here: no right to make network namespaces"
	# shellcheck disable=SC2016 # the inner shell's
	unshare -n bash -c '. "$XL_SRCDIR/tests/lib/plugins.bash" && "$@"' sh "$@"
}

# plugins_ip 4|6 legacy|nft|translate: the program's name.
plugins_ip() {
	printf 'ip%stables-%s' "${1/4/}" "$2"
}

# plugins_rows 4|6 OK|FAIL [NAME]...: the cases, as "table;chain;options;shown;error".
plugins_rows() {
	local family=$1 verdict=$2
	shift 2
	[ $# -gt 0 ] || set -- "${plugins_names[@]}"
	set -- "${@/#/$XL_SRCDIR/extensions/}"
	awk -F';' -v family="$family" -v verdict="$verdict" '
		/^#/ { next }
		/^\*/ { table = substr($0, 2); next }
		/^:/ { chain = substr($0, 2); next }
		{
			at = index($1, ":")
			if (!index(substr($1, 1, at - 1), family) || $3 != verdict)
				next
			options = substr($1, at + 2)
			print table ";" chain ";" options ";" ($2 == "=" ? options : $2) ";" $4
		}' "${@/%/.t}"
}

# What the system's plugins get wrong in 1.8.7: a --random without ports is forgotten, and a
# --persistent in front of another option, and there is no port 0 in a range.
plugins_system_errs() { # OPTIONS
	[[ $1 =~ -j\ REDIRECT\ --random$|--persistent.*\ --|0-65535 ]] &&
		[[ $(iptables --version) == *" v1.8.7 "* ]]
}

# Everything that can be seen of the rules in a chain.
plugins_state() { # FAMILY PROGRAM TABLE CHAIN
	local ip
	ip=$(plugins_ip "$1" "$2")
	"$ip" -t "$3" -S "$4" | grep '^-A'
	"$ip-save" -t "$3" | grep '^-A'
	"$ip" -t "$3" -L "$4" -n
	"$ip" -t "$3" -L "$4"
	if [ "$2" = legacy ]; then
		"$plugins_blobs" "$1" legacy "$3"
	else
		"$plugins_blobs" "$1" nft "$3" "$4"
	fi
}

# plugins_made_by LIBDIR FAMILY PROGRAM TABLE CHAIN OPTION...: the state after the rule was added
# with these plugins, and takes the rule away again. Fails when they refuse it.
plugins_made_by() {
	local libdir=$1 family=$2 program=$3 table=$4 chain=$5 ip
	shift 5
	export XTABLES_LIBDIR=$libdir
	ip=$(plugins_ip "$family" "$program")
	"$ip" -w -t "$table" -A "$chain" "$@" 2>&1 || return
	plugins_state "$family" "$program" "$table" "$chain"
	"$ip" -w -t "$table" -F "$chain"
}

# Each case that is to be taken: -S shows what the case says, and -S, -save, -L and the kernel's
# blobs are what the system's plugin makes of it, where that takes it.
plugins_compare() { # FAMILY PROGRAM
	local table chain options shown args ours theirs status=0 compared=0
	while IFS=';' read -r table chain options shown _; do
		read -ra args <<<"$options"
		ours=$(plugins_made_by "$plugins_ours" "$1" "$2" "$table" "$chain" "${args[@]}")
		if [ "${ours%%$'\n'*}" != "-A $chain $shown" ]; then
			printf 'wanted: -A %s %s\ngot:    %s\n' "$chain" "$shown" "$ours"
			status=1
		fi
		plugins_system_errs "$options" && continue
		theirs=$(plugins_made_by "$plugins_system" "$1" "$2" "$table" "$chain" "${args[@]}") || continue
		compared=$((compared + 1))
		[ "$ours" = "$theirs" ] && continue
		printf '%s\n--- ours:\n%s\n--- the system'\''s:\n%s\n' "$options" "$ours" "$theirs"
		status=1
	done < <(plugins_rows "$1" OK)
	[ "$compared" -gt 50 ] || { echo "the system's plugins took only $compared"; status=1; }
	return "$status"
}

# All of an extension's rules in one chain: what -save writes, -restore reads, with our plugins and
# with the system's, and -save then writes the same.
plugins_restore() { # FAMILY PROGRAM
	local ip name table chain options args saved libdir status=0
	ip=$(plugins_ip "$1" "$2")
	for name in "${plugins_names[@]}"; do
		export XTABLES_LIBDIR=$plugins_ours
		table=$(sed -n 's/^[*]//p' "$XL_SRCDIR/extensions/$name.t")
		while IFS=';' read -r _ chain options _; do
			plugins_system_errs "$options" && continue
			read -ra args <<<"$options"
			"$ip" -w -t "$table" -A "$chain" "${args[@]}"
		done < <(plugins_rows "$1" OK "$name")
		saved=$("$ip-save" -t "$table" | grep -v '^#')
		for libdir in "$plugins_ours" "$plugins_system"; do
			export XTABLES_LIBDIR=$libdir
			"$ip-restore" <<<"$saved" || status=1
			diff <(echo "$saved") <("$ip-save" -t "$table" | grep -v '^#') || status=1
		done
		"$ip" -w -t "$table" -F
	done
	return "$status"
}

# Each case that is to be refused: exit status 2 and the case's words.
plugins_refuse() { # FAMILY PROGRAM
	local ip table chain options error args got code status=0 seen=0
	ip=$(plugins_ip "$1" "$2")
	export XTABLES_LIBDIR=$plugins_ours
	while IFS=';' read -r table chain options _ error; do
		read -ra args <<<"$options"
		seen=$((seen + 1))
		got=$("$ip" -t "$table" -A "$chain" "${args[@]}" 2>&1)
		code=$?
		[ "$code" -eq 2 ] && [[ $got == *"$error"* ]] && continue
		printf '%s\nwanted: status 2, %s\ngot:    status %d, %s\n' "$options" "$error" "$code" "$got"
		status=1
	done < <(plugins_rows "$1" FAIL)
	[ "$seen" -gt 50 ] || { echo "only $seen cases"; status=1; }
	return "$status"
}

# What iptables-translate prints, without the words around it.
plugins_translation() { # FAMILY ARGUMENT...
	local ip
	ip=$(plugins_ip "$1" translate)
	shift
	"$ip" "$@" | sed -e 's/^nft //' -e "s/^'\(.*\)'\$/\1/" -e 's/ *$//'
}

# Each case that is to be taken is translated to what nft loads. The map that shifts ports can be
# larger than what libxtables has room for.
plugins_translate() { # FAMILY
	local table chain options args text status=0
	export XTABLES_LIBDIR=$plugins_ours
	for table in mangle nat; do
		nft add table "ip${1/4/}" "$table"
	done
	nft -f - <<-END
		add chain ip${1/4/} mangle PREROUTING { type filter hook prerouting priority -150; }
		add chain ip${1/4/} nat PREROUTING { type nat hook prerouting priority -100; }
		add chain ip${1/4/} nat POSTROUTING { type nat hook postrouting priority 100; }
	END
	while IFS=';' read -r table chain options _; do
		read -ra args <<<"$options"
		text=$(plugins_translation "$1" -t "$table" -A "$chain" "${args[@]}")
		[[ $text == '#'* && $options == *-*/* ]] && continue
		[[ $text == 'add rule'* ]] && nft -c "$text" && continue
		printf '%s\n%s\n' "$options" "$text"
		status=1
	done < <(plugins_rows "$1" OK)
	return "$status"
}

# The options of a case as tests/helpers/revision takes them: its protocol in $proto, the rest in
# $args. Fails where there are other options than the target's.
plugins_words() { # TARGET OPTIONS
	[[ $2 =~ ^(-p ([a-z]+) )?-j\ $1(\ .*)?$ && $2 != *'-j'*' -p '* && $2 != *'!'* ]] || return
	read -ra args <<<"${BASH_REMATCH[3]}"
	proto=$(getent protocols "${BASH_REMATCH[2]:-ip}" | awk '{ print $2 }')
}

# plugins_old FAMILY REVISION TARGET: an older revision makes of the cases what the system's does.
# None has a base port, which some of the system's plugins drop without a word.
plugins_old() {
	local proto options args ours theirs status=0 compared=0
	while IFS=';' read -r _ _ options _; do
		if [[ $options == *-*/* ]] || plugins_system_errs "$options"; then continue; fi
		plugins_words "$3" "$options" || continue
		theirs=$(XTABLES_LIBDIR=$plugins_system "$plugins_revision" "$1" "$2" "$proto" "$3" "${args[@]}" 2>/dev/null) ||
			continue
		ours=$(XTABLES_LIBDIR=$plugins_ours "$plugins_revision" "$1" "$2" "$proto" "$3" "${args[@]}" 2>&1) || true
		compared=$((compared + 1))
		[ "$ours" = "$theirs" ] && continue
		printf '%s\n--- ours:\n%s\n--- the system'\''s:\n%s\n' "$options" "$ours" "$theirs"
		status=1
	done < <(plugins_rows "$1" OK "$3")
	[ "$compared" -gt 5 ] || { echo "only $compared cases were compared"; status=1; }
	return "$status"
}

# plugins_alone FAMILY REVISION TARGET OK|FAIL: the cases end with status 0 or 2, and not in a crash
# or, in a build with sanitizers, with an error of theirs.
plugins_alone() {
	local proto options args got code want=0 status=0 seen=0
	[ "$4" = OK ] || want=2
	while IFS=';' read -r _ _ options _; do
		plugins_words "$3" "$options" || continue
		code=0
		got=$(XTABLES_LIBDIR=$plugins_ours "$plugins_revision" "$1" "$2" "$proto" "$3" "${args[@]}" 2>&1) || code=$?
		seen=$((seen + 1))
		[ "$code" -eq "$want" ] && continue
		printf '%s\nended with %d:\n%s\n' "$options" "$code" "$got"
		status=1
	done < <(plugins_rows "$1" "$4" "$3")
	[ "$seen" -gt 5 ] || { echo "only $seen cases"; status=1; }
	return "$status"
}

# Every target in every chain of every table: ours refuses what the kernel refuses, and nothing
# else. In a direct call it says so itself, with status 2.
plugins_places() { # FAMILY PROGRAM
	local ip name table chain args theirs got code status=0 refused=0
	ip=$(plugins_ip "$1" "$2")
	for name in "${plugins_names[@]}"; do
		read -ra args < <(plugins_rows "$1" OK "$name" | cut -d';' -f3)
		for table in raw mangle nat filter security; do
			"$ip" -t "$table" -N user 2>/dev/null
			for chain in $("$ip" -t "$table" -S | awk '$1 ~ /^-[PN]$/ { print $2 }'); do
				XTABLES_LIBDIR=$plugins_system "$ip" -w -t "$table" -A "$chain" "${args[@]}" 2>/dev/null
				theirs=$?
				got=$(XTABLES_LIBDIR=$plugins_ours "$ip" -w -t "$table" -A "$chain" "${args[@]}" 2>&1)
				code=$?
				[ "$theirs" -ne 0 ] || [ "$code" -ne 0 ] || continue
				refused=$((refused + 1))
				[ "$theirs" -ne 0 ] && [ "$code" -eq 2 ] && [[ $got == *"$name works only in table"*"this rule is for chain $chain of table $table"* ]] &&
					continue
				printf '%s in %s %s: the kernel says %s, ours %s: %s\n' "$name" "$table" "$chain" "$theirs" "$code" "$got"
				status=1
			done
		done
	done
	[ "$refused" -gt 90 ] || { echo "only $refused places were refused"; status=1; }
	return "$status"
}
