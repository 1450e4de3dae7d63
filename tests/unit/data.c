/* data: JSON, YAML documents, emit, records */
#include <stdlib.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "data/document.h"
#include "data/emit.h"
#include "data/json.h"
#include "data/rec.h"
#include "data/stage.h"
#include "tap.h"

/* the document as JSON text, or "line:col: text" */
static const char *
read_as(const char *text, size_t n)
{
	static char out[2048];
	struct document d;
	struct err err;
	struct str s;

	if (document_parse(&d, text, n, "f", &err) < 0) {
		snprintf(out, sizeof(out), "%u:%u: %s", err.line, err.col,
			err.text);
		return out;
	}
	str_init(&s, sizeof(out) - 1);
	json_write(&s, document_root(&d));
	snprintf(out, sizeof(out), "%s", str_s(&s));
	str_release(&s);
	document_release(&d);
	return out;
}

static void
yaml(void)
{
	static const struct {
		const char *text, *want, *name;
	} cases[] = {
		{ "a: 1\nb: [x, 'y']\n", "{\"a\":1,\"b\":[\"x\",\"y\"]}",
		  "block and flow" },
		{ "[~, null, true, False, yes, no, on]",
		  "[null,null,true,false,\"yes\",\"no\",\"on\"]",
		  "the core schema: yes and no are words" },
		{ "[1, +2, -03, 0x1F, 0o17, 1.50, .5, 1., 1e3, 1_000]",
		  "[1,2,-3,31,15,1.50,0.5,1,1e3,\"1_000\"]", "numbers" },
		{ "[2020-01-01, 1.2.3, .inf, '1', \"2\", !!str 3]",
		  "[\"2020-01-01\",\"1.2.3\",\".inf\",\"1\",\"2\",\"3\"]",
		  "what stays a string" },
		{ "200: ok\n? k\n: v\n", "{\"200\":\"ok\",\"k\":\"v\"}",
		  "keys are strings" },
		{ "a: &x {b: 1}\nc: *x\n", "{\"a\":{\"b\":1},\"c\":{\"b\":1}}",
		  "aliases are expanded" },
		{ "t: |\n  one\n  two\nf: >\n  a\n  b\n",
		  "{\"t\":\"one\\ntwo\\n\",\"f\":\"a b\\n\"}", "block scalars" },
		{ "{a: 1, b: [2]}", "{\"a\":1,\"b\":[2]}", "flow YAML" },
		{ "a: \"\\u00e9\\x41\"", "{\"a\":\"\xc3\xa9" "A\"}", "escapes" },
		{ "a: 1\na: 2\n", "2:1: duplicate key 'a'", "duplicate keys" },
		{ "a: &x [*x]\n", "1:8: alias of a node inside that node",
		  "a cycle" },
		{ "a: *y\n", "1:4: unknown alias", "an unknown alias" },
		{ "a: &x [&x [b], *x]\nc: *x\n",
		  "{\"a\":[[\"b\"],[\"b\"]],\"c\":[\"b\"]}",
		  "an anchor set anew within its node" },
		{ "a: 1\n---\nb: 2\n", "2:1: more than one YAML document",
		  "two documents" },
		{ "? [a]\n: 1\n", "1:3: a key must be a scalar", "odd keys" },
		{ "a: !!python/name:os.system x\n", "1:4: unknown tag",
		  "a foreign tag" },
		{ "x: &a {p: 1}\ny:\n  <<: *a\n",
		  "3:3: merge key '<<' is not supported", "a merge key" },
		{ "", "1:1: empty document", "nothing" },
		{ "a: [1\n", "2:1: not YAML: did not find expected ',' or ']'",
		  "broken YAML" },
		{ "{\"a\":1,\"a\":2}", "1:8: duplicate key 'a'",
		  "duplicate keys in JSON" },
		{ "{\"a\": \xff}", "1:7: not valid UTF-8", "not UTF-8" }
	};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		is(read_as(cases[i].text, strlen(cases[i].text)),
			cases[i].want, cases[i].name);
}

