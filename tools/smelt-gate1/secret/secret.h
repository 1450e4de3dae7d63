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
/* Hex digest of what is never a secret. */
const char *secret_digest(const struct secret *s);
/* All files of the corpus. */
void secret_scan(struct secret *s);
/* Is there any in the text, wherever it stands?  found (or NULL) gets where
 * the values are. */
typedef void secret_found(void *arg, size_t start, size_t end);
bool secret_in(struct secret *s, const char *text, size_t len,
	secret_found *found, void *arg);
/* Is there a keyword of a rule that looks over several lines? */
bool secret_opens(const struct secret *s, const char *text, size_t len);
/* Do generic rules keep out of the path? */
bool secret_quiet(const struct secret *s, const char *path);
/* A text of a commit ("": of none).  Values that were found before are not
 * told again; a finding in the tree gets the commit as evidence. */
void secret_scan_text(struct secret *s, const char *path, const char *commit,
	const char *text, size_t len);
/* Put masks into the findings of all scanners. */
void secret_redact(struct secret *s);
void secret_free(struct secret *s);

#endif
