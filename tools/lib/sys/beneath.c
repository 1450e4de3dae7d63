#include "sys/beneath.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/str.h"

enum { SAFE = O_CLOEXEC | O_NOFOLLOW | O_NOCTTY | O_NONBLOCK };

static int
open_part(int dir, const char *name, size_t n, int flags)
{
	char part[256];

	if (n == 0 || n >= sizeof(part) || mem_is(name, n, "..")) {
		errno = n >= sizeof(part) ? ENAMETOOLONG : EACCES;
		return -1;
	}
	memcpy(part, name, n);
	part[n] = '\0';
	return openat(dir, part, flags | SAFE);
}

int
beneath_open(int dir, const char *path, int flags)
{
	int at = dir, next, saved;
	const char *slash;

	while ((slash = strchr(path, '/')) != NULL) {
		next = open_part(at, path, (size_t)(slash - path),
			O_RDONLY | O_DIRECTORY);
		saved = errno;
		if (at != dir)
			close(at);
		if (next < 0) {
			errno = saved;
			return -1;
		}
		at = next;
		path = slash + 1;
	}
	next = open_part(at, path, strlen(path), flags);
	saved = errno;
	if (at != dir)
		close(at);
	errno = saved;
	return next;
}

int
beneath_read(int dir, const char *path, const char *name, struct str *out,
	struct err *err)
{
	int fd = beneath_open(dir, path, O_RDONLY), rc;
	struct stat st;

	if (fd < 0)
		return err_at(err, name, 0, 0, errno == ELOOP ?
			"is a symbolic link: not followed" :
			"cannot open: %s", strerror(errno));
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode)) {
		close(fd);
		return err_at(err, name, 0, 0, "not a regular file");
	}
	rc = io_read_fd(fd, name, out, err);
	close(fd);
	return rc;
}
