#include "data/keyword.h"

#include "base/str.h"
#include "data/json.h"

enum keyword
keyword_of(const struct json *key, const struct json *value)
{
	static const char *const named[] = { "$defs", "dependentSchemas",
		"patternProperties", "properties", NULL };
	static const char *const schemas[] = { "additionalProperties",
		"allOf", "anyOf", "contains", "contentSchema", "else", "if",
		"items", "not", "oneOf", "prefixItems", "propertyNames",
		"then", "unevaluatedItems", "unevaluatedProperties", NULL };

	if (json_is(value, JSON_OBJECT) && str_in(json_str(key), named))
		return KEYWORD_NAMED;
	if (json_type(value) < JSON_ARRAY || !str_in(json_str(key), schemas))
		return KEYWORD_VALUE;
	return json_is(value, JSON_OBJECT) ? KEYWORD_SCHEMA : KEYWORD_SCHEMAS;
}
