/*
 * The readers of manifests and lock files; see deps.h.  Each adds to the
 * source's dependencies; -1 with a located err when the file is not what its
 * name says (what was added before stays).
 */
#ifndef INTAKE_DEPFILE_H
#define INTAKE_DEPFILE_H

#include <stddef.h>

struct dep;
struct err;
struct file;
struct source;

typedef int depfile_read(struct source *s, const struct file *f,
	struct err *err);

depfile_read pydep_requirements, pydep_pyproject, pydep_setup_cfg,
	pydep_pipfile;
depfile_read pylock_uv, pylock_poetry, pylock_pipfile;
depfile_read npmdep_package, npmdep_lock, npmdep_yarn, npmdep_pnpm;
depfile_read godep_mod;
depfile_read mavendep_pom;

/*
 * One requirement as PEP 508 writes it ("name[extra]>=1; marker"): a new
 * dependency without a place, or NULL when it names nothing.
 */
struct dep *pydep_add(struct source *s, const struct file *f,
	const char *text, size_t len);

#endif
