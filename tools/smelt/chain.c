#include "smelt/chain.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

extern char **environ;

enum { SAID_MAX = 4 * 1024 * 1024 };

struct chain_stage *
chain_add(struct chain *c, const char *tool)
{
	struct chain_stage *s;

	if (c->n >= CHAIN_MAX)
		die("internal: chain too long");
	s = &c->stages[c->n++];
	memset(s, 0, sizeof(*s));
	s->tool = tool;
	s->err_fd = s->in_fd = s->out_fd = -1;
	s->status = -1;
	s->said = xmalloc(sizeof(*s->said));
	str_init(s->said, SAID_MAX);
	chain_arg(s, tool);
	return s;
}

void
chain_arg(struct chain_stage *s, const char *arg)
{
	if (s->argc + 1 >= CHAIN_ARGS)
		die("too many options for %s", s->tool);
	s->argv = vec_grow(s->argv, s->argc + 1, &s->argv_cap,
		sizeof(*s->argv));
	s->argv[s->argc++] = arg;
	s->argv[s->argc] = NULL;
}

void
chain_opt(struct chain_stage *s, const char *opt, const char *value)
{
	if (!value)
		return;
	chain_arg(s, opt);
	chain_arg(s, value);
}

static int
spawn(struct chain *c, struct chain_stage *s, int errw, struct err *err)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	sigset_t defaults;
	struct str path;
	int rc;

	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, s->in_fd, STDIN_FILENO);
	if (s->out_fd >= 0)
		posix_spawn_file_actions_adddup2(&fa, s->out_fd,
			STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&fa, errw, STDERR_FILENO);
	posix_spawnattr_init(&attr);
	sigemptyset(&defaults);
	sigaddset(&defaults, SIGPIPE);
	posix_spawnattr_setsigdefault(&attr, &defaults);
	posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGDEF);
	str_init(&path, STR_LINE);
	str_addf(&path, "%s%s%s", c->dir ? c->dir : "", c->dir ? "/" : "",
		s->tool);
	rc = c->dir ? posix_spawn(&s->pid, str_s(&path), &fa, &attr,
		(char **)(uintptr_t)s->argv, environ) :
	    posix_spawnp(&s->pid, s->tool, &fa, &attr,
		(char **)(uintptr_t)s->argv, environ);
	str_release(&path);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_destroy(&fa);
	if (rc == 0)
		return 0;
	s->pid = 0;
	return err_set(err, "cannot start %s: %s", s->tool, strerror(rc));
}

static void
pipe_cloexec(int fds[2])
{
	if (pipe(fds) < 0)
		die("cannot make a pipe:");
	fcntl(fds[0], F_SETFD, FD_CLOEXEC);
	fcntl(fds[1], F_SETFD, FD_CLOEXEC);
}

static void
stop_all(struct chain *c)
{
	size_t i;

	for (i = 0; i < c->n; i++)
		if (c->stages[i].pid > 0 && c->stages[i].status < 0)
			kill(c->stages[i].pid, SIGTERM);
}

static int
start_all(struct chain *c, struct err *err)
{
	int data[2], errs[2];
	size_t i;
	int rc = 0;

	c->stages[0].in_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	if (c->stages[0].in_fd < 0)
		die("cannot open '/dev/null':");
	for (i = 0; i < c->n && rc == 0; i++) {
		struct chain_stage *s = &c->stages[i];

		if (i + 1 < c->n) {
			pipe_cloexec(data);
			s->out_fd = data[1];
			s[1].in_fd = data[0];
		}
		pipe_cloexec(errs);
		rc = spawn(c, s, errs[1], err);
		/* a missing sandbox is said once, by the first stage */
		setenv("SMELT_SANDBOX_TOLD", "1", 1);
		close(errs[1]);
		s->err_fd = errs[0];
	}
	return rc;
}

static void
let_go(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void
reap(struct chain_stage *s)
{
	int st;

	if (s->status >= 0 || s->pid <= 0)
		return;
	while (waitpid(s->pid, &st, 0) < 0)
		if (errno != EINTR)
			die("cannot wait for %s:", s->tool);
	s->status = WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st);
	if (s->status > 1)
		return;
	let_go(&s->in_fd);
	let_go(&s->out_fd);
}

static bool
broken(const struct chain_stage *s)
{
	return s->status > 1;
}

static void
listen_to(struct chain_stage *s)
{
	char buf[4096];
	ssize_t n = read(s->err_fd, buf, sizeof(buf));

	if (n < 0 && errno == EINTR)
		return;
	if (n > 0) {
		str_add(s->said, buf, (size_t)n);
		return;
	}
	close(s->err_fd);
	s->err_fd = -1;
	reap(s);
}

static void
show(struct chain_stage *s)
{
	size_t done = 0;
	ssize_t n;

	while (done < s->said->len) {
		n = write(STDERR_FILENO, s->said->buf + done,
			s->said->len - done);
		if (n <= 0)
			break;
		done += (size_t)n;
	}
	str_clear(s->said);
}

static void
poll_once(struct chain *c)
{
	struct pollfd p[CHAIN_MAX];
	size_t who[CHAIN_MAX], i;
	nfds_t n = 0;

	for (i = 0; i < c->n; i++) {
		if (c->stages[i].err_fd < 0)
			continue;
		p[n].fd = c->stages[i].err_fd;
		p[n].events = POLLIN;
		p[n].revents = 0;
		who[n++] = i;
	}
	if (n == 0 || poll(p, n, -1) < 0)
		return;
	for (i = 0; i < n; i++) {
		struct chain_stage *s = &c->stages[who[i]];

		if (p[i].revents)
			listen_to(s);
		if (broken(s) && !c->culprit) {
			c->culprit = s;
			stop_all(c);
		}
	}
}

static int
verdict(struct chain *c)
{
	const struct chain_stage *bad = c->culprit;
	int worst = 0;
	size_t i;

	for (i = 0; i < c->n; i++) {
		if (c->stages[i].status > worst)
			worst = c->stages[i].status;
		if (!bad || &c->stages[i] <= bad)
			show(&c->stages[i]);
	}
	if (bad && bad->status > 128)
		diag_error("%s was ended by signal %d", bad->tool,
			bad->status - 128);
	else if (bad && bad->status > 2)
		diag_error("%s ended with %d", bad->tool, bad->status);
	else if (bad)
		diag_say("stopped by %s", bad->tool);
	return worst > 2 ? 2 : worst;
}

int
chain_run(struct chain *c, struct err *err)
{
	size_t i, head = 0;

	if (start_all(c, err) < 0) {
		stop_all(c);
		for (i = 0; i < c->n; i++)
			reap(&c->stages[i]);
		return -1;
	}
	for (;;) {
		while (head < c->n && c->stages[head].err_fd < 0 &&
		    !broken(&c->stages[head])) {
			show(&c->stages[head]);
			head++;
		}
		if (head < c->n)
			diag_progress("%s (%zu of %zu)",
				c->stages[head].tool, head + 1, c->n);
		for (i = 0; i < c->n && c->stages[i].err_fd < 0; i++)
			;
		if (i == c->n)
			break;
		poll_once(c);
	}
	return verdict(c);
}
