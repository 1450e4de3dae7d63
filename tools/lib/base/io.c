#include "base/io.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "base/str.h"

enum { BUF = 128 * 1024, TEMPS = 16 };

/* paths that a dying process unlinks; slots are set and cleared whole */
static char *volatile temps[TEMPS];

static void
remove_temps(void)
{
	int i;

	for (i = 0; i < TEMPS; i++)
		if (temps[i])
			unlink(temps[i]);
}

static void
on_signal(int sig)
{
	static const char text[] = "error: CPU time limit reached\n";

	remove_temps();
	if (sig == SIGXCPU) {
		ssize_t n = write(STDERR_FILENO, text, sizeof(text) - 1);

		_exit(n < 0 ? 3 : 2);
	}
	signal(sig, SIG_DFL);
	raise(sig);
}

void
io_init(void)
{
	static const int sigs[] = { SIGINT, SIGTERM, SIGHUP, SIGXCPU };
	struct sigaction sa = { 0 };
	size_t i;

	sa.sa_handler = on_signal;
	sigemptyset(&sa.sa_mask);
	for (i = 0; i < sizeof(sigs) / sizeof(sigs[0]); i++)
		sigaction(sigs[i], &sa, NULL);
	sa.sa_handler = SIG_IGN;
	sigaction(SIGPIPE, &sa, NULL);
	sigaction(SIGXFSZ, &sa, NULL);
	diag_at_exit(remove_temps);
}

static void
temp_register(char *path)
{
	int i;

	for (i = 0; i < TEMPS; i++) {
		if (!temps[i]) {
			temps[i] = path;
			return;
		}
	}
	die("too many files open for writing");
}

static void
temp_forget(const char *path)
{
	int i;

	for (i = 0; i < TEMPS; i++)
		if (temps[i] == path)
			temps[i] = NULL;
}

int
io_read_fd(int fd, const char *name, struct str *out, struct err *err)
{
	size_t want = 64 * 1024;
	struct stat st;
	ssize_t n;
	char *at;

	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0)
		want = (size_t)st.st_size + 1;
	for (;;) {
		if (want > out->max - out->len)
			want = out->max - out->len;
		if (want == 0) {
			char extra;

			n = read(fd, &extra, 1);
			if (n == 0)
				return 0;
			return err_at(err, name, 0, 0,
				"larger than %zu bytes", out->max);
		}
		at = str_room(out, want);
		if (!at)
			return err_at(err, name, 0, 0, "too large");
		n = read(fd, at, want);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			int saved = errno;

			str_seal(out);
			return err_at(err, name, 0, 0, "cannot read: %s",
				strerror(saved));
		}
		out->len += (size_t)n;
		str_seal(out);
		if (n == 0)
			return 0;
		want = 256 * 1024;
	}
}

int
io_read(const char *path, struct str *out, struct err *err)
{
	int fd, rc;

	if (!path || strcmp(path, "-") == 0)
		return io_read_fd(STDIN_FILENO, "<stdin>", out, err);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_at(err, path, 0, 0, "cannot open: %s",
			strerror(errno));
	rc = io_read_fd(fd, path, out, err);
	close(fd);
	return rc;
}

int
io_read_share(const char *name, struct str *out, struct err *err)
{
	char *path = share_path(name);
	int rc = io_read(path, out, err);

	free(path);
	return rc;
}

int
io_list(const char *dir, const char *suffix, char ***paths, size_t *n,
	struct err *err)
{
	DIR *d = opendir(dir);
	size_t cap = 0;
	struct dirent *e;

	*paths = NULL;
	*n = 0;
	if (!d)
		return err_at(err, dir, 0, 0, "cannot open: %s",
			strerror(errno));
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.' || !str_ends(e->d_name, suffix))
			continue;
		*paths = vec_grow(*paths, *n, &cap, sizeof(**paths));
		(*paths)[(*n)++] = xasprintf("%s/%s", dir, e->d_name);
	}
	closedir(d);
	if (*n)
		qsort(*paths, *n, sizeof(**paths), str_order);
	return 0;
}

int
outfile_open(struct outfile *o, const char *path, struct err *err)
{
	struct stat st;
	mode_t mask, mode;

	memset(o, 0, sizeof(*o));
	o->fd = STDOUT_FILENO;
	if (!path || strcmp(path, "-") == 0) {
		o->buf = xmalloc(BUF);
		return 0;
	}
	mask = umask(0);
	umask(mask);
	mode = 0666 & ~mask;
	if (stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode))
			return err_at(err, path, 0, 0, "is a directory");
		mode = st.st_mode & 07777;
		if (!S_ISREG(st.st_mode)) {
			/* a device or pipe is written in place */
			o->fd = open(path, O_WRONLY | O_CLOEXEC);
			if (o->fd < 0)
				return err_at(err, path, 0, 0,
					"cannot open: %s", strerror(errno));
			o->path = xstrdup(path);
			o->buf = xmalloc(BUF);
			return 0;
		}
	}
	o->temp = xasprintf("%s.XXXXXX", path);
	o->fd = mkstemp(o->temp);
	if (o->fd < 0) {
		int saved = errno;

		free(o->temp);
		memset(o, 0, sizeof(*o));
		return err_at(err, path, 0, 0, "cannot write: %s",
			strerror(saved));
	}
	temp_register(o->temp);
	fcntl(o->fd, F_SETFD, FD_CLOEXEC);
	fchmod(o->fd, mode);
	o->path = xstrdup(path);
	o->buf = xmalloc(BUF);
	return 0;
}

static void
put(struct outfile *o, const char *p, size_t n)
{
	ssize_t k;

	while (n && !o->failed) {
		k = write(o->fd, p, n);
		if (k < 0 && errno == EINTR)
			continue;
		if (k <= 0) {
			o->failed = true;
			o->error = k < 0 ? errno : EIO;
			return;
		}
		p += k;
		n -= (size_t)k;
	}
}

void
outfile_write(struct outfile *o, const void *p, size_t n)
{
	if (n > BUF - o->len) {
		put(o, o->buf, o->len);
		o->len = 0;
	}
	if (n >= BUF) {
		put(o, p, n);
		return;
	}
	memcpy(o->buf + o->len, p, n);
	o->len += n;
}

static void
forget(struct outfile *o)
{
	if (o->temp)
		temp_forget(o->temp);
	free(o->temp);
	free(o->path);
	free(o->buf);
	memset(o, 0, sizeof(*o));
	o->fd = -1;
}

int
outfile_commit(struct outfile *o, struct err *err)
{
	const char *name = o->path ? o->path : "<stdout>";

	put(o, o->buf, o->len);
	o->len = 0;
	/* stdout is closed too: some errors show only there */
	if (close(o->fd) != 0 && !o->failed) {
		o->failed = true;
		o->error = errno;
	}
	if (!o->failed && o->temp && rename(o->temp, o->path) != 0) {
		o->failed = true;
		o->error = errno;
	}
	if (o->failed) {
		err_at(err, name, 0, 0, "cannot write: %s",
			strerror(o->error));
		if (o->temp)
			unlink(o->temp);
		forget(o);
		return -1;
	}
	forget(o);
	return 0;
}

void
outfile_abort(struct outfile *o)
{
	if (o->temp) {
		close(o->fd);
		unlink(o->temp);
	}
	forget(o);
}

int
io_write(const char *path, const void *p, size_t n, struct err *err)
{
	struct outfile o;

	if (outfile_open(&o, path, err) < 0)
		return -1;
	outfile_write(&o, p, n);
	return outfile_commit(&o, err);
}
