/*
 * Normal form of a text for the poisoning rules: what a model reads, however
 * it is written.  Character references are decoded, invisible characters left
 * out (tag characters become the ASCII that they stand for), full-width and
 * quotation forms folded, look-alike letters inside a Latin word made Latin,
 * blanks made one space; line ends stay.
 */
#ifndef GATE1_NORMAL_H
#define GATE1_NORMAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

void normal_text(struct str *out, const char *text, size_t len);
/* A name as words: "ignoreRules_now" becomes "ignore rules now". */
void normal_name(struct str *out, const char *name);
/* Append what base64, percent or hexadecimal passages of the text stand for,
 * one a line; only passages that decode to printable text. */
void normal_decoded(struct str *out, const char *text, size_t len);

/* Classes of characters. */
bool normal_is_tag(uint32_t c);
bool normal_is_zero_width(uint32_t c);
bool normal_is_bidi(uint32_t c);
bool normal_is_blank(uint32_t c);
/* The Latin letter that c looks like, or 0. */
char normal_lookalike(uint32_t c);

#endif
