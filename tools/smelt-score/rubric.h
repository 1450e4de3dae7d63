/*
 * struct rubric: share/smelt/score.yaml, read once.  Everything smelt-score
 * knows about good tools beyond how to look is there.
 */
#ifndef SCORE_RUBRIC_H
#define SCORE_RUBRIC_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct document;
struct err;
struct json;
struct map;
struct str;

enum { DIMENSIONS = 6, CATEGORIES = 5 };

struct rubric {
	struct arena *arena;
	struct document *doc;
	struct str *text;
	const struct json *root;
	double mean, worst;
	struct map *verbs;	/* word */
	struct map *vague, *change, *change_first, *stop, *empty;
	struct map *actions;	/* word: number of its line, from 1 */
	/* " phrase ", NULL at the end */
	const char **usage, **filler, **result, **limit;
	char digest[65];
};

int rubric_load(struct rubric *r, struct err *err);
void rubric_release(struct rubric *r);

/* The dimension or category of that number. */
const struct json *rubric_dimension(const struct rubric *r, size_t i);
const struct json *rubric_category(const struct rubric *r, size_t i);
/* DIMENSIONS when there is none. */
size_t rubric_dimension_of(const struct rubric *r, const char *id);
/* A rule; one that is not there is a broken installation and ends the run. */
const struct json *rubric_rule(const struct rubric *r, const char *id);
double rubric_bound(const struct rubric *r, const char *name);
/* The letter of a score, "A" to "F". */
const char *rubric_grade(const struct rubric *r, double score);
/* 0 when it is no letter of the cut-offs, else its bound + 1. */
double rubric_cutoff(const struct rubric *r, const char *letter);
/* A verb as names and descriptions use it: base form or third person. */
bool rubric_is_verb(const struct rubric *r, const char *word);

#endif
