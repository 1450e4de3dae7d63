/*
 * A schema that says once, in $defs, what it says again and again.
 *
 * Subschemas that are equal but for their description become a reference to
 * one definition (the description stays where it was), where that is shorter.
 * A definition is called as the property that has it first.  Nothing is lost.
 */
#ifndef SMELT_TOOLDEF_SHARE_H
#define SMELT_TOOLDEF_SHARE_H

struct emit;
struct json;

void share_put(const struct json *schema, struct emit *e);

#endif
