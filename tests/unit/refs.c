#include "data/refs.h"

#include <stdlib.h>

#include "base/err.h"
#include "base/str.h"
#include "data/json.h"
#include "tap.h"

static const char text[] = "{\"openapi\":\"3.2.0\",\"$self\":\"../x\","
	"\"a/~b\":{\"$id\":\"http://h/d/\",\"$anchor\":\"n\",\"$ref\":\"r\","
	"\"properties\":{\"$id\":{\"$dynamicAnchor\":\"m\"},\"$ref\":{}},"
	"\"allOf\":[{\"$id\":\"e\",\"$dynamicRef\":\"#m\"},{\"$id\":\"#old\"}],"
	"\"discriminator\":{\"mapping\":{\"k\":\"v\"},\"defaultMapping\":\"w\"}},"
	"\"example\":{\"$ref\":\"no\",\"$id\":\"no\"},\"enum\":[{\"$ref\":\"no\"}],"
	"\"examples\":{\"one\":{\"$ref\":\"x\"}},\"x-y\":{\"$ref\":\"no\"}}";

static int
reference(void *arg, enum refs_kind kind, const struct json *ref,
	const char *base)
{
	str_addf(arg, "%d %s %s\n", (int)kind, json_str(ref), base);
	return json_str_is(ref, "stop") ? 7 : 0;
}

static int
resource(void *arg, const struct refs_place *at)
{
	str_addf(arg, "id %s %s %s\n", at->base, at->pointer,
		at->key ? json_str(at->key) : "-");
	return 0;
}

static int
anchor(void *arg, const struct refs_place *at, const struct json *name,
	bool dynamic)
{
	str_addf(arg, "anchor %s %s %s %d\n", json_str(name), at->base,
		at->pointer, dynamic);
	return 0;
}

static void
walking(const struct json *root)
{
	struct str out;
	struct refs r = { .arg = &out, .reference = reference,
		.resource = resource, .anchor = anchor };

	str_init(&out, STR_LINE);
	is_int(refs_walk(&r, root, "b:/"), 0, "a walk");
	is(str_s(&out), "0 r b:/\n1 #m b:/\n2 w b:/\n2 v b:/\n0 x b:/\n",
		"without names: references");
	str_clear(&out);
	r.ids = true;
	is_int(refs_walk(&r, root, "b:/"), 0, "a walk with names");
	is(str_s(&out), "id http://h/d/ /a~1~0b a/~b\n"
		"anchor n http://h/d/ /a~1~0b 0\n"
		"0 r http://h/d/\n"
		"anchor m http://h/d/ /a~1~0b/properties/$id 1\n"
		"id http://h/d/e /a~1~0b/allOf/0 -\n"
		"1 #m http://h/d/e\n"
		"2 w http://h/d/\n2 v http://h/d/\n0 x b:/\n",
		"names, pointers, bases");
	str_release(&out);
}

static int
minor_of(const char *version)
{
	struct json_doc doc;
	struct err err;
	int n = -2;

	if (json_parse(&doc, version, strlen(version), "v", &err) == 0)
		n = refs_minor(json_root(&doc));
	json_release(&doc);
	return n;
}

int
main(void)
{
	struct json_doc doc;
	struct str out;
	struct err err;

	is_int(json_parse(&doc, text, strlen(text), "t", &err), 0, "JSON");
	walking(json_root(&doc));
	str_init(&out, STR_LINE);
	ok(refs_self(json_root(&doc), "http://h/a/b/c", &out), "$self");
	is(str_s(&out), "http://h/a/x", "against the place");
	str_release(&out);
	json_release(&doc);
	ok(refs_names("{$id:", 5) && refs_names("\"$dynamicAnchor\"", 16) &&
		refs_names("$ref $self", 10), "a text that may name");
	ok(!refs_names("$ref $i", 7) && !refs_names("", 0) &&
		!refs_names(NULL, 0), "a text that does not");
	is_int(minor_of("\"3.0.3\""), 0, "3.0.3");
	is_int(minor_of("\"3.2\""), 2, "3.2");
	is_int(minor_of("\"3.17.0-rc1\""), 17, "3.17");
	is_int(minor_of("\"3.1x\""), -1, "3.1x is none");
	is_int(minor_of("\"3.\""), -1, "3. is none");
	is_int(minor_of("\"2.0\""), -1, "2.0 is none");
	is_int(minor_of("3.1"), -1, "a number is none");
	return done_testing();
}
