#include "sys/tempdir.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"

enum { DEPTH = 256 };

static void
empty(int dir, int depth)
{
	DIR *d = fdopendir(dir);
	struct dirent *e;
	int fd;

	if (!d) {
		close(dir);
		return;
	}
	while ((e = readdir(d)) != NULL) {
		if (strcmp(e->d_name, ".") == 0 ||
		    strcmp(e->d_name, "..") == 0)
			continue;
		if (unlinkat(dir, e->d_name, 0) == 0 || depth == 0)
			continue;
		fd = openat(dir, e->d_name, O_RDONLY | O_DIRECTORY |
			O_NOFOLLOW | O_CLOEXEC);
		if (fd >= 0)
			empty(fd, depth - 1);
		(void)unlinkat(dir, e->d_name, AT_REMOVEDIR);
	}
	closedir(d);
}

static void
keep(const char *path, int fd)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };
	int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC |
		O_NOFOLLOW);
	size_t i;
	char c;

	for (i = 0; i < sizeof(ignored) / sizeof(ignored[0]); i++)
		signal(ignored[i], SIG_IGN);
	/* a reader of our output waits for all who hold it */
	close(STDIN_FILENO);
	close(STDOUT_FILENO);
	close(STDERR_FILENO);
	while (read(fd, &c, 1) < 0 && errno == EINTR)
		;
	if (dir >= 0)
		empty(dir, DEPTH);
	rmdir(path);
	_exit(0);
}

int
tempdir_make(struct tempdir *t, struct err *err)
{
	const char *base = getenv("TMPDIR");
	int fd[2];

	memset(t, 0, sizeof(*t));
	t->path = xasprintf("%s/smelt.XXXXXX",
		base && *base == '/' ? base : "/tmp");
	if (!mkdtemp(t->path)) {
		err_errno(err, "cannot make a directory '%s'", t->path);
		free(t->path);
		t->path = NULL;
		return -1;
	}
	if (pipe(fd) < 0) {
		rmdir(t->path);
		return err_errno(err, "cannot make a pipe");
	}
	fcntl(fd[0], F_SETFD, FD_CLOEXEC);
	fcntl(fd[1], F_SETFD, FD_CLOEXEC);
	t->keeper = fork();
	if (t->keeper == 0) {
		close(fd[1]);
		keep(t->path, fd[0]);
	}
	close(fd[0]);
	t->pipe = fd[1];
	if (t->keeper < 0) {
		rmdir(t->path);
		return err_errno(err, "cannot fork");
	}
	return 0;
}

void
tempdir_remove(struct tempdir *t)
{
	if (!t->path)
		return;
	close(t->pipe);
	while (waitpid(t->keeper, NULL, 0) < 0 && errno == EINTR)
		;
	free(t->path);
	memset(t, 0, sizeof(*t));
}
