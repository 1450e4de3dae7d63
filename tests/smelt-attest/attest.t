#!/bin/sh
# smelt-attest: what it writes, and that others take it.
. tests/lib.sh
need openssl jq tar gzip python

here=tests/smelt-attest
for target in python typescript; do
	python $here/artifact.py target=$target >"$tmp/$target.jsonl"
	ok "$target: the artifact of this test has the records' form" \
		node tests/records/validate.mjs "$tmp/$target.jsonl"
done

run 0 'a key pair is made' smelt-attest --gen-key "$tmp/smelt.key"
is 'for its owner alone' "$(stat -c %a "$tmp/smelt.key")" 600
ok 'openssl reads it' openssl pkey -in "$tmp/smelt.key" -noout -check
cp "$tmp/smelt.key" "$tmp/saved"
run 2 'it is not made twice' smelt-attest --gen-key "$tmp/smelt.key"
same 'and stays as it was' "$tmp/smelt.key" "$tmp/saved"
: >"$tmp/other.pub"
run 2 'nor is a public key overwritten' smelt-attest --gen-key "$tmp/other"
absent 'and no half of a pair is left' "$tmp/other"

# attest TARGET DIR [OPTION...]: sign; the artifact goes to $tmp/TARGET.out
attest() {
	_target=$1 _dir=$2
	shift 2
	smelt-attest --key "$tmp/smelt.key" --out "$_dir" -o "$tmp/$_target.out" \
		"$@" "$tmp/$_target.jsonl"
}
for target in python typescript; do
	dir=$tmp/$target
	run 0 "$target: a green artifact is signed" attest $target "$dir"
	like "$target: and says where" "$(cat "$tmp/err")" 'library 1.4.0: [0-9]+ files, 2 tools'
	ok "$target: sigstore and cyclonedx-library accept" node $here/bundles.mjs "$dir"
	ok "$target: the client files are as clients read them" node $here/clients.mjs "$dir" \
		LIBRARY_API_KEY_API_KEY LIBRARY_LOGIN_USERNAME LIBRARY_LOGIN_PASSWORD
	ok "$target: the records are in form" node tests/records/validate.mjs "$tmp/$target.out"
	is "$target: four attestation records" \
		"$(jq -r 'select(.kind=="attestation").file' "$tmp/$target.out" | tr '\n' ' ')" \
		'library.slsa.sigstore.json library.sbom.sigstore.json library.gates.sigstore.json library.score.sigstore.json '
	jq -r 'select(.kind=="attestation")|"\(.sha256)  \(.file)"' "$tmp/$target.out" >"$tmp/sums"
	ok "$target: with the digests of the bundles" sh -c 'cd "$1" && sha256sum -c "$2"' - "$dir" "$tmp/sums"
	run 0 "$target: it verifies" smelt-attest --verify "$dir" --key "$tmp/smelt.key.pub"
done
dir=$tmp/python

# The recipe of VERIFY.txt, as it stands there, in a directory of its own.
sed -n 's/^    //p' "$dir/VERIFY.txt" | sed '/^smelt-attest /d; /^cosign /d' >"$tmp/recipe"
cp -R "$dir" "$tmp/copy"
for kind in slsa sbom gates score; do
	sed "s/\.slsa\./.$kind./" "$tmp/recipe" >"$tmp/recipe.$kind"
	run 0 "openssl alone: the recipe for $kind runs" \
		sh -ec 'cd "$1"; . "$2"' - "$tmp/copy" "$tmp/recipe.$kind"
	like "openssl alone: $kind is verified" "$(cat "$tmp/out")" '^Verified OK$'
	like "openssl alone: $kind names the archive" "$(cat "$tmp/out")" \
		'^\{"name":"library-1.4.0.tar.gz","digest":\{"sha256":"[0-9a-f]{64}"\}\}$'
done
is 'the hint is that of openssl' \
	"$(jq -r .verificationMaterial.publicKey.hint "$dir/library.slsa.sigstore.json")" \
	"$(openssl pkey -pubin -in "$dir/smelt.pub" -outform DER | openssl dgst -sha256 -binary | openssl base64)"

