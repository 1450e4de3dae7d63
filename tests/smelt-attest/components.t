#!/bin/sh
# The bill of materials of the real runtimes: every package described, no edge
# unknown.
. tests/lib.sh
need jq python openssl

here=tests/smelt-attest
smelt-attest -q --gen-key "$tmp/key"
# runtime TARGET LOCK: the artifact of the tests with the real lock file
runtime() {
	python $here/artifact.py "target=$1" |
		jq -c --rawfile lock "share/smelt/runtime/$1/$2" \
			--arg sha256 "$(sha256sum <"share/smelt/runtime/$1/$2" | cut -d' ' -f1)" \
			"if .kind==\"dep\" then empty elif .path==\"$2\" then .text=\$lock|.sha256=\$sha256|.size=(\$lock|utf8bytelength) else . end" \
		>"$tmp/$1.jsonl"
	run 0 "$1: signed" smelt-attest --key "$tmp/key" --out "$tmp/$1" "$tmp/$1.jsonl"
	ok "$1: accepted by others" node $here/bundles.mjs "$tmp/$1"
	bom=$tmp/$1/library.cdx.json
	# @types/node and undici-types name no author
	is "$1: every package has a supplier and an origin (else run deps/components.py)" \
		"$(jq -r '.components[]|select((.supplier and .externalReferences|not))|.purl' "$bom" |
			grep -vE '/(%40types/node|undici-types|py-key-value-aio|lazy-importer)@' || :)" ''
	is "$1: a licence that SPDX knows" \
		"$(jq -r '.components[]|select(.licenses[0]|(.license.id or .expression)|not)|.purl' "$bom")" ''
	is "$1: a strong hash" "$(jq -r '.components[]|select(.hashes|not)|.purl' "$bom")" ''
	is "$1: nothing incomplete" "$(jq -c '.compositions[]|select(.aggregate!="complete")' "$bom")" ''
	is "$1: every package can be reached" "$(jq -r '
		(.dependencies|map({key:.ref,value:(.dependsOn//[])})|from_entries) as $edges
		| def reach($seen): . as $at | ([$at[]|$edges[.][]]-$seen|unique) as $new
			| if ($new|length)==0 then $seen else $new|reach($seen+$new) end;
		[.metadata.component."bom-ref"] as $top
		| (.components|map(.purl)) - ($top|reach($top)) | join(" ")' "$bom")" ''
}
runtime python requirements.txt
like 'python: fastmcp is what the server needs itself' "$(jq -r '.dependencies[0].dependsOn[]' "$bom")" '^pkg:pypi/fastmcp@'
runtime typescript package-lock.json
done_testing
