/*
 * struct sbom: a CycloneDX 1.6 bill of materials, written deterministically:
 * components sorted by reference, dependencies too, no clock, and a serial
 * number that is the UUIDv5 of the rest.
 *
 * The caller fills the arrays; strings are its own and may be NULL where "?"
 * stands.  Components of one ref are an error of the caller (sbom_check()).
 */
#ifndef FORM_SBOM_H
#define FORM_SBOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct str;

struct sbom_hash {
	const char *alg;	/* "SHA-256", "SHA-512" */
	const char *hex;
};

struct sbom_pair {
	const char *name, *value;
};

struct sbom_link {
	const char *type;	/* externalReferences[].type */
	const char *url;
	const char *sha256;	/* ? */
};

struct sbom_component {
	const char *type;	/* "library", "application" */
	const char *ref;	/* bom-ref; the purl */
	const char *group;	/* ? */
	const char *name;
	const char *version;	/* ? */
	const char *purl;	/* ? */
	const char *license;	/* ? SPDX id or expression */
	const char *supplier;	/* ? */
	const char *scope;	/* ? required, optional, excluded */
	struct sbom_hash *hashes;
	size_t nhashes;
	struct sbom_link *links;
	size_t nlinks;
	struct sbom_pair *properties;
	size_t nproperties;
	const char **depends;	/* refs */
	size_t ndepends;
	bool closed;		/* depends is all there is */
};

struct sbom_service {
	const char *ref;
	const char *name;
	const char *endpoint;	/* ? */
	bool authenticated;
	struct sbom_pair *data;	/* classification, flow */
	size_t ndata;
};

struct sbom {
	const char *author;
	const char *supplier;	/* ? */
	int64_t time;		/* seconds since 1970 */
	struct sbom_pair *tools;	/* name, version */
	size_t ntools;
	struct sbom_component main;
	struct sbom_component *components;	/* sorted by sbom_write() */
	size_t ncomponents;
	struct sbom_service *services;
	size_t nservices;
};

/* Every ref once, every depends known.  -1 and err names the first that is
 * not. */
int sbom_check(const struct sbom *b, struct err *err);
/* JSON, indented, with a line end. */
void sbom_write(struct sbom *b, struct str *out);

/* RFC 9562 UUID version 5 of name in a namespace of 16 bytes. */
void uuid_v5(const unsigned char ns[16], const void *name, size_t n,
	char out[37]);

/* "SPDX id" without operators? Then it is written as license.id. */
bool spdx_is_id(const char *license);
/* Something that is either, by its alphabet and form. */
bool spdx_is_expression(const char *license);

#endif
