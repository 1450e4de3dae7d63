#!/bin/sh
# What the process asks the kernel for, seen by strace: when it is in its box,
# it opens nothing but the source, makes no socket and starts nothing.
. tests/lib.sh
need strace

[ "$(smelt-intake -v --text x 2>&1 >/dev/null | grep -c 'sandbox: landlock=[0-9]* seccomp=yes')" -eq 1 ] ||
	skip_all 'no Landlock and seccomp here, or a sanitizer build'

# boxed: the calls behind the one that loads the filter
boxed() {
	awk 'on { print } /seccomp\(SECCOMP_SET_MODE_FILTER|PR_SET_SECCOMP/ { on = 1 }' "$tmp/trace"
}
# traced NAME ARGUMENTS...
traced() {
	_n=$1
	shift
	run 0 "$_n" strace -f -qq -e trace=%file,%network,%process,seccomp,prctl \
		-o "$tmp/trace" smelt-intake -q "$@"
	boxed >"$tmp/boxed"
	like "$_n: ends in the box" "$(cat "$tmp/boxed")" 'exit_group\(0\)'
	unlike "$_n: no socket, no process" "$(cat "$tmp/boxed")" \
		'(socket|connect|bind|execve|fork|vfork|clone3?)\('
}

mkdir -p "$tmp/d/sub"
printf 'x = 1\n' >"$tmp/d/sub/a.py"
printf 'flask==3.0.0\n' >"$tmp/d/requirements.txt"
printf '<project/>' >"$tmp/d/pom.xml"
printf 'openapi: 3.0.3\ninfo: {title: a, version: "1"}\npaths: {}\n' >"$tmp/a.yaml"
sed 's|{}$|{/x: {$ref: p.yaml}}|' "$tmp/a.yaml" >"$tmp/b.yaml"
printf 'get: {responses: {}}\n' >"$tmp/p.yaml"
printf '<html><body><img src=x.png>text</body></html>' >"$tmp/a.html"
tar -C "$tmp" -czf "$tmp/d.tar.gz" d

traced 'a document' -o "$tmp/out.jsonl" "$tmp/a.yaml"
unlike 'opens nothing' "$(cat "$tmp/boxed")" 'open(at2?)?\('
like 'and is renamed into place' "$(cat "$tmp/boxed")" 'rename'
traced 'an archive' "$tmp/d.tar.gz"
unlike 'opens nothing' "$(cat "$tmp/boxed")" 'open(at2?)?\('
traced 'a page' --docs "$tmp/a.html" --text x
unlike 'opens nothing' "$(cat "$tmp/boxed")" 'open(at2?)?\('
traced 'two files' "$tmp/b.yaml"
unlike 'opens what lies beside' "$(grep -E 'open(at2?)?\(' "$tmp/boxed" |
	grep -vF -e "\"$tmp\"" -e '"p.yaml"')" .
traced 'a directory' "$tmp/d"
unlike 'opens what is in it' "$(grep -E 'open(at2?)?\(' "$tmp/boxed" |
	grep -vF -e "\"$tmp/d\"" -e '"."' -e '"sub"' -e '"a.py"' -e '"requirements.txt"' \
		-e '"pom.xml"' -e '".gitignore"')" .
# a kernel that lacks a layer, played by strace
without() {
	_call=$1 _wish=$2
	strace -f -qq -o /dev/null -e "inject=$_call:error=ENOSYS" \
		env SMELT_SANDBOX="$_wish" smelt-intake "$tmp/a.yaml"
}
run 0 'without Landlock' without landlock_create_ruleset auto
is 'it is said, once' "$(grep -c 'warning: sandbox is not whole: the kernel has no Landlock$' "$tmp/err")" 1
run 2 'it can be demanded' without landlock_create_ruleset require
like 'which is refused then' "$(cat "$tmp/err")" 'SMELT_SANDBOX=require: the kernel has no Landlock'
run 0 'without seccomp' without seccomp,prctl auto
like 'it is said' "$(cat "$tmp/err")" 'warning: sandbox is not whole: .*seccomp'
run 2 'it can be demanded' without seccomp,prctl require
run 0 'who was told' env SMELT_SANDBOX_TOLD=1 strace -f -qq -o /dev/null \
	-e inject=landlock_create_ruleset:error=ENOSYS smelt-intake "$tmp/a.yaml"
unlike 'is not told again' "$(cat "$tmp/err")" warning

run 0 'it can be demanded' env SMELT_SANDBOX=require smelt-intake "$tmp/a.yaml"
run 0 'it can be switched off' env SMELT_SANDBOX=off smelt-intake -v "$tmp/a.yaml"
unlike 'then there is none' "$(cat "$tmp/err")" 'landlock='
run 2 'another wish' env SMELT_SANDBOX=perhaps smelt-intake "$tmp/a.yaml"
done_testing
