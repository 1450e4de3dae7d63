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

# The server's name counts: 52 together.
ops get:/a:createOrUpdateThingOfOther
smelt-intake -q -n a-server-with-quite-a-long-name "$tmp/names.yaml" | smelt-ast -q | smelt-tooldef -q >"$tmp/tools"
sound 'a long server name'
like 'is cut for' "$(t .name)" '^"[a-z_0-9]{1,21}"$'
done_testing
