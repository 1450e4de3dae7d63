/*
 * struct gate: one run of gate1: what was read, what was found, and what each
 * scanner did.  The scanners (poison.h, secret.h, …) add to it.
 */
#ifndef GATE1_GATE_H
#define GATE1_GATE_H

#include <stdbool.h>
#include <stddef.h>

struct corpus;
struct corpus_file;
struct err;
struct finding;
struct findings;
struct loc;
struct rule;
struct rules;
struct sarif_note;
struct scanned;

struct gate {
	struct corpus *corpus;
	struct findings *findings;
	struct rules *rules;
	struct scanned *scanned;
	size_t nscanned, scanned_cap;
	struct sarif_note *notes;
	size_t nnotes, notes_cap;
	char **texts;			/* owned texts of the two above */
	size_t ntexts, texts_cap;
};

void gate_init(struct gate *g);
void gate_release(struct gate *g);
/* What a scanner did, or why it did nothing.  Text is formatted. */
void gate_scanned(struct gate *g, const char *scanner, bool done,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* A SARIF notification, also printed with -v.  rule may be NULL. */
void gate_note(struct gate *g, const char *level, const char *rule,
	const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* A finding in a file of the corpus (file NULL: looked up by loc), with its
 * snippet and line hash. */
struct finding *gate_find(struct gate *g, const struct rule *rule,
	const struct loc *loc, struct corpus_file *file,
	const char *const *args, size_t nargs, const char *content);

#endif
