/*
 * How many tokens a text costs a model, roughly.
 *
 * A token is counted for each word or camel-case part (longer ones: one for
 * every 10 letters), for up to 4 capitals in a row, for up to 3 digits, and for
 * up to 4 other bytes that are no white space.  Against the o200k_base
 * tokenizer over tools as they are served, of 59 real documents: nine of ten
 * within 8 %, the middle one within 1 %, the worst 17 % below
 * (tests/smelt-tooldef/tokens.t).
 */
#ifndef SMELT_TOOLDEF_TOKENS_H
#define SMELT_TOOLDEF_TOKENS_H

#include <stddef.h>

size_t tokens_estimate(const char *text, size_t len);

#endif
