/*
 * Regular expressions that come from outside.
 */
#ifndef SMELT_TOOLDEF_PATTERN_H
#define SMELT_TOOLDEF_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

struct str;

/*
 * Does a pattern mean the same to JavaScript with the u flag and to Python's
 * re, and can neither take exponential time?  Accepted: literals, ., classes
 * and ranges, \d \w \s \b and their opposites, \t \n \r \f \v \xHH \uHHHH,
 * escaped punctuation, ^ $, groups (plain, ?: ?= ?!), alternatives, * + ?
 * {n,m} and their lazy forms.  Refused: look-behind, names, back references,
 * \p, flags, lone braces and brackets, a counted or open repeat of 1000 or
 * more, and an open repeat of something that holds an open repeat or
 * alternatives.
 */
bool pattern_portable(const char *pattern, size_t len);

/*
 * Append pattern, or one that says the same and is portable: without the
 * backslashes that some engines do not take ("\_", "\@"), with those that others
 * want ("[\w-.]"), with ^ and $ for \A and \Z.  False: there is none.
 */
bool pattern_plain(struct str *out, const char *pattern, size_t len);

#endif
