#!/bin/sh
# Where the driver writes, and its key.
. tests/lib.sh
export XDG_CONFIG_HOME="$tmp/config"
doc=examples/openapi/library.yaml

run 0 'a new directory' smelt -q $doc -o "$tmp/new"
run 0 'the same again' smelt -q $doc -o "$tmp/new"
mkdir "$tmp/empty"
run 0 'an empty one' smelt -q $doc -o "$tmp/empty"
mkdir "$tmp/full"
echo precious >"$tmp/full/thesis"
run 2 'somebody else'"'"'s' smelt -q $doc -o "$tmp/full"
like 'it says why' "$(cat "$tmp/err")" 'full: error: is not empty and was not made by smelt'
is 'nothing of it is touched' "$(ls -A "$tmp/full")" thesis
run 2 'a file' smelt -q $doc -o "$tmp/full/thesis"
is 'the file is as it was' "$(cat "$tmp/full/thesis")" precious
run 2 'no directory above' smelt -q $doc -o "$tmp/a/b/c"
ln -s "$tmp/full" "$tmp/link"
run 2 'a link to somebody else'"'"'s' smelt -q $doc -o "$tmp/link"
mkdir "$tmp/linked"
run 0 'made' smelt -q $doc -o "$tmp/linked"
rm -r "$tmp/linked/dist"
ln -s "$tmp/full" "$tmp/linked/dist"
run 0 'a link in place of dist' smelt -q $doc -o "$tmp/linked"
is 'is replaced, not followed' "$(ls -A "$tmp/full")" thesis
ok 'by a directory' test ! -L "$tmp/linked/dist" -a -d "$tmp/linked/dist"
cd "$tmp"
run 0 'a relative one' smelt -q "$top/$doc" -o here
ok 'is here' test -f here/dist/VERIFY.txt
cd "$top"
ok 'sources around it do not hold it' test "$(cat "$tmp/new/.gitignore")" = '*'

# Keys
key=$XDG_CONFIG_HOME/smelt/smelt.key
ok 'a key was made' test -f "$key" -a -f "$key.pub"
is 'for its owner alone' "$(stat -c %a "$key" "$XDG_CONFIG_HOME/smelt")" '600
700'
cp "$key" "$tmp/key.was"
run 0 'it is used again' smelt $doc -o "$tmp/new"
unlike 'and not made again' "$(cat "$tmp/err")" 'making'
same 'it is as it was' "$key" "$tmp/key.was"
ok 'what was signed verifies' smelt-attest -q --verify "$tmp/new/dist" --key "$key.pub"
smelt-attest -q --gen-key "$tmp/other"
run 0 '--key' smelt -q $doc -o "$tmp/new" --key "$tmp/other"
ok 'it signed' smelt-attest -q --verify "$tmp/new/dist" --key "$tmp/other.pub"
run 0 'SMELT_KEY' env SMELT_KEY="$tmp/third" smelt $doc -o "$tmp/new"
like 'a missing one is made and said' "$(cat "$tmp/err")" "^smelt: no signing key: making $tmp/third"
run 0 'without XDG_CONFIG_HOME' env -u XDG_CONFIG_HOME HOME="$tmp/home" \
	sh -c "mkdir '$tmp/home'; smelt -q $doc -o '$tmp/new'"
ok 'it is below ~/.config' test -f "$tmp/home/.config/smelt/smelt.key"
run 2 'without a home' env -u XDG_CONFIG_HOME -u HOME smelt -q $doc -o "$tmp/new"
like 'it says what to give' "$(cat "$tmp/err")" '(--key|--unsigned)'
run 0 'without a home, unsigned' env -u XDG_CONFIG_HOME -u HOME smelt -q $doc \
	-o "$tmp/new" --unsigned
is 'nothing is signed' "$(find "$tmp/new/dist" -name '*.sigstore.json')" ''
ok 'the archive is there' test -n "$(find "$tmp/new/dist" -name '*.tar.gz')"
run 2 'an unreadable key' smelt -q $doc -o "$tmp/new" --key "$tmp/full/thesis"
absent 'leaves nothing signed' "$tmp/new/dist"
done_testing
