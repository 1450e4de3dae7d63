#!/bin/sh
# Input that is cut, sealed wrongly, of another kind or not there.
. tests/faults/faults.sh

for f in $filters; do
	in=$tmp/$f.in
	lines=$(wc -l <"$in")
	bytes=$(wc -c <"$in")
	if [ "$f" != intake ]; then
		# between records, and anywhere
		for n in 0 1 2 $((lines / 2)) $((lines - 2)) $((lines - 1)); do
			head -n "$n" "$in" >"$tmp/cut"
			status filter "$f" -o "$tmp/work/x" "$tmp/cut"
			failed "smelt-$f: cut behind line $n of $lines"
		done
		for n in 1 2 10 50 $((bytes / 3)) $((bytes / 2)) $((bytes - 20)) $((bytes - 2)); do
			head -c "$n" "$in" >"$tmp/cut"
			status filter "$f" -o "$tmp/work/x" "$tmp/cut"
			failed "smelt-$f: cut behind byte $n of $bytes"
			like "smelt-$f: it says where, at byte $n" "$(cat "$tmp/err")" '/cut(:[0-9]+)*: error: '
		done
		status sh -c "head -c $((bytes / 2)) '$in' | ${f:+smelt-$f} $([ "$f" != attest ] ||
			echo --unsigned --out "$tmp/work/dist") -o '$tmp/work/x'"
		failed "smelt-$f: a producer that died in the pipe"
		{
			cat "$in"
			echo '{"kind":"tool"}'
		} >"$tmp/cut"
		status filter "$f" -o "$tmp/work/x" "$tmp/cut"
		failed "smelt-$f: something behind the end"
		mutate "$in" "$tmp/cut" '1s/"format":1/"format":2/'
		status filter "$f" -o "$tmp/work/x" "$tmp/cut"
		failed "smelt-$f: an unknown format version"
		like "smelt-$f: it says which" "$(cat "$tmp/err")" 'format'
		mutate "$in" "$tmp/cut" '1s/"kind":"smelt"/"kind":"other"/'
		status filter "$f" -o "$tmp/work/x" "$tmp/cut"
		failed "smelt-$f: no header"
		mutate "$in" "$tmp/cut" '2s/^{/{{/'
		status filter "$f" -o "$tmp/work/x" "$tmp/cut"
		failed "smelt-$f: a record that is no JSON"
		printf 'not an artifact\n' >"$tmp/cut"
		status filter "$f" -o "$tmp/work/x" "$tmp/cut"
		failed "smelt-$f: not an artifact"
		head -c 4096 /dev/zero >"$tmp/cut"
		status filter "$f" -o "$tmp/work/x" "$tmp/cut"
		failed "smelt-$f: zeros"
		printf '\377\376{' >"$tmp/cut"
		status filter "$f" -o "$tmp/work/x" "$tmp/cut"
		failed "smelt-$f: not UTF-8"
		if [ "$f" != ast ]; then
			status filter "$f" -o "$tmp/work/x" "$tmp/ast.in"
			failed "smelt-$f: an artifact that lacks the stage before"
			like "smelt-$f: it says which" "$(cat "$tmp/err")" 'smelt-[a-z0-9]+'
		fi
		status filter "$f" -o "$tmp/work/x" "$tmp"
		failed "smelt-$f: a directory"
	else
		: >"$tmp/cut"
		status filter intake -o "$tmp/work/x" "$tmp/cut"
		failed 'smelt-intake: an empty file'
		printf 'openapi: 3.1.0\npaths: {"/x": [\n' >"$tmp/cut.yaml"
		status filter intake -o "$tmp/work/x" "$tmp/cut.yaml"
		failed 'smelt-intake: a document that is cut'
		like 'smelt-intake: it says where' "$(cat "$tmp/err")" '/cut\.yaml:[0-9]+:[0-9]+: error: '
	fi
	status filter "$f" -o "$tmp/work/x" "$tmp/nowhere"
	failed "smelt-$f: no such file"
	like "smelt-$f: it says which" "$(cat "$tmp/err")" 'nowhere'
	status filter "$f" -o "$tmp/work/x" "$in" "$in"
	is "smelt-$f: two operands" "$rc" 2
	clean
done
done_testing
