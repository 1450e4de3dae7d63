#!/bin/sh
# The manual pages: right in form, and the options they name are those there are.
. tests/lib.sh
need mandoc

lint() {
	! mandoc -Tlint -W warning "$@" 2>&1 | grep .
}
# named PAGE: the options of its lists; offered PROGRAM: those of its --help. Not
# the ones that every tool has, which smelt(7) explains once.
own() {
	grep -vxE -e '--(output|quiet|verbose|jobs|no-fail|version|help)' |
		LC_ALL=C sort -u
}
named() {
	sed -n 's/^\.It \(.*Fl.*\)/\1/p' "$1" | tr ' ' '\n' |
		sed -n 's/^-\([a-z][a-z0-9-]*\).*/--\1/p' | own
}
offered() {
	"$1" --help | sed -nE 's/^ +(-., )?(--[a-z][a-z0-9-]*).*/\2/p' | own
}

pages=$(find man -name '*.[1-8]' 2>/dev/null | LC_ALL=C sort)
for page in $pages; do
	ok "$page is clean" lint "$page"
done
for program in "$O"/bin/*; do
	name=${program##*/}
	ok "$name has a manual page" test -f "man/$name.1"
	[ -f "man/$name.1" ] || continue
	is "$name: --help and the manual name the same options" \
		"$(named "man/$name.1")" "$(offered "$program")"
	like "$name: the manual has its sections" \
		"$(sed -n 's/^\.Sh //p' "man/$name.1" | tr '\n' ' ')" \
		'^NAME SYNOPSIS DESCRIPTION .*EXIT STATUS .*EXAMPLES .*SEE ALSO'
done

printf '.Dd January 1, 2026\n.Dt X 1\n.Os\n.Sh NAME\n.Nm x\n.Nd x\n.Xx\n' >"$tmp/x.1"
run 1 'a fault in a page is found' lint "$tmp/x.1"
printf '.It Fl t , Fl -target Ar t\n.It Fl -key\n.It Fl -help\n' >"$tmp/y.1"
is 'options are read from a page' "$(named "$tmp/y.1" | tr '\n' ' ')" '--key --target '
printf '#!/bin/sh\necho "  -t, --target T  text --no"\necho "      --key"\necho "  -q, --quiet"\n' >"$tmp/p"
chmod +x "$tmp/p"
is 'and from a program' "$(offered "$tmp/p" | tr '\n' ' ')" '--key --target '
done_testing
