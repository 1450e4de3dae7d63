/*
 * struct lang: one language that smelt can parse, and how the grammar's node
 * names map to smelt's own (code/ir.h).
 *
 * C knows only the grammar's function; everything else is data in
 * share/smelt/languages/NAME.yaml:
 *
 *	kinds:	   smelt's kind: [the grammar's, ...]; others keep their name
 *	fields:	   smelt's field: [the grammar's, ...]; others keep their name
 *	drop:	   nodes left out with all below them
 *	comment:   left out, but reachable as doc comments
 *	unwrap:	   replaced by the only child; kept when there are more
 *	splice:	   left out, the children go to the parent
 *	merge:	   takes on kind and children of its definition child
 *	leaf:	   children left out, the text is the atom
 *	operator:  the first token without a field is the atom
 *	flag:	   {async: [tokens], export: [kinds], ...}
 *	string:	   {content: [...], interpolation: [...], raw: [...],
 *		    escapes: c|python|none}
 *	public:	   how the language says that a name is for others: capital,
 *		   declared, export, section, underscore, unless-private,
 *		   unless-static
 *
 * Names that the grammar does not have are an error: a table that does not
 * fit the grammar's version is found at once.
 *
 * Languages are loaded once a process, on first use.  lang_get() is not
 * thread-safe: call it for what is needed before starting threads.
 */
#ifndef CODE_LANG_H
#define CODE_LANG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct lang;
struct sha256;

/* Is there a grammar for the "language" of a file record? */
bool lang_known(const char *name);

/*
 * The language, or NULL with err filled: no grammar of this name, a grammar
 * of an ABI that the core does not read, a missing or broken table.  Valid
 * until the process ends.
 */
const struct lang *lang_get(const char *name, struct err *err);
const char *lang_name(const struct lang *lang);
/* The table's "public". */
const char *lang_public(const struct lang *lang);

/* Names of all languages, NULL-terminated. */
const char *const *lang_list(void);

/*
 * Add the tables of all languages to a config digest.  It reads them all, so
 * that lang_get() works behind it in a process without a file system.
 */
int lang_digest(struct sha256 *h, struct err *err);

/*
 * Kinds and fields are small numbers, the same for all languages of the
 * process: the enums of code/ir.h first, names that only grammars use behind.
 * 0 is none.
 */
uint16_t lang_kind(const char *name);		/* 0: no language has it */
uint8_t lang_field(const char *name);
const char *lang_kind_name(uint16_t kind);
const char *lang_field_name(uint8_t field);

#endif
