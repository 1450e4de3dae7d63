/*
 * sys/pack: any bytes as a pack and its index.  The first four bytes say how
 * many of the rest are the index.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "fuzz.h"
#include "sys/pack.h"
#include "sys/repo.h"

enum { OBJECT_MAX = 1 << 20, OBJECTS = 200 };

/* The seed is PACK.pack; its index lies beside it. */
void
fuzz_seed(const char *path, const char *bytes, size_t len, struct str *input)
{
	char *idx = xasprintf("%.*s.idx", (int)strlen(path) - 5, path);
	struct str index;
	struct err err;
	unsigned char head[4];

	str_init(&index, 1 << 20);
	FUZZ_MUST(io_read(idx, &index, &err) == 0);
	for (int i = 0; i < 4; i++)
		head[i] = (unsigned char)(index.len >> 8 * i);
	str_add(input, head, 4);
	str_add(input, str_s(&index), index.len);
	str_add(input, bytes, len);
	str_release(&index);
	free(idx);
}

static char name[] = "/tmp/smelt-fuzz-XXXXXX";
static int dir = -1;

static void
leave(void)
{
	unlinkat(dir, "x.idx", 0);
	unlinkat(dir, "x.pack", 0);
	rmdir(name);
}

static int
folder(void)
{
	if (dir >= 0)
		return dir;
	FUZZ_MUST(mkdtemp(name) != NULL);
	dir = open(name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	FUZZ_MUST(dir >= 0 && atexit(leave) == 0);
	return dir;
}

static void
put(const char *file, const uint8_t *p, size_t n)
{
	int fd = openat(dir, file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		0600);

	FUZZ_MUST(fd >= 0 && write(fd, p, n) == (ssize_t)n && close(fd) == 0);
}

static void
read_objects(const struct pack *p)
{
	struct packcache *cache = packcache_new();
	uint64_t offset, size;
	struct str out;
	struct err err;
	int type;

	str_init(&out, OBJECT_MAX);
	for (size_t i = 0; i < p->count && i < OBJECTS; i++) {
		str_clear(&out);
		if (!pack_offset(p, i, &offset))
			continue;
		if (pack_read(p, cache, offset, OBJECT_MAX, &type, &size,
		    &out, &err) == 0)
			FUZZ_MUST(out.len == size && type >= REPO_COMMIT &&
				type <= REPO_TAG);
	}
	str_release(&out);
	packcache_free(cache);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct oid oid = { { 0 } };
	struct pack p;
	struct err err;
	uint64_t offset;
	uint32_t n = 0;

	if (size < 4 || folder() < 0)
		return 0;
	for (int i = 0; i < 4; i++)
		n |= (uint32_t)data[i] << 8 * i;
	n = n < size - 4 ? n : (uint32_t)(size - 4);
	put("x.idx", data + 4, n);
	put("x.pack", data + 4 + n, size - 4 - n);
	if (pack_open(&p, dir, "x.pack", 20, true, &err) == 0) {
		for (int i = 0; i < 256; i++) {
			oid.b[0] = (unsigned char)i;
			pack_find(&p, &oid, &offset);
		}
		pack_prefix(&p, "abcdef0", 7, &oid);
		read_objects(&p);
		pack_close(&p);
	}
	return 0;
}