# The archive.
tar tvzf "$dir/library-1.4.0.tar.gz" >"$tmp/list"
is 'every member is owned by 0, from 1970, with mode 0644 or 0755' \
	"$(grep -cvE '^-rw-r--r-- 0/0 .* 1970-01-01 |^-rwxr-xr-x 0/0 .* 1970-01-01 ' "$tmp/list" || :)" 0
is 'sorted by name' "$(awk '{print $NF}' "$tmp/list" | LC_ALL=C sort -c 2>&1)" ''
mkdir "$tmp/x"
tar xzf "$dir/library-1.4.0.tar.gz" -C "$tmp/x"
jq -r 'select(.kind=="emit")|"\(.sha256)  library-1.4.0/\(.path)"' "$tmp/python.jsonl" >"$tmp/sums"
ok 'what it holds is what was emitted' sh -c 'cd "$1" && sha256sum -c "$2"' - "$tmp/x" "$tmp/sums"
is 'nothing else' "$(find "$tmp/x" -type f | wc -l)" "$(wc -l <"$tmp/sums")"
is 'the gzip header has no time and no name' \
	"$(od -An -tx1 -N8 "$dir/library-1.4.0.tar.gz" | tr -d ' ')" 1f8b080000000000
is 'the digest of the plain tar is in the provenance' \
	"$(jq -r .dsseEnvelope.payload "$dir/library.slsa.sigstore.json" | base64 -d |
		jq -r '.predicate.runDetails.byproducts[0].digest.sha256')" \
	"$(gzip -dc "$dir/library-1.4.0.tar.gz" | sha256sum | cut -d' ' -f1)"

# The same bytes elsewhere: directory, time zone, umask, locale.
mkdir -p "$tmp/far/away"
(
	umask 077
	cd "$tmp/far/away"
	TZ=Asia/Tokyo LC_ALL=C smelt-attest -q --key "$tmp/smelt.key" --out here \
		<"$tmp/python.jsonl" >/dev/null
)
for f in library-1.4.0.tar.gz library.cdx.json VERIFY.txt trusted_root.json smelt.pub clients/README.md; do
	same "$f has the same bytes in another place, zone, umask" "$tmp/far/away/here/$f" "$dir/$f"
done
for kind in slsa sbom gates score; do
	is "the $kind statement too" \
		"$(jq -r .dsseEnvelope.payload "$tmp/far/away/here/library.$kind.sigstore.json")" \
		"$(jq -r .dsseEnvelope.payload "$dir/library.$kind.sigstore.json")"
done

# SOURCE_DATE_EPOCH
SOURCE_DATE_EPOCH=1600000000 smelt-attest -q --key "$tmp/smelt.key" --out "$tmp/epoch" \
	"$tmp/python.jsonl" >/dev/null
is 'SOURCE_DATE_EPOCH is the time of the SBOM' \
	"$(jq -r .metadata.timestamp "$tmp/epoch/library.cdx.json")" 2020-09-13T12:26:40Z
like 'and of the members' "$(tar tvzf "$tmp/epoch/library-1.4.0.tar.gz")" ' 2020-09-13 12:26 .*server.py'
for bad in -1 x 99999999999; do
	run 2 "SOURCE_DATE_EPOCH=$bad is refused" env "SOURCE_DATE_EPOCH=$bad" \
		smelt-attest --key "$tmp/smelt.key" --out "$tmp/none" "$tmp/python.jsonl"
done

# The bill of materials.
bom=$tmp/typescript/library.cdx.json
is 'npm: the closure, nested versions apart' "$(jq -r '.components[].purl' "$bom" | tr '\n' ' ')" \
	'pkg:npm/%40scope/one@1.0.0 pkg:npm/tsc@5.0.0 pkg:npm/two@1.5.0 pkg:npm/two@2.0.0 pkg:pypi/flask@3.0.0 '
