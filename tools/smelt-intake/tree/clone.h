/*
 * A git repository behind a URL: fetched by git(1) into a fresh bare
 * repository of our own, from which only objects are read afterwards.
 *
 * The user's own git configuration and credentials are used; protocols are
 * https and ssh (http when allowed), no hooks run, no submodules are fetched,
 * and git asks for a password only when stdin is a terminal.
 */
#ifndef INTAKE_CLONE_H
#define INTAKE_CLONE_H

#include <stdbool.h>

struct err;
struct request;
struct str;

/* https://, ssh://, or user@host:path. */
bool clone_is_ssh(const char *url);

/* Fetch the one commit of q->ref (default: the remote's HEAD) of url into the
 * existing, empty directory dir; the repository's HEAD names it then. */
int clone_fetch(const char *url, const char *dir, const struct request *q,
	struct err *err);

/* Append what the remote says q->ref (default HEAD) is: an object name. */
int clone_tip(const char *url, const struct request *q, struct str *out,
	struct err *err);

#endif
