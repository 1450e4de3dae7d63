#include "sys/syscalls.h"

#include <errno.h>
#include <linux/sched.h>
#include <seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <termios.h>
#include <unistd.h>

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* memory, threads, time, signals to oneself, descriptors that are open */
static const int harmless[] = {
	SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(preadv),
	SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(pwrite64),
	SCMP_SYS(pwritev), SCMP_SYS(lseek), SCMP_SYS(close),
	SCMP_SYS(close_range), SCMP_SYS(fstat), SCMP_SYS(newfstatat),
	SCMP_SYS(statx), SCMP_SYS(fcntl), SCMP_SYS(dup), SCMP_SYS(dup2),
	SCMP_SYS(dup3), SCMP_SYS(fsync), SCMP_SYS(fdatasync),
	SCMP_SYS(ftruncate), SCMP_SYS(fadvise64), SCMP_SYS(sendfile),
	SCMP_SYS(copy_file_range), SCMP_SYS(splice), SCMP_SYS(pipe),
	SCMP_SYS(pipe2), SCMP_SYS(poll), SCMP_SYS(ppoll), SCMP_SYS(select),
	SCMP_SYS(pselect6), SCMP_SYS(flock), SCMP_SYS(fchmod),
	SCMP_SYS(umask), SCMP_SYS(munmap), SCMP_SYS(mremap),
	SCMP_SYS(madvise), SCMP_SYS(brk), SCMP_SYS(futex),
	SCMP_SYS(set_robust_list), SCMP_SYS(get_robust_list),
	SCMP_SYS(set_tid_address), SCMP_SYS(rseq), SCMP_SYS(sched_yield),
	SCMP_SYS(sched_getaffinity), SCMP_SYS(exit), SCMP_SYS(exit_group),
	SCMP_SYS(rt_sigaction), SCMP_SYS(rt_sigprocmask),
	SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigpending),
	SCMP_SYS(sigaltstack), SCMP_SYS(restart_syscall),
	SCMP_SYS(nanosleep), SCMP_SYS(clock_nanosleep),
	SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres),
	SCMP_SYS(gettimeofday), SCMP_SYS(time), SCMP_SYS(times),
	SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getppid),
	SCMP_SYS(getuid), SCMP_SYS(geteuid), SCMP_SYS(getgid),
	SCMP_SYS(getegid), SCMP_SYS(getrusage), SCMP_SYS(getrlimit),
	SCMP_SYS(sysinfo), SCMP_SYS(uname), SCMP_SYS(getrandom),
	SCMP_SYS(wait4), SCMP_SYS(waitid)
};

/* names of files; which ones is Landlock's to say */
static const int named[] = {
	SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(openat2), SCMP_SYS(stat),
	SCMP_SYS(lstat), SCMP_SYS(access), SCMP_SYS(faccessat),
	SCMP_SYS(faccessat2), SCMP_SYS(readlink), SCMP_SYS(readlinkat),
	SCMP_SYS(getdents64), SCMP_SYS(getcwd), SCMP_SYS(fchdir),
	SCMP_SYS(chdir), SCMP_SYS(mkdir), SCMP_SYS(mkdirat),
	SCMP_SYS(unlink), SCMP_SYS(unlinkat), SCMP_SYS(rmdir),
	SCMP_SYS(rename), SCMP_SYS(renameat), SCMP_SYS(renameat2),
	SCMP_SYS(chmod), SCMP_SYS(fchmodat), SCMP_SYS(utimensat),
	SCMP_SYS(creat), SCMP_SYS(fstatfs), SCMP_SYS(truncate)
};

/* what not even a fetching child does */
static const int never[] = {
	SCMP_SYS(execve), SCMP_SYS(execveat), SCMP_SYS(fork),
	SCMP_SYS(vfork), SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv),
	SCMP_SYS(process_vm_writev), SCMP_SYS(pidfd_getfd),
	SCMP_SYS(pidfd_send_signal), SCMP_SYS(kcmp), SCMP_SYS(listen),
	SCMP_SYS(accept), SCMP_SYS(accept4), SCMP_SYS(mount),
	SCMP_SYS(umount2), SCMP_SYS(move_mount), SCMP_SYS(open_tree),
	SCMP_SYS(fsopen), SCMP_SYS(fsmount), SCMP_SYS(fsconfig),
	SCMP_SYS(fspick), SCMP_SYS(mount_setattr), SCMP_SYS(pivot_root),
	SCMP_SYS(chroot), SCMP_SYS(bpf), SCMP_SYS(userfaultfd),
	SCMP_SYS(io_uring_setup), SCMP_SYS(io_uring_enter),
	SCMP_SYS(io_uring_register), SCMP_SYS(keyctl), SCMP_SYS(add_key),
	SCMP_SYS(request_key), SCMP_SYS(open_by_handle_at),
	SCMP_SYS(perf_event_open), SCMP_SYS(unshare), SCMP_SYS(setns),
	SCMP_SYS(init_module), SCMP_SYS(finit_module),
	SCMP_SYS(delete_module), SCMP_SYS(kexec_load), SCMP_SYS(reboot),
	SCMP_SYS(swapon), SCMP_SYS(swapoff), SCMP_SYS(personality),
	SCMP_SYS(setuid), SCMP_SYS(setgid), SCMP_SYS(setresuid),
	SCMP_SYS(setresgid), SCMP_SYS(symlink), SCMP_SYS(symlinkat),
	SCMP_SYS(link), SCMP_SYS(linkat), SCMP_SYS(mknod),
	SCMP_SYS(mknodat), SCMP_SYS(chown), SCMP_SYS(fchown),
	SCMP_SYS(lchown), SCMP_SYS(fchownat), SCMP_SYS(setxattr),
	SCMP_SYS(fsetxattr), SCMP_SYS(lsetxattr)
};

