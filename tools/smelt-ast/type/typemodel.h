/*
 * Classes that describe data: enums, and models (dataclass, pydantic,
 * TypedDict, NamedTuple, attrs), as the body of a type record.
 */
#ifndef AST_TYPEMODEL_H
#define AST_TYPEMODEL_H

#include <stdint.h>

struct emit;
struct types;
struct unit;

enum typemodel_kind { TYPEMODEL_NONE, TYPEMODEL_ENUM, TYPEMODEL_OBJECT };

/* By its bases (also those of other classes of the project) and decorators. */
enum typemodel_kind typemodel_kind(struct types *t, struct unit *u,
	uint32_t class);
/* Write the keywords into the object that e has open. */
void typemodel_schema(struct types *t, struct unit *u, uint32_t class,
	struct emit *e);

#endif
