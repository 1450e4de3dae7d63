/*
 * Is a pattern a regular expression of ECMA-262, as JSON Schema wants?
 */
#ifndef INTAKE_LINTREGEX_H
#define INTAKE_LINTREGEX_H

#include <stddef.h>

/* NULL: yes; else what is wrong, as a clause: "a group is not closed".  Time
 * is linear; the pattern is not run. */
const char *regex_wrong(const char *pattern, size_t len);

#endif
