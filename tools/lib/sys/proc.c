#include "sys/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

#ifndef POSIX_SPAWN_SETSID
#define POSIX_SPAWN_SETSID 0x80	/* the headers hide it */
#endif

extern char **environ;

struct stream {
	int fd;			/* -1: at its end */
	struct str *out;
	bool over;
};

static long long
now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (long long)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static void
take(struct stream *s)
{
	char buf[16 * 1024];
	ssize_t n = read(s->fd, buf, sizeof(buf));

	if (n < 0 && errno == EINTR)
		return;
	if (n <= 0) {
		close(s->fd);
		s->fd = -1;
	} else if (!s->over && str_add(s->out, buf, (size_t)n) < 0) {
		s->over = true;
		s->out->over = false;
	}
}

/* Read both to their ends; false when the time is over. */
static bool
pump(struct stream s[2], unsigned seconds)
{
	long long end = now_ms() + (long long)seconds * 1000, left = -1;
	struct pollfd p[2];
	int i, n;

	while (s[0].fd >= 0 || s[1].fd >= 0) {
		if (seconds && (left = end - now_ms()) <= 0)
			return false;
		for (i = 0; i < 2; i++) {
			p[i].fd = s[i].fd;
			p[i].events = POLLIN;
			p[i].revents = 0;
		}
		n = poll(p, 2, (int)left);
		if (n < 0 && errno != EINTR)
			return false;
		for (i = 0; n > 0 && i < 2; i++)
			if (p[i].revents)
				take(&s[i]);
	}
	return true;
}

static int
finish(pid_t pid, bool group, bool in_time, const char *name,
	unsigned seconds, struct err *err)
{
	int status = 0;

	if (!in_time)
		kill(group ? -pid : pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!in_time)
		return err_set(err, "%s took more than %u seconds", name,
			seconds);
	if (WIFSIGNALED(status))
		return err_set(err, "%s was ended by signal %d", name,
			WTERMSIG(status));
	return WEXITSTATUS(status);
}

/* The environment with some variables set anew. */
static char **
environment(const char *const *set)
{
	size_t n = 0, nset = 0, k = 0, i, j, len;
	char **env;

	while (environ[n])
		n++;
	while (set && set[nset])
		nset++;
	env = xcalloc(n + nset + 1, sizeof(*env));
	for (i = 0; i < n; i++) {
		for (j = 0; j < nset; j++) {
			len = strcspn(set[j], "=");
			if (strncmp(environ[i], set[j], len) == 0 &&
			    environ[i][len] == '=')
				break;
		}
		if (j == nset)
			env[k++] = xstrdup(environ[i]);
	}
	for (j = 0; j < nset; j++)
		if (strchr(set[j], '='))
			env[k++] = xstrdup(set[j]);
	return env;
}

static void
free_environment(char **env)
{
	size_t i;

	for (i = 0; env[i]; i++)
		free(env[i]);
	free(env);
}

static bool
pipe_cloexec(int fd[2])
{
	if (pipe(fd) < 0)
		return false;
	fcntl(fd[0], F_SETFD, FD_CLOEXEC);
	fcntl(fd[1], F_SETFD, FD_CLOEXEC);
	return true;
}

/* A pipe that holds the text already; its end to read, or -1. */
static int
input_pipe(const char *text)
{
	size_t n = strlen(text);
	int fd[2];

	if (!pipe_cloexec(fd))
		return -1;
	if (n > PROC_INPUT || write(fd[1], text, n) != (ssize_t)n) {
		close(fd[0]);
		fd[0] = -1;
	}
	close(fd[1]);
	return fd[0];
}

static int
start(const struct proc *p, int in, int out, int errors, pid_t *pid)
{
	posix_spawn_file_actions_t actions;
	char **env = environment(p->set);
	posix_spawnattr_t attr;
	sigset_t pipes;
	short flags = POSIX_SPAWN_SETSIGDEF;
	int rc;

	sigemptyset(&pipes);
	sigaddset(&pipes, SIGPIPE);
	posix_spawnattr_init(&attr);
	posix_spawnattr_setsigdefault(&attr, &pipes);
	if (p->detached)
		flags = (short)(flags | POSIX_SPAWN_SETSID);
	posix_spawnattr_setflags(&attr, flags);
	posix_spawn_file_actions_init(&actions);
	if (in >= 0)
		posix_spawn_file_actions_adddup2(&actions, in, 0);
	else
		posix_spawn_file_actions_addopen(&actions, 0, "/dev/null",
			O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&actions, out, 1);
	if (errors >= 0)
		posix_spawn_file_actions_adddup2(&actions, errors, 2);
	rc = posix_spawnp(pid, p->argv[0], &actions, &attr,
		(char *const *)(uintptr_t)p->argv, env);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	free_environment(env);
	return rc;
}

static void
shut(int fd)
{
	if (fd >= 0)
		close(fd);
}

int
proc_run(const struct proc *p, struct str *out, struct str *errors,
	struct err *err)
{
	int in = -1, o[2], e[2] = { -1, -1 }, rc;
	struct stream s[2];
	pid_t pid;

	if (p->input && (in = input_pipe(p->input)) < 0)
		return err_set(err, "too much input for %s", p->argv[0]);
	if (!pipe_cloexec(o) || (errors && !pipe_cloexec(e)))
		return err_errno(err, "cannot make a pipe");
	rc = start(p, in, o[1], e[1], &pid);
	shut(in);
	shut(o[1]);
	shut(e[1]);
	if (rc != 0) {
		shut(o[0]);
		shut(e[0]);
		return err_set(err, "cannot run %s: %s", p->argv[0],
			strerror(rc));
	}
	s[0] = (struct stream){ o[0], out, false };
	s[1] = (struct stream){ e[0], errors, false };
	rc = pump(s, p->seconds);
	shut(s[0].fd);
	shut(s[1].fd);
	return finish(pid, p->detached, rc, p->argv[0],
		p->seconds, err);
}
