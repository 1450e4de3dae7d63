/*
 * What others need to list and install a generated server: manifest.json, the
 * manifest of an MCP bundle (MCPB 0.3), and, when the server's name in the MCP
 * registry is given, server.json (schema of 2025-12-11).
 *
 * Both are JSON data; text of the source stands in them as values only, cut and
 * without control characters.  A credential is a user_config entry of the
 * manifest, which the client asks for and hands over as environment variable.
 * Versions are semantic: of any other version the first three numbers count
 * ("v1" is 1.0.0, "2022-11-28" 2022.11.28).
 *
 * Facts: modelcontextprotocol/mcpb MANIFEST.md of 2025-12-02;
 * modelcontextprotocol/static schemas/2025-12-11/server.schema.json.
 */
#ifndef CODEGEN_BUNDLE_H
#define CODEGEN_BUNDLE_H

#include <stdbool.h>

struct model;
struct tree;

struct bundle {
	const char *author;	/* in manifest.json */
	const char *registry;	/* "io.github.me/petstore", or NULL */
};

/* Two parts with one slash between, of [a-zA-Z0-9.-] and [a-zA-Z0-9._-], 3 to
 * 200 bytes. */
bool bundle_is_registry_name(const char *name);
/* Add the files.  t has tools.json. */
void bundle_add(struct tree *t, const struct model *m, const struct bundle *b);

#endif
