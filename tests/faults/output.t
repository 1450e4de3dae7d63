#!/bin/sh
# Output that can not be written: full disks, closed pipes, missing directories.
. tests/faults/faults.sh

# limited BLOCKS COMMAND...: as status, with a limit on the size of files (but not
# of ours, which is behind a pipe)
limited() {
	_blocks=$1
	shift
	{
		rc=0
		sh -c "ulimit -f $_blocks"'; exec "$@"' sh "$@" 2>&1 >/dev/null || rc=$?
		echo $rc >"$tmp/rc"
	} | cat >"$tmp/err"
	rc=$(cat "$tmp/rc")
	rm "$tmp/rc" "$tmp/work/dist/.smelt-out" 2>/dev/null || :
}
# so much that no pipe holds it: a record that all copy
fat() {
	case $1 in
	*/intake.in)
		cat "$1"
		echo '# padding'
		head -c 300000 /dev/zero | tr '\0' '#'
		;;
	*)
		sed '$d' "$1"
		printf '{"kind":"doc","type":"text","title":"x","location":"x","sha256":"%s","text":"%s"}\n' \
			"$(printf '' | sha256sum | cut -d' ' -f1)" \
			"$(head -c 300000 /dev/zero | tr '\0' 'x')"
		tail -n 1 "$1"
		;;
	esac
}
for f in $filters; do
	in=$tmp/$f.in
	big=$tmp/$f.big
	fat "$in" >"$big"
	rc=0
	filter "$f" "$in" >/dev/full 2>"$tmp/err" || rc=$?
	rm -rf "$tmp/dist.$$"
	failed "smelt-$f: stdout is full"
	like "smelt-$f: it says so" "$(cat "$tmp/err")" 'No space left'
	{
		filter "$f" "$big" 2>"$tmp/err" || echo $? >"$tmp/rc"
	} | head -c 1 >/dev/null
	is "smelt-$f: | head -c1: its status" "$(cat "$tmp/rc" 2>/dev/null)" 2
	rm -rf "$tmp/rc" "$tmp/dist.$$"
	is "smelt-$f: | head -c1: one message" "$(grep -c 'error: ' "$tmp/err")" 1
	status filter "$f" -o "$tmp/none/x" "$in"
	rm -rf "$tmp/dist.$$"
	failed "smelt-$f: no directory for -o"
	like "smelt-$f: it says which" "$(cat "$tmp/err")" '/none/x'
	status filter "$f" -o "$tmp" "$in"
	rm -rf "$tmp/dist.$$"
	failed "smelt-$f: -o is a directory"
	sign=''
	[ "$f" != attest ] || sign="--unsigned --out $tmp/work/dist"
	# a limit on file size is a full disk to the tool
	# shellcheck disable=SC2086 # words
	limited 4 "smelt-$f" $sign -o "$tmp/work/x" "$in"
	failed "smelt-$f: a file size limit"
	echo before >"$tmp/work/x"
	# shellcheck disable=SC2086 # words
	limited 4 "smelt-$f" $sign -o "$tmp/work/x" "$in"
	is "smelt-$f: a file that is there stays" "$(cat "$tmp/work/x")" before
	clean
	case $f in
	tooldef) side=--tools ;;
	gate1 | gate2) side=--sarif ;;
	score) side=--report ;;
	codegen) side=--dir ;;
	*) continue ;;
	esac
	status filter "$f" -o "$tmp/work/x" "$side" "$tmp/none/y" "$in"
	failed "smelt-$f: no directory for $side"
	like "smelt-$f: it says which" "$(cat "$tmp/err")" '/none'
	limited 0 "smelt-$f" -o /dev/null "$side" "$tmp/work/y" "$in"
	failed "smelt-$f: a file size limit for $side"
done
status smelt-attest --unsigned -o "$tmp/work/x" --out /proc/none/y "$tmp/attest.in"
failed 'smelt-attest: no directory for --out'
limited 1 smelt-attest --unsigned -o "$tmp/work/x" --out "$tmp/work/y" "$tmp/attest.in"
is 'smelt-attest: a file size limit for --out' "$rc" 2
is 'smelt-attest: no temporary file in --out' \
	"$(find "$tmp/work" -type f ! -name .smelt-out)" ''
clean

# The driver.
export XDG_CONFIG_HOME="$tmp/config"
status smelt --unsigned -o "$tmp/none/x" $doc
failed 'smelt: no directory above -o'
limited 4 smelt --unsigned -q -o "$tmp/work/o" $doc
is 'smelt: a file size limit' "$rc" 2
is 'smelt: one message' "$(grep -c 'error: ' "$tmp/err")" 1
absent 'smelt: nothing is left' "$tmp/work/o"
clean

# Ended by a signal in the middle: no temporary file.
for f in $filters; do
	mkfifo "$tmp/fifo"
	sign=''
	[ "$f" != attest ] || sign="--unsigned --out $tmp/work/dist"
	# shellcheck disable=SC2086 # words
	"smelt-$f" $sign -o "$tmp/work/x" "$tmp/fifo" 2>/dev/null &
	pid=$!
	{
		head -n 2 "$tmp/$f.in"
		sleep 0.05
		kill -TERM $pid 2>/dev/null || :
	} >"$tmp/fifo"
	wait $pid 2>/dev/null || :
	is "smelt-$f: SIGTERM leaves nothing" "$(find "$tmp/work" -type f)" ''
	rm -f "$tmp/fifo"
	clean
done
done_testing