static void
bombs(void)
{
	struct str s;
	int i, j;

	str_init(&s, 1000 * 1000);
	for (i = 0; i < 200000; i++)
		str_putc(&s, '[');
	ok(strstr(read_as(s.buf, s.len), "not JSON") != NULL,
		"200,000 brackets");
	str_clear(&s);
	for (i = 0; i < 2000; i++)
		str_puts(&s, "{a: ");
	ok(strstr(read_as(s.buf, s.len), "not JSON") != NULL,
		"2,000 open flow maps");
	str_clear(&s);
	str_puts(&s, "a0: &a0 [x,x,x,x,x,x,x,x,x]\n");
	for (i = 1; i < 12; i++) {
		str_addf(&s, "a%d: &a%d [", i, i);
		for (j = 0; j < 9; j++)
			str_addf(&s, "%s*a%d", j ? "," : "", i - 1);
		str_puts(&s, "]\n");
	}
	ok(strstr(read_as(s.buf, s.len),
		"aliases expand to too many nodes") != NULL, "an alias bomb");
	str_clear(&s);
	str_puts(&s, "a: &a ");
	for (i = 0; i < 400000; i++)
		str_putc(&s, 'x');
	str_puts(&s, "\nb: [");
	for (i = 0; i < 100; i++)
		str_addf(&s, "%s*a", i ? "," : "");
	str_puts(&s, "]\n");
	ok(strstr(read_as(s.buf, s.len),
		"aliases expand to too many bytes") != NULL, "a long text, often");
	str_clear(&s);
	for (i = 0; i < 300; i++)
		str_putc(&s, '[');
	for (i = 0; i < 300; i++)
		str_putc(&s, ']');
	ok(strstr(read_as(s.buf, s.len), "nested deeper than 256") != NULL,
		"300 levels of JSON");
	str_release(&s);
}

static void
positions(void)
{
	static const char json[] = "{\n  \"a\\n\": {\n    \"b\": 12\n  }\n}";
	static const char text[] = "a:\n  - b: x\n    c: 5\n";
	const struct json *v;
	struct json_iter it;
	struct document d;
	unsigned line, col;
	struct err err;

	if (!ok(document_parse(&d, json, sizeof(json) - 1, "f", &err) == 0,
		"JSON parsed"))
		return;
	json_each(&it, document_root(&d));
	json_next(&it);
	document_position(&d, it.key, &line, &col);
	ok(line == 2 && col == 3, "a JSON key knows its place");
	document_position(&d, json_get(it.value, "b"), &line, &col);
	ok(line == 3 && col == 10, "behind an escaped key too");
	document_release(&d);
	if (!ok(document_parse(&d, text, sizeof(text) - 1, "f", &err) == 0,
		"YAML parsed"))
		return;
	v = json_pointer(document_root(&d), "/a/0");
	document_position(&d, json_get(v, "b"), &line, &col);
	ok(line == 2 && col == 8, "a YAML value knows its place");
	json_each(&it, v);
	json_next(&it);
	json_next(&it);
	document_position(&d, it.key, &line, &col);
	ok(line == 3 && col == 5, "and a YAML key");
	document_release(&d);
}

static bool
parse(struct json_doc *d, const char *text)
{
	struct err err;

	return json_parse(d, text, strlen(text), "f", &err) == 0;
}

static void
values(void)
{
	static const char text[] = "{\"i\":12,\"d\":1.50,\"big\":"
		"12345678901234567890,\"s\":\"a\\u0000b\",\"e\":1e2,"
		"\"n\":null,\"t\":true,\"l\":[1,[2]]}";
	const struct json *v;
	struct json_doc d, e;
	struct err err;
	struct str s;
	int64_t i = 0;
	size_t n;

	if (!ok(json_parse(&d, text, sizeof(text) - 1, "f", &err) == 0,
		"parsed"))
		return;
	v = json_root(&d);
	ok(json_int(json_get(v, "i"), &i) && i == 12, "integer");
	ok(!json_int(json_get(v, "d"), &i), "1.50 is no integer");
	ok(json_int(json_get(v, "e"), &i) && i == 100, "1e2 is");
	ok(!json_int(json_get(v, "big"), &i), "out of range");
	json_num_text(json_get(v, "big"), &n);
	is_int((long long)n, 20, "but its digits are kept");
	is_int((long long)json_len(json_get(v, "s")), 3, "NUL in a string");
	ok(!json_str(json_get(json_get(v, "x"), "y")), "absent chains");
	ok(!json_lists(json_get(v, "l"), "1"), "a number is no text");
	str_init(&s, 4096);
	json_write(&s, v);
	is(str_s(&s), text, "written as it was read");
	str_clear(&s);
	json_write_canonical(&s, v);
	is(str_s(&s), "{\"big\":12345678901234567890,\"d\":1.50,\"e\":100,"
		"\"i\":12,\"l\":[1,[2]],\"n\":null,\"s\":\"a\\u0000b\","
		"\"t\":true}", "canonical: sorted, integers in one form");
	json_release(&d);
	ok(parse(&e, "{\"a\":[1.0,{\"x\":1,\"y\":2}]}") &&
		parse(&d, "{\"a\":[1,{\"y\":2,\"x\":1}]}"), "two values");
	ok(json_equal(json_root(&d), json_root(&e)), "equal values");
	json_release(&e);
	ok(parse(&e, "{\"a\":[1,{\"y\":2,\"x\":3}]}"), "a third");
	ok(!json_equal(json_root(&d), json_root(&e)), "unequal values");
	json_release(&e);
	is(json_str(json_key_of(json_get(json_root(&d), "a"))), "a",
		"the key of a member");
	ok(!json_key_of(NULL), "of none, none");
	json_release(&d);
	str_clear(&s);
	json_write_str(&s, "\"\\\x01\n\x7f\xff\xc3\xa9", 8);
	is(str_s(&s), "\"\\\"\\\\\\u0001\\n\\u007f\xef\xbf\xbd\xc3\xa9\"",
		"a string is escaped, bad bytes replaced");
	str_release(&s);
}

