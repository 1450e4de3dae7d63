# shellcheck shell=sh
# faults.sh: an input for each filter, and what must hold when something fails;
# source it in place of lib.sh.
# shellcheck disable=SC2034 # for the tests
. tests/lib.sh

filters='intake ast tooldef codegen gate1 gate2 score attest'
doc=examples/openapi/library.yaml
smelt-attest -q --gen-key "$tmp/key"
in_intake=$doc
before=intake
smelt-intake -q -o "$tmp/ast.in" $doc
smelt-ast -q -o "$tmp/tooldef.in" "$tmp/ast.in"
smelt-tooldef -q -o "$tmp/codegen.in" "$tmp/tooldef.in"
smelt-codegen -q -o "$tmp/gate1.in" "$tmp/codegen.in"
smelt-gate1 -q -o "$tmp/gate2.in" "$tmp/gate1.in"
smelt-gate2 -q -o "$tmp/score.in" "$tmp/gate2.in"
smelt-score -q -o "$tmp/attest.in" "$tmp/score.in"
cp $doc "$tmp/intake.in"

# filter NAME ARGUMENT...: the tool, on its input by default. attest signs nothing,
# so that its bytes can be compared.
filter() {
	_f=$1
	shift
	case $_f in
	attest) smelt-attest --unsigned --out "$tmp/dist.$$" "$@" ;;
	*) "smelt-$_f" "$@" ;;
	esac
}
# clean: no trace of a run; the inputs stay
clean() {
	rm -rf "$tmp/dist.$$" "$tmp/work"
	mkdir "$tmp/work"
}
clean

# status COMMAND...: its exit status in $rc, its words in $tmp/err
status() {
	rc=0
	"$@" >"$tmp/out" 2>"$tmp/err" || rc=$?
}
# failed NAME: the last status was a failure as all are: 2, one message that says
# what or where, no output and no temporary file left.
failed() {
	if [ "$rc" != 2 ]; then
		fail "$1"
		note "exit $rc, not 2" "$(cat "$tmp/err")"
		return
	fi
	_n=$(grep -c 'error: ' "$tmp/err" || :)
	_left=$(find "$tmp/work" "$tmp/dist.$$" -type f 2>/dev/null || :)
	if [ "$_n" != 1 ]; then
		fail "$1"
		note "$_n messages, not one" "$(head -c 2000 "$tmp/err")"
	elif [ -n "$_left" ]; then
		fail "$1"
		note "left behind: $_left"
	else
		pass "$1"
	fi
	clean
}
# preload FAULT COMMAND...
preload() {
	_fault=$1
	shift
	FAULT=$_fault LD_PRELOAD=$tmp/fault.so "$@"
}
make_preload() {
	"$CC" -shared -fPIC -O1 -o "$tmp/fault.so" tests/faults/fault.c -ldl
}
sanitized() {
	readelf --dyn-syms -W "$O/bin/smelt-intake" 2>/dev/null | grep -q __asan_
}
