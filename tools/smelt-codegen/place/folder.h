/*
 * struct folder: files below one directory, by relative path.
 *
 * Every directory on the way is opened by itself and not followed when it is
 * a symbolic link, nor is a file.  The directory of the last path stays open,
 * so that sorted paths cost one look-up a directory.
 */
#ifndef CODEGEN_FOLDER_H
#define CODEGEN_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

struct err;
struct str;

struct folder {
	int fd;			/* the caller's */
	const char *name;	/* for messages; the caller's */
	char *parent;		/* "" or "a/b/" of the open directory */
	int parent_fd;
};

enum folder_state { FILE_ABSENT, FILE_READ, FILE_ODD };

void folder_init(struct folder *f, int fd, const char *name);
void folder_release(struct folder *f);

/* FILE_ODD: not a regular file, not readable, behind a link. */
enum folder_state folder_read(struct folder *f, const char *path,
	struct str *text);
/* A file that is not there, in a folder that nobody else sees. */
int folder_make(struct folder *f, const char *path, bool executable,
	const struct str *text, struct err *err);
/* New or replaced, at once. */
int folder_write(struct folder *f, const char *path, bool executable,
	const struct str *text, struct err *err);
/* Rename path to path.orig, or .orig.1 … where that is taken; *to is the
 * name it got, to be freed. */
int folder_set_aside(struct folder *f, const char *path, char **to,
	struct err *err);
/* Remove a file that may be there, and directories that are empty then. */
void folder_remove(struct folder *f, const char *path);
/* The names in a directory, sorted; none where it is not there. */
void folder_list(struct folder *f, const char *dir, char ***names, size_t *n);

#endif
