#include "data/jsonpath.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/str.h"
#include "data/json.h"
#include "tap.h"

static const char text[] = "{\"a\":{\"b\":[1,2,{\"c\":\"x\"}],\"'q\\\"\":true},"
	"\"p\":{\"/x\":{\"get\":{\"t\":[\"u\"],\"id\":\"g\"},\"put\":{\"id\":\"p\"}},"
	"\"/y\":{\"get\":{\"id\":\"h\",\"n\":null}}},\"n\":1.0}";

/* what each query selects, as an array; or the end of its error */
static const struct {
	const char *query, *want;
} rows[] = {
	{ "$.n", "[1.0]" },
	{ "$['n']", "[1.0]" },
	{ " $.n", "character 1: '$' is expected" },
	{ "$.a.b[0]", "[1]" },
	{ "$.a.b[-1].c", "[\"x\"]" },
	{ "$.a.b[3]", "[]" },
	{ "$.a.b[-4]", "[]" },
	{ "$.a[0]", "[]" },
	{ "$.a.b.c", "[]" },
	{ "$.a.b[2, 0, 0]", "[{\"c\":\"x\"},1]" },
	{ "$.a['\\'q\"']", "[true]" },
	{ "$.a[\"'q\\\"\"]", "[true]" },
	{ "$[\"\\u006e\"]", "[1.0]" },
	{ "$.a.b.*", "[1,2,{\"c\":\"x\"}]" },
	{ "$ .p ['/x'] [ 'put' , 'get' ].id", "[\"p\",\"g\"]" },
	{ "$..id", "[\"g\",\"p\",\"h\"]" },
	{ "$.p..[0]", "[\"u\"]" },
	{ "$.p..['id','n']", "[\"g\",\"p\",\"h\",null]" },
	{ "$.p.*[?@.id == 'g'].id", "[\"g\"]" },
	{ "$.p.*[?@.id != 'g'].id", "[\"p\",\"h\"]" },
	{ "$.p.*[?(@.id=='g'||@.id==\"h\")].id", "[\"g\",\"h\"]" },
	{ "$.p.*[?@.t && @.id == 'g'].id", "[\"g\"]" },
	{ "$.p.*[?!@.t && !(@.id == 'h')].id", "[\"p\"]" },
	{ "$.p.*[?@.n == null].id", "[\"h\"]" },
	{ "$.p.*[?@.n].id", "[\"h\"]" },
	{ "$.p.*[?@.none == @.never].id", "[\"g\",\"p\",\"h\"]" },
	{ "$.p.*[?@.t[0] == 'u'].id", "[\"g\"]" },
	{ "$.p.*[?$.n == 1].id", "[\"g\",\"p\",\"h\"]" },
	{ "$.p.*[?@['id'] == 'g' || @.id == 'p' && @.t].id", "[\"g\"]" },
	{ "$.a.b[?@ == 2]", "[2]" },
	{ "", "character 1: '$' is expected" },
	{ "$.", "are written ['so']" },
	{ "$.x-y", "'.', '..' or '[' is expected" },
	{ "$.1", "are written ['so']" },
	{ "$[", "character 3: a name, an index, * or a filter is expected" },
	{ "$[]", "character 3: a name, an index, * or a filter is expected" },
	{ "$['a", "the string has no end" },
	{ "$['a\\x']", "neither string, number, true, false nor null" },
	{ "$['a'", "',' or ']' is expected" },
	{ "$[1:2]", "slices are not supported" },
	{ "$[::2]", "slices are not supported" },
	{ "$[99999999999]", "the index is too large" },
	{ "$[?@.a < 1]", "only == and != are supported" },
	{ "$[?length(@.a) == 1]", "functions are not supported" },
	{ "$[?@.* == 1]", "only paths of names and indexes are supported" },
	{ "$[?@..a]", "only paths of names and indexes are supported" },
	{ "$[?1]", "'==' or '!=' is expected" },
	{ "$[?(@.a]", "')' is expected" },
	{ "$[?@.a == nope]", "neither string, number, true, false nor null" },
	{ "$[?@.a == ]", "a path, a string or a number is expected" },
};

static void
query(const struct json *root, const char *q, struct str *out)
{
	const struct json **nodes;
	struct jsonpath p;
	struct err err;
	size_t i, n;

	if (jsonpath_parse(&p, q, strlen(q), &err) < 0 ||
	    jsonpath_select(&p, root, &nodes, &n, &err) < 0) {
		str_puts(out, err.text);
		jsonpath_release(&p);
		return;
	}
	str_putc(out, '[');
	for (i = 0; i < n; i++) {
		if (i)
			str_putc(out, ',');
		json_write(out, nodes[i]);
	}
	str_putc(out, ']');
	free(nodes);
	jsonpath_release(&p);
}

int
main(void)
{
	struct json_doc doc;
	struct err err;
	struct str out;
	size_t i;

	ok(json_parse(&doc, text, strlen(text), "t", &err) == 0, "the text");
	str_init(&out, STR_RECORD);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		str_clear(&out);
		query(json_root(&doc), rows[i].query, &out);
		if (*rows[i].want == '[')
			is(str_s(&out), rows[i].want, rows[i].query);
		else if (!ok(str_ends(str_s(&out), rows[i].want),
		    rows[i].query))
			tap_show("got: ", str_s(&out));
	}
	str_release(&out);
	json_release(&doc);
	return done_testing();
}