static int
add_list(scmp_filter_ctx f, uint32_t action, const int *list, size_t n)
{
	int rc = 0;
	size_t i;

	/* a call that this architecture lacks has a negative number */
	for (i = 0; i < n && rc == 0; i++)
		if (list[i] >= 0)
			rc = seccomp_rule_add(f, action, list[i], 0);
	return rc;
}

static int
allow_if(scmp_filter_ctx f, int nr, unsigned arg, enum scmp_compare op,
	uint64_t a, uint64_t b)
{
	struct scmp_arg_cmp cmp = { arg, op, a, b };

	if (nr < 0)
		return 0;
	return seccomp_rule_add_array(f, SCMP_ACT_ALLOW, nr, 1, &cmp);
}

/* threads, no new code, signals to this process, harmless ioctls */
static int
allow_parts(scmp_filter_ctx f)
{
	static const int signals[] = {
		SCMP_SYS(kill), SCMP_SYS(tgkill), SCMP_SYS(tkill)
	};
	uint64_t me = (uint64_t)getpid();
	int rc = 0;
	size_t i;

	rc |= allow_if(f, SCMP_SYS(mmap), 2, SCMP_CMP_MASKED_EQ, PROT_EXEC,
		0);
	rc |= allow_if(f, SCMP_SYS(mprotect), 2, SCMP_CMP_MASKED_EQ,
		PROT_EXEC, 0);
	rc |= allow_if(f, SCMP_SYS(clone), 0, SCMP_CMP_MASKED_EQ,
		CLONE_THREAD, CLONE_THREAD);
	rc |= allow_if(f, SCMP_SYS(prlimit64), 0, SCMP_CMP_EQ, 0, 0);
	rc |= allow_if(f, SCMP_SYS(prctl), 0, SCMP_CMP_EQ, PR_SET_NAME, 0);
	rc |= allow_if(f, SCMP_SYS(prctl), 0, SCMP_CMP_EQ, PR_GET_DUMPABLE,
		0);
	rc |= allow_if(f, SCMP_SYS(prctl), 0, SCMP_CMP_EQ,
		PR_GET_NO_NEW_PRIVS, 0);
	rc |= allow_if(f, SCMP_SYS(ioctl), 1, SCMP_CMP_EQ, TCGETS, 0);
	rc |= allow_if(f, SCMP_SYS(ioctl), 1, SCMP_CMP_EQ, TIOCGWINSZ, 0);
	rc |= allow_if(f, SCMP_SYS(ioctl), 1, SCMP_CMP_EQ, FIONREAD, 0);
	for (i = 0; i < COUNT(signals); i++)
		rc |= allow_if(f, signals[i], 0, SCMP_CMP_EQ, me, 0);
	return rc;
}

static int
load(scmp_filter_ctx f, int rc)
{
	if (rc == 0)
		rc = seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS),
			SCMP_SYS(clone3), 0);
	if (rc == 0)
		rc = seccomp_load(f);
	seccomp_release(f);
	return rc == 0 ? 0 : -1;
}

int
syscalls_filter(bool files)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	int rc;

	if (!f)
		return -1;
	rc = add_list(f, SCMP_ACT_ALLOW, harmless, COUNT(harmless));
	if (rc == 0 && files)
		rc = add_list(f, SCMP_ACT_ALLOW, named, COUNT(named));
	if (rc == 0)
		rc = allow_parts(f);
	return load(f, rc);
}

int
syscalls_fetch(void)
{
	scmp_filter_ctx f = seccomp_init(SCMP_ACT_ALLOW);
	struct scmp_arg_cmp fork = { 0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0 };
	struct scmp_arg_cmp steal = { 1, SCMP_CMP_EQ, TIOCSTI, 0 };
	int rc;

	if (!f)
		return -1;
	rc = add_list(f, SCMP_ACT_ERRNO(EPERM), never, COUNT(never));
	if (rc == 0)
		rc = seccomp_rule_add_array(f, SCMP_ACT_ERRNO(EPERM),
			SCMP_SYS(clone), 1, &fork);
	if (rc == 0)
		rc = seccomp_rule_add_array(f, SCMP_ACT_ERRNO(EPERM),
			SCMP_SYS(ioctl), 1, &steal);
	return load(f, rc);
}
