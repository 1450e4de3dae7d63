/*
 * The client configurations: share/smelt/clients/clients.yaml says which, each
 * file there is a template.  Values are put in as JSON (which TOML reads too),
 * so no text of the source can leave its place.  Never a secret: only the names
 * of variables, in the placeholder syntax of each client.
 *
 * Template words: {{name}} {{title}} {{version}} {{description}} {{command}}
 * {{args}} {{env}} {{envNames}} {{inputs}} give JSON values, {{id}} the bare
 * server name ([a-z0-9-]), {{clients}} the list in the README, {{dir}} and
 * {{variables}} bare text there.
 */
#ifndef ATTEST_CLIENTS_H
#define ATTEST_CLIENTS_H

struct artifact;
struct err;
struct outdir;
struct sha256;

/* Digest the templates: part of the stage's configuration. */
int clients_digest(struct sha256 *h, struct err *err);
/* dir: where the server will stand; NULL: a placeholder. */
int clients_make(struct outdir *out, const struct artifact *a,
	const char *dir, struct err *err);

#endif
