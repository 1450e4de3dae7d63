/*
 * Keywords of JSON Schema 2020-12 by what they hold, for all who go through
 * schemas (Core 10.2-10.3, Validation 11).
 */
#ifndef DATA_KEYWORD_H
#define DATA_KEYWORD_H

struct json;

enum keyword {
	KEYWORD_VALUE,		/* no schema: a bound, a note, an unknown one */
	KEYWORD_SCHEMA,		/* a schema: items, not … */
	KEYWORD_SCHEMAS,	/* a list of schemas: anyOf … */
	KEYWORD_NAMED		/* names to schemas: properties, $defs … */
};

/* What value is as the member key of a schema.  A value of another type than
 * the keyword wants is a KEYWORD_VALUE. */
enum keyword keyword_of(const struct json *key, const struct json *value);

#endif
