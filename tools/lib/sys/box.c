#include "sys/box.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/mem.h"
#include "sys/landlock.h"
#include "sys/syscalls.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { CPU = 60, MEMORY = 2048, FILE_SIZE = 1024, FILES = 256 };

static char state[64] = "none";

static void
add(struct box *b, const char *path, int use)
{
	if (!path || !*path || strcmp(path, "-") == 0)
		return;
	if (b->npaths == BOX_PATHS)
		die("internal: too many paths for the sandbox");
	b->paths[b->npaths].path = path;
	b->paths[b->npaths++].use = use;
}

void
box_read(struct box *b, const char *path)
{
	add(b, path, LANDLOCK_READ);
}

void
box_write(struct box *b, const char *dir)
{
	add(b, dir, LANDLOCK_WRITE);
}

void
box_output(struct box *b, const char *file)
{
	add(b, file, LANDLOCK_RENAME);
}

void
box_undo(struct box *b, const char *dir)
{
	add(b, dir, LANDLOCK_RMDIR);
}

void
box_move(struct box *b, const char *dir)
{
	add(b, dir, LANDLOCK_MOVE);
}

const char *
box_state(void)
{
	return state;
}

/* our own descriptors are all close-on-exec, inherited ones never */
static void
close_inherited(void)
{
	DIR *d = opendir("/proc/self/fd");
	struct dirent *e;
	int fd, flags;

	if (!d)
		return;
	while ((e = readdir(d)) != NULL) {
		fd = atoi(e->d_name);
		if (fd <= 2 || fd == dirfd(d))
			continue;
		flags = fcntl(fd, F_GETFD);
		if (flags >= 0 && !(flags & FD_CLOEXEC))
			close(fd);
	}
	closedir(d);
}

static void
limit(int what, rlim_t soft, rlim_t hard)
{
	struct rlimit now, want = { soft, hard };

	if (getrlimit(what, &now) < 0)
		return;
	if (want.rlim_max > now.rlim_max)
		want.rlim_max = now.rlim_max;
	if (want.rlim_cur > now.rlim_cur)
		want.rlim_cur = now.rlim_cur;
	if (want.rlim_cur > want.rlim_max)
		want.rlim_cur = want.rlim_max;
	setrlimit(what, &want);
}

static void
set_limits(const struct box *b)
{
	const rlim_t mib = 1024 * 1024;
	rlim_t cpu = b->cpu_seconds ? b->cpu_seconds : CPU;
	rlim_t memory = (b->memory_mib ? b->memory_mib : MEMORY) * mib;
	rlim_t file = (b->file_mib ? b->file_mib : FILE_SIZE) * mib;

	/* EFBIG instead of a signal; the CPU limit's is handled by base/io */
	signal(SIGXFSZ, SIG_IGN);
	limit(RLIMIT_CORE, 0, 0);
	limit(RLIMIT_CPU, cpu, cpu + 2);
	limit(RLIMIT_AS, memory, memory);
	limit(RLIMIT_FSIZE, file, file);
	limit(RLIMIT_NOFILE, FILES, FILES);
}

static int
allow(int rules, int abi, const char *path, int use, struct err *err)
{
	struct stat st;
	char *dir = NULL, *slash;
	int rc;

	if (use == LANDLOCK_RENAME || use == LANDLOCK_RMDIR ||
	    use == LANDLOCK_MOVE) {
		/* a device or pipe is open and stays where it is */
		if (use == LANDLOCK_RENAME && stat(path, &st) == 0 &&
		    !S_ISREG(st.st_mode))
			return 0;
		dir = xstrdup(path);
		slash = strrchr(dir, '/');
		if (slash)
			slash[slash == dir] = '\0';
		path = slash ? dir : ".";
	}
	rc = landlock_allow(rules, abi, path, (enum landlock_use)use);
	if (rc < 0)
		err_at(err, path, 0, 0, "cannot open for the sandbox: %s",
			strerror(errno));
	free(dir);
	return rc;
}

static void
allow_system(int rules, int abi)
{
	static const char *const dirs[] = {
		"/etc", "/usr", "/lib", "/lib64", "/run", "/dev/urandom",
		"/dev/random", "/dev/null", "/proc/sys"
	};
	size_t i;

	/* not every system has all of them */
	for (i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++)
		(void)landlock_allow(rules, abi, dirs[i], LANDLOCK_READ);
}

/* 1: in force, 0: not available, -1: error */
static int
enter_landlock(const struct box *b, int abi, struct err *err)
{
	int rules, rc = 0;
	size_t i;

	if (!abi)
		return 0;
	rules = landlock_create(abi, b->profile == BOX_FETCH);
	if (rules < 0)
		return 0;
	if (b->profile == BOX_FETCH)
		allow_system(rules, abi);
	for (i = 0; i < b->npaths && rc == 0; i++)
		rc = allow(rules, abi, b->paths[i].path, b->paths[i].use,
			err);
	if (rc == 0)
		rc = landlock_enter(rules) == 0 ? 1 : 0;
	close(rules);
	return rc;
}

static const char *
switched_off(const char *wish)
{
	const char *preload = getenv("LD_PRELOAD");

	if (strcmp(wish, "off") == 0)
		return "off";
	if (SANITIZED)
		return "off (sanitizer build)";
	if (preload && strstr(preload, "vgpreload"))
		return "off (valgrind)";
	return NULL;
}

static int
judge(bool require, int abi, bool landlock, bool seccomp, struct err *err)
{
	const char *missing = landlock ? seccomp ? NULL : "seccomp" :
		seccomp ? "Landlock" : "Landlock and seccomp";

	snprintf(state, sizeof(state), "landlock=no seccomp=%s",
		seccomp ? "yes" : "no");
	if (landlock)
		snprintf(state, sizeof(state), "landlock=%d seccomp=%s", abi,
			seccomp ? "yes" : "no");
	if (missing && require)
		return err_set(err, "SMELT_SANDBOX=require: the kernel has "
			"no %s", missing);
	if (missing && !getenv("SMELT_SANDBOX_TOLD"))
		diag_warn("sandbox is not whole: the kernel has no %s",
			missing);
	diag_note("sandbox: %s", state);
	return 0;
}

int
box_enter(struct box *b, struct err *err)
{
	const char *wish = getenv("SMELT_SANDBOX"), *off;
	bool require, seccomp;
	int abi, landlock;

	wish = wish && *wish ? wish : "auto";
	require = strcmp(wish, "require") == 0;
	if (!require && strcmp(wish, "off") != 0 && strcmp(wish, "auto") != 0)
		return err_set(err, "SMELT_SANDBOX is '%s', not require, off "
			"or auto", wish);
	off = switched_off(wish);
	if (off) {
		snprintf(state, sizeof(state), "%s", off);
		if (require)
			return err_set(err, "SMELT_SANDBOX=require: %s", off);
		diag_note("sandbox: %s", state);
		return 0;
	}
	close_inherited();
	set_limits(b);
	abi = landlock_abi();
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		abi = 0;
	landlock = enter_landlock(b, abi, err);
	if (landlock < 0)
		return -1;
	seccomp = (b->profile == BOX_FETCH ? syscalls_fetch() :
		syscalls_filter(b->npaths > 0)) == 0;
	return judge(require, abi, landlock == 1, seccomp, err);
}
