/*
 * struct rules: rule packs, YAML in the Semgrep layout, read for what every
 * scanner shares; a scanner reads the rest of a rule (its patterns, regular
 * expressions, check names) from rule->body.
 *
 *	rules:
 *	  - id: py-eval			# [a-z0-9][a-z0-9-]*, unique in the set
 *	    severity: ERROR		# ERROR, WARNING or INFO (error, …, note)
 *	    message: "'$X' runs text as code"
 *	    metadata:
 *	      title: "text run as code"		# one line, under 1024 bytes
 *	      description: "why it matters"	# default: title
 *	      help: "what to do"		# Markdown; default: description
 *	      fix: "parse the text instead"	# one line; optional
 *	      security-severity: 8.8		# 0.1 to 10; default by severity
 *	      precision: high			# very-high, high, medium, low
 *	      cwe: CWE-95			# text or list
 *	      tags: [injection]			# beside "security"
 *	      name: TextRunAsCode		# default: id in camel case
 *
 * The message is a template: {0}, {1}, … stand for the finding's arguments.
 * $NAMES in it (metavariables) are replaced by such places when it is read;
 * rule->args tells which.
 * At most 10 tags are kept.
 */
#ifndef FORM_RULE_H
#define FORM_RULE_H

#include <stdbool.h>
#include <stddef.h>


struct err;
struct json;

enum { RULE_TAGS = 10, RULE_ARGS = 10 };

struct rule {
	const char *id;
	const char *name;		/* CamelCase */
	const char *scanner;		/* "sast", "secret", "poison", … */
	const char *level;		/* "error", "warning", "note" */
	double severity;		/* 0.1 to 10.0 */
	const char *precision;
	const char *title;
	const char *description;
	const char *help;
	const char *fix;		/* or NULL */
	const char *message;		/* template with {0}, {1}, … */
	const char *args[RULE_ARGS];	/* "$X" that {n} stood for, else NULL */
	size_t nargs;
	const char *tags[RULE_TAGS];
	size_t ntags;
	const char *file;		/* of the pack, for messages */
	unsigned line;
	const struct json *body;	/* NULL for rules made by rules_add() */
};

/* Zero-initialised is ready to use. */
struct rules {
	struct rule_store *store;	/* memory and index */
	char digest[65];		/* hex, over all packs loaded so far */
};

/* Add the rules of a file, or of all *.yaml below a directory in the order of
 * their names.  May be called again for further packs.  scanner is kept.  A
 * second rule of one id is an error. */
int rules_load(struct rules *set, const char *scanner, const char *path,
	struct err *err);
void rules_release(struct rules *set);
const struct rule *rules_get(const struct rules *set, const char *id);
size_t rules_count(const struct rules *set);
const struct rule *rules_at(const struct rules *set, size_t i);

/* A rule known only at run time (one per advisory).  Texts are copied; NULL
 * ones get the defaults above.  Gives the first when the id is there. */
struct rule *rules_add(struct rules *set, const struct rule *like);

/* 1-based position in its pack of the rule's member at body. */
void rule_position(const struct rules *set, const struct rule *rule,
	const struct json *at, unsigned *line, unsigned *col);

#endif
