#!/bin/sh
# Every shell script of ours, by its first line or its name.
. tests/lib.sh
need shellcheck

# scripts ROOT: their names
scripts() {
	(cd "$1" && "$top/tests/checks/files" | while read -r file; do
		case $file in
		tests/*/golden/* | tests/*/fixture*/*) continue ;;
		*.sh) ;;
		*) head -n 1 "$file" | LC_ALL=C grep -qE '^#!.*[/ ](ba|da)?sh' || continue ;;
		esac
		printf '%s\n' "$file"
	done)
}
# SC2016: awk and sed programs are quoted on purpose. SC2317: called by a helper.
# SC2013: words are wanted.
lint() {
	(cd "$1" && shellcheck -x -S info -e SC2013,SC2016,SC2317 -f gcc "$2")
}
for script in $(scripts .); do
	ok "$script" lint . "$script"
done

mkdir "$tmp/bad"
printf '#!/bin/sh\nrm -rf $1/x\n' >"$tmp/bad/planted"
is 'a script without .sh is found' "$(scripts "$tmp/bad")" planted
run 1 'a fault in it is found' lint "$tmp/bad" planted
like 'and named' "$(cat "$tmp/out")" 'planted:2:.*SC2086'
done_testing
