#!/bin/sh
# smelt-why says what would run and why, and runs nothing; smelt-help.
. tests/mk/mk.sh

why() {
	mk 0 "$1" --no-print-directory smelt-why
	is "$1: that is what it says" "$(LC_ALL=C sort "$tmp/out")" "$2"
	is "$1: nothing is made" "$(find "$p/build" -newer "$tmp/stamp" -type f \
		! -name '.keys*' ! -name .key-cache ! -name .servers ! -name source.key \
		! -name .gitignore 2>/dev/null)" ''
}
# told: what smelt-why said comes true: its stages run, and their readers only
told() {
	_said=$(sed -n 's,^\(library/[a-z0-9]*\): .*,\1,p' "$tmp/out")
	mk 0 "make: $1"
	_missing=
	for _s in $_said; do
		case " $(ran) " in
		*" $_s "*) ;;
		*) _missing="$_missing $_s" ;;
		esac
	done
	is "what was said ran: $1" "$_missing" ''
	: >"$tmp/stamp"
	later
}
project 'SMELT_POLICY = policy.yaml'
cp "$SMELT_SHARE/policy.yaml" "$p"
: >"$tmp/stamp"
mk 0 'smelt-why before all' smelt-why
like 'nothing was ever made' "$(cat "$tmp/out")" '^library/intake: never made'
told 'all'
why 'nothing is stale' ''
echo '# x' >>"$p/library.yaml"
why 'the source changed' 'library/intake: changed: build/smelt/library/source.key'
told 'the source'
touch "$p/policy.yaml"
why 'the policy changed' 'library/gate1: changed: policy.yaml
library/gate2: changed: policy.yaml'
told 'the policy'
rm -r "$lib/tools.json" "$lib/dist"
why 'outputs are missing' 'library/attest: missing: build/smelt/library/dist/VERIFY.txt
library/tooldef: missing: build/smelt/library/tools.json'
told 'the outputs'
mk 0 'another option' smelt-why SMELT_MIN_GRADE=F
like 'another option is another command' "$(cat "$tmp/out")" '^library/score: another command'
why 'without it' ''
run 0 'smelt-why of another makefile' make --no-print-directory -C "$p" -f Makefile smelt-why
is 'nothing is stale there' "$(cat "$tmp/out")" ''
rm "$lib/tools.json"
mk 0 'SMELT_V=2 says why, and does' SMELT_V=2
like 'why' "$(cat "$tmp/out")" '^library/tooldef: missing: build/smelt/library/tools.json'
like 'the command' "$(cat "$tmp/out")" 'smelt-tooldef --tools'
ok 'and does' test -f "$lib/tools.json"

mk 0 'smelt-help' smelt-help
for word in SMELT_SERVERS SOURCE DOCS OVERLAY TARGET CONFIG POLICY WAIVERS OSV MIN_GRADE KEY \
	UNSIGNED FLAGS_ OUT BIN SHARE RUN_ smelt-code smelt-gate smelt-score \
	smelt-sarif smelt-sbom smelt-clients smelt-check smelt-refresh smelt-why smelt-clean \
	smelt-help; do
	like "smelt-help names $word" "$(cat "$tmp/out")" "(^|[^A-Za-z])$word"
done
unlike 'and shows no code' "$(cat "$tmp/out")" 'smelt_|\$\(call'
done_testing
