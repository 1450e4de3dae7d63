#!/bin/sh
# smelt-attest --verify: everything but the truth is refused. And the directory
# that it writes to: never over a user's file.
. tests/lib.sh
need openssl jq python

here=tests/smelt-attest
python $here/artifact.py >"$tmp/a.jsonl"
smelt-attest -q --gen-key "$tmp/key"
smelt-attest -q --gen-key "$tmp/other"
sign() {
	smelt-attest -q --key "$tmp/key" --out "$1" "${2:-$tmp/a.jsonl}" >/dev/null
}
sign "$tmp/good"
archive=library-1.4.0.tar.gz
slsa=library.slsa.sigstore.json

# fresh: a copy to damage, in $d
d=$tmp/d
fresh() {
	rm -rf "$d"
	cp -R "$tmp/good" "$d"
}
# refused NAME RULE: --verify says no for that reason
refused() {
	run 1 "refused: $1" smelt-attest --verify "$d" --key "$tmp/key.pub"
	like "... by $2" "$(cat "$tmp/err")" "\\[$2\\]$"
}

run 0 'a directory as it was written' smelt-attest --verify "$tmp/good" --key "$tmp/key.pub"
like 'it says what is verified' "$(cat "$tmp/err")" "verified: $archive, 4 statements, gates WARNED, grade B"
like 'and what was not scanned' "$(cat "$tmp/err")" 'not scanned: gate1/dependency, gate2/dependency$'
run 0 'one bundle and its file' smelt-attest --verify "$tmp/good/$slsa" --key "$tmp/key.pub" "$tmp/good/$archive"
run 0 'a file kept elsewhere' smelt-attest --verify "$tmp/good" --key "$tmp/key.pub" "$tmp/good/$archive"
run 2 'a bundle without a file' smelt-attest --verify "$tmp/good/$slsa" --key "$tmp/key.pub"
run 1 'a bundle and another file' smelt-attest --verify "$tmp/good/$slsa" --key "$tmp/key.pub" "$tmp/a.jsonl"
like '... is no subject' "$(cat "$tmp/err")" 'subject-mismatch'
run 1 'a directory and another file' smelt-attest --verify "$tmp/good" --key "$tmp/key.pub" "$tmp/a.jsonl"
run 1 'another key' smelt-attest --verify "$tmp/good" --key "$tmp/other.pub"
like '... by its hint' "$(cat "$tmp/err")" 'bundle-signature'
run 2 'no key' smelt-attest --verify "$tmp/good"
run 2 'a private key' smelt-attest --verify "$tmp/good" --key "$tmp/key"
run 2 'a key that is none' smelt-attest --verify "$tmp/good" --key "$tmp/a.jsonl"
run 2 'a directory that is not there' smelt-attest --verify "$tmp/nowhere" --key "$tmp/key.pub"
mkdir "$tmp/empty"
run 1 'an empty directory' smelt-attest --verify "$tmp/empty" --key "$tmp/key.pub"

fresh
printf x >>"$d/$archive"
refused 'a byte behind the archive' subject-mismatch
fresh
printf '\377' | dd of="$d/$archive" bs=1 seek=100 conv=notrunc 2>/dev/null
refused 'a byte in the archive' subject-mismatch
fresh
rm "$d/$archive"
run 2 'no archive' smelt-attest --verify "$d" --key "$tmp/key.pub"
fresh
mutate "$tmp/good/library.cdx.json" "$d/library.cdx.json" 's/"MIT"/"ISC"/; s/alpha-lib/alpha-lob/'
refused 'another bill of materials' subject-mismatch
for kind in slsa sbom gates score; do
	fresh
	rm "$d/library.$kind.sigstore.json"
	refused "no $kind bundle" no-bundle
