/*
 * struct request: what the command line asks for.  Strings are argv's.
 */
#ifndef INTAKE_REQUEST_H
#define INTAKE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

struct request {
	const char *operand;	/* SOURCE; NULL or "-": stdin */
	const char *name;	/* --name, or NULL */
};

#endif