is 'npm: edges as Node resolves them' "$(jq -c '.dependencies[]|[.ref,.dependsOn]' "$bom" | tr '\n' ' ')" \
	'["pkg:generic/library@1.4.0",["pkg:npm/%40scope/one@1.0.0","pkg:npm/tsc@5.0.0","pkg:npm/two@2.0.0"]] ["pkg:npm/%40scope/one@1.0.0",["pkg:npm/two@1.5.0"]] ["pkg:npm/tsc@5.0.0",null] ["pkg:npm/two@1.5.0",null] ["pkg:npm/two@2.0.0",null] '
is 'npm: integrity becomes hex' "$(jq -r '.components[0].hashes[0]|"\(.alg) \(.content)"' "$bom")" \
	"SHA-512 $(printf one | sha512sum | cut -d' ' -f1)"
is 'npm: a development package is excluded' "$(jq -r '.components[1].scope' "$bom")" excluded
is 'npm: licences are ids, expressions or names' \
	"$(jq -c '[.components[].licenses[0]]' "$bom")" \
	'[{"license":{"id":"MIT"}},{"license":{"name":"SEE LICENSE IN x"}},{"expression":"(MIT OR Apache-2.0)"},{"license":{"id":"ISC"}},{"license":{"id":"BSD-3-Clause"}}]'
bom=$tmp/python/library.cdx.json
is 'PyPI: the pinned packages and the source'\''s' "$(jq -r '.components[].purl' "$bom" | tr '\n' ' ')" \
	'pkg:pypi/alpha-lib@1.2.0 pkg:pypi/beta-lib@2.0 pkg:pypi/flask@3.0.0 pkg:pypi/gamma-lib@0.1%2Blocal '
is 'PyPI: edges from the via comments' "$(jq -c '.dependencies[]|[.ref,.dependsOn]' "$bom" | tr '\n' ' ')" \
	'["pkg:generic/library@1.4.0",["pkg:pypi/alpha-lib@1.2.0","pkg:pypi/gamma-lib@0.1%2Blocal"]] ["pkg:pypi/alpha-lib@1.2.0",["pkg:pypi/beta-lib@2.0"]] ["pkg:pypi/beta-lib@2.0",null] ["pkg:pypi/gamma-lib@0.1%2Blocal",["pkg:pypi/alpha-lib@1.2.0"]] '
is 'what is not known to be complete says so' \
	"$(jq -c '.compositions[]|select(.aggregate=="incomplete").dependencies' "$bom")" '["pkg:pypi/flask@3.0.0"]'
is 'a package of a source that is called over HTTP is excluded' \
	"$(jq -c '.components[]|select(.name=="flask").scope' "$bom")" '"excluded"'
python $here/artifact.py binding=python >"$tmp/inside.jsonl"
smelt-attest -q --key "$tmp/smelt.key" --out "$tmp/inside" "$tmp/inside.jsonl" >/dev/null
is 'of one that runs in the server it is needed' \
	"$(jq -c '[(.components[]|select(.name=="flask").scope),(.dependencies[0].dependsOn|index("pkg:pypi/flask@3.0.0")!=null),(.services//[]|length)]' \
		"$tmp/inside/library.cdx.json")" '["required",true,0]'
ok 'and the form holds' node $here/bundles.mjs "$tmp/inside"
is 'the upstream is a service, authenticated' \
	"$(jq -c '.services[0]|[.endpoints,.authenticated,."x-trust-boundary"]' "$bom")" \
	'[["https://api.example.org/v1"],true,true]'
is 'each tool has its digest' "$(jq -r '.metadata.component.properties[]|select(.name=="smelt:tool:get_book:sha256").value' "$bom")" \
	"$(jq -cjS '.tools[0]' "$tmp/x/library-1.4.0/tools.json" | sha256sum | cut -d' ' -f1)"
