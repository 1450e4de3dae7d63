#!/bin/sh
# A description in words: tools that a person has to write.
. tests/lib.sh
. tests/smelt-tooldef/defs.sh
need jq

# say TEXT: the tools that it describes
say() {
	smelt-intake -q -n words --text "$1" | smelt-ast -q >"$tmp/ast"
	smelt-tooldef -q "$tmp/ast" >"$tmp/tools"
}
# brief: name and arguments with their types, required ones with a !
brief() {
	t '.inputSchema as $s | [.name, ($s.properties | to_entries[] | . as $p | .key +
		(if ($s.required // []) | index([$p.key]) then "!" else "" end) + ":" + .value.type +
		(if .value.enum then "(" + (.value.enum | join("|")) + ")" else "" end))] | join(" ")' |
		tr -d '"'
}

ok 'the garden' define examples/text/garden.txt
jq --tab 'select(.kind == "tool")' "$tmp/tools" >"$tmp/got"
golden 'its tools' "$tmp/got" tests/smelt-tooldef/golden/garden.json
sound 'the garden'

say 'A server for a small bookshop. It has a tool that finds books and takes a title and an optional limit.
It can also add a review for a book with a rating and a text, and delete a review by id.

Other tools:
- get_opening_hours: tells when the shop is open on a date
- `order_book(isbn, number of copies, optional note)`: orders a book
- Send a mail to a customer with a list of subjects
- Update or cancel an order by order number

Please do not use the database directly.'
is 'sentences and lists' "$(brief)" 'find_books title!:string limit:integer
add_review book!:string rating!:string text!:string
delete_review id!:string
get_opening_hours date!:string
order_book isbn!:string number_of_copies!:integer note:string
send_mail customer!:string subjects!:array
update_order order_number!:string
cancel_order order_number!:string'
sound 'sentences'
is 'no code behind them' "$(t '[.binding, .security, .permissions]' | sort -u)" \
	'[{"type":"manual"},[],{"effects":[],"hosts":[],"scopes":[]}]'
is 'what the verb means' "$(t '[.name, .annotations.readOnlyHint, .annotations.destructiveHint]' | head -n 3)" \
	'["find_books",true,false]
["add_review",false,false]
["delete_review",false,true]'
is 'where it stands' "$(t '[.callable, .loc.line, .loc.col]' | sed -n '2p;4p')" \
	'["description#add_review",2,13]
["description#get_opening_hours",5,3]'
like 'in its own words' "$(t .description | sed -n 1p)" '^"It has a tool that finds books and takes a title and an optional limit\."$'

say 'Convert currencies. Takes an amount and a target currency.'
is 'a sentence that goes on' "$(brief)" 'convert_currencies amount!:string target_currency!:string'
say 'A notes server: add, list and delete notes.'
is 'one thing for many verbs' "$(brief)" 'add_notes
list_notes
delete_notes'
say '- set_light: set the light of a room. Takes room (name of the room), colour (red, green or blue) and level (a number).'
is 'explained arguments' "$(brief)" 'set_light room!:string colour!:string(red|green|blue) level!:integer'

for text in 'nothing here' '!!!' 'The weather is fine and the sky is blue.'; do
	smelt-intake -q -n words --text "$text" | smelt-ast -q >"$tmp/ast"
	run 2 "no tool in: $text" smelt-tooldef -o "$tmp/none" "$tmp/ast"
	like 'says what to write' "$(cat "$tmp/err")" ':1:1: error: no sentence says what a tool does; write one'
	absent 'no output' "$tmp/none"
done

# Shell, markup and control characters are text.
say 'A tool that lists files in $(touch x) and `touch y`; a tool that finds "</script>" with a name'
sound 'hostile words'
is 'stay text' "$(t '[.name, .description]')" \
	'["list_files","A tool that lists files in $(touch x) and `touch y`"]
["find","a tool that finds \"</script>\" with a name"]'
done_testing