done
fresh
cp "$d/$slsa" "$d/library.vex.sigstore.json"
refused 'a fifth bundle' unknown-bundle
fresh
mv "$d/$slsa" "$d/other.slsa.sigstore.json"
refused 'a bundle of another name' unknown-bundle
fresh
cp "$d/library.score.sigstore.json" "$d/$slsa"
refused 'the score in place of the provenance' predicate-type
fresh
python $here/artifact.py name=library version=1.4.0 | jq -c 'if .kind=="source" then .revision="f"*40 else . end' >"$tmp/b.jsonl"
sign "$tmp/second" "$tmp/b.jsonl"
python $here/artifact.py | jq -c 'if .path=="empty" then .text="x"|.sha256="2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881" else . end' >"$tmp/c.jsonl"
sign "$tmp/third" "$tmp/c.jsonl"
cp "$tmp/third/$slsa" "$d/$slsa"
refused 'a true bundle of other bytes' predicate-type

# Signed by the right key, but not to be believed.
# resign FILTER: jq over the gates statement, signed again
resign() {
	jq -cj ".dsseEnvelope.payload|@base64d|fromjson|$1" "$tmp/good/library.gates.sigstore.json" |
		sed 's/$//' >"$tmp/payload"
	{ printf 'DSSEv1 28 application/vnd.in-toto+json %d ' "$(wc -c <"$tmp/payload")"; cat "$tmp/payload"; } >"$tmp/pae"
	# a low-s signature, by trying
	while :; do
		openssl dgst -sha256 -sign "$tmp/key" -out "$tmp/sig" "$tmp/pae"
		s=$(openssl asn1parse -inform DER -in "$tmp/sig" | sed -n '3s/.*://p')
		[ "${#s}" -eq 64 ] || continue
		case $s in [0-7]*) break ;; esac
	done
	jq -cn --arg hint "$(jq -r .verificationMaterial.publicKey.hint "$tmp/good/$slsa")" \
		--arg payload "$(base64 -w0 <"$tmp/payload")" --arg sig "$(base64 -w0 <"$tmp/sig")" \
		'{mediaType:"application/vnd.dev.sigstore.bundle.v0.3+json",verificationMaterial:{publicKey:{hint:$hint}},
		dsseEnvelope:{payload:$payload,payloadType:"application/vnd.in-toto+json",signatures:[{sig:$sig}]}}' \
		>"$d/library.gates.sigstore.json"
}
fresh
resign .
run 0 'a statement signed by openssl is as good' smelt-attest --verify "$d" --key "$tmp/key.pub"
fresh
resign '.predicate.result="FAILED"'
refused 'a signed statement of a red gate' verdict-red
resign '.predicate.failedTests=["gate1/verdict"]'
refused 'or of a failed test' verdict-red
resign '.x=1'
refused 'a statement with a member of its own' statement-form
resign '._type="https://in-toto.io/Statement/v0.1"'
refused 'a statement of an older type' statement-form
resign '.predicateType="https://example.org/x"'
refused 'an unknown predicate' predicate-type
resign '.subject[0].digest.md5="0"'
refused 'a subject with a second digest' statement-form
resign '.subject=[]'
refused 'no subject' statement-form
resign '.subject+=[.subject[0]]'
refused 'a subject twice' statement-form
resign '.subject[1].digest.sha256=("0"*64)'
refused 'other subjects than the rest' predicate-type

# edited NAME SED RULE: the text of one bundle
edited() {
	fresh
	mutate "$tmp/good/$slsa" "$d/$slsa" "$2"
	refused "$1" "$3"
}
edited 'a space' 's/:/: /' bundle-form
edited 'a line break' 's/^{/{\n/' bundle-form
edited 'an unknown member' 's/{/{"x":1,/' bundle-form
edited 'a member twice' 's/"payloadType"/"payloadType":"x","payloadType"/' bundle-form
edited 'a keyid' 's/"sig"/"keyid":"x","sig"/' bundle-form
edited 'two signatures' 's/\[\({"sig":"[^"]*"}\)\]/[\1,\1]/' bundle-form
edited 'another media type' 's/v0\.3/v0.2/' bundle-form
edited 'another payload type' 's/in-toto+json"/in-toto+jsom"/' bundle-form
edited 'base64 of the URL alphabet' 's/"sig":"\(....\)[A-Za-z0-9+\/]/"sig":"\1_/' bundle-form
edited 'another payload' 's/"payload":"eyJfdHlwZSI6/"payload":"eyJfdHlwZSI7/' bundle-signature
edited 'another hint' 's/"hint":"A/"hint":"B/;t;s/"hint":"./"hint":"A/' bundle-signature
fresh
cat "$tmp/good/$slsa" >>"$d/$slsa"
refused 'a bundle twice in one file' bundle-form
fresh
: >"$d/$slsa"
refused 'an empty bundle' bundle-form

