#!/bin/sh
# -j8, two makes at once, many servers, kill -9 in the middle: the bytes are those
# of a clean build (signatures are random, and left out by sums).
. tests/mk/mk.sh

project ''
mk 0 'a clean build'
sums "$lib" >"$tmp/clean"
ok 'it has many files' test "$(wc -l <"$tmp/clean")" -gt 50
rm -rf "$p/build"
mk 0 '-j8' -j8
sums "$lib" >"$tmp/now"
same '-j8 gives the same' "$tmp/now" "$tmp/clean"

for i in 1 2 3; do
	rm -rf "$p/build"
	make -C "$p" >"$tmp/a.log" 2>&1 &
	a=$!
	make -C "$p" -j2 >"$tmp/b.log" 2>&1 &
	b=$!
	ok "two makes at once, $i: the first" wait $a
	ok "two makes at once, $i: the second" wait $b
	sums "$lib" >"$tmp/now"
	same "two makes at once, $i: the same bytes" "$tmp/now" "$tmp/clean"
	ok "two makes at once, $i: signatures hold" smelt-attest -q \
		--verify "$lib/dist" --key "$tmp/key.pub"
	mk 0 "two makes at once, $i: make again"
	is "two makes at once, $i: nothing is stale" "$(ran)" ''
	is "two makes at once, $i: nothing is left over" \
		"$(find "$out" -name '.*.[0-9]*' -o -name '*.[0-9][0-9][0-9]*')" ''
done

# Killed after a while that grows, so in each stage. setsid: with its children.
if command -v setsid >/dev/null; then
	killed=0
	for ms in 005 015 030 045 060 080 100 120 140 160 200 250; do
		rm -rf "$p/build"
		setsid make -C "$p" >/dev/null 2>&1 &
		pid=$!
		sleep "0.$ms"
		! kill -9 "-$pid" 2>/dev/null || killed=$((killed + 1))
		wait $pid 2>/dev/null || :
		make -C "$p" >"$tmp/log" 2>&1 || {
			fail "make after kill -9 at $ms ms"
			note "$(cat "$tmp/log")"
			continue
		}
		sums "$lib" >"$tmp/now"
		same "make after kill -9 at $ms ms: a clean build" "$tmp/now" "$tmp/clean"
		is "make after kill -9 at $ms ms: nothing is left over" \
			"$(find "$lib" -maxdepth 1 \( -name '.*.[0-9]*' -o -name '*.??????' \))" ''
	done
	ok "several were killed in the middle ($killed)" test "$killed" -ge 3
else
	skip 'kill -9' 'no setsid'
fi

# The same with a build that is there: killed while it is made anew.
cp "$p/library.yaml" "$tmp/library.yaml"
sed 's/Search the catalogue/Seek in the catalogue/' "$tmp/library.yaml" >"$p/library.yaml"
rm -rf "$p/build"
mk 0 'a clean build of another source'
sums "$lib" >"$tmp/other"
for ms in 040 100 160; do
	cp "$tmp/library.yaml" "$p/library.yaml"
	make -C "$p" >/dev/null 2>&1
	sed 's/Search the catalogue/Seek in the catalogue/' "$tmp/library.yaml" >"$p/library.yaml"
	setsid make -C "$p" >/dev/null 2>&1 &
	pid=$!
	sleep "0.$ms"
	kill -9 "-$pid" 2>/dev/null || :
	wait $pid 2>/dev/null || :
	mk 0 "make after kill -9 at $ms ms"
	sums "$lib" >"$tmp/now"
	same "rebuild killed at $ms ms, then make: a clean build" "$tmp/now" "$tmp/other"
done

# Interrupted: nothing is left over.
rm -rf "$p/build"
make -C "$p" >/dev/null 2>&1 &
pid=$!
sleep 0.1
kill -TERM $pid 2>/dev/null || :
wait $pid 2>/dev/null || :
# make does not wait for its recipes; a busy machine gives them time to clean up
i=0
while find "$out" -name '.*.[0-9]*' 2>/dev/null | grep -q . && [ $i -lt 100 ]; do
	sleep 0.1
	i=$((i + 1))
done
is 'an interrupted make leaves no temporary file' \
	"$(find "$out" -name '.*.[0-9]*' 2>/dev/null)" ''
done_testing
