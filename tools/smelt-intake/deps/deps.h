/*
 * The dependencies that manifests and lock files of a source state:
 *
 *	Python	requirements*.txt, requirements/ALL.txt, pyproject.toml (PEP 621,
 *		PEP 735, Poetry), setup.cfg, Pipfile, uv.lock, poetry.lock,
 *		Pipfile.lock
 *	npm	package.json, package-lock.json and npm-shrinkwrap.json
 *		(versions 1 to 3), yarn.lock (version 1), pnpm-lock.yaml
 *	Go	go.mod, with the hashes of go.sum
 *	Maven	pom.xml, with its own properties and dependencyManagement
 *
 * A file that can not be read is a warning with its place; the others are read
 * all the same.  Nothing is run or fetched.
 */
#ifndef INTAKE_DEPS_H
#define INTAKE_DEPS_H

struct source;

void deps_read(struct source *s);

#endif