mutate "$tmp/python.jsonl" "$tmp/other.jsonl" 's/"location":"library.yaml"/"location":"elsewhere.yaml"/'
smelt-attest -q --key "$tmp/smelt.key" --out "$tmp/other" "$tmp/other.jsonl" >/dev/null
is 'the serial number hangs on the content alone' \
	"$(jq -r .serialNumber "$tmp/other/library.cdx.json")" "$(jq -r .serialNumber "$bom")"
smelt-attest -q --key "$tmp/smelt.key" --author 'J. Doe' --supplier 'Doe & Co' --out "$tmp/doe" \
	"$tmp/python.jsonl" >/dev/null
is 'author and supplier' "$(jq -c '[.metadata.authors[0].name,.metadata.supplier.name,.metadata.component.supplier.name]' \
	"$tmp/doe/library.cdx.json")" '["J. Doe","Doe & Co","Doe & Co"]'
unlike 'a changed content has another' "$(jq -r .serialNumber "$tmp/doe/library.cdx.json")" \
	"$(jq -r .serialNumber "$bom")"
ok 'and the form still holds' node $here/bundles.mjs "$tmp/doe"

# Clients.
attest python "$tmp/placed" --server-dir '/srv/my "servers"/library' 2>/dev/null
is '--server-dir is the place in client files' \
	"$(jq -r '.mcpServers.library|"\(.command) \(.args[0])"' "$tmp/placed/clients/claude-code/.mcp.json")" \
	'/srv/my "servers"/library/.venv/bin/python /srv/my "servers"/library/server.py'
is 'in TOML too' "$(sed -n 's/^args = //p' "$tmp/placed/clients/codex/config.toml")" \
	'["/srv/my \"servers\"/library/server.py"]'
ok 'and all stay in form' node $here/clients.mjs "$tmp/placed" \
	LIBRARY_API_KEY_API_KEY LIBRARY_LOGIN_USERNAME LIBRARY_LOGIN_PASSWORD
run 2 'a relative one is refused' attest python "$tmp/none" --server-dir srv
is 'a TypeScript server is started by node' \
	"$(jq -r '.mcpServers.library|"\(.command) \(.args[0])"' "$tmp/typescript/clients/cursor/.cursor/mcp.json")" \
	'node /ABSOLUTE/PATH/TO/library-1.4.0/dist/server.js'
ok 'the TOML is TOML' python -c 'import sys, tomllib; t = tomllib.load(open(sys.argv[1], "rb")); assert t["mcp_servers"]["library"]["env_vars"][0] == "LIBRARY_API_KEY_API_KEY"' \
	"$tmp/placed/clients/codex/config.toml"

# Unsigned.
run 0 'without a key it works only unsigned' smelt-attest --unsigned --out "$tmp/bare" "$tmp/python.jsonl"
like 'and says so' "$(cat "$tmp/err")" 'NOTHING IS SIGNED'
like 'in the directory as well' "$(cat "$tmp/bare/VERIFY.txt")" 'NOT SIGNED'
is 'no bundle, no key' "$(find "$tmp/bare" -name '*.sigstore.json' -o -name smelt.pub | wc -l)" 0
is 'no attestation record' "$(jq -r 'select(.kind=="attestation")' "$tmp/out")" ''
run 1 'and does not verify' smelt-attest --verify "$tmp/bare" --key "$tmp/smelt.key.pub"
run 2 'no key at all' smelt-attest --out "$tmp/none" "$tmp/python.jsonl"
run 2 'both' smelt-attest --unsigned --key "$tmp/smelt.key" --out "$tmp/none" "$tmp/python.jsonl"
run 2 'no --out' smelt-attest --key "$tmp/smelt.key" "$tmp/python.jsonl"

# Red and incomplete artifacts: nothing appears, nothing goes.
cp -R "$dir" "$tmp/kept"
for stage in gate1 gate2; do
	python $here/artifact.py $stage=fail >"$tmp/red.jsonl"
	run 1 "a red verdict of $stage is refused" smelt-attest --key "$tmp/smelt.key" \
		--out "$tmp/none" -o "$tmp/none.jsonl" "$tmp/red.jsonl"
	like 'with its stage' "$(cat "$tmp/err")" "verdict of $stage"
	absent 'nothing is written' "$tmp/none"
	absent 'no artifact either' "$tmp/none.jsonl"
	run 1 'over an older green one' smelt-attest --key "$tmp/smelt.key" --out "$tmp/kept" \
		"$tmp/red.jsonl"
	ok 'which stays as it is' diff -r "$dir" "$tmp/kept"
