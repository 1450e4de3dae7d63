/*
 * A limit for what tools/list costs, and for how many tools there are.
 *
 * Over the limit, in this order, each as far as needed and no further:
 *
 * 1. Tools over max_tools are left out.
 * 2. Tools are made smaller (compact.h), a step of it at all of them before the
 *    next, and in a step those first where it saves most.
 * 3. Tools are left out: in the order of priority each one is kept that still
 *    fits.
 *
 * Priority: what is not deprecated goes before what is; then the order of the
 * include patterns in smelt.yaml; then the order in which the document declares
 * tags (a tool's first tag counts; undeclared ones come behind, untagged tools
 * last); then the order of the source.  What is left out is a skip, reason
 * "limit".
 */
#ifndef SMELT_TOOLDEF_BUDGET_H
#define SMELT_TOOLDEF_BUDGET_H

#include <stddef.h>

struct catalog;
struct definitions;
struct err;

/* Bytes of a message at which official clients cut the connection, less what
 * stands around the tools. */
enum { BUDGET_BYTES = 10485760 - 4096 };

/* 0: no limit.  All definitions must be kept.  -1: not one tool fits. */
int budget_fit(struct definitions *d, const struct catalog *c,
	size_t max_tokens, size_t max_tools, struct err *err);

/* Warn where tools/list would be longer than clients take: smelt-codegen refuses
 * to make such a server, unless it is a dynamic one. */
void budget_warn_bytes(const struct definitions *d, const struct catalog *c);

#endif
