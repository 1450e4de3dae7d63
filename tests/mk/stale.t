#!/bin/sh
# What a stage reads beside its input: the program, knowledge, policy, waivers.
. tests/mk/mk.sh

mkdir "$tmp/bin"
cp "$O"/bin/smelt* "$tmp/bin"
cp -R "$SMELT_SHARE" "$tmp/share"
SMELT_SHARE=$tmp/share
project 'SMELT_POLICY = policy.yaml' 'SMELT_WAIVERS = waivers.yaml' \
	"SMELT_BIN = $tmp/bin"
cp "$tmp/share/policy.yaml" "$p"
echo 'waivers: []' >"$p/waivers.yaml"
mk 0 'all stages'
for stage in $stages; do
	later
	touch "$tmp/bin/smelt-$stage"
	mk 0 "a newer smelt-$stage"
	is "a newer smelt-$stage: its stage, and no more" "$(ran)" "library/$stage"
done

# newer NAME STAGES FILE
newer() {
	later
	touch "$tmp/share/$3"
	mk 0 "$1"
	# shellcheck disable=SC2086 # words
	is "$1: $2" "$(ran)" "$(printf 'library/%s\n' $2 | tr '\n' ' ' | sed 's/ $//')"
}
newer 'rules' 'gate1 gate2' rules/poison/override.yaml
newer 'words of drift' gate2 drift.yaml
newer 'the runtime' codegen runtime/python/server.py
newer 'the way to score' score score.yaml

later
cp "$tmp/share/rules/poison/override.yaml" "$tmp/share/rules/poison/copy.yaml"
sed -i 's/id: poison-/id: poison-copy-/' "$tmp/share/rules/poison/copy.yaml"
mk 0 'a rule file more' SMELT_V=2 || :
like 'a rule file more is seen' "$(cat "$tmp/out")" '^library/gate1: changed:.*/rules/poison'
later
rm "$tmp/share/rules/poison/copy.yaml"
mk 0 'a rule file less' SMELT_V=2
like 'a rule file less is seen' "$(cat "$tmp/out")" '^library/gate1: changed:.*/rules/poison'

mk 0 'the same policy, in another file' SMELT_POLICY="$tmp/share/policy.yaml"
is 'the gates, and no more' "$(ran)" 'library/gate1 library/gate2'
mk 0 'back'
later
sed 's/^rules: {}/rules: {poison-override: {level: note}}/' \
	"$tmp/share/policy.yaml" >"$p/policy.yaml"
mk 0 'another policy'
like 'the gates ran' "$(ran)" '^library/attest library/gate1 library/gate2 library/score$'
later
printf 'waivers:\n  - {rule: poison-override, justification: x, owner: me, expires: 2999-01-01}\n' \
	>"$p/waivers.yaml"
mk 0 'a waiver'
like 'the gates ran first' "$(ran)" 'library/gate1 library/gate2'
like 'an unused waiver is told' "$(grep '"kind":"finding"' "$lib/gate1.jsonl")" waiver-unused
printf 'waivers:\n  - {rule: poison-override, justification: x, owner: me, expires: 2020-01-01}\n' \
	>"$p/waivers.yaml"
mk 0 'a waiver that expired'
like 'it is told' "$(grep '"kind":"finding"' "$lib/gate1.jsonl")" waiver-expired
done_testing
