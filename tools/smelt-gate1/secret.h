/*
 * Secrets: texts against the rules of share/smelt/rules/secrets, with
 * share/smelt/rules/secrets-allow.yaml for what is none (smelt-rules(5),
 * "Secrets").
 *
 * A value that was found is masked at once: in the finding, and in the
 * corpus's text of its file (all but the first four characters become "*",
 * the length stays), so that no later scanner can write it.  secret_redact()
 * masks it in texts that came another way.
 */
#ifndef GATE1_SECRET_H
#define GATE1_SECRET_H

#include <stdbool.h>
#include <stddef.h>

struct corpus_file;
struct err;
struct gate;
struct secret;
struct str;

/* Rules must be loaded (scanner "secret"); -1: one does not compile. */
struct secret *secret_new(struct gate *g, struct err *err);
/* All files of the corpus. */
void secret_scan(struct secret *s);
/* Is there any in the text? */
bool secret_in(struct secret *s, const char *text, size_t len);
/* A text of a commit.  Values that were found before are not told again. */
void secret_scan_text(struct secret *s, const char *path, const char *commit,
	const char *text, size_t len);
/* Put masks into the findings of all scanners. */
void secret_redact(struct secret *s);
void secret_free(struct secret *s);

#endif
