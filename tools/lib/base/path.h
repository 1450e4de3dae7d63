/*
 * Paths: names inside artifacts, and where smelt's own data and programs lie.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include <stdbool.h>
#include <stddef.h>

struct str;

/* Last component; never empty for a non-empty path ("a/b/" gives "b/"). */
const char *path_base(const char *path);
/* The part behind the last dot of the last component, or "". */
const char *path_ext(const char *path);
/* out = dir + "/" + name. */
void path_join(struct str *out, const char *dir, const char *name);

/*
 * May this name stand in a file record?  Relative, "/"-separated, UTF-8, no
 * NUL, no empty, "." or ".." component, at most 4096 bytes with components of
 * at most 255.  Control bytes and backslashes are allowed: a source whose
 * files have such names is looked at all the same.
 */
bool path_is_inside(const char *path, size_t n);
/* May smelt create a file of this name?  As above, and no backslash and no
 * control byte. */
bool path_is_clean(const char *path, size_t n);

/*
 * [a-z0-9][a-z0-9-]{0,62}: the name of a server.  path_server_name() makes
 * one out of any text ("Pet Store API" -> "pet-store-api"; "server" when
 * nothing is left), at most PATH_SERVER_NAME long and cut at a word: clients
 * take about 52 characters of server and tool, and the tools need the most.
 */
enum { PATH_SERVER_NAME = 24 };
bool path_is_server_name(const char *name);
void path_server_name(struct str *out, const char *text);

/*
 * A file below share/smelt ("schemas/tool.schema.json").  Looked for in
 * $SMELT_SHARE, then beside the running program (../share/smelt, and
 * ../../share/smelt for a build tree), then in the installation prefix.
 * Returns a newly allocated path; the file may not exist.
 */
char *share_path(const char *name);

/*
 * Another program of smelt's: beside the running one, else as it is called,
 * for PATH.  Newly allocated.
 */
char *program_path(const char *name);

#endif
