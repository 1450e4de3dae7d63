#include "sys/landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef O_PATH
#define O_PATH 010000000
#endif

/* the numbers are the same on every architecture */
enum { NR_CREATE = 444, NR_ADD = 445, NR_RESTRICT = 446 };
enum { CREATE_VERSION = 1, RULE_PATH_BENEATH = 1 };

#define BIT(n) (UINT64_C(1) << (n))

#define FS_WRITE_FILE	BIT(1)
#define FS_READ_FILE	BIT(2)
#define FS_READ_DIR	BIT(3)
#define FS_REMOVE_DIR	BIT(4)
#define FS_REMOVE_FILE	BIT(5)
#define FS_MAKE_DIR	BIT(7)
#define FS_MAKE_REG	BIT(8)
#define FS_REFER	BIT(13)
#define FS_TRUNCATE	BIT(14)
#define FS_FILE_RIGHTS	(BIT(0) | FS_WRITE_FILE | FS_READ_FILE | \
	FS_TRUNCATE | BIT(15))

#define NET_BIND	BIT(0)
#define NET_CONNECT	BIT(1)
#define SCOPE_ALL	(BIT(0) | BIT(1))	/* abstract sockets, signals */

struct ruleset_attr {
	uint64_t fs;
	uint64_t net;
	uint64_t scoped;
};

struct path_attr {
	uint64_t allowed;
	int32_t parent;
} __attribute__((packed));

static uint64_t
all_fs(int abi)
{
	if (abi >= 5)
		return BIT(16) - 1;
	if (abi >= 3)
		return BIT(15) - 1;
	return abi >= 2 ? BIT(14) - 1 : BIT(13) - 1;
}

int
landlock_abi(void)
{
	long v = syscall(NR_CREATE, NULL, (size_t)0, CREATE_VERSION);

	return v > 0 ? (int)v : 0;
}

int
landlock_create(int abi, bool network)
{
	struct ruleset_attr a = { .fs = all_fs(abi) };
	size_t size = sizeof(a.fs);

	if (abi >= 4) {
		a.net = network ? NET_BIND : NET_BIND | NET_CONNECT;
		size += sizeof(a.net);
	}
	if (abi >= 6) {
		a.scoped = SCOPE_ALL;
		size += sizeof(a.scoped);
	}
	return (int)syscall(NR_CREATE, &a, size, 0);
}

static uint64_t
rights(enum landlock_use use)
{
	const uint64_t names = FS_MAKE_REG | FS_REMOVE_FILE;
	const uint64_t look = FS_READ_FILE | FS_READ_DIR;

	switch (use) {
	case LANDLOCK_READ:
		return look;
	case LANDLOCK_RENAME:
		return names;
	case LANDLOCK_RMDIR:
		return FS_REMOVE_DIR;
	case LANDLOCK_MOVE:
		return FS_REMOVE_DIR | FS_MAKE_DIR;
	case LANDLOCK_WRITE:
		break;
	}
	return look | names | FS_WRITE_FILE | FS_REMOVE_DIR | FS_MAKE_DIR |
		FS_REFER | FS_TRUNCATE;
}

int
landlock_allow(int ruleset, int abi, const char *path, enum landlock_use use)
{
	struct path_attr a;
	struct stat st;
	int rc, saved;

	a.parent = open(path, O_PATH | O_CLOEXEC);
	if (a.parent < 0)
		return -1;
	a.allowed = rights(use) & all_fs(abi);
	if (fstat(a.parent, &st) == 0 && !S_ISDIR(st.st_mode))
		a.allowed &= FS_FILE_RIGHTS;
	rc = a.allowed ? (int)syscall(NR_ADD, ruleset, RULE_PATH_BENEATH, &a,
		0) : 0;
	saved = errno;
	close(a.parent);
	errno = saved;
	return rc;
}

int
landlock_enter(int ruleset)
{
	return (int)syscall(NR_RESTRICT, ruleset, 0);
}
