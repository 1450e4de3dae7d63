#!/bin/sh
# Calls that fail or do half of it: interrupted, one byte at a time, no memory.
. tests/faults/faults.sh
! sanitized || skip_all 'the sanitizers have their own allocator'
make_preload

for f in $filters; do
	in=$tmp/$f.in
	filter "$f" -q -o "$tmp/good.$f" "$in"
	clean
	for fault in eintr short; do
		status preload $fault filter "$f" -q -o "$tmp/work/x" "$in"
		is "smelt-$f: $fault: it ends well" "$rc" 0
		same "smelt-$f: $fault: the same bytes" "$tmp/work/x" "$tmp/good.$f"
		clean
	done
	for n in 1 2 4; do
		status preload write:$n filter "$f" -q -o "$tmp/work/x" "$in"
		if [ "$rc" = 0 ]; then
			same "smelt-$f: write $n is not one" "$tmp/work/x" "$tmp/good.$f"
			clean
		else
			failed "smelt-$f: write $n fails"
		fi
	done
	# each allocation that fails is told or does not matter
	bad='' n=1 ends=0
	sign=''
	[ "$f" != attest ] || sign="--unsigned --out $tmp/work/d"
	while [ $n -lt 300000 ] && [ $ends -lt 2 ]; do
		# without the sandbox: libseccomp 2.5.4 crashes without memory
		# shellcheck disable=SC2086 # words
		status timeout 10 env SMELT_SANDBOX=off FAULT="malloc:$n" LD_PRELOAD="$tmp/fault.so" \
			"smelt-$f" $sign -q -o "$tmp/work/x" "$in"
		case $rc in
		0)
			cmp -s "$tmp/work/x" "$tmp/good.$f" || bad="$bad $n:other-bytes"
			ends=$((ends + 1))
			;;
		2)
			ends=0
			[ "$(grep -c 'error: ' "$tmp/err")" = 1 ] || bad="$bad $n:messages"
			[ ! -e "$tmp/work/x" ] || bad="$bad $n:output"
			;;
		1)
			# libarchive ends the process itself, with 1
			grep -q 'libarchive: Out of memory' "$tmp/err" ||
				bad="$bad $n:status-1"
			;;
		*) bad="$bad $n:status-$rc" ;;
		esac
		clean
		n=$((n + 1 + n / 3))
	done
	is "smelt-$f: no memory at the N-th allocation, N to $n" "$bad" ''
done

# A producer that writes byte by byte.
cat >"$tmp/slow.py" <<'X'
import os, sys
for b in open(sys.argv[1], "rb").read():
    os.write(1, bytes([b]))
X
for f in ast tooldef; do
	python3 "$tmp/slow.py" "$tmp/$f.in" | filter "$f" -q >"$tmp/work/x"
	same "smelt-$f: a slow producer" "$tmp/work/x" "$tmp/good.$f"
	clean
done
done_testing
