# SPDX-License-Identifier: GPL-2.0-or-later
# zsh -f complete.zsh FUNCTIONS OUT LINE: what zsh offers for the end of LINE goes to OUT, a word a
# line. FUNCTIONS: the folder that has _xtlate.
# zsh completes only in its line editor; so one runs in a terminal, where compadd, through which all
# matches go, writes them down.
zmodload zsh/zpty || exit

child='
PROMPT= RPROMPT=
fpath=('${(q)1}' $fpath)
autoload -Uz compinit
compinit -u -D
bindkey "^I" complete-word
compadd() {
	local -a hits
	local -i end=${@[(i)(-|--)]}

	# asked by a function for itself
	if [[ ${@[1,end]} == *-[OAD]* ]]; then
		builtin compadd "$@"
		return
	fi
	builtin compadd -A hits "$@"
	(($#hits)) && print -rl -- $hits >>'${(q)2}'
	builtin compadd "$@"
}
comppostfuncs=(exit)
print ready
'
zpty z zsh -f -i
zpty -w z "source =(print -r -- ${(q)child})"
while zpty -r z line; do
	[[ $line != ready* ]] || break
done
zpty -w -n z "$3"$'\t'
while zpty -r z line; do
	:
done
