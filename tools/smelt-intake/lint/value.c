#include "smelt-intake/lint/check.h"

#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "data/emit.h"
#include "data/json.h"
#include "smelt-intake/lint/fix.h"
#include "smelt-intake/lint/place.h"

enum { T_STRING = 1, T_NUMBER = 2, T_INTEGER = 4, T_BOOLEAN = 8, T_ARRAY = 16,
	T_OBJECT = 32, T_NULL = 64, ENUM = 1000 };

static const struct {
	const char *name;
	unsigned bit;
} type_names[] = {
	{ "string", T_STRING }, { "number", T_NUMBER },
	{ "integer", T_INTEGER }, { "boolean", T_BOOLEAN },
	{ "array", T_ARRAY }, { "object", T_OBJECT }, { "null", T_NULL }
};

static unsigned
bit_of(const char *name)
{
	size_t i;

	for (i = 0; name && i < sizeof(type_names) / sizeof(*type_names); i++)
		if (strcmp(name, type_names[i].name) == 0)
			return type_names[i].bit;
	return 0;
}

/* 0: any, or nobody knows */
static unsigned
types_of(const struct json *schema)
{
	const struct json *type = json_get(schema, "type");
	struct json_iter it;
	unsigned mask = 0;

	if (json_str(type))
		return bit_of(json_str(type));
	for (json_each(&it, type); json_next(&it); ) {
		if (!bit_of(json_str(it.value)))
			return 0;
		mask |= bit_of(json_str(it.value));
	}
	return mask;
}

static bool
is_whole(const char *text, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (strchr(".eE", text[i]))
			return false;
	return true;
}

static bool
fits(unsigned types, const struct json *v)
{
	const char *text;
	int64_t whole;
	size_t n;

	switch (json_type(v)) {
	case JSON_STRING:
		return types & T_STRING;
	case JSON_NUMBER:
		text = json_num_text(v, &n);
		return (types & T_NUMBER) || ((types & T_INTEGER) &&
			(is_whole(text, n) || json_int(v, &whole)));
	case JSON_BOOL:
		return types & T_BOOLEAN;
	case JSON_ARRAY:
		return types & T_ARRAY;
	case JSON_OBJECT:
		return types & T_OBJECT;
	default:
		return true;	/* null is nobody's mistake */
	}
}

/* "12", "-3.5e7": a number of JSON */
static bool
is_number(const char *text, size_t n, bool whole)
{
	struct json_doc doc;
	struct err ignored;
	bool is;

	if (!n || n > 40 || !strchr("-0123456789", text[0]) ||
	    text[n - 1] < '0' || text[n - 1] > '9')
		return false;
	is = json_parse(&doc, text, n, "", &ignored) == 0 &&
		json_is(json_root(&doc), JSON_NUMBER);
	json_release(&doc);
	return is && (!whole || is_whole(text, n));
}

/* Append v as a value of one of types; false: it can not be one. */
static bool
convert(struct str *out, unsigned types, const struct json *v)
{
	const char *text = json_str(v);
	size_t n = json_len(v);

	if (json_type(v) == JSON_NULL || fits(types, v)) {
		json_write(out, v);
		return true;
	}
	if ((types & T_STRING) && (json_type(v) == JSON_NUMBER ||
	    json_type(v) == JSON_BOOL)) {
		str_putc(out, '"');
		json_write(out, v);
		str_putc(out, '"');
		return true;
	}
	if (text && (((types & T_NUMBER) && is_number(text, n, false)) ||
	    ((types & T_INTEGER) && is_number(text, n, true)))) {
		str_add(out, text, n);
		return true;
	}
	if (text && (types & T_BOOLEAN) && (json_str_is(v, "true") ||
	    json_str_is(v, "false"))) {
		str_add(out, text, n);
		return true;
	}
	return false;
}

/* A value for a message. */
static void
show(struct str *out, const struct json *v)
{
	if (json_type(v) >= JSON_ARRAY)
		str_addf(out, "an %s", json_type_name(v));
	else
		json_write(out, v);
}

