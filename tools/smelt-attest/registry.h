/*
 * server.json for the MCP registry, with the packed bundle as its package.
 *
 * smelt-codegen --registry-name has written server.json without packages; here
 * the address of the bundle and its SHA-256 come in, as the schema of 2025-12-11
 * and the registry want them for MCPB.  The bundle is opened first: it must have
 * manifest.json, tools.json and bindings.json, and every file of the archived
 * server that it has must be the same, byte for byte.
 */
#ifndef ATTEST_REGISTRY_H
#define ATTEST_REGISTRY_H

struct artifact;
struct err;
struct outdir;

enum { REGISTRY_BUNDLE_MAX = 256 * 1024 * 1024 };

/* https:// and no blank, control or non-ASCII byte, at most 2048. */
int registry_check_url(const char *url, struct err *err);
/* bundle: the path of the .mcpb.  -1: it is not of this server. */
int registry_make(struct outdir *out, const struct artifact *a,
	const char *bundle, const char *url, struct err *err);

#endif