/* As a person would write it, byte by byte. */
static void
write_slowly(struct str *out, const char *text, size_t n)
{
	size_t i;

	str_putc(out, '"');
	for (i = 0; i < n; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '"' || c == '\\')
			str_addf(out, "\\%c", c);
		else if (c == '\n')
			str_puts(out, "\\n");
		else if (c < 0x20 || c == 0x7f)
			str_addf(out, "\\u%04x", c);
		else
			str_putc(out, (char)c);
	}
	str_putc(out, '"');
}

/* Long texts of all kinds of characters, and the end of the room. */
static void
long_written(void)
{
	static const char *const atoms[] = { "a", "\"", "\\", "\n", "\x01",
		"\x7f", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "word " };
	static char text[20000];
	struct str fast, slow;
	unsigned seed = 1;
	size_t n = 0, max;
	int i, bad = 0;

	str_init(&fast, 200000);
	str_init(&slow, 200000);
	for (i = 0; i < 400; i++) {
		for (n = 0; n < (size_t)i * 40 + 9; ) {
			const char *atom;

			seed = seed * 1103515245 + 12345;
			atom = atoms[(seed >> 16) % 10];
			memcpy(text + n, atom, strlen(atom));
			n += strlen(atom);
		}
		str_clear(&fast);
		str_clear(&slow);
		json_write_str(&fast, text, n);
		write_slowly(&slow, text, n);
		bad += strcmp(str_s(&fast), str_s(&slow)) != 0;
	}
	is_int(bad, 0, "long texts are written as short ones");
	max = slow.len;
	str_release(&fast);
	str_init(&fast, max);
	json_write_str(&fast, text, n);
	ok(!str_over(&fast) && fast.len == max, "a text that just fits");
	str_release(&fast);
	str_init(&fast, max - 1);
	json_write_str(&fast, text, n);
	ok(str_over(&fast), "one that does not");
	str_release(&fast);
	str_release(&slow);
}

/* every byte at every place of a word and the next one */
static void
written(void)
{
	static const char escaped[] = "\"\\\x7f";
	char text[18];
	struct json_doc d;
	struct str s;
	int c, at, bad = 0;

	str_init(&s, 1024);
	for (c = 0; c < 0x80; c++) {
		for (at = 0; at < 17; at++) {
			bool plain = c >= 0x20 && !memchr(escaped, c, 3);

			memset(text, 'x', 17);
			text[17] = '\0';
			text[at] = (char)c;
			str_clear(&s);
			str_putc(&s, '[');
			json_write_str(&s, text, 17);
			str_putc(&s, ']');
			bad += (s.len == 17 + 4) != plain;
			bad += !parse(&d, str_s(&s)) ||
				memcmp(json_str(json_at(json_root(&d), 0)),
				text, 18) != 0;
			json_release(&d);
		}
	}
	is_int(bad, 0, "every byte is written as it must be");
	str_release(&s);
}

