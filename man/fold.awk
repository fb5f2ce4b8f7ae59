# SPDX-License-Identifier: GPL-2.0-or-later
# Text lines of a manual page are broken before column 80, as mandoc -Tlint wants it: a sentence is
# one line in the sources. What is shown as it stands is left alone.

/^\.(EX|nf)/ { as_it_is = 1 }
/^\.(EE|fi)/ { as_it_is = 0 }

as_it_is || /^[.']/ || length($0) <= 80 { print; next }

{
	line = ""
	n = split($0, words, / /)
	for (i = 1; i <= n; i++) {
		# a line cannot begin like a request
		if (line != "" && length(line " " words[i]) > 80 && words[i] !~ /^[.']/) {
			print line
			line = words[i]
		} else {
			line = line == "" ? words[i] : line " " words[i]
		}
	}
	print line
}
