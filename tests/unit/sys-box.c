/*
 * The sandbox from inside: every case forks, enters the box with one readable
 * directory (source), one writable (out) and one -o file, and tries one thing.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "sys/box.h"
#include "tap.h"

static struct outfile output;
static pid_t parent;
static int inherited;

static bool
opens(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static bool reads_passwd(void) { return opens("/etc/passwd", O_RDONLY); }
static bool reads_outside(void) { return opens("secret", O_RDONLY); }
static bool reads_dotdot(void) { return opens("source/../secret", O_RDONLY); }
static bool reads_link(void) { return opens("source/link", O_RDONLY); }
static bool reads_proc(void) { return opens("/proc/self/environ", O_RDONLY); }
static bool lists_root(void) { return opens("/", O_RDONLY | O_DIRECTORY); }
static bool writes_source(void) { return opens("source/a", O_WRONLY); }
static bool makes_in_source(void)
{
	return opens("source/new", O_WRONLY | O_CREAT);
}
static bool cuts_source(void) { return truncate("source/a", 0) == 0; }
static bool removes_source(void) { return unlink("source/a") == 0; }
static bool renames_out(void) { return rename("out/made", "moved") == 0; }
static bool renames_in(void) { return rename("source/a", "out/a") == 0; }
static bool links(void) { return symlink("/etc/passwd", "out/l") == 0; }
static bool hard_links(void) { return link("secret", "out/h") == 0; }
static bool fifo(void) { return mkfifo("out/fifo", 0600) == 0; }
static bool makes_socket(void)
{
	return socket(AF_INET, SOCK_STREAM, 0) >= 0;
}
static bool makes_udp(void) { return socket(AF_INET, SOCK_DGRAM, 0) >= 0; }
static bool makes_pair(void)
{
	int fd[2];

	return socketpair(AF_UNIX, SOCK_STREAM, 0, fd) == 0;
}
static bool forks(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return pid > 0;
}
static bool runs(void)
{
	char *argv[] = { (char *)(uintptr_t)"true", NULL };

	execv("/bin/true", argv);
	return false;
}
static bool kills(void) { return kill(parent, 0) == 0; }
static bool traces(void) { return ptrace(PTRACE_TRACEME, 0, NULL, NULL) == 0; }
static bool maps_code(void)
{
	return mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
		MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED;
}
static bool unshares(void)
{
	return syscall(SYS_unshare, CLONE_NEWUSER) == 0;
}
static bool types(void) { char c = 'x'; return ioctl(0, TIOCSTI, &c) == 0; }
static bool gains(void) { return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1; }
static bool keeps_inherited(void) { return fcntl(inherited, F_GETFD) >= 0; }
static bool dumps(void) { return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0; }

static bool reads_source(void) { return opens("source/a", O_RDONLY); }
static bool lists_source(void)
{
	return opens("source", O_RDONLY | O_DIRECTORY);
}
static bool writes_out(void)
{
	struct err err;

	return mkdir("out/dir", 0755) == 0 &&
		io_write("out/dir/file", "x", 1, &err) == 0 &&
		rename("out/dir/file", "out/file") == 0 &&
		unlink("out/file") == 0 && rmdir("out/dir") == 0;
}
static bool commits(void)
{
	struct err err;

	outfile_write(&output, "done\n", 5);
	return outfile_commit(&output, &err) == 0 &&
		access("target/result", F_OK) == 0;
}
static void *
thread(void *arg)
{
	void *p = malloc(1 << 20);

	free(p);
	return p ? arg : NULL;
}
static bool writes_beside(void)
{
	return opens("target/beside", O_WRONLY);
}
static bool threads(void)
{
	int x;
	void *back = NULL;
	pthread_t t;

	return pthread_create(&t, NULL, thread, &x) == 0 &&
		pthread_join(t, &back) == 0 && back == &x;
}
static bool big_file(void)
{
	int fd = open("out/big", O_WRONLY | O_CREAT, 0600);
	bool stopped = ftruncate(fd, (off_t)3 << 30) < 0 && errno == EFBIG;

	close(fd);
	unlink("out/big");
	return stopped;
}

struct test {
	const char *name;
	bool (*act)(void);
	bool want;
};

static const struct test tests[] = {
	{ "a file outside is not read", reads_outside, false },
	{ "/etc/passwd is not read", reads_passwd, false },
	{ ".. does not lead out", reads_dotdot, false },
	{ "a link inside does not lead out", reads_link, false },
	{ "/proc/self/environ is not read", reads_proc, false },
	{ "/ is not listed", lists_root, false },
	{ "the source is not written", writes_source, false },
	{ "no file is made in the source", makes_in_source, false },
	{ "the source is not cut", cuts_source, false },
	{ "the source is not removed", removes_source, false },
	{ "nothing is moved out of the output", renames_out, false },
	{ "nothing is moved from the source", renames_in, false },
	{ "a file beside the output file is not written", writes_beside,
	  false },
	{ "no symbolic link", links, false },
	{ "no hard link", hard_links, false },
	{ "no fifo", fifo, false },
	{ "no TCP socket", makes_socket, false },
	{ "no UDP socket", makes_udp, false },
	{ "no socket pair", makes_pair, false },
	{ "no fork", forks, false },
	{ "no program is run", runs, false },
	{ "no signal to another process", kills, false },
	{ "no ptrace", traces, false },
	{ "no writable code", maps_code, false },
	{ "no namespace", unshares, false },
	{ "nothing typed into the terminal", types, false },
	{ "no new privileges", gains, false },
	{ "inherited descriptors are closed", keeps_inherited, false },
	{ "no core dump", dumps, false },
	{ "the source is read", reads_source, true },
	{ "the source is listed", lists_source, true },
	{ "the output directory is written", writes_out, true },
	{ "the output file is renamed into place", commits, true },
	{ "threads work", threads, true },
	{ "a file over the limit is EFBIG", big_file, true }
};

static void
prepare(void)
{
	struct err err;

	mkdir("source", 0755);
	mkdir("out", 0755);
	mkdir("target", 0755);
	io_write("secret", "s", 1, &err);
	io_write("source/a", "a", 1, &err);
	io_write("out/made", "m", 1, &err);
	io_write("target/beside", "b", 1, &err);
	if (symlink("../secret", "source/link") < 0)
		_exit(99);
	inherited = open("secret", O_RDONLY);
	parent = getpid();
}

/* exit 0: not done, 1: done, 3: the box failed, 77: no box here */
static int
child(bool (*act)(void))
{
	struct box box = { .profile = BOX_FILTER };
	struct err err;

	if (outfile_open(&output, "target/result", &err) < 0)
		return 3;
	box_read(&box, "source");
	box_write(&box, "out");
	box_output(&box, "target/result");
	box_read(&box, NULL);
	if (box_enter(&box, &err) < 0) {
		fprintf(stderr, "# %s\n", err.text);
		return 3;
	}
	if (str_starts(box_state(), "off") || strstr(box_state(), "=no"))
		return 77;
	return act() ? 1 : 0;
}

