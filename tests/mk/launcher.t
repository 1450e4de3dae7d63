#!/bin/sh
# SMELT_RUN and SMELT_RUN_STAGE stand before the command.
. tests/mk/mk.sh

cat >"$tmp/launch" <<'X'
#!/bin/sh
# record each argument on a line of its own, and who asked
[ "$1" = -l ] && { log=$2; shift 2; }
printf '[%s]\n' "$@" >>"$log"
echo >>"$log"
exec "$@"
X
chmod +x "$tmp/launch"
project ''
mk 0 'with a launcher' SMELT_RUN="$tmp/launch -l $tmp/log"
launched() {
	sed -n 's,^\[.*/smelt-\([a-z0-9]*\)\]$,\1,p' "$tmp/log" | tr '\n' ' ' | sed 's/ $//'
}
is 'SMELT_RUN launches what is neither intake nor attest' "$(launched)" \
	'ast tooldef codegen gate1 gate2 score'
ok 'options are words' grep -qx '\[--tools\]' "$tmp/log"
sums "$lib" >"$tmp/sums"
: >"$tmp/log"
mk 0 'without'
is 'a launcher is part of the command' "$(ran)" \
	'library/ast library/codegen library/gate1 library/gate2 library/score library/tooldef'
is 'nothing is launched' "$(launched)" ''
mk 0 'one stage' SMELT_RUN_GATE2="$tmp/launch -l $tmp/log"
is 'gate2 alone is launched' "$(launched)" gate2
is 'and no other ran' "$(ran)" library/gate2
: >"$tmp/log"
mk 0 'intake and attest by name' SMELT_RUN_INTAKE="$tmp/launch -l $tmp/log" \
	SMELT_RUN_ATTEST="$tmp/launch -l $tmp/log"
is 'they are launched' "$(launched)" 'intake attest'
: >"$tmp/log"
mk 0 'all but one' SMELT_RUN="$tmp/launch -l $tmp/log" SMELT_RUN_AST=
is 'an empty launcher is none' "$(launched)" 'tooldef codegen gate1 gate2 score'
: >"$tmp/log"
mk 0 'for one server' SMELT_RUN="$tmp/launch -l $tmp/log" SMELT_RUN.library=
is 'a launcher for one server' "$(launched)" ''
sums "$lib" >"$tmp/now"
same 'the bytes are the same' "$tmp/now" "$tmp/sums"
mk 2 'a launcher that fails' SMELT_RUN_GATE2=false
mk 0 'and without it'
rm -rf "$lib"
mk 0 'an environment of nothing' SMELT_RUN="env -i SMELT_SHARE=$SMELT_SHARE"
sums "$lib" >"$tmp/now"
same 'the same bytes again' "$tmp/now" "$tmp/sums"
done_testing
