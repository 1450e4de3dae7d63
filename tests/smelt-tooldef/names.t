#!/bin/sh
# Names: in the profile, unique, the same whatever else the document has.
. tests/lib.sh
. tests/smelt-tooldef/defs.sh
need jq

# ops METHOD:PATH:ID...: a document with these operations (no id: -)
ops() {
	{
		echo 'paths:'
		for _op in "$@"; do
			_id=${_op##*:} _rest=${_op%:*}
			echo "  '${_rest#*:}': {${_rest%%:*}: {operationId: '$_id', responses: {'204': {description: ok}}}}"
		done
	} | sed "s/operationId: '-', //" | document names.yaml
	define "$tmp/names.yaml" -q
}

ops get:/a:listBooks get:/b:get-book_by.ID get:/c:HTMLToPDF get:/d:'repos/list APIs' get:/e:2ndTry \
	get:/f:Список "get:/books/{bookId}/pages/{n}:-" post:/:- get:/g:v2Search get:/h:__x__
is 'words in snake case' "$(t .name)" '"list_books"
"get_book_by_id"
"html_to_pdf"
"repos_list_apis"
"call_2nd_try"
"get_f"
"get_books_by_book_id_pages_by_n"
"post"
"v2_search"
"x"'
sound 'names'

long=createOrUpdateTheVeryLongNamedThingOfSomebodyElse
ops get:/a:$long get:/b:${long}s get:/c:short
is 'long ones are cut at a word and get digits' "$(t .name)" \
	'"create_or_update_the_very_long_2be8"
"create_or_update_the_very_long_96c2"
"short"'
sound 'long names'

# One name for many: who is called so keeps it, the others get digits of
# their own id; order and neighbours do not matter.
ops get:/a:list_pets get:/b:listPets get:/c:list-pets get:/d:other
t '[.callable, .name]' | sort >"$tmp/one"
is 'the exact one keeps it' "$(t 'select(.binding.path == "/a").name')" '"list_pets"'
sound 'collisions'
ops get:/d:other get:/c:list-pets get:/z:more get:/b:listPets get:/y:evenMore get:/a:list_pets
t '[.callable, .name]' | grep -v -i more | sort >"$tmp/two"
same 'another order, more operations' "$tmp/two" "$tmp/one"

# A document that grows: every operation that was there keeps its name, whatever
# comes before, between and behind, also what wants the name of one called so.
old="get:/a:list_pets get:/b:getPet post:/made:- get:/b/{id}:- get:/c:$long get:/d:Список put:/e:pets/setName"
# shellcheck disable=SC2086 # several words
ops $old
t '[.callable, .name]' | sort >"$tmp/one"
new=''
for i in $(seq 40); do
	new="$new get:/n$i:new$i get:/m$i:${long}$i post:/b/{id}/n$i:- get:/l$i:Список$i"
done
# shellcheck disable=SC2086
ops get:/0:listPets get:/00:list-pets $new $old 'delete:/y/{id}:-' get:/z:ListPets
t '[.callable, .name]' | sort >"$tmp/all"
comm -12 "$tmp/one" "$tmp/all" >"$tmp/two"
same 'a document that grows renames nothing' "$tmp/two" "$tmp/one"
is 'and has names for all' "$(wc -l <"$tmp/all")" 171
sound 'grown'
# Nobody is called so: neither gets a name that was the other's.
ops get:/a:listPets get:/b:list-pets get:/c:getPet
is 'two that want one name share it not' "$(t .name | sed 's/_[0-9a-f]\{4\}"/_N"/' | tr '\n' ' ')" '"list_pets_N" "list_pets_N" "get_pet" '

# The server's name counts: 52 together.
ops get:/a:createOrUpdateThingOfOther
smelt-intake -q -n a-server-with-quite-a-long-name "$tmp/names.yaml" | smelt-ast -q | smelt-tooldef -q >"$tmp/tools"
sound 'a long server name'
like 'is cut for' "$(t .name)" '^"[a-z_0-9]{1,21}"$'
done_testing