static int
in_child(bool (*act)(void))
{
	pid_t pid = fork();
	int status;

	if (pid == 0)
		_exit(child(act));
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 99;
	return WEXITSTATUS(status);
}

/* Limits end the process with a message and exit 2. */
static int
limited(bool cpu)
{
	struct box box = { .profile = BOX_FILTER, .cpu_seconds = 1,
		.memory_mib = 256 };
	struct err err;
	pid_t pid = fork();
	volatile unsigned spin = 0;
	int status;

	if (pid == 0) {
		io_init();
		if (outfile_open(&output, "target/limited", &err) < 0)
			_exit(3);
		box_output(&box, "target/limited");
		if (box_enter(&box, &err) < 0)
			_exit(3);
		if (str_starts(box_state(), "off"))
			_exit(77);
		if (!cpu)
			xmalloc((size_t)1 << 30);
		while (cpu)
			spin++;
		_exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 99;
	return WEXITSTATUS(status);
}

static void
test_limit(bool cpu, const char *name, const char *clean)
{
	int rc = limited(cpu);

	if (rc == 77) {
		skip(name, "no limits here");
		return;
	}
	is_int(rc, 2, name);
	ok(system("ls target | grep -q limited") != 0, clean);
}

static int
enter_with(const char *mode, const char *path)
{
	struct box box = { .profile = BOX_FILTER };
	struct err err;
	pid_t pid = fork();
	int status;

	if (pid == 0) {
		setenv("SMELT_SANDBOX", mode, 1);
		box_read(&box, path);
		if (box_enter(&box, &err) < 0)
			_exit(1);
		_exit(strcmp(box_state(), "off") == 0 ? 5 : 0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || !WIFEXITED(status))
		return 99;
	return WEXITSTATUS(status);
}

int
main(void)
{
	char dir[] = "/tmp/smelt-box.XXXXXX";
	size_t i;
	int rc;

	is(box_state(), "none", "no box before it is entered");
	if (!mkdtemp(dir) || chdir(dir) < 0)
		return 1;
	unsetenv("SMELT_SANDBOX");
	prepare();
	for (i = 0; i < sizeof(tests) / sizeof(tests[0]); i++) {
		rc = in_child(tests[i].act);
		if (rc == 77)
			skip(tests[i].name, "no Landlock or seccomp here");
		else
			is_int(rc, tests[i].want, tests[i].name);
	}
	test_limit(true, "too much time ends it", "no file is left then");
	test_limit(false, "too much memory ends it", "nor then");
	is_int(enter_with("off", NULL), 5, "SMELT_SANDBOX=off is off");
	is_int(enter_with("maybe", NULL), 1, "an unknown wish is refused");
	if (in_child(reads_source) == 77)
		skip("a missing path is an error", "no box here");
	else
		is_int(enter_with("auto", "nowhere"), 1,
			"a missing path is an error");
	if (chdir("/") < 0)
		return 1;
	{
		char cmd[64];

		snprintf(cmd, sizeof(cmd), "rm -rf %s", dir);
		if (system(cmd) != 0)
			return 1;
	}
	return done_testing();
}