static void
emitted(void)
{
	struct loc loc = { "f", 1, 2, 3, 4 };
	struct emit e;
	struct str s;

	str_init(&s, 4096);
	emit_init(&e, &s);
	emit_object(&e);
	emit_pair(&e, "a", "x");
	emit_pair(&e, "none", NULL);
	emit_key(&e, "n");
	emit_array(&e);
	emit_int(&e, -5);
	emit_fixed(&e, 7.50);
	emit_fixed(&e, -0.001);
	emit_null(&e);
	emit_end(&e);
	emit_pair_loc(&e, "loc", &loc);
	emit_end(&e);
	is(str_s(&s), "{\"a\":\"x\",\"n\":[-5,7.5,0,null],\"loc\":"
		"{\"file\":\"f\",\"line\":1,\"col\":2,\"endLine\":3,"
		"\"endCol\":4}}", "compact");
	str_clear(&s);
	emit_init(&e, &s);
	emit_pretty(&e, 2);
	emit_object(&e);
	emit_pair_int(&e, "a", 1);
	emit_key(&e, "b");
	emit_array(&e);
	emit_end(&e);
	emit_end(&e);
	is(str_s(&s), "{\n  \"a\": 1,\n  \"b\": []\n}", "indented");
	str_release(&s);
}

static const char *const owned[] = { "unit", NULL };
static const struct stage_spec spec = { "smelt-ast", "ast", "intake", owned,
	NULL };

/* runs the stage over text; the error's text or the output */
static const char *
staged(const char *text)
{
	static char out[4096];
	char in_name[] = "/tmp/smelt-unit-XXXXXX", out_name[64];
	int fd = mkstemp(in_name), rc;
	struct stage s;
	struct err err;
	struct rec rec;
	struct str all;

	snprintf(out_name, sizeof(out_name), "%s.out", in_name);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return "cannot write";
	close(fd);
	rc = stage_open(&s, &spec, in_name, out_name, "00", &err);
	if (rc == 0) {
		while ((rc = stage_next(&s, &rec, &err)) == 1)
			;
		if (rc == 0) {
			str_init(&all, 100);
			str_puts(&all, "{\"kind\":\"unit\",\"n\":1}");
			stage_put(&s, &all);
			str_release(&all);
			rc = stage_close(&s, &err);
		} else {
			stage_abort(&s);
		}
	}
	str_init(&all, sizeof(out) - 1);
	if (rc == 0)
		io_read(out_name, &all, &err);
	snprintf(out, sizeof(out), "%s", rc == 0 ? str_s(&all) : err.text);
	if (rc < 0 && access(out_name, F_OK) == 0)
		snprintf(out, sizeof(out), "output left behind");
	str_release(&all);
	unlink(in_name);
	unlink(out_name);
	return out;
}

#define HEAD "{\"kind\":\"smelt\",\"format\":1,\"name\":\"x\",\"stage\":\"" \
	"intake\",\"chain\":[{\"tool\":\"smelt-intake\",\"version\":\"0\"," \
	"\"config\":\"sha256:1\"}]}\n"
#define END "{\"kind\":\"end\"}\n"

static void
stages(void)
{
	const char *got;

	got = staged(HEAD "{\"kind\":\"unit\",\"old\":1}\n"
		"{\"x\":1, \"kind\":\"file\"}\n" END);
	ok(strstr(got, "\"stage\":\"ast\"") && strstr(got, "smelt-ast"),
		"the chain grows");
	ok(!strstr(got, "old"), "own records of an earlier run go");
	ok(strstr(got, "{\"x\":1, \"kind\":\"file\"}\n{\"kind\":\"unit\","
		"\"n\":1}\n{\"kind\":\"end\"}\n"),
		"others are copied untouched, in any key order");
	is(staged(HEAD "{\"kind\":\"file\"}\n"),
		"artifact is cut off: no end record", "no end record");
	is(staged(HEAD "{\"kind\":\"fi"),
		"input is cut off: the last line has no end", "half a line");
	is(staged(""), "empty input, not an artifact", "nothing");
	is(staged(HEAD END END), "record behind the end record",
		"more behind the end");
	is(staged(HEAD HEAD END), "second header", "two headers");
	is(staged("{\"kind\":\"smelt\",\"format\":2,\"name\":\"x\"}\n" END),
		"unknown artifact format; this smelt reads format 1",
		"a later format");
	is(staged("{\"kind\":\"smelt\",\"format\":1,\"name\":\"x\","
		"\"chain\":[]}\n" END), "no output of smelt-intake in this "
		"artifact: run it first", "a stage was left out");
	is(staged("{\"kind\":\"smelt\",\"format\":1,\"name\":\"X/..\","
		"\"chain\":[]}\n" END), "header without a server name",
		"a hostile name");
	is(staged("[1]\n"), "not a record: not an object", "not a record");
	is(staged("{\"a\":1}\n"), "not a record: no kind", "no kind");
}

int
main(void)
{
	yaml();
	bombs();
	positions();
	values();
	written();
	long_written();
	emitted();
	stages();
	return done_testing();
}
