/* Other programs, a temporary directory, names beneath. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/str.h"
#include "sys/beneath.h"
#include "sys/proc.h"
#include "sys/tempdir.h"
#include "tap.h"

static struct str out, errors;
static struct err err;

static int
run(const char *script, unsigned seconds, bool detached,
	const char *const *set)
{
	const char *argv[] = { "sh", "-c", script, "sh", "a b", "$(x)", NULL };
	struct proc p = { .argv = argv, .set = set, .seconds = seconds,
		.detached = detached };

	str_clear(&out);
	str_clear(&errors);
	return proc_run(&p, &out, &errors, &err);
}

static void
test_run(void)
{
	static const char *const set[] = { "SMELT_T=1", "SMELT_U", NULL };
	const char *none[] = { "smelt-no-such-program", NULL };
	struct proc p = { .argv = none };
	time_t start;

	is_int(run("printf '%s|' \"$@\"; echo oops >&2; exit 3", 10, false,
		NULL), 3, "the exit status");
	is(str_s(&out), "a b|$(x)|", "arguments stay what they are");
	is(str_s(&errors), "oops\n", "stderr apart");
	setenv("SMELT_U", "x", 1);
	run("echo \"$SMELT_T-${SMELT_U-unset}\"", 10, false, set);
	is(str_s(&out), "1-unset\n", "variables set and unset");
	is_int(run("cat", 10, false, NULL), 0, "stdin is empty");
	is_int((long long)proc_run(&p, &out, &errors, &err), -1,
		"a program that is not there");
	ok(strstr(err.text, "cannot run") != NULL, err.text);
	is_int(run("kill -9 $$", 10, false, NULL), -1, "a signal");
	ok(strstr(err.text, "signal 9") != NULL, err.text);
	start = time(NULL);
	is_int(run("sleep 60 & sleep 60", 1, true, NULL), -1, "too long");
	ok(strstr(err.text, "more than 1 seconds") != NULL, err.text);
	ok(time(NULL) - start < 20, "it is ended");
}

static void
test_flood(void)
{
	str_release(&out);
	str_init(&out, 1000);
	is_int(run("head -c 300000 /dev/zero | tr '\\0' x", 10, false, NULL),
		0, "more output than is wanted is dropped");
	ok(out.len <= 1000 && !str_over(&out), "the rest is kept");
	str_release(&out);
	str_init(&out, STR_LINE);
}

static void
test_input(void)
{
	const char *argv[] = { "cat", NULL };
	char big[PROC_INPUT + 2];
	struct proc p = { .argv = argv, .input = "a line", .seconds = 10 };

	str_clear(&out);
	is_int(proc_run(&p, &out, NULL, &err), 0, "text as its stdin");
	is(str_s(&out), "a line", "it reads it");
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	p.input = big;
	is_int(proc_run(&p, &out, NULL, &err), -1, "too much text");
	ok(strstr(err.text, "too much input") != NULL, err.text);
}

static void
test_tempdir(void)
{
	struct tempdir t;
	char *file;
	struct stat st;
	pid_t pid;
	int i, status;

	if (!ok(tempdir_make(&t, &err) == 0, "a temporary directory"))
		return;
	ok(stat(t.path, &st) == 0 && (st.st_mode & 0777) == 0700, "is ours");
	file = strdup(t.path);
	mkdir(t.path, 0700);
	pid = fork();
	if (pid == 0)
		_exit(chdir(t.path) == 0 && mkdir("d", 0700) == 0 &&
			mkdir("d/e", 0700) == 0 && symlink("/", "d/l") == 0 &&
			close(open("d/f", O_CREAT | O_WRONLY, 0600)) == 0 ?
			0 : 1);
	waitpid(pid, &status, 0);
	is_int(status, 0, "with things in it");
	tempdir_remove(&t);
	ok(stat(file, &st) < 0 && errno == ENOENT, "is gone");
	free(file);

	/* a process that is killed leaves none */
	pid = fork();
	if (pid == 0) {
		if (tempdir_make(&t, &err) < 0 || rename(t.path, t.path) < 0)
			_exit(1);
		file = t.path;
		if (symlink(file, "/tmp/smelt-test-link") < 0)
			_exit(1);
		raise(SIGKILL);
	}
	waitpid(pid, &status, 0);
	ok(WIFSIGNALED(status), "a process is killed");
	for (i = 0; i < 50 && stat("/tmp/smelt-test-link", &st) == 0; i++)
		nanosleep(&(struct timespec){ 0, 100 * 1000 * 1000 }, NULL);
	ok(stat("/tmp/smelt-test-link", &st) < 0, "its directory is gone");
	unlink("/tmp/smelt-test-link");
}

static void
test_beneath(void)
{
	char dir[] = "/tmp/smelt-beneath.XXXXXX";
	int fd;

	if (!mkdtemp(dir) || chdir(dir) < 0 || mkdir("a", 0700) < 0 ||
	    mkdir("a/b", 0700) < 0 || symlink("b", "a/l") < 0 ||
	    symlink("/etc/passwd", "a/p") < 0 ||
	    close(open("a/b/f", O_CREAT | O_WRONLY, 0600)) < 0 ||
	    mkfifo("a/fifo", 0600) < 0) {
		ok(false, "a directory to look at");
		return;
	}
	fd = open("a", O_RDONLY | O_DIRECTORY);
	ok(beneath_open(fd, "b/f", O_RDONLY) >= 0, "a name beneath");
	ok(beneath_open(fd, "./b/./f", O_RDONLY) >= 0, "with dots");
	ok(beneath_open(fd, "l/f", O_RDONLY) < 0, "a link in the middle");
	ok(beneath_open(fd, "p", O_RDONLY) < 0, "a link at the end");
	ok(beneath_open(fd, "../a/b/f", O_RDONLY) < 0, "..");
	ok(beneath_open(fd, "b/../../a", O_RDONLY) < 0, ".. in the middle");
	ok(beneath_open(fd, "/etc/passwd", O_RDONLY) < 0, "an absolute name");
	ok(beneath_open(fd, "", O_RDONLY) < 0, "no name");
	str_clear(&out);
	ok(beneath_read(fd, "fifo", "fifo", &out, &err) < 0, "a fifo");
	ok(beneath_read(fd, "b", "b", &out, &err) < 0, "a directory");
	ok(beneath_read(fd, "b/f", "f", &out, &err) == 0, "a file");
	if (chdir("/") < 0)
		return;
	{
		const char *argv[] = { "rm", "-rf", dir, NULL };
		struct proc p = { .argv = argv, .seconds = 10 };

		proc_run(&p, &out, &errors, &err);
	}
}

int
main(void)
{
	str_init(&out, STR_LINE);
	str_init(&errors, STR_LINE);
	test_flood();
	test_run();
	test_input();
	test_tempdir();
	test_beneath();
	str_release(&out);
	str_release(&errors);
	return done_testing();
}