# Ownership of --out.
o=$tmp/o
sign "$o"
cp -R "$o" "$tmp/before"
run 0 'the same artifact again' smelt-attest --key "$tmp/key" --out "$o" "$tmp/a.jsonl"
ok 'changes nothing: signatures are kept' diff -r "$tmp/before" "$o"
run 0 'another one' smelt-attest --key "$tmp/key" --out "$o" "$tmp/c.jsonl"
run 0 'replaces it' smelt-attest --verify "$o" --key "$tmp/key.pub"
ok 'with other bytes' sh -c '! cmp -s "$1/$3" "$2/$3"' - "$tmp/before" "$o" $archive
python $here/artifact.py version=2 >"$tmp/v2.jsonl"
run 0 'a new version' smelt-attest --key "$tmp/key" --out "$o" "$tmp/v2.jsonl"
absent 'takes the old archive away' "$o/$archive"
echo mine >"$o/notes.txt"
echo mine >"$o/library-3.tar.gz"
python $here/artifact.py version=3 >"$tmp/v3.jsonl"
cp -R "$o" "$tmp/o3"
run 2 'a file of the user in the way' smelt-attest --key "$tmp/key" --out "$o" "$tmp/v3.jsonl"
like 'is named' "$(cat "$tmp/err")" 'library-3.tar.gz: error: is not a file that smelt-attest made'
ok 'and nothing is changed' diff -r "$tmp/o3" "$o"
rm "$o/library-3.tar.gz"
run 0 'other files of the user stay' smelt-attest --key "$tmp/key" --out "$o" "$tmp/v3.jsonl"
is 'as they are' "$(cat "$o/notes.txt")" mine
echo '{"mcpServers":{}}' >"$o/clients/claude-code/.mcp.json"
run 2 'a client file that was edited' smelt-attest --key "$tmp/key" --out "$o" "$tmp/v2.jsonl"
like 'is named' "$(cat "$tmp/err")" 'claude-code/.mcp.json: error: was changed since'
mkdir "$tmp/full"
echo x >"$tmp/full/x"
run 2 'a directory of others' smelt-attest --key "$tmp/key" --out "$tmp/full" "$tmp/a.jsonl"
is 'gets nothing' "$(ls -A "$tmp/full")" x
run 2 'a file is no directory' smelt-attest --key "$tmp/key" --out "$tmp/a.jsonl" "$tmp/a.jsonl"
rm -rf "$o"
sign "$o"
rm "$o/$archive"
ln -s "$tmp/full/x" "$o/$archive"
run 2 'a link in place of our file' smelt-attest --key "$tmp/key" --out "$o" "$tmp/a.jsonl"
is 'is not followed' "$(cat "$tmp/full/x")" x
rm -rf "$o"
sign "$o"
rm -rf "$o/clients"
ln -s "$tmp/full" "$o/clients"
run 2 'nor a link in place of our folder' smelt-attest --key "$tmp/key" --out "$o" "$tmp/a.jsonl"
is 'whose target stays' "$(ls -A "$tmp/full")" x
rm -rf "$o"
sign "$o"
sed -i '2s/^......../00000000/' "$o/.smelt-out"
run 2 'a list that does not know our file' smelt-attest --key "$tmp/key" --out "$o" "$tmp/v2.jsonl"
echo '# other' >"$o/.smelt-out"
run 2 'a list that is not ours' smelt-attest --key "$tmp/key" --out "$o" "$tmp/v2.jsonl"