done
mutate "$tmp/python.jsonl" "$tmp/odd.jsonl" 's/"stage":"gate1","result":"pass"/"stage":"gate1","result":"green"/'
run 1 'a result that is no known word is not green' smelt-attest --key "$tmp/smelt.key" \
	--out "$tmp/none" "$tmp/odd.jsonl"

# lacks KIND-FILTER TOOL
lacks() {
	jq -c "select($1|not)" "$tmp/python.jsonl" >"$tmp/lack.jsonl"
	run 2 "without $2's records: refused" smelt-attest --key "$tmp/smelt.key" \
		--out "$tmp/none" "$tmp/lack.jsonl"
	like "and $2 is named" "$(cat "$tmp/err")" "run smelt-$2 first"
	absent 'nothing is written' "$tmp/none"
}
lacks '.kind=="source"' intake
lacks '.kind=="tool"' tooldef
lacks '.kind=="emit"' codegen
lacks '.path=="tools.json"' codegen
lacks '.kind=="verdict" and .stage=="gate1"' gate1
lacks '.kind=="verdict" and .stage=="gate2"' gate2
lacks '.kind=="grade"' score
mutate "$tmp/python.jsonl" "$tmp/chain.jsonl" '1s/{"tool":"smelt-score"[^}]*}/{"tool":"smelt-x","version":"0","config":"x"}/'
run 2 'a chain without smelt-score is refused' smelt-attest --key "$tmp/smelt.key" --out "$tmp/none" \
	"$tmp/chain.jsonl"
like 'by name' "$(cat "$tmp/err")" 'no output of smelt-score'
jq -c 'if .path=="server.py" then .text="evil()" else . end' "$tmp/python.jsonl" >"$tmp/evil.jsonl"
run 2 'an emitted file that was edited is refused' smelt-attest --key "$tmp/smelt.key" --out "$tmp/none" \
	"$tmp/evil.jsonl"
like 'by line and path' "$(cat "$tmp/err")" "evil.jsonl:[0-9]+: error: .*'server.py'"
jq -c 'if .path=="server.py" then .path="../server.py" else . end' "$tmp/python.jsonl" >"$tmp/evil.jsonl"
run 2 'a path that leads out is refused' smelt-attest --key "$tmp/smelt.key" --out "$tmp/none" "$tmp/evil.jsonl"
jq -c '., (select(.path=="server.py"))' "$tmp/python.jsonl" >"$tmp/evil.jsonl"
run 2 'one path twice is refused' smelt-attest --key "$tmp/smelt.key" --out "$tmp/none" "$tmp/evil.jsonl"
sed '$d' "$tmp/python.jsonl" >"$tmp/cut.jsonl"
run 2 'a cut artifact is refused' smelt-attest --key "$tmp/smelt.key" --out "$tmp/none" "$tmp/cut.jsonl"
absent 'nothing was written by any of them' "$tmp/none"
python $here/artifact.py "version=../1 /x" >"$tmp/version.jsonl"
run 0 'a version that is no file name is made one' smelt-attest --key "$tmp/smelt.key" --out "$tmp/version" \
	"$tmp/version.jsonl"
ok 'in the name of the archive' test -f "$tmp/version/library-1--x.tar.gz"
run 0 'and verifies' smelt-attest --verify "$tmp/version" --key "$tmp/smelt.key.pub"
run 2 'stdout that is full is an error' sh -c 'smelt-attest --key "$1" --out "$2" "$3" >/dev/full' - \
	"$tmp/smelt.key" "$tmp/full" "$tmp/python.jsonl"

done_testing
