#!/bin/sh
# Every example of every manual page is run.
. tests/lib.sh

# page BLOCK: a page whose EXAMPLES has this.
page() {
	printf '.Dd January 1, 2026\n.Dt X 1\n.Os\n.Sh NAME\n.Nm x\n.Nd x\n' >"$tmp/x.1"
	printf '.Sh EXAMPLES\n%b\n.Sh SEE ALSO\n.Bd -literal\nfalse\n.Ed\n' "$1" >>"$tmp/x.1"
}
check=tests/checks/examples

page '.Bd -literal\necho a >f\n.Ed\nthen\n.Dl cmp f f\n.Bd -literal\n$ cat f |\n  tr a b\nb\n.Ed'
run 0 'examples that work pass' "$check" "$tmp/x.1"
is 'all of one section are run, no other' "$(tail -n 1 "$tmp/out")" 1..3
page '.Bd -literal\nfalse\n.Ed'
run 1 'one that fails is found' "$check" "$tmp/x.1"
page '.Bd -literal\nfalse | true\n.Ed'
run 1 'so is one that fails inside a pipe' "$check" "$tmp/x.1"
page '.Bd -literal\n$ echo a\nb\n.Ed'
run 1 'and one that prints something else' "$check" "$tmp/x.1"
page '.Bd -literal\necho words\n.Ed'
run 0 'what is printed need not be shown' "$check" "$tmp/x.1"
page '.\\" exit: 1\n.Bd -literal\nfalse\n.Ed'
run 0 'a status other than 0 can be promised' "$check" "$tmp/x.1"
page '.\\" exit: 1\n.Bd -literal\ntrue\n.Ed'
run 1 'and is then demanded' "$check" "$tmp/x.1"
page ".\\\\\" file: d/f\n.Bd -literal\na\\\\e\n.Ed\n.\\\\\" setup: cp d/f g\n.Dl grep -xF 'a\\\\e' g"
run 0 'files are written, setup lines run' "$check" "$tmp/x.1"

# prove counts what it sees: pass the examples' own TAP on.
pages=$(find man -name '*.[1-8]' | LC_ALL=C sort)
for page in $pages; do
	run 0 "$page" "$check" "$page"
	sed 's/^/    /' "$tmp/out"
	[ "$failures" -eq 0 ] || note "$(cat "$tmp/err")"
done
ok 'there are pages' test -n "$pages"
done_testing