# A run that is killed anywhere leaves what the next one takes on.
rm -rf "$o"
sign "$o"
for file in $archive library.cdx.json .smelt-out $slsa; do
	fault=$tmp/killed
	rm -rf "$fault"
	cp -R "$o" "$fault"
	# as if killed behind the first list: old and new digests, some new files
	sign "$tmp/v3" "$tmp/c.jsonl"
	sed 1d "$tmp/v3/.smelt-out" >>"$fault/.smelt-out"
	[ "$file" = .smelt-out ] || cp "$tmp/v3/$file" "$fault/$file"
	run 0 "killed behind $file: the next run goes on" smelt-attest --key "$tmp/key" --out "$fault" "$tmp/c.jsonl"
	run 0 '... to a whole directory' smelt-attest --verify "$fault" --key "$tmp/key.pub"
	is '... with a list of one digest a file' "$(sed 's/.*  //' "$fault/.smelt-out" | sort | uniq -d)" ''
done

# Keys.
run 0 'a passphrase' env SMELT_KEY_PASSPHRASE='correct horse' smelt-attest --gen-key "$tmp/locked"
like 'encrypts the key' "$(head -n 1 "$tmp/locked")" 'BEGIN ENCRYPTED PRIVATE KEY'
ok 'openssl opens it' openssl pkey -in "$tmp/locked" -passin 'pass:correct horse' -noout
run 2 'not without it' smelt-attest --key "$tmp/locked" --out "$tmp/none" "$tmp/a.jsonl"
like 'which is said' "$(cat "$tmp/err")" 'no passphrase is given'
run 2 'nor with another' env SMELT_KEY_PASSPHRASE='wrong' smelt-attest --key "$tmp/locked" --out "$tmp/none" "$tmp/a.jsonl"
unlike 'which is not printed' "$(cat "$tmp/err")" wrong
absent 'nothing is written' "$tmp/none"
run 0 'with it' env SMELT_KEY_PASSPHRASE='correct horse' smelt-attest --key "$tmp/locked" --out "$tmp/lockedout" "$tmp/a.jsonl"
run 0 'a SEC1 key is read' sh -ec 'openssl ecparam -name prime256v1 -genkey -noout -out "$1/sec1"
	openssl pkey -in "$1/sec1" -pubout -out "$1/sec1.pub"
	smelt-attest --key "$1/sec1" --out "$1/sec1out" "$1/a.jsonl" >/dev/null
	smelt-attest --verify "$1/sec1out" --key "$1/sec1.pub"' - "$tmp"

openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out "$tmp/p384" 2>/dev/null
openssl genpkey -quiet -algorithm ED25519 -out "$tmp/ed" 2>/dev/null || openssl genpkey -algorithm ED25519 -out "$tmp/ed"
[ -s "$tmp/p384" ] || openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-384 -out "$tmp/p384"
for kind in p384 ed; do
	run 2 "a key of another kind: $kind" smelt-attest --key "$tmp/$kind" --out "$tmp/none" "$tmp/a.jsonl"
	like 'is named' "$(cat "$tmp/err")" 'not an ECDSA P-256 key'
done
for pass in hello ''; do
	openssl pkey -in "$tmp/key" -outform DER | python $here/cosignkey.py "$pass" >"$tmp/cosign.key"
	rm -rf "$tmp/cosigned"
	run 0 "cosign's own format is read, passphrase '$pass'" env "COSIGN_PASSWORD=$pass" \
		smelt-attest --key "$tmp/cosign.key" --out "$tmp/cosigned" "$tmp/a.jsonl"
	run 0 '... and is the same key' smelt-attest --verify "$tmp/cosigned" --key "$tmp/key.pub"
	run 2 '... not with another passphrase' env COSIGN_PASSWORD=wrong \
		smelt-attest --key "$tmp/cosign.key" --out "$tmp/none" "$tmp/a.jsonl"
	run 2 '... nor with none' env -u COSIGN_PASSWORD \
		smelt-attest --key "$tmp/cosign.key" --out "$tmp/none" "$tmp/a.jsonl"
done
printf -- '-----BEGIN ENCRYPTED COSIGN PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED COSIGN PRIVATE KEY-----\n' >"$tmp/cosign.key"
run 2 'a broken one is refused' env COSIGN_PASSWORD=x smelt-attest --key "$tmp/cosign.key" --out "$tmp/none" "$tmp/a.jsonl"
run 2 'a public key does not sign' smelt-attest --key "$tmp/key.pub" --out "$tmp/none" "$tmp/a.jsonl"

done_testing
