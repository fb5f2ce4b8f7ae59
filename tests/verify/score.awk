# SPDX-License-Identifier: GPL-2.0-or-later
# The table of tests/verify/mutate, from equivalent.list and its lines. Status 1: less than 98% of the
# mutants that are not equivalent were found.
BEGIN { FS = "\t" }

# KIND TAB REGEX TAB REASON; the regex is for "FILE: OLD => NEW".
FNR == NR {
	if ($0 !~ /^(#|$)/) {
		kind[++reasons] = $1
		regex[reasons] = $2
	}
	next
}

$2 == "refused" { next }

{
	gsub(/\001/, " ; ")
	text = $3 ": " $4 " => " $5
	outcome = $2
	for (i = 1; outcome == "survived" && i <= reasons; i++)
		if (kind[i] == $1 && text ~ regex[i])
			outcome = "equivalent"
	n[$1, outcome]++
	n[$1, "made"]++
	n["all", outcome]++
	n["all", "made"]++
	if (!seen[$1]++)
		kinds[++many] = $1
	if (outcome == "survived" || outcome == "error")
		printf "%s (%s): %s\n", outcome, $1, text
}

function row(k)
{
	printf "%-16s %6d %8d %9d %9d %11d %6d\n", k, n[k, "made"], n[k, "packets"], n[k, "counters"], n[k, "survived"],
		n[k, "equivalent"], n[k, "error"]
}

END {
	printf "%-16s %6s %8s %9s %9s %11s %6s\n", "kind", "made", "packets", "counters", "survived", "equivalent", "error"
	for (i = 1; i <= many; i++)
		row(kinds[i])
	row("all")
	found = n["all", "packets"] + n["all", "counters"]
	wrong = n["all", "made"] - n["all", "equivalent"]
	printf "%d of %d wrong translations found (%.1f%%), %d of them by packets\n", found, wrong,
		wrong ? 100 * found / wrong : 0, n["all", "packets"]
	exit found < 0.98 * wrong
}
