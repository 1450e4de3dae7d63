#!/bin/sh
# A dynamic server is judged and signed by its tools, not by its meta-tools.
. tests/lib.sh
need jq tar gzip python

smelt-attest -q --gen-key "$tmp/key" 2>"$tmp/err"
smelt-intake -q examples/openapi/library.yaml | smelt-ast -q | smelt-tooldef -q |
	smelt-codegen -q -m dynamic | smelt-gate1 -q --no-fail | smelt-gate2 -q --no-fail |
	smelt-score -q >"$tmp/scored.jsonl" 2>"$tmp/err"
run 0 'it is signed' smelt-attest --key "$tmp/key" --out "$tmp/dist" "$tmp/scored.jsonl"
mv "$tmp/out" "$tmp/attested.jsonl"
like 'with its tools counted' "$(cat "$tmp/err")" ': [0-9]+ files, 9 tools ->'
ok 'the records are in form' node tests/records/validate.mjs "$tmp/attested.jsonl"
run 0 'it holds' smelt-attest --verify "$tmp/dist" --key "$tmp/key.pub"
ok 'others take it' node tests/smelt-attest/bundles.mjs "$tmp/dist"

tar -C "$tmp" -xzf "$tmp"/dist/library-*.tar.gz
server=$(find "$tmp" -maxdepth 1 -name 'library-*' -type d)
bom=$tmp/dist/library.cdx.json
is 'the bill of materials says the mode' \
	"$(jq -r '.metadata.component.properties[] | select(.name == "smelt:mode").value' "$bom")" dynamic
is 'and has the digest of each tool' \
	"$(jq -r '.metadata.component.properties[] | select(.name | startswith("smelt:tool:")) | "\(.name) \(.value)"' "$bom")" \
	"$(jq -cS '.tools[]' "$server/catalogue.json" | while IFS= read -r tool; do
		printf 'smelt:tool:%s:sha256 %s\n' "$(printf %s "$tool" | jq -r .name)" \
			"$(printf %s "$tool" | sha256sum | cut -d' ' -f1)"
	done)"
is 'the list that is served is the list that is signed' \
	"$(jq -r '.dsseEnvelope.payload' "$tmp/dist/library.slsa.sigstore.json" | base64 -d |
		jq -r '.subject[] | select(.name == "tools.json").digest.sha256')" \
	"$(sha256sum "$server/tools.json" | cut -d' ' -f1)"
is 'the grade is that of the tools' \
	"$(jq -r 'select(.kind == "verdict" and .stage == "gate2").tools[].name' "$tmp/scored.jsonl" | sort)" \
	"$(jq -r '.tools[].name' "$server/catalogue.json" | sort)"

jq -c 'select(.kind != "emit" or .path != "catalogue.json")' "$tmp/scored.jsonl" >"$tmp/less.jsonl"
run 2 'without its catalogue it is not signed' smelt-attest --key "$tmp/key" --out "$tmp/less" "$tmp/less.jsonl"
like 'which is named' "$(cat "$tmp/err")" "no emit record of 'catalogue.json'"
jq -c 'select(.kind != "emit" or .path != "tools.json")' "$tmp/scored.jsonl" >"$tmp/less.jsonl"
run 2 'nor without its list' smelt-attest --key "$tmp/key" --out "$tmp/less" "$tmp/less.jsonl"
like 'which is named, too' "$(cat "$tmp/err")" "no emit record of 'tools.json'"
done_testing
