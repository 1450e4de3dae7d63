/*
 * struct ignore: gitignore(5) rules of a tree, in-process.
 *
 * Rules are held per file that they come from; ignore_push() adds those of one
 * directory, ignore_pop() drops them again on the way out.  Among the rules
 * the last one that matches decides.  As with git, what lies in an ignored
 * directory is not looked at, so a "!" rule can not bring it back.
 *
 * Limits: IGNORE_RULES rules in force; a pattern longer than a path can be
 * matches nothing.  Matching takes at most pattern times path steps.
 */
#ifndef INTAKE_IGNORE_H
#define INTAKE_IGNORE_H

#include <stdbool.h>
#include <stddef.h>

enum { IGNORE_RULES = 20000 };

struct ignore_rule;

struct ignore {
	struct ignore_rule *rules;
	size_t n, cap;
};

/* The lines of text hold beneath dir ("" is the root).  Returns what to hand
 * to ignore_pop(). */
size_t ignore_push(struct ignore *g, const char *dir, const char *text,
	size_t len);
void ignore_pop(struct ignore *g, size_t to);
void ignore_release(struct ignore *g);

/* Is path (from the root) ignored, its parents not being so? */
bool ignore_match(const struct ignore *g, const char *path, bool is_dir);
/* Is the file path ignored, or a directory that it lies in? */
bool ignore_match_deep(const struct ignore *g, const char *path);
/* Does the path lie in a ".git", or is it one?  Such files are nobody's
 * source. */
bool ignore_is_git(const char *path);

#endif