/* key is that of v, or of the list that it is in */
static void
say(struct checker *c, const char *rule, const struct json *key,
	const struct json *v, const char *type, const char *what)
{
	bool marked = json_is(v, JSON_STRING) || json_is(v, JSON_NUMBER);
	struct str text;

	str_init(&text, STR_LINE);
	show(&text, v);
	found(c, rule, marked ? v : key, what, str_s(&text), type, NULL);
	str_release(&text);
}

static const char *
type_text(const struct json *schema)
{
	const char *one = json_get_str(schema, "type");

	return one ? one : "of other types";
}

static bool
is_scalar(unsigned types)
{
	return types && !(types & (T_ARRAY | T_OBJECT | T_STRING));
}

/* --- enum --- */

static const struct json *
first_misfit(const struct json *list, unsigned types)
{
	struct json_iter it;

	for (json_each(&it, list); json_next(&it); )
		if (!fits(types, it.value))
			return it.value;
	return NULL;
}

/* Append those of list that can be values of types, as such; how many. */
static size_t
convert_all(struct str *out, const struct json *list, unsigned types)
{
	struct json_iter it;
	struct str one;
	size_t n = 0;

	str_init(&one, FIX_UPDATE);
	str_clear(out);
	str_putc(out, '[');
	for (json_each(&it, list); json_next(&it); ) {
		str_clear(&one);
		if (!convert(&one, types, it.value))
			continue;
		str_puts(out, n++ ? "," : "");
		str_add(out, str_s(&one), one.len);
	}
	str_putc(out, ']');
	str_release(&one);
	return n;
}

static void
replace_enum(struct checker *c, const struct place *schema,
	const struct str *list)
{
	fix_remove(c->fixes, schema, "enum");
	emit_key(fix_update(c->fixes, schema), "enum");
	emit_raw(c->fixes->emit, str_s(list), list->len);
	fix_close(c->fixes);
}

static void
set_value(struct checker *c, const struct place *at, const char *name,
	const struct str *json)
{
	emit_key(fix_update(c->fixes, at), name);
	emit_raw(c->fixes->emit, str_s(json), json->len);
	fix_close(c->fixes);
}

/* Another type, and what must be of it: the default and the enum. */
static void
to_type(struct checker *c, const struct place *schema, const char *type)
{
	const struct json *v = json_get(schema->value, "default");
	const struct json *list = json_get(schema->value, "enum");
	unsigned types = bit_of(type);
	struct str text;

	fix_set(c->fixes, schema, "type", type);
	if (json_get(schema->value, "format"))
		fix_remove(c->fixes, schema, "format");
	str_init(&text, FIX_UPDATE);
	if (v && !fits(types, v)) {
		if (convert(&text, types, v))
			set_value(c, schema, "default", &text);
		else
			fix_remove(c->fixes, schema, "default");
	}
	if (first_misfit(list, types) && convert_all(&text, list, types))
		replace_enum(c, schema, &text);
	str_release(&text);
}

/* enum beside the type array means the entries */
static void
enum_of_items(struct checker *c, const struct place *schema,
	const struct json *list)
{
	const struct place items = place_member(schema, "items");

	fix_remove(c->fixes, schema, "enum");
	if (!json_is(items.value, JSON_OBJECT) ||
	    json_get(items.value, "$ref") || json_get(items.value, "enum") ||
	    first_misfit(list, types_of(items.value)))
		return;
	fix_clear(c->fixes, &items, "enum");
	emit_key(fix_update(c->fixes, schema), "items");
	emit_object(c->fixes->emit);
	emit_pair_json(c->fixes->emit, "enum", list);
	emit_end(c->fixes->emit);
	fix_close(c->fixes);
}

static void
check_enum(struct checker *c, const struct place *schema, unsigned types)
{
	const struct json *list = json_get(schema->value, "enum"), *v;
	struct str text;

	v = json_is(list, JSON_ARRAY) ? first_misfit(list, types) : NULL;
	if (!v)
		return;
	say(c, "openapi-enum-type", json_key_of(list), v,
		type_text(schema->value), "an enum");
	str_init(&text, FIX_UPDATE);
	if (types == T_ARRAY) {
		enum_of_items(c, schema, list);
	} else if (convert_all(&text, list, types)) {
		replace_enum(c, schema, &text);
	} else if (is_scalar(types) && json_type(v) < JSON_ARRAY) {
		to_type(c, schema, json_type(v) == JSON_NUMBER ? "number" :
			"string");
	} else {
		fix_remove(c->fixes, schema, "enum");
	}
	str_release(&text);
}

