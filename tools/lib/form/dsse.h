/*
 * DSSE: the pre-authentication encoding, which is what gets signed.
 *
 *	"DSSEv1 " len(type) " " type " " len(body) " " body
 */
#ifndef FORM_DSSE_H
#define FORM_DSSE_H

#include <stddef.h>

struct str;

#define DSSE_INTOTO	"application/vnd.in-toto+json"

void dsse_pae(struct str *out, const char *type, const void *body, size_t n);

#endif