/* --- default --- */

/* "a,b" as entries of an array: what would be sent */
static void
put_entries(struct emit *e, const char *text)
{
	size_t n;

	emit_key(e, "example");
	emit_array(e);
	for (; *text; text += n + (text[n] == ',')) {
		n = strcspn(text, ",");
		emit_strn(e, text, n);
	}
	emit_end(e);
}

static unsigned
entry_types(struct checker *c, const struct json *schema)
{
	return types_of(check_deref(c, json_get(schema, "items")));
}

static void
check_default(struct checker *c, const struct place *schema, unsigned types,
	bool wire)
{
	const struct json *v = json_get(schema->value, "default");
	struct str text;

	if (!v || fits(types, v))
		return;
	/* an empty default is how some tools write none */
	if (json_is(v, JSON_STRING) && !json_len(v))
		return;
	say(c, "openapi-default-type", json_key_of(v), v,
		type_text(schema->value), "the default");
	str_init(&text, FIX_UPDATE);
	if (convert(&text, types, v)) {
		set_value(c, schema, "default", &text);
	} else if (str_clear(&text), types == T_ARRAY &&
	    json_type(v) < JSON_ARRAY && (str_putc(&text, '['),
	    convert(&text, entry_types(c, schema->value), v))) {
		str_putc(&text, ']');
		fix_remove(c->fixes, schema, "default");
		set_value(c, schema, "default", &text);
	} else if (types == T_INTEGER && json_is(v, JSON_NUMBER)) {
		to_type(c, schema, "number");
	} else if (wire && is_scalar(types) && json_is(v, JSON_STRING)) {
		to_type(c, schema, "string");
	} else {
		fix_remove(c->fixes, schema, "default");
	}
	str_release(&text);
}

/* --- example --- */

/* Examples are written by hand: "12" for a number says what is meant, and
 * "" and "string" say nothing. */
static bool
contradicts(unsigned types, const struct json *v)
{
	struct str ignored;
	bool may;

	if (fits(types, v))
		return false;
	if (json_is(v, JSON_STRING) && (!json_len(v) ||
	    bit_of(json_str(v)) || strpbrk(json_str(v), "<>{}[]$")))
		return false;
	str_init(&ignored, STR_LINE);
	may = convert(&ignored, types, v);
	str_release(&ignored);
	return !may;
}

/* typed: schema, or what it refers to */
static void
check_example(struct checker *c, const struct place *holder,
	const struct place *schema, const struct json *typed, bool wire)
{
	const struct json *v = json_get(holder->value, "example");
	unsigned types = types_of(typed);
	bool own = typed == schema->value;

	if (!v || !types || !contradicts(types, v))
		return;
	say(c, "openapi-example-type", json_key_of(v), v, type_text(typed),
		"the example");
	if (types == T_ARRAY && json_is(v, JSON_STRING) && wire &&
	    entry_types(c, typed) == T_STRING) {
		fix_remove(c->fixes, holder, "example");
		put_entries(fix_update(c->fixes, holder), json_str(v));
		fix_close(c->fixes);
	} else if (own && types == T_INTEGER && json_is(v, JSON_NUMBER)) {
		to_type(c, schema, "number");
	} else if (own && wire && is_scalar(types) &&
	    json_is(v, JSON_STRING)) {
		to_type(c, schema, "string");
	} else {
		fix_remove(c->fixes, holder, "example");
	}
}

void
check_values(struct checker *c, const struct place *schema, bool wire)
{
	unsigned types = types_of(schema->value);

	if (!types)
		return;
	check_enum(c, schema, types);
	check_default(c, schema, types, wire);
	check_example(c, schema, schema, schema->value, wire);
}

void
check_parameter(struct checker *c, const struct place *parameter)
{
	const struct place schema = place_member(parameter, "schema");
	const struct json *v = check_deref(c, schema.value);

	if (c->version != SWAGGER_2_0)
		check_example(c, parameter, &schema, v, true);
}
